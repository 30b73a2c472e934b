package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Kinds are all kinds that the built-in rules find, sorted, with those that are found only where [Options] ask for them.
func Kinds() []Kind {
	kinds := slices.Clone(otherKinds[:])
	for _, table := range identifiers {
		for i := range table {
			kinds = append(kinds, table[i].kind)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// otherKinds are those that stand in no table of identifiers.
var otherKinds = [...]Kind{PERSON, ADDRESS, PHONE, EMAIL, URL_PROFILE, HANDLE, IP, MAC, CARD_EXPIRY, BIRTH_DATE, VIN, PLATE, IBAN,
	MILITARY_ID, BIRTH_CERTIFICATE, BY_ID, SECRET, NUMBER, TEXT}

// isBuiltIn reports the kinds that Kinds lists.
func (k Kind) isBuiltIn() bool {
	for _, table := range identifiers {
		for i := range table {
			if table[i].kind == k {
				return true
			}
		}
	}
	return slices.Contains(otherKinds[:], k)
}

// Announced reports whether words near a value decide over the kind, so that [Options.Context] may add to them.
func (k Kind) Announced() bool { return k.cue() != vocabulary.NoCue }

// cue is what the words that announce the kind have in common.
func (k Kind) cue() vocabulary.Cue {
	for _, table := range identifiers {
		for i := range table {
			if table[i].kind == k {
				return table[i].cue
			}
		}
	}
	switch k {
	case PHONE:
		return vocabulary.Phone
	case CARD_EXPIRY:
		return vocabulary.Expiry
	case BIRTH_DATE:
		return vocabulary.Birth
	case PLATE:
		return vocabulary.Plate
	case VIN:
		return vocabulary.VIN
	case MILITARY_ID:
		return vocabulary.Military
	case BIRTH_CERTIFICATE:
		return vocabulary.BirthCert
	case IBAN:
		return vocabulary.IBAN
	case HANDLE:
		return vocabulary.Handle
	case PASSWORD:
		return vocabulary.Password
	}
	return vocabulary.NoCue
}

// announce makes cues of the words that the user named: of the last word of a phrase, for it stands nearest to what follows.
func (p *phrases) announce(t *Text) {
	if p == nil {
		return
	}
	found := false
	for i := range t.tok {
		if n, kind := p.longest(t, i); n > 0 {
			word := &t.tok[i+n-1].vocab
			word.Class, word.Arg = vocabulary.CueWord, uint16(kind.cue())
			found = true
		}
	}
	if found {
		t.noteAll()
	}
}
