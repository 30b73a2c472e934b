package lexicon_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

func TestLatinKeys(t *testing.T) {
	for russian, spellings := range map[string][]string{
		"юлия":       {"Yulia", "Iuliia", "Yuliya", "Julija", "Julia"},
		"щербаков":   {"Shcherbakov", "Scherbakov", "SHCHERBAKOV"},
		"алексей":    {"Aleksey", "Aleksei", "Alexey", "Alexei", "Aleksej"},
		"евгений":    {"Evgeniy", "Evgenii", "Evgeny", "Yevgeny", "Evgenij", "Yevgeniy"},
		"александр":  {"Aleksandr", "Alexandr"},
		"дмитрий":    {"Dmitry", "Dmitriy", "Dmitrii", "Dmitri", "Dmitrij"},
		"сергей":     {"Sergey", "Sergei", "Sergej"},
		"ксения":     {"Kseniya", "Kseniia", "Ksenia", "Xenia"},
		"наталья":    {"Natalya", "Natalia", "Nataliya"},
		"татьяна":    {"Tatyana", "Tatiana", "Tatjana"},
		"ольга":      {"Olga"},
		"игорь":      {"Igor"},
		"хабибуллин": {"Khabibullin", "Habibullin"},
		"жуков":      {"Zhukov"},
		"федор":      {"Fedor", "Fyodor", "Fjodor"},
		"семен":      {"Semen", "Semyon"},
		"артем":      {"Artem", "Artyom"},
		"цветаева":   {"Tsvetaeva", "Cvetaeva", "Tsvetayeva"},
		"ильин":      {"Ilin", "Ilyin", "Iljin"},
		"чернышов":   {"Chernyshov"},
		"эдуард":     {"Eduard"},
		"яковлев":    {"Yakovlev", "Iakovlev", "Jakovlev"},
		"соловьев":   {"Solovyev", "Solovyov", "Solovev", "Solovjev", "Soloviev"},
		"мария":      {"Maria", "Mariya", "Mariia", "Marija"},
		"рафаэль":    {"Rafael"},
		"андрей":     {"Andrey", "Andrei", "Andrej"},
		"любовь":     {"Lyubov", "Liubov", "Ljubov"},
		"виталий":    {"Vitaly", "Vitaliy", "Vitalii"},
		"горький":    {"Gorky", "Gorkiy"},
	} {
		for _, s := range spellings {
			assert.Contains(t, lexicon.LatinKeys(nil, s), lexicon.Key(russian), "%s for %s", s, russian)
		}
	}
	assert.Empty(t, lexicon.LatinKeys(nil, ""))
	assert.Empty(t, lexicon.LatinKeys(nil, "Иван"))
	assert.Empty(t, lexicon.LatinKeys(nil, "O'Neil"))
}

func TestLatinKeysIsBounded(t *testing.T) {
	assert.LessOrEqual(t, len(lexicon.LatinKeys(nil, "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")), lexicon.MaxLatinKeys)
	assert.Empty(t, lexicon.LatinKeys(nil, "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"), "no name has more than 32 letters")
	var buf [lexicon.MaxLatinKeys]uint64
	assert.Zero(t, testing.AllocsPerRun(100, func() { lexicon.LatinKeys(buf[:0], "Shcherbakov") }))
}

func BenchmarkLatinKeys(b *testing.B) {
	var buf [lexicon.MaxLatinKeys]uint64
	for b.Loop() {
		lexicon.LatinKeys(buf[:0], "Yevgeniya")
		lexicon.LatinKeys(buf[:0], "delivery")
	}
}
