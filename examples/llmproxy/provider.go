package main

import "slices"

// A provider is what the gateway has to know of a service behind it. All speak the OpenAI API.
type provider struct {
	name    string
	base    string            // of its API, for -upstream
	scheme  string            // of the header Authorization
	headers map[string]string // sent with each request
	oauth   string            // where a key is changed for a token, "" if the key itself is sent
	stores  bool              // keeps answers of /v1/responses unless each request says no
	trains  bool              // may keep requests for training, so the policy has to name it
}

var providers = []provider{
	// A server of one's own: llama.cpp, Ollama, vLLM.
	{name: "local", base: "http://127.0.0.1:11434/v1", scheme: "Bearer"},
	// Requests are logged unless this header says no: yandex.cloud/en/docs/ai-studio/operations/disable-logging.
	{name: "yandexgpt", base: "https://llm.api.cloud.yandex.net/v1", scheme: "Api-Key",
		headers: map[string]string{"X-Data-Logging-Enabled": "false"}},
	// Tokens of 30 minutes, a chain of the Russian national authority (give it with -ca). Whether requests are kept for
	// training depends on the contract.
	{name: "gigachat", base: "https://gigachat.devices.sberbank.ru/api/v1", scheme: "Bearer",
		oauth: "https://ngw.devices.sberbank.ru:9443/api/v2/oauth", trains: true},
	{name: "openai", base: "https://api.openai.com/v1", scheme: "Bearer", stores: true},
	// Anything else: nothing is known of it.
	{name: "other", scheme: "Bearer", stores: true, trains: true},
}

func findProvider(name string) (provider, bool) {
	i := slices.IndexFunc(providers, func(p provider) bool { return p.name == name })
	if i < 0 {
		return provider{}, false
	}
	return providers[i], true
}
