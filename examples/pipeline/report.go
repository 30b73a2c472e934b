package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"

	"github.com/syntora/vual/anonymize"
)

//go:embed report.html
var reportTemplate string

// A reportPage is what the template shows. It has masked text only.
type reportPage struct {
	Language                                    string
	Turns, Values, Objections, Answered, Agreed int
	Kinds                                       []reportKind
	ChartHeight                                 int
	Conversations                               []reportConversation
	Skipped                                     []string
}

// A reportKind is a bar of the chart.
type reportKind struct {
	Name, Group string
	Count       int
	Y, Width    int
}

type reportConversation struct {
	Number         int
	Name           string
	Format         string
	Values         int
	Kinds          []reportKind
	Analysis       Analysis
	Agent, Client  int // percent of the talk
	Turns          []reportTurn
	Mute           string
	Objections     string
	NextStep, Says string
}

type reportTurn struct {
	Number  int
	Speaker string
	Side    Side
	Clock   string
	Parts   []reportPart
}

// A reportPart is plain text, or a token with the group of its kind.
type reportPart struct{ Text, Group, Kind string }

func (p *pipeline) report() ([]byte, error) {
	page := reportPage{Language: "en", Skipped: p.skipped}
	if p.labels == anonymize.Russian {
		page.Language = "ru"
	}
	word := in(p.labels)
	kinds := map[anonymize.Kind]int{}
	for i, r := range p.results {
		c := r.page(i+1, word)
		page.Turns += len(c.Turns)
		page.Values += c.Values
		page.Objections += len(r.analysis.Objections)
		for _, o := range r.analysis.Objections {
			if o.Answer != nil {
				page.Answered++
			}
		}
		if r.analysis.NextStep != nil {
			page.Agreed++
		}
		for kind, n := range r.kinds {
			kinds[kind] += n
		}
		page.Conversations = append(page.Conversations, c)
	}
	page.Kinds = bars(kinds)
	page.ChartHeight = len(page.Kinds)*barHeight + 4
	t, err := template.New("report").Funcs(template.FuncMap{"tr": word}).Parse(reportTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, page)
	return b.Bytes(), err
}

const (
	barHeight = 26
	barWidth  = 430 // of the longest
)

func bars(kinds map[anonymize.Kind]int) []reportKind {
	var all []reportKind
	most := 1
	for i, kind := range sorted(kinds) {
		n := kinds[kind]
		most = max(most, n)
		all = append(all, reportKind{string(kind), group(kind), n, i * barHeight, max(3, barWidth*n/most)})
	}
	return all
}

func (r *result) page(number int, word func(string) string) reportConversation {
	c := reportConversation{
		Number: number, Name: r.name, Format: string(r.format), Values: sum(r.kinds), Kinds: bars(r.kinds),
		Analysis: r.analysis, Mute: muteFilter(r.masked), Objections: r.objections(word), NextStep: r.next(word),
	}
	c.Agent, c.Client = int(100*r.analysis.Talk.Agent+.5), int(100*r.analysis.Talk.Customer+.5)
	for i, t := range r.masked.Turns {
		turn := reportTurn{Number: i, Speaker: t.Speaker, Side: r.sides[t.Speaker]}
		if t.End > 0 {
			turn.Clock = fmt.Sprintf("%d:%02d", int(t.Start.Minutes()), int(t.Start.Seconds())%60)
		}
		at := 0
		for _, s := range t.Spans {
			turn.Parts = append(turn.Parts, reportPart{Text: t.Text[at:s.MaskedStart]},
				reportPart{t.Text[s.MaskedStart:s.MaskedEnd], group(s.Kind), string(s.Kind)})
			at = s.MaskedEnd
		}
		turn.Parts = append(turn.Parts, reportPart{Text: t.Text[at:]})
		c.Turns = append(c.Turns, turn)
	}
	return c
}

// groups of kinds share a colour.
var groups = map[string][]anonymize.Kind{
	"person":  {"PERSON", "BIRTH_DATE"},
	"contact": {"PHONE", "EMAIL", "HANDLE", "URL_PROFILE"},
	"place":   {"ADDRESS"},
	"money":   {"CARD", "CVV", "CARD_EXPIRY", "BANK_ACCOUNT", "BIK", "IBAN"},
	"secret":  {"PASSWORD", "OTP", "SECRET"},
	"machine": {"IP", "MAC", "VIN", "PLATE"},
}

// group gives the colour of a kind; papers and their numbers are the rest.
func group(kind anonymize.Kind) string {
	for name, kinds := range groups {
		for _, k := range kinds {
			if k == kind {
				return name
			}
		}
	}
	return "paper"
}
