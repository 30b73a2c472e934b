package lexicon_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/lexicon/build"
)

func TestBlobIsMadeOfTheTables(t *testing.T) {
	want, err := build.Blob(os.DirFS("data"))
	require.NoError(t, err)
	got, err := os.ReadFile("lexicon.bin")
	require.NoError(t, err)
	require.True(t, slices.Equal(want, got), "lexicon.bin is stale: run go generate ./anonymize/internal/lexicon")
	assert.LessOrEqual(t, len(got), 1<<20, "the blob has outgrown 1 MB")
}

func TestLookup(t *testing.T) {
	m, f := lexicon.Male, lexicon.Female
	for _, tt := range []struct {
		word   string
		class  lexicon.Class // must have
		not    lexicon.Class // must not have
		gram   lexicon.Gram  // must have
		lemmas []string
	}{
		{"иван", lexicon.FirstName | lexicon.Common, lexicon.Ambiguous, lexicon.GramOf(m, lexicon.Nominative), []string{"Иван"}},
		{"ИВАНУ", lexicon.FirstName, lexicon.Ambiguous, lexicon.GramOf(m, lexicon.Dative), []string{"Иван"}},
		{"льва", lexicon.FirstName | lexicon.Ambiguous, 0, lexicon.GramOf(m, lexicon.Genitive), []string{"Лев"}},
		{"Семёном", lexicon.FirstName, 0, lexicon.GramOf(m, lexicon.Instrumental), []string{"Семён"}},
		{"семеном", lexicon.FirstName, 0, lexicon.GramOf(m, lexicon.Instrumental), []string{"Семён"}},
		{"марии", lexicon.FirstName, 0, lexicon.GramOf(f, lexicon.Dative), []string{"Мария"}},
		{"тань", lexicon.Diminutive, 0, lexicon.VocativeOf(f), []string{"Таня"}},
		{"саш", lexicon.Diminutive, 0, lexicon.VocativeOf(lexicon.Both), []string{"Саша"}},
		{"серёж", lexicon.Diminutive, 0, lexicon.VocativeOf(m), []string{"Серёжа"}},
		{"леночке", lexicon.Diminutive, 0, lexicon.GramOf(f, lexicon.Dative), []string{"Леночка"}},
		{"вере", lexicon.FirstName | lexicon.Ambiguous, 0, lexicon.GramOf(f, lexicon.Dative), []string{"Вера"}},
		{"роман", lexicon.FirstName | lexicon.Ambiguous | lexicon.Ordinary, 0, lexicon.GramOf(m, lexicon.Nominative), []string{"Роман"}},
		{"катя", lexicon.Diminutive | lexicon.Common, lexicon.Ambiguous | lexicon.Ordinary, lexicon.GramOf(f, lexicon.Nominative), []string{"Катя"}},
		{"светику", lexicon.Diminutive, 0, lexicon.GramOf(f, lexicon.Dative), []string{"Светик"}},
		{"инн", lexicon.FirstName | lexicon.Ambiguous, 0, lexicon.VocativeOf(f), []string{"Инна"}},
		{"Mark", lexicon.FirstName | lexicon.Ambiguous, 0, lexicon.GramOf(m, lexicon.Nominative), []string{"Марк"}},
		{"палыч", lexicon.Patronymic, lexicon.Ambiguous, lexicon.GramOf(m, lexicon.Nominative), []string{"Палыч"}},
		{"михалычу", lexicon.Patronymic, 0, lexicon.GramOf(m, lexicon.Dative), []string{"Михалыч"}},
		{"андревны", lexicon.Patronymic, 0, lexicon.GramOf(f, lexicon.Genitive), []string{"Андревна"}},
		{"петровичем", lexicon.Patronymic, 0, lexicon.GramOf(m, lexicon.Instrumental), []string{"Петрович"}},
		{"шмидту", lexicon.Surname, lexicon.Ambiguous, lexicon.GramOf(m, lexicon.Dative), []string{"Шмидт"}},
		{"москве", lexicon.Toponym, 0, lexicon.GramOf(f, lexicon.Prepositional), []string{"Москва"}},
		{"мытищах", lexicon.Toponym, 0, lexicon.PluralOf(lexicon.Prepositional), []string{"Мытищи"}},
		{"Россией", lexicon.Region, 0, lexicon.GramOf(f, lexicon.Instrumental), []string{"Россия"}},
		{"новгорода", lexicon.Toponym, 0, lexicon.GramOf(m, lexicon.Genitive), []string{"Новгород"}},
		{"улице", lexicon.StreetType, 0, 0, []string{"улица"}},
		{"кв", lexicon.FlatWord, 0, 0, []string{"кв"}},
		{"Michael", lexicon.FirstName, 0, lexicon.GramOf(m, lexicon.Nominative), []string{"Michael"}},
		{"dmitriy", lexicon.FirstName, 0, lexicon.GramOf(m, lexicon.Nominative), []string{"Дмитрий"}},
		{"iuliia", lexicon.FirstName, 0, lexicon.GramOf(f, lexicon.Nominative), []string{"Юлия"}},
	} {
		e, ok := lexicon.Lookup(lexicon.Key(tt.word))
		require.True(t, ok, tt.word)
		assert.Equal(t, tt.class, e.Class&tt.class, "%s: class %b", tt.word, e.Class)
		assert.Zero(t, e.Class&tt.not, "%s: class %b", tt.word, e.Class)
		assert.Equal(t, tt.gram, e.Gram&tt.gram, "%s: gram %b", tt.word, e.Gram)
		var lemmas []string
		for i := range e.Readings() {
			lemmas = append(lemmas, e.Reading(i).Lemma.String())
		}
		for _, l := range tt.lemmas {
			assert.Contains(t, lemmas, l, tt.word)
		}
	}
	for _, word := range []string{"", "стол", "позвоните", "договор", "ghbdtn", "анна-мария", "ива1н", "договорились", "не", "и", "вас", "или",
		"день", "из"} {
		e, ok := lexicon.Lookup(lexicon.Key(word))
		assert.False(t, ok && e.Class.Is(lexicon.Person), word)
	}
}

func TestLemmaLinks(t *testing.T) {
	for _, tt := range []struct {
		short string
		fulls []string
	}{
		{"саша", []string{"Александр", "Александра"}},
		{"женя", []string{"Евгений", "Евгения"}},
		{"валя", []string{"Валентин", "Валентина"}},
		{"палыч", []string{"Павлович"}},
		{"михална", []string{"Михайловна"}},
		{"слава", []string{"Вячеслав", "Станислав", "Ярослав", "Святослав"}},
	} {
		e, ok := lexicon.Lookup(lexicon.Key(tt.short))
		require.True(t, ok, tt.short)
		var names []string
		for i := range e.Readings() {
			for _, l := range e.Reading(i).Lemma.AppendFulls(nil) {
				names = append(names, l.String())
				assert.Contains(t, l.AppendShorts(nil), e.Reading(i).Lemma, "%s and %s are linked one way only", tt.short, l)
			}
		}
		for _, full := range tt.fulls {
			assert.Contains(t, names, full, tt.short)
		}
	}
	assert.Empty(t, lexicon.Lemma(0).String())
}

// The key of a lemma is that of its letters.
func TestLemmaKey(t *testing.T) {
	assert.Zero(t, lexicon.Lemma(0).Key())
	l := lexicon.Lemma(1)
	for ; l < 5000; l++ {
		require.Equal(t, lexicon.Key(l.String()), l.Key(), l.String())
	}
}

func TestEndingOf(t *testing.T) {
	m, f := lexicon.Male, lexicon.Female
	for _, tt := range []struct {
		word, base string
		class      lexicon.Class
		gram       lexicon.Gram
	}{
		{"Кузнецовой", "кузнецов", lexicon.Surname, lexicon.GramOf(f, lexicon.Dative)},
		{"хрюкиным", "хрюкин", lexicon.Surname, lexicon.GramOf(m, lexicon.Instrumental)},
		{"мусоргского", "мусоргский", lexicon.Surname, lexicon.GramOf(m, lexicon.Genitive)},
		{"заболоцкую", "заболоцкий", lexicon.Surname, lexicon.GramOf(f, lexicon.Accusative)},
		{"переверзенко", "переверзенко", lexicon.Surname, lexicon.GramOf(f, lexicon.Dative)},
		{"вышеславцевыми", "вышеславцев", lexicon.Surname, lexicon.PluralOf(lexicon.Instrumental)},
		{"панкратьевне", "панкратьевна", lexicon.Patronymic, lexicon.GramOf(f, lexicon.Dative)},
		{"мухаметзяновичем", "мухаметзянович", lexicon.Patronymic, lexicon.GramOf(m, lexicon.Instrumental)},
	} {
		e, ok := lexicon.EndingOf(lexicon.Key(tt.word))
		require.True(t, ok, tt.word)
		assert.Equal(t, tt.class, e.Class, tt.word)
		assert.Equal(t, tt.gram, e.Gram&tt.gram, tt.word)
		assert.Equal(t, lexicon.Key(tt.base), e.Base(tt.word), tt.word)
	}
	for _, word := range []string{"Кузнецовой", "абрамовой", "Заболоцкому"} {
		_, ok := lexicon.Lookup(lexicon.Key(word))
		assert.False(t, ok, "%s: the ending tells what the table would", word)
	}
	for _, word := range []string{"ов", "нов", "стол", "говорил", "smirnov", ""} {
		_, ok := lexicon.EndingOf(lexicon.Key(word))
		assert.False(t, ok, word)
	}
}

func TestIsOrdinary(t *testing.T) {
	for _, word := range []string{
		"магазин", "основ", "слов", "часов", "готов", "здоров", "один", "машина", "картина", "половина", "причина",
		"русский", "детский", "заказов", "вопросов", "договоров", "магазине", "основной", "деловыми", "московского",
	} {
		assert.True(t, lexicon.IsOrdinary(lexicon.Key(word)), word)
	}
	for _, word := range []string{"сидоров", "сидоровым", "вопросова", "кузьминым", "достоевского", "петровичем"} {
		assert.False(t, lexicon.IsOrdinary(lexicon.Key(word)), word)
	}
}

func TestLookupDoesNotAllocate(t *testing.T) {
	words := []string{"иван", "александровичем", "стол", "магазинов", "Elizabeth"}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for _, w := range words {
			key := lexicon.Key(w)
			if e, ok := lexicon.Lookup(key); ok {
				for i := range e.Readings() {
					_ = e.Reading(i)
				}
			}
			if e, ok := lexicon.EndingOf(key); ok {
				_ = e.Base(w)
			}
			_ = lexicon.IsOrdinary(key)
		}
	}))
}

func BenchmarkLookup(b *testing.B) {
	keys := benchKeys()
	i, n := 0, 0
	for b.Loop() {
		if _, ok := lexicon.Lookup(keys[i]); ok {
			n++
		}
		if i++; i == len(keys) {
			i = 0
		}
	}
	_ = n
}

func TestPossessiveOf(t *testing.T) {
	for word, name := range map[string]string{
		"катин": "Катя", "Сашиной": "Саша", "олиных": "Оля", "Танину": "Таня", "ОЛЬГИНЫМ": "Ольга", "петиного": "Петя",
	} {
		e, ok := lexicon.PossessiveOf(word)
		require.True(t, ok, word)
		var lemmas []string
		for i := range e.Readings() {
			lemmas = append(lemmas, e.Reading(i).Lemma.String())
		}
		assert.Contains(t, lemmas, name, word)
	}
	for _, word := range []string{"мамин", "ин", "картин", "магазин", "иванин", "", "ann", "кат"} {
		_, ok := lexicon.PossessiveOf(word)
		assert.False(t, ok, word)
	}
}

func BenchmarkEndingOf(b *testing.B) {
	keys := benchKeys()
	i, n := 0, 0
	for b.Loop() {
		if _, ok := lexicon.EndingOf(keys[i]); ok {
			n++
		}
		if i++; i == len(keys) {
			i = 0
		}
	}
	_ = n
}

// benchKeys are the words of an ordinary sentence: a map of them would fit the
// first cache, the table does not.
func benchKeys() []uint64 {
	words := strings.Fields(`здравствуйте меня зовут иван петрович хотел бы узнать про доставку на улицу ленина дом
		двадцать пять квартира сто сорок два сколько будет стоить если завтра после обеда и можно ли оплатить картой
		курьеру спасибо большое жду звонка от менеджера кузнецовой по поводу договора и скидки на второй заказ`)
	keys := make([]uint64, len(words))
	for i, w := range words {
		keys[i] = lexicon.Key(w)
	}
	return keys
}

func BenchmarkIsPlain(b *testing.B) {
	keys := []uint64{lexicon.Key("хорошо"), lexicon.Key("договорились"), lexicon.Key("кузнецова"), lexicon.Key("понятно"), lexicon.Key("отправляю")}
	for b.Loop() {
		for _, k := range keys {
			lexicon.IsPlain(k)
		}
	}
}

// The stems are cut off by the index of the blob as by the lists that it is made of.
func TestPlainStem(t *testing.T) {
	same := func(key uint64) {
		stem, byEnding := lexicon.PlainStem(key)
		wantStem, wantBy := build.PlainStem(key)
		if stem != wantStem || byEnding != wantBy {
			t.Fatalf("%x: %x, %t, want %x, %t", key, stem, byEnding, wantStem, wantBy)
		}
	}
	for _, key := range benchKeys() {
		same(key)
	}
	for tail := uint64(0); tail < 1<<20; tail += 3 { // ends of four letters
		same(5<<60 | tail)
		same(10<<60 | 0x3141592<<20 | tail)
	}
}

// Patronymics that share a stem with ordinary words by chance are none of them.
func TestSonsAreNotOrdinary(t *testing.T) {
	for _, w := range []string{"Арамовичу", "Грантовича", "Рашидовичем", "Бахтиёрович", "Туманяновиче", "Зелимхановичу"} {
		if lexicon.IsOrdinary(lexicon.Key(w)) {
			t.Errorf("%s is called ordinary", w)
		}
	}
	for _, w := range []string{"королевичем", "царевич"} {
		if !lexicon.IsOrdinary(lexicon.Key(w)) {
			t.Errorf("%s is not called ordinary", w)
		}
	}
}
