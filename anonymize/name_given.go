package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// First names of Central Asia and the Caucasus are made of parts, more of them than a list can hold: «Умеджон», «Жолдошбек»,
// «Бобомурод», «Бибигуль». The last part gives them away.
var (
	givenEndings = lexicon.Endings{
		0: "зода улла", 'д' - 'а': "мурод мурад магомед", 'е' - 'а': "заде бае", 'и' - 'а': "гелди берди гули", 'й' - 'а': "бай",
		'к' - 'а': "бек", 'л' - 'а': "гул", 'м' - 'а': "ислом баем", 'н' - 'а': "джон жон ддин рахман рахмон султан берген хон жан", 'о' - 'а': "улло нисо", 'р' - 'а': "назар темир темур",
		'т' - 'а': "мурат булат болат", 'ы' - 'а': "гельды кельды берды", 'ь' - 'а': "гуль гюль", 'ю' - 'а': "баю гулью", 'я' - 'а': "бая",
	}
	// Words of commerce that end alike.
	notGiven wordList = "кэшбек кешбек фидбек хэтчбек хетчбек хачбек флешбек флэшбек комбек камбек плейбек роллбек ролбек кикбек сендбек " +
		"мумбай гудбай стендбай стэндбай пауэрбай"
)

// givenTails has, for the last letter of those endings, the letters before it: they pass over most words at once.
var givenTails = [32]uint32{
	0: 1<<('д'-'а') | 1<<('л'-'а'), 'д' - 'а': 1<<('о'-'а') | 1<<0 | 1<<('е'-'а'), 'е' - 'а': 1<<('д'-'а') | 1<<0, 'и' - 'а': 1<<('д'-'а') | 1<<('л'-'а'),
	'й' - 'а': 1 << 0, 'к' - 'а': 1 << ('е' - 'а'), 'л' - 'а': 1 << ('у' - 'а'), 'м' - 'а': 1<<('о'-'а') | 1<<('е'-'а'),
	'н' - 'а': 1<<('о'-'а') | 1<<('и'-'а') | 1<<0 | 1<<('е'-'а'), 'о' - 'а': 1<<('с'-'а') | 1<<('л'-'а'), 'р' - 'а': 1<<0 | 1<<('и'-'а') | 1<<('у'-'а'), 'т' - 'а': 1 << 0,
	'ы' - 'а': 1 << ('д' - 'а'), 'ь' - 'а': 1 << ('л' - 'а'), 'ю' - 'а': 1<<0 | 1<<('ь'-'а'), 'я' - 'а': 1 << 0,
}

// hasGivenTail reports whether a word ends with the last two letters of such an ending.
func hasGivenTail(letters uint64) bool { return givenTails[letters&31]&(1<<(letters>>5&31)) != 0 }

const minGiven = 6 // letters

// isGivenName reports a word that nobody knows and that ends like such a name, in any case.
func isGivenName(tok *token) bool {
	if tok.kind != wordToken || tok.n < minGiven || tok.vocab.Class != vocabulary.None {
		return false
	}
	n, cut := int(min(tok.n, 13)), 0
	letters := tok.key & lettersOf(12)
	if !hasGivenTail(letters) || cutEnding(letters, n, &givenEndings) == 0 {
		switch end := lexicon.EndingKey(tok.key, 2); {
		case end == ending2('о', 'м') || end == ending2('е', 'м'):
			cut = 2
		case vowels&(1<<(tok.key&31)) != 0:
			cut = 1
		default:
			return false
		}
		if n-cut < minGiven || !hasGivenTail(letters>>(5*cut)) || cutEnding(letters>>(5*cut), n-cut, &givenEndings) == 0 {
			return false
		}
	}
	return !notGiven.has(uint64(n-cut)<<60|letters>>(5*cut)) && !lexicon.IsPlain(tok.key) && !lexicon.IsOrdinary(tok.key)
}
