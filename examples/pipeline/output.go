package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
)

// An analysed is a conversation in analysis.json.
type analysed struct {
	Name   string                 `json:"conversation"`
	Format transcript.Format      `json:"format"`
	Turns  int                    `json:"turns"`
	Kinds  map[anonymize.Kind]int `json:"masked"`
	Analysis
	Mute string `json:"ffmpeg_audio_filter,omitempty"`
}

// write writes the analysis and the report.
func (p *pipeline) write() error {
	all := []analysed{}
	for _, r := range p.results {
		all = append(all, analysed{r.name, r.format, len(r.masked.Turns), r.kinds, r.analysis, muteFilter(r.masked)})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(p.out, "analysis.json"), b.Bytes()); err != nil {
		return err
	}
	report, err := p.report()
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(p.out, "report.html"), report)
}

// muteFilter is what silences the values in the recording: ffmpeg -i call.ogg -af FILTER masked.ogg. It is empty if the file has no
// times or nothing to hide.
func muteFilter(m *transcript.Masked) string {
	windows := m.Mute(margin)
	if len(windows) == 0 {
		return ""
	}
	var parts []string
	for _, w := range windows {
		parts = append(parts, fmt.Sprintf("between(t,%.3f,%.3f)", w.Start.Seconds(), w.End.Seconds()))
	}
	return "volume=enable='" + strings.Join(parts, "+") + "':volume=0"
}

// print prints the summary.
func (p *pipeline) print(out io.Writer) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	word := in(p.labels)
	fmt.Fprintln(t, word("CONVERSATION\tFORMAT\tTURNS\tMASKED\tAGENT TALKS\tOBJECTIONS\tNEXT STEP"))
	total := 0
	for _, r := range p.results {
		masked := sum(r.kinds)
		total += masked
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%.0f %%\t%s\t%s\n", printable(r.name), r.format, len(r.masked.Turns), masked,
			100*r.analysis.Talk.Agent, r.objections(word), r.next(word))
	}
	t.Flush()
	fmt.Fprintf(out, "\n"+word("%d conversations, %d values masked. Report: %s")+"\n", len(p.results), total, filepath.Join(p.out, "report.html"))
}

func (r *result) objections(word func(string) string) string {
	var all []string
	for _, o := range r.analysis.Objections {
		all = append(all, word(o.What))
	}
	return orDash(strings.Join(all, ", "))
}

func (r *result) next(word func(string) string) string {
	if r.analysis.NextStep == nil {
		return "-"
	}
	return word(r.analysis.NextStep.What)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func sum(kinds map[anonymize.Kind]int) (n int) {
	for _, k := range kinds {
		n += k
	}
	return n
}

// sorted gives the kinds, the most frequent first.
func sorted(kinds map[anonymize.Kind]int) []anonymize.Kind {
	return slices.SortedFunc(maps.Keys(kinds), func(a, b anonymize.Kind) int {
		if d := kinds[b] - kinds[a]; d != 0 {
			return d
		}
		return strings.Compare(string(a), string(b))
	})
}
