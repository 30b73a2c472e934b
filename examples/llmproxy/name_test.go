package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPersonalName(t *testing.T) {
	rules, err := loadRules("", "")
	require.NoError(t, err)
	for _, s := range strings.Fields(`gpt-4o gpt-4o-mini-2024-07-18 gpt-3.5-turbo-0125 o3-mini gpt-5.1-codex claude-3-5-sonnet-20241022 mistral-large-2411
		deepseek-chat deepseek-r1:14b GigaChat-2-Max GigaChat-Pro gpt://b1gt6g8ht345qwerty12/yandexgpt/latest gpt://b1gabc/yandexgpt-32k/rc llama3.1:8b
		meta-llama/Llama-3.3-70B-Instruct Qwen/Qwen2.5-72B-Instruct-AWQ qwen2.5-coder:7b-instruct-q4_K_M text-embedding-3-large BAAI/bge-m3 gemma2:27b phi-4
		emb://b1gabc/text-search-doc/latest T-pro-it-1.0 Vikhr-Nemo-12B-Instruct saiga_llama3_8b ft:gpt-4o-mini-2024-07-18:acme::9xYz
		get_weather send_sms create_order find_client lookup_user_by_phone getOrder2 calendar.create mcp__crm__get_contact update-address book_table_v2
		contact person address passport_check phone email card final_answer`) {
		assert.False(t, personalName(rules.names, s), s)
	}
	for _, s := range strings.Fields(`79161234567 +7-916-123-45-67 ivanov.petr@example.ru call_79161234567 4111111111111111 4111-1111-1111-1111 500100732259
		order_20991399 8-916-123-45-67 112-233-445-95 sms:+79161234567 t.me/ivan_petrov_91`) {
		assert.True(t, personalName(rules.names, s), s)
	}
}
