package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/bench/corpus"
)

// A growth is how time and memory grow with one size.
type growth struct {
	name, unit string
	points     []growthPoint
}

type growthPoint struct {
	n      int
	took   time.Duration // of the thread, or where several work, of the wall clock
	memory float64       // peak of the heap above what was there before, bytes
}

// exponent is the slope of log time to log size over the last hundredfold of sizes: 1 is linear, 2 quadratic.
func (g growth) exponent() float64 {
	last := g.points[len(g.points)-1]
	first := g.points[0]
	for _, p := range g.points {
		if p.n*100 <= last.n {
			first = p
		}
	}
	return math.Log(float64(last.took)/float64(first.took)) / math.Log(float64(last.n)/float64(first.n))
}

// raceGrowth measures cost against the size of a text, the number of conversations and the length of one.
func raceGrowth(r *report, o *options) error {
	sizes, conversations, turns := powers(100, 10_000_000), powers(1, 10_000), powers(1, 10_000)
	if o.full {
		sizes, conversations = powers(100, 100_000_000), powers(1, 1_000_000)
	}
	g := &grower{a: anonymize.New(nil), o: o}
	all := []growth{
		g.measure("one text", "bytes", sizes, now, g.text),
		g.measure("conversations", "conversations", conversations, wall, g.conversations),
		g.measure("turns of a session", "turns", turns, now, g.session),
		g.measure("turns of a conversation", "turns", turns, now, g.conversation),
	}
	if g.err != nil {
		return g.err
	}
	for _, growth := range all {
		r.title("Growth with %s", growth.name)
		rows := [][]string{{growth.unit, "time", "time each", "peak of the heap"}}
		for _, p := range growth.points {
			rows = append(rows, []string{fmt.Sprint(p.n), p.took.Round(time.Microsecond).String(), fmt.Sprintf("%.0f ns", float64(p.took)/float64(p.n)), fmt.Sprintf("%.1f MB", p.memory/1e6)})
			r.bench(fmt.Sprintf("Growth/%s/%d", growth.name, p.n), metric{float64(p.took), "ns/op"}, metric{p.memory, "peak-B"})
		}
		r.table(rows)
		r.note("exponent of time over the last hundredfold: %.2f", growth.exponent())
		r.atMost("exponent of growth with "+growth.name, growth.exponent(), 1.15, "")
	}
	if o.results == "" {
		return nil
	}
	return drawGrowth(o, all)
}

// powers gives 1, 10, 100 … times from, up to to.
func powers(from, to int) []int {
	var out []int
	for n := from; n <= to; n *= 10 {
		out = append(out, n)
	}
	return out
}

// A grower masks things of a given size. After an error it does nothing more.
type grower struct {
	a   *anonymize.Analyzer
	o   *options
	err error
}

// measure takes the least of three runs of each size, of one run where that takes more than five seconds, and watches the heap in
// another: what watches it makes garbage collections frequent.
func (g *grower) measure(name, unit string, sizes []int, clock func() time.Duration, prepare func(n int) func()) growth {
	out := growth{name: name, unit: unit}
	for _, n := range sizes {
		run, times := prepare(n), 3
		begun := clock()
		peak := peakOf(run)
		if clock()-begun > 5*time.Second {
			times = 1
		}
		out.points = append(out.points, growthPoint{n, leastOf(times, clock, run), peak})
		if g.err != nil {
			break
		}
	}
	return out
}

// leastOf times a function several times, each as often as five milliseconds hold.
func leastOf(times int, clock func() time.Duration, f func()) time.Duration {
	least := time.Duration(math.MaxInt64)
	for range times {
		runtime.GC()
		begun := clock()
		calls := 0
		for calls == 0 || clock()-begun < 5*time.Millisecond {
			f()
			calls++
		}
		least = min(least, (clock()-begun)/time.Duration(calls))
	}
	return least
}

// text finds in one text of n bytes, of which each line is another turn.
func (g *grower) text(n int) func() {
	text := ""
	for seed := g.o.seed; len(text) < n; seed++ { // transcripts are 200 KB at most
		for _, m := range corpus.Make(seed, corpus.Russian, corpus.Transcripts, true, n-len(text)).Messages {
			text += m.Text
		}
	}
	for text = text[:n]; text[len(text)-1] == 0xd0 || text[len(text)-1] == 0xd1; {
		text = text[:len(text)-1] + " "
	}
	return func() {
		var spans []anonymize.Span
		spans = g.a.AppendSpans(spans, text)
		_ = spans
	}
}

// conversations masks n conversations of eight turns, on all processors.
func (g *grower) conversations(n int) func() {
	const turns = 8
	messages := corpus.Make(g.o.seed, corpus.Russian, corpus.Messages, true, min(n*turns*100, 1<<20)).Messages
	all := func(yield func(anonymize.Conversation) bool) {
		for i := range n {
			var c anonymize.Conversation
			for turn := range turns {
				c.Turns = append(c.Turns, turnOf(messages, i*turns+turn))
			}
			if !yield(c) {
				return
			}
		}
	}
	return func() {
		for _, err := range g.a.MaskAll(context.Background(), all) {
			g.fail(err)
		}
	}
}

// session masks n turns of one session.
func (g *grower) session(n int) func() {
	messages := corpus.Make(g.o.seed, corpus.Russian, corpus.Messages, true, n*120).Messages
	return func() {
		s := g.a.Session(nil)
		for i := range n {
			_, err := s.Anonymize(context.Background(), turnOf(messages, i))
			g.fail(err)
		}
	}
}

// conversation masks n turns that are all seen first.
func (g *grower) conversation(n int) func() {
	messages := corpus.Make(g.o.seed, corpus.Russian, corpus.Messages, true, n*120).Messages
	return func() {
		var c anonymize.Conversation
		for i := range n {
			c.Turns = append(c.Turns, turnOf(messages, i))
		}
		_, err := g.a.Conversation(context.Background(), c)
		g.fail(err)
	}
}

func (g *grower) fail(err error) {
	if g.err == nil {
		g.err = err
	}
}

func turnOf(messages []corpus.Message, i int) anonymize.Turn {
	speaker := "client"
	if i%2 == 0 {
		speaker = "agent"
	}
	return anonymize.Turn{Speaker: speaker, Text: messages[i%len(messages)].Text}
}

var began = time.Now()

// wall is the clock for what several threads do.
func wall() time.Duration { return time.Since(began) }

// peakOf runs f and says how far the heap grew meanwhile, what the collector had not yet freed included.
func peakOf(f func()) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(20)) // little garbage in the figure
	runtime.GC()
	before := heap()
	var peak atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			peak.Store(max(peak.Load(), heap()))
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Microsecond):
			}
		}
	}()
	f()
	peak.Store(max(peak.Load(), heap()))
	close(stop)
	<-stopped
	return float64(max(peak.Load(), before) - before)
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
