package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// metrics are counted in memory and told in the text format of Prometheus (version 0.0.4). Their labels are words of
// this program, never of a request. It is safe for concurrent use.
type metrics struct {
	gauges func() (underWay, conversations int)

	mu       sync.Mutex
	calls    map[callLabels]int64
	masked   int64 // places in requests
	withheld int64 // labels in answers that stayed for their kind or place
	unknown  int64 // labels in answers that no request gave
	seconds  [len(secondsBounds) + 1]int64
	sum      float64
}

type callLabels struct {
	endpoint string
	code     code // "" means success
}

// secondsBounds are those of the histogram of call times.
var secondsBounds = [...]float64{0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300}

func newMetrics() *metrics { return &metrics{calls: map[callLabels]int64{}} }

func (m *metrics) call(endpoint string, c code, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[callLabels{endpoint, c}]++
	s := took.Seconds()
	i, _ := slices.BinarySearch(secondsBounds[:], s)
	m.seconds[i]++
	m.sum += s
}

func (m *metrics) labels(masked, withheld, unknown int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.masked += int64(masked)
	m.withheld += int64(withheld)
	m.unknown += int64(unknown)
}

// ServeHTTP tells all of them.
func (m *metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	m.write(w)
}

func (m *metrics) write(w io.Writer) {
	underWay, conversations := m.gauges()
	m.mu.Lock()
	defer m.mu.Unlock()
	fmt.Fprintln(w, "# TYPE vual_llmproxy_calls_total counter")
	for _, l := range slices.SortedFunc(maps.Keys(m.calls), callLabels.compare) {
		fmt.Fprintf(w, "vual_llmproxy_calls_total{endpoint=%q,result=%q} %d\n", l.endpoint, l.code.result(), m.calls[l])
	}
	for _, c := range []struct {
		name, kind string
		value      int64
	}{
		{"masked_values_total", "counter", m.masked},
		{"withheld_labels_total", "counter", m.withheld},
		{"unknown_labels_total", "counter", m.unknown},
		{"calls_under_way", "gauge", int64(underWay)},
		{"conversations", "gauge", int64(conversations)},
	} {
		fmt.Fprintf(w, "# TYPE vual_llmproxy_%s %s\nvual_llmproxy_%s %d\n", c.name, c.kind, c.name, c.value)
	}
	m.writeSeconds(w)
}

func (m *metrics) writeSeconds(w io.Writer) {
	fmt.Fprintln(w, "# TYPE vual_llmproxy_call_seconds histogram")
	n := int64(0)
	for i, bound := range secondsBounds {
		n += m.seconds[i]
		fmt.Fprintf(w, "vual_llmproxy_call_seconds_bucket{le=\"%g\"} %d\n", bound, n)
	}
	n += m.seconds[len(secondsBounds)]
	fmt.Fprintf(w, "vual_llmproxy_call_seconds_bucket{le=\"+Inf\"} %d\nvual_llmproxy_call_seconds_sum %g\nvual_llmproxy_call_seconds_count %d\n", n, m.sum, n)
}

func (l callLabels) compare(other callLabels) int {
	switch a, b := l.endpoint+" "+string(l.code), other.endpoint+" "+string(other.code); {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
