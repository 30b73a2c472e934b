package slogmask

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/jsonmask"
)

// A Handler masks records before another handler gets them. It is safe for concurrent use if that one is.
type Handler struct {
	next   slog.Handler
	m      *jsonmask.Masker
	groups []string
}

// New returns a handler before next. The masker says what is looked for; nil means Default().
func New(next slog.Handler, m *jsonmask.Masker) *Handler {
	if m == nil {
		m = Default()
	}
	return &Handler{next: next, m: m}
}

// Default is a masker with all defaults, but for the operator: it puts the kind alone, «[PHONE]».
func Default() *jsonmask.Masker {
	return jsonmask.New(&jsonmask.Options{Analyzer: anonymize.New(&anonymize.Options{Operator: anonymize.Redact()})})
}

// Enabled asks the next handler.
func (h *Handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle masks a record and hands it on.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	w := newMasking(ctx, h.m)
	masked := slog.NewRecord(r.Time, r.Level, w.text(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		masked.AddAttrs(w.attr(h.groups, a))
		return true
	})
	return h.next.Handle(ctx, masked)
}

// WithAttrs masks the attributes once.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	w := newMasking(context.Background(), h.m)
	return &Handler{h.next.WithAttrs(w.attrs(h.groups, attrs)), h.m, h.groups}
}

// WithGroup hands the group on.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" { // as the contract of slog.Handler has it
		return h
	}
	w := newMasking(context.Background(), h.m)
	return &Handler{h.next.WithGroup(w.key(name)), h.m, append(slices.Clip(h.groups), name)}
}

// ReplaceAttr is for the field of this name in slog.HandlerOptions. The message is masked with the attributes; only names of
// groups are not seen. Nil means Default().
func ReplaceAttr(m *jsonmask.Masker) func(groups []string, a slog.Attr) slog.Attr {
	if m == nil {
		m = Default()
	}
	return func(groups []string, a slog.Attr) slog.Attr {
		if isBuiltIn(groups, a) {
			return a
		}
		w := newMasking(context.Background(), m)
		if len(groups) == 0 && a.Key == slog.MessageKey && a.Value.Kind() == slog.KindString {
			return slog.String(a.Key, w.text(a.Value.String()))
		}
		return w.attr(groups, a)
	}
}

// isBuiltIn reports what slog itself puts into a record. A program may use the same keys for values of its own.
func isBuiltIn(groups []string, a slog.Attr) bool {
	if len(groups) == 1 && groups[0] == slog.SourceKey { // its parts, which the standard handlers ask for one by one
		s := a.Value.String()
		return a.Key == "line" && a.Value.Kind() == slog.KindInt64 || a.Key == "file" && strings.HasSuffix(s, ".go") ||
			a.Key == "function" && !strings.ContainsAny(s, " @")
	}
	if len(groups) > 0 || a.Value.Kind() == slog.KindLogValuer {
		return false
	}
	switch a.Value.Any().(type) {
	case slog.Level:
		return a.Key == slog.LevelKey
	case *slog.Source:
		return a.Key == slog.SourceKey
	}
	return a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime
}
