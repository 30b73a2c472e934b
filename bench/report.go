package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

// A report is what a run prints: tables for people on out, and lines in the format of Go benchmarks, which benchstat
// reads, for the file.
type report struct {
	out    io.Writer
	tables bytes.Buffer // what went to out
	file   bytes.Buffer
	goals  []goal
}

// A goal is a figure that the project set itself.
type goal struct {
	what      string
	got, want float64
	atMost    bool // else at least
	unit      string
}

func (g goal) met() bool {
	if g.atMost {
		return g.got <= g.want
	}
	return g.got >= g.want
}

// newReport writes the head: which machine, which state of the code.
func newReport(out io.Writer, at time.Time) *report {
	r := &report{}
	r.out = io.MultiWriter(out, &r.tables)
	head := [][2]string{
		{"date", at.UTC().Format("2006-01-02 15:04 MST")},
		{"commit", commit()},
		{"go", runtime.Version()},
		{"goos", runtime.GOOS},
		{"goarch", runtime.GOARCH},
		{"cpu", cpuName()},
		{"cores", fmt.Sprint(runtime.NumCPU())},
		{"load", load()},
		{"clock", clockName},
		{"pkg", "github.com/syntora/vual/bench"},
	}
	for _, h := range head {
		r.file.WriteString(h[0] + ": " + h[1] + "\n")
		r.note("%-7s %s", h[0], h[1])
	}
	r.file.WriteString("\n")
	return r
}

// A metric is a figure with its unit, such as {12.5, "MB/s"}.
type metric struct {
	value float64
	unit  string
}

// bench writes one line of a Go benchmark.
func (r *report) bench(name string, metrics ...metric) {
	fmt.Fprintf(&r.file, "Benchmark%s\t1", strings.ReplaceAll(name, " ", "-"))
	for _, m := range metrics {
		fmt.Fprintf(&r.file, "\t%.6g %s", m.value, m.unit)
	}
	r.file.WriteString("\n")
}

// title begins a section on the terminal.
func (r *report) title(format string, args ...any) {
	fmt.Fprintf(r.out, "\n## "+format+"\n\n", args...)
}

// table writes rows in columns; the first row is the head.
func (r *report) table(rows [][]string) {
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		fmt.Fprintf(w, "%s\t\n", strings.Join(row, "\t"))
	}
	w.Flush()
}

func (r *report) note(format string, args ...any) { fmt.Fprintf(r.out, format+"\n", args...) }

func (r *report) atLeast(what string, got, want float64, unit string) {
	r.goals = append(r.goals, goal{what, got, want, false, unit})
}

func (r *report) atMost(what string, got, want float64, unit string) {
	r.goals = append(r.goals, goal{what, got, want, true, unit})
}

// close prints the goals and writes the lines and the tables into dir, named by the day.
func (r *report) close(dir string, at time.Time) error {
	r.title("Goals")
	rows := [][]string{{"", "got", "goal", ""}}
	for _, g := range r.goals {
		sign, verdict := ">=", "met"
		if g.atMost {
			sign = "<="
		}
		if !g.met() {
			verdict = "MISSED"
		}
		rows = append(rows, []string{g.what, fmt.Sprintf("%.4g%s", g.got, g.unit), fmt.Sprintf("%s %.4g%s", sign, g.want, g.unit), verdict})
	}
	r.table(rows)
	if dir == "" {
		return nil
	}
	name := filepath.Join(dir, at.UTC().Format("2006-01-02"))
	return errors.Join(
		os.WriteFile(name+".txt", r.file.Bytes(), 0o644),
		os.WriteFile(name+"-tables.txt", r.tables.Bytes(), 0o644),
	)
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	id := strings.TrimSpace(string(out))
	if out, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output(); err == nil && len(bytes.TrimSpace(out)) > 0 {
		id += " with changes"
	}
	return id
}

// cpuName and load are what Linux tells; elsewhere they are unknown.
func cpuName() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func load() string {
	info, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(info))[:3], " ")
}
