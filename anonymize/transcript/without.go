package transcript

import (
	"context"

	"github.com/syntora/vual/anonymize"
)

// Without masks what gone chooses, by kind and token, and leaves all else as it was said: an original from which one
// person is taken out. The mapping of the result leads back from every token, also from those that are not in the
// text; mask the result again for one that knows only what stayed.
func (d *Document) Without(ctx context.Context, a *anonymize.Analyzer, gone func(kind anonymize.Kind, token string) bool) (*Masked, error) {
	return (*d.p).maskChosen(ctx, a, func(turn anonymize.Turn, r anonymize.Masked) anonymize.Masked {
		return chosen(turn, r, gone)
	})
}

// chosen undoes a masked turn but for what is gone.
func chosen(turn anonymize.Turn, r anonymize.Masked, gone func(anonymize.Kind, string) bool) anonymize.Masked {
	kept := anonymize.Masked{Speaker: turn.Speaker}
	if r.Speaker != turn.Speaker && gone(anonymize.PERSON, r.Speaker) {
		kept.Speaker = r.Speaker
	}
	var text []byte
	at := 0
	for _, s := range r.Spans {
		if !gone(s.Kind, s.Token) {
			continue
		}
		text = append(text, turn.Text[at:s.Start]...)
		s.MaskedStart = len(text)
		text = append(text, s.Token...)
		s.MaskedEnd = len(text)
		at = s.End
		kept.Spans = append(kept.Spans, s)
	}
	kept.Text = string(append(text, turn.Text[at:]...))
	return kept
}
