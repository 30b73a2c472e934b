package policy

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
)

func TestShop(t *testing.T) {
	p, err := Load([]string{"preset:calls", "testdata/valid/shop.yaml"}, nil)
	require.NoError(t, err)
	a := p.Analyzer()
	for _, text := range []string{"Договор ДГ-1187/26 подписан, а Ромашка нет.", "Моя карта лояльности 7701 0000 1237, Проект Ромашка",
		"Что с Зарёй и Тихой гаванью?", "карта лояльности семьдесят семь ноль один ноль ноль ноль ноль двенадцать тридцать семь", "ip 10.0.0.1 мобила 2401586"} {
		t.Log(anonymize.Mark(text, a.Find(text)))
	}
	for _, name := range PresetNames() {
		_, err := Load([]string{"preset:" + name}, nil)
		require.NoError(t, err)
	}
}
