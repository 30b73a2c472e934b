package slogmask

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/jsonmask"
)

// Hidden stands for what could not be masked.
const Hidden = "[HIDDEN]"

// A masking is the work on one record. All of it is one conversation: a name that one attribute tells is known in the
// next.
type masking struct {
	ctx context.Context
	m   *jsonmask.Masker
	s   *anonymize.Session
}

func newMasking(ctx context.Context, m *jsonmask.Masker) masking { return masking{ctx, m, m.Session()} }

func (w masking) attrs(groups []string, attrs []slog.Attr) []slog.Attr {
	masked := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		masked[i] = w.attr(groups, a)
	}
	return masked
}

// attr masks an attribute. A number or a time that is no personal data keeps its type.
func (w masking) attr(groups []string, a slog.Attr) slog.Attr {
	path := append(groups[:len(groups):len(groups)], a.Key)
	v := a.Value.Resolve()
	a.Key = w.key(a.Key)
	switch v.Kind() {
	case slog.KindBool, slog.KindDuration:
		a.Value = v
	case slog.KindGroup:
		if path[len(path)-1] == "" { // its attributes stand in the group around it
			path = path[:len(path)-1]
		}
		a.Value = slog.GroupValue(w.attrs(path, v.Group())...)
	case slog.KindAny:
		a.Value = w.any(v.Any(), path)
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		a.Value = w.number(v, path)
	case slog.KindString:
		a.Value = slog.StringValue(w.text(v.String(), path...))
	default:
		a.Value = v
		text := v.String()
		if masked := w.text(text, path...); masked != text {
			a.Value = slog.StringValue(masked)
		}
	}
	return a
}

// number masks as a number in JSON is: a short one means nothing unless its key tells.
func (w masking) number(v slog.Value, path []string) slog.Value {
	data, err := json.Marshal(v.Any())
	if err != nil { // no number, or an infinite one
		return v
	}
	masked, err := w.m.Append(w.ctx, w.s, nil, data, path...)
	if err != nil {
		return slog.StringValue(Hidden)
	}
	var text string
	if json.Unmarshal(masked, &text) != nil {
		return v
	}
	return slog.StringValue(text)
}

// any masks what the next handler would print by itself: an error as its text, everything else as JSON.
func (w masking) any(v any, path []string) (masked slog.Value) {
	defer func() {
		if recover() != nil { // a method of the value; what it says may hold the value
			masked = slog.StringValue(Hidden)
		}
	}()
	switch v := v.(type) {
	case nil:
		return slog.AnyValue(nil)
	case error:
		return slog.StringValue(w.text(v.Error(), path...))
	case []byte:
		return slog.StringValue(w.text(string(v), path...))
	case slog.Level:
		return slog.AnyValue(v)
	}
	return w.json(v, path)
}

func (w masking) json(v any, path []string) slog.Value {
	data, err := json.Marshal(v)
	if err != nil {
		return slog.StringValue(Hidden)
	}
	var text string
	if json.Unmarshal(data, &text) == nil {
		return slog.StringValue(w.text(text, path...))
	}
	masked, err := w.m.Append(w.ctx, w.s, nil, data, path...)
	if err != nil {
		return slog.StringValue(Hidden)
	}
	return slog.AnyValue(json.RawMessage(masked))
}

func (w masking) text(s string, path ...string) string {
	masked, err := w.m.Text(w.ctx, w.s, s, path...)
	if err != nil {
		return Hidden
	}
	return masked
}

func (w masking) key(key string) string {
	masked, err := w.m.Key(w.ctx, w.s, key)
	if err != nil {
		return Hidden
	}
	return masked
}
