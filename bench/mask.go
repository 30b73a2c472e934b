package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/syntora/vual/bench/corpus"
)

// A maskResult is how one candidate did on one corpus.
type maskResult struct {
	corpus, candidate string
	rate              float64 // bytes a second, the median of the rounds
	toList            float64 // times faster than the list of regular expressions; 0 where that was not run
	perText           float64 // nanoseconds
	allocs            float64 // per text; -1 unknown
	leak, over        float64 // shares of letters and digits; -1 for floors
	byKind            map[string]float64
}

// leakSample is how many bytes of a corpus leak and overmask are counted over, the same ones for each candidate.
const leakSample = 100 << 10

// raceMasks lets all candidates mask all corpora.
func raceMasks(r *report, o *options, all []candidate) (maskResults, error) {
	var results maskResults
	for _, lang := range []corpus.Language{corpus.Russian, corpus.English, corpus.Mixed} {
		for _, shape := range []corpus.Shape{corpus.Messages, corpus.Transcripts} {
			for _, personal := range []bool{true, false} {
				texts := corpus.Make(o.seed, lang, shape, personal, o.corpusSize)
				found, err := raceCorpus(r, o, all, texts)
				if err != nil {
					return nil, err
				}
				results = append(results, found...)
			}
		}
		results.print(r, string(lang), all)
	}
	results.printKinds(r, all)
	r.note("")
	for _, c := range all {
		r.note("%-18s %s", c.name, c.note)
	}
	return results, nil
}

// raceCorpus times the candidates on one corpus and counts what they leave and what they take too much.
func raceCorpus(r *report, o *options, all []candidate, texts *corpus.Corpus) ([]maskResult, error) {
	entrants := make([]entrant, len(all))
	works := make([]timed, len(all))
	for i := range all {
		e, err := enter(&all[i], texts, o.round)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", all[i].name, err)
		}
		entrants[i], works[i] = e, e.run
	}
	times, err := race(o.rounds, works)
	if err != nil {
		return nil, err
	}
	list := slices.IndexFunc(all, func(c candidate) bool { return c.name == "regexp" })
	sample := texts.Part(leakSample)
	results := make([]maskResult, len(all))
	for i, e := range entrants {
		size := float64(e.part.Bytes())
		m := maskResult{corpus: texts.Name, candidate: e.name, rate: size / median(times[i]).Seconds(), leak: -1, over: -1, allocs: -1}
		m.perText = float64(median(times[i])) / float64(len(e.part.Messages))
		if list >= 0 {
			m.toList = ratio(times[list], float64(entrants[list].part.Bytes()), times[i], size)
		}
		if !e.elsewhere {
			m.allocs = allocs(e.run) / float64(len(e.part.Messages))
		}
		if e.find != nil || e.findAll != nil {
			if err := m.count(e.candidate, sample); err != nil {
				return nil, fmt.Errorf("%s: %w", e.name, err)
			}
		}
		results[i] = m
		for round, took := range times[i] {
			metrics := []metric{{float64(took) / float64(len(e.part.Messages)), "ns/op"}, {size / took.Seconds() / 1e6, "MB/s"}}
			if round == 0 { // what no round changes stands once
				metrics = append(metrics, m.constants(texts)...)
			}
			r.bench("Mask/"+texts.Name+"/"+e.name, metrics...)
		}
	}
	return results, nil
}

// count fills in leak and overmask.
func (m *maskResult) count(c *candidate, sample *corpus.Corpus) error {
	hidden, err := c.all(sample)
	if err != nil {
		return err
	}
	by := map[string]*tally{"": {}}
	var over tally
	for i, text := range sample.Messages {
		leak(text, hidden[i], by)
		overmask(text, hidden[i], &over)
	}
	m.leak, m.over = by[""].share(), over.share()
	m.byKind = make(map[string]float64)
	for kind, t := range by {
		m.byKind[kind] = t.share()
	}
	return nil
}

// constants are the figures that do not depend on the clock.
func (m *maskResult) constants(texts *corpus.Corpus) []metric {
	var out []metric
	if m.allocs >= 0 {
		out = append(out, metric{m.allocs, "allocs/op"})
	}
	if m.leak >= 0 && texts.Personal {
		out = append(out, metric{100 * m.leak, "%leak"})
	}
	if m.over >= 0 {
		out = append(out, metric{100 * m.over, "%overmask"})
	}
	return out
}

// allocs counts the allocations of a run: the least of three, because the garbage collector empties pools.
func allocs(run timed) float64 {
	least := math.Inf(1)
	for range 3 {
		mallocs, _ := allocsOf(func() { run() }, 1)
		least = min(least, mallocs)
	}
	return least
}

type maskResults []maskResult

func (rs maskResults) get(corpus, candidate string) *maskResult {
	for i := range rs {
		if rs[i].corpus == corpus && rs[i].candidate == candidate {
			return &rs[i]
		}
	}
	return nil
}

// print writes the table of one language.
func (rs maskResults) print(r *report, lang string, all []candidate) {
	r.title("Masking %s: MB/s of text, and what is left visible", map[string]string{"ru": "Russian", "en": "English", "mixed": "Russian and English"}[lang])
	rows := [][]string{{"", "messages", "transcripts", "clean", "× regexp", "× clean", "left visible", "masked too much", "ns a message", "allocs"}}
	for _, c := range all {
		message, call := rs.get(lang+"/messages", c.name), rs.get(lang+"/transcripts", c.name)
		clean := rs.get(lang+"/transcripts/clean", c.name)
		row := []string{c.name, rate(message.rate), rate(call.rate), rate(clean.rate), times(call.toList), times(clean.toList)}
		if call.leak >= 0 {
			row = append(row, percent((message.leak+call.leak)/2), percent((rs.get(lang+"/messages/clean", c.name).over+clean.over)/2))
		} else {
			row = append(row, "", "")
		}
		row = append(row, fmt.Sprintf("%.0f", message.perText))
		if message.allocs >= 0 {
			row = append(row, fmt.Sprintf("%.2g", message.allocs))
		} else {
			row = append(row, "")
		}
		rows = append(rows, row)
	}
	r.table(rows)
}

// printKinds says of which kinds the leak is made, on messages and transcripts of both languages together.
func (rs maskResults) printKinds(r *report, all []candidate) {
	r.title("Left visible by kind, %% of letters and digits, Russian and English transcripts")
	var names []string
	sums := map[string]map[string][]float64{}
	for _, c := range all {
		if c.find == nil && c.findAll == nil {
			continue
		}
		names = append(names, c.name)
		for _, name := range []string{"ru/transcripts", "en/transcripts"} {
			for kind, share := range rs.get(name, c.name).byKind {
				if sums[kind] == nil {
					sums[kind] = map[string][]float64{}
				}
				sums[kind][c.name] = append(sums[kind][c.name], share)
			}
		}
	}
	rows := [][]string{append([]string{""}, names...)}
	for _, kind := range slices.Sorted(maps.Keys(sums)) {
		if kind == "" {
			continue
		}
		row := []string{kind}
		for _, name := range names {
			total := 0.0
			for _, share := range sums[kind][name] {
				total += share
			}
			row = append(row, fmt.Sprintf("%.1f", 100*total/float64(len(sums[kind][name]))))
		}
		rows = append(rows, row)
	}
	r.table(rows)
}

// setGoals compares with what the project set itself.
func (rs maskResults) setGoals(r *report) {
	base := rs.get("ru/transcripts", "vual")
	faster := func(what, corpus, than string, want float64) {
		r.atLeast(what, rs.get(corpus, "vual").rate/rs.get(corpus, than).rate, want, "x")
	}
	r.atLeast("personal text to the list of regular expressions", base.toList, 150, "x")
	r.atLeast("clean text to the list of regular expressions", rs.get("ru/transcripts/clean", "vual").toList, 200, "x")
	faster("to regexp2", base.corpus, "regexp2", 60)
	faster("to go-re2 combined", base.corpus, "go-re2", 1.5)
	faster("to alcatraz", base.corpus, "alcatraz", 100)
	faster("to dividing into words and folding", base.corpus, "words, folded", 0.5)
	r.atMost("a message with personal data", rs.get("ru/messages", "vual").perText, 400, " ns")
	r.atMost("a message without", rs.get("ru/messages/clean", "vual").perText, 300, " ns")
	r.atMost("allocations of AppendSpans on a message", rs.get("ru/messages", "vual").allocs, 0, "")
	r.atMost("allocations of a session on a message", rs.get("ru/messages", "vual session").allocs, 2, "")
}

func rate(bytesPerSecond float64) string {
	mb := bytesPerSecond / 1e6
	switch {
	case mb >= 100:
		return fmt.Sprintf("%.0f", mb)
	case mb >= 10:
		return fmt.Sprintf("%.1f", mb)
	case mb >= 0.1:
		return fmt.Sprintf("%.2f", mb)
	}
	return fmt.Sprintf("%.4f", mb)
}

func times(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.3g", x), ".0") }

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

const defaultRound = 12 * time.Millisecond
