package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// The last part of a first name of Central Asia or the Caucasus gives it away, see [lexicon.GivenEnding]. Words of commerce that
// end alike:
const notGiven wordList = "кэшбек кешбек фидбек хэтчбек хетчбек хачбек флешбек флэшбек комбек камбек плейбек роллбек ролбек кикбек сендбек " +
	"мумбай гудбай стендбай стэндбай пауэрбай"

const minGiven = 6 // letters

// isGivenName reports a word that nobody knows and that ends like such a name, in any case.
func isGivenName(tok *token) bool {
	if tok.kind != wordToken || tok.n < minGiven || tok.vocab.Class != vocabulary.None {
		return false
	}
	n, cut := int(min(tok.n, 13)), 0
	letters := tok.key & lettersOf(12)
	if lexicon.GivenEnding(letters, n) == 0 {
		switch end := lexicon.EndingKey(tok.key, 2); {
		case end == ending2('о', 'м') || end == ending2('е', 'м'):
			cut = 2
		case vowels&(1<<(tok.key&31)) != 0:
			cut = 1
		default:
			return false
		}
		if n-cut < minGiven || lexicon.GivenEnding(letters>>(5*cut), n-cut) == 0 {
			return false
		}
	}
	return !notGiven.has(uint64(n-cut)<<60|letters>>(5*cut)) && !lexicon.IsPlain(tok.key) && !lexicon.IsOrdinary(tok.key)
}
