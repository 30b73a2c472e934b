// Package adaptertest tries an implementation of [retention.Adapter].
//
//	func TestAdapter(t *testing.T) {
//		adaptertest.Run(t, func(t *testing.T) adaptertest.Harness { … })
//	}
package adaptertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/syntora/vual/retention"
)

// A Harness is an empty store and what the tests need around it. Each call of make gives a new one.
type Harness struct {
	Adapter retention.Adapter // required
	Class   string            // required: a class that the store holds

	// Put makes or changes a record with this id, subject, creation time and content. Required. It is an error for a
	// fenced record.
	Put func(id, subject string, created time.Time, content []byte) error

	// Read reads a record's content as the service would. Required. It is an error for a fenced or absent record.
	Read func(id string) ([]byte, error)

	// Raw returns all bytes that the store keeps on disk, to look for what was destroyed. Nil: not looked for.
	Raw func() ([]byte, error)

	// NoFacts says that the store is a copy that keeps neither facts nor subjects nor versions.
	NoFacts bool
}

// Run runs every test, each on a harness of its own.
func Run(t *testing.T, make func(t *testing.T) Harness) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, h Harness)
	}{
		{"Scan", scan},
		{"Lookup", lookup},
		{"Version", version},
		{"Fence", fence},
		{"Export", export},
		{"Destroy", destroy},
		{"DestroyAgain", destroyAgain},
		{"DestroyChanged", destroyChanged},
		{"DestroyHeld", destroyHeld},
		{"OtherClass", otherClass},
		{"NoAction", noAction},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := make(t)
			if h.Adapter.System() == "" || h.Adapter.Method(retention.Delete) == "" {
				t.Error("System and Method must have names for the act")
			}
			test.run(t, h)
		})
	}
}

var created = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// canary is content that occurs nowhere else.
func canary(n int) []byte {
	return fmt.Appendf(nil, "kanarejka-%d-Перезвоните-Марине", n)
}

func (h Harness) put(t *testing.T, id string, content []byte) {
	t.Helper()
	if err := h.Put(id, "subject-"+id, created, content); err != nil {
		t.Fatal("Put:", err)
	}
}

func (h Harness) lookup(t *testing.T, id string) (retention.Record, bool) {
	t.Helper()
	r, ok, err := h.Adapter.Lookup(context.Background(), h.Class, id)
	if err != nil {
		t.Fatal("Lookup:", err)
	}
	return r, ok
}

func (h Harness) destroy(t *testing.T, target retention.Target) retention.Outcome {
	t.Helper()
	if target.Check == nil {
		target.Check = func(context.Context) error { return nil }
	}
	out, err := h.Adapter.Destroy(context.Background(), "op-1", target)
	if err != nil {
		t.Fatal("Destroy:", err)
	}
	return out
}

func scan(t *testing.T, h Harness) {
	ctx := context.Background()
	var want []string
	for i := range 23 {
		id := fmt.Sprintf("r%02d", (i*7)%23)
		h.put(t, id, canary(i))
		want = append(want, id)
	}
	slices.Sort(want)
	for _, limit := range []int{1, 5, 23, 100} {
		var got []string
		for after := ""; ; {
			page, err := h.Adapter.Scan(ctx, h.Class, after, limit)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) > limit {
				t.Fatalf("%d records for a limit of %d", len(page), limit)
			}
			for _, r := range page {
				got = append(got, r.ID)
				after = r.ID
				if r.Class != h.Class {
					t.Errorf("class %q", r.Class)
				}
			}
			if len(page) < limit {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: %v", limit, got)
		}
	}
	if err := h.Adapter.Fence(ctx, "op-1", h.Class, "r05"); err != nil {
		t.Fatal(err)
	}
	if page, err := h.Adapter.Scan(ctx, h.Class, "r04", 1); err != nil || len(page) != 1 || page[0].ID != "r05" {
		t.Errorf("a fenced record is not scanned: %v %v", page, err)
	}
}

func lookup(t *testing.T, h Harness) {
	if _, ok := h.lookup(t, "absent"); ok {
		t.Error("what is absent was found")
	}
	h.put(t, "a", canary(1))
	r, ok := h.lookup(t, "a")
	if !ok || r.ID != "a" || r.Class != h.Class {
		t.Fatalf("found %v, %v", r, ok)
	}
	if h.NoFacts {
		return
	}
	if at := r.Facts[retention.Created]; !at.Equal(created) {
		t.Errorf("created %v, want %v", at, created)
	}
	if !slices.Equal(r.Subjects, []string{"subject-a"}) {
		t.Errorf("subjects %v", r.Subjects)
	}
}

func version(t *testing.T, h Harness) {
	if h.NoFacts {
		t.Skip("a copy has no versions")
	}
	h.put(t, "a", canary(1))
	first, _ := h.lookup(t, "a")
	again, _ := h.lookup(t, "a")
	if first.Version == "" || first.Version != again.Version {
		t.Errorf("versions %q and %q of one record", first.Version, again.Version)
	}
	h.put(t, "a", canary(22))
	if changed, _ := h.lookup(t, "a"); changed.Version == first.Version {
		t.Error("the record changed and its version did not")
	}
}

func fence(t *testing.T, h Harness) {
	ctx := context.Background()
	h.put(t, "a", canary(1))
	h.put(t, "b", canary(2))
	before, _ := h.lookup(t, "a")
	for range 2 {
		if err := h.Adapter.Fence(ctx, "op-1", h.Class, "a"); err != nil {
			t.Fatal("Fence:", err)
		}
	}
	if _, err := h.Read("a"); err == nil {
		t.Error("a fenced record was read")
	}
	if err := h.Put("a", "subject-a", created, canary(3)); err == nil {
		t.Error("a fenced record was changed")
	}
	if data, err := h.Read("b"); err != nil || !bytes.Equal(data, canary(2)) {
		t.Error("the fence took another record in:", err)
	}
	if after, ok := h.lookup(t, "a"); !ok || after.Version != before.Version {
		t.Error("the fence changed the version, or hides the record")
	}
	for range 2 {
		if err := h.Adapter.Unfence(ctx, "op-1", h.Class, "a"); err != nil {
			t.Fatal("Unfence:", err)
		}
	}
	if data, err := h.Read("a"); err != nil || !bytes.Equal(data, canary(1)) {
		t.Error("not readable after the fence:", err)
	}
	for _, f := range []func(context.Context, string, string, string) error{h.Adapter.Fence, h.Adapter.Unfence} {
		if err := f(ctx, "op-1", h.Class, "absent"); err != nil {
			t.Error("the fence of what is absent:", err)
		}
	}
}

func export(t *testing.T, h Harness) {
	ctx := context.Background()
	h.put(t, "a", canary(1))
	if err := h.Adapter.Fence(ctx, "op-1", h.Class, "a"); err != nil {
		t.Fatal(err)
	}
	var one, two bytes.Buffer
	for _, w := range []*bytes.Buffer{&one, &two} {
		if err := h.Adapter.Export(ctx, "op-1", h.Class, "a", w); err != nil {
			t.Fatal("Export of a fenced record:", err)
		}
	}
	if !bytes.Contains(one.Bytes(), canary(1)) || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the export lacks the content, or differs the second time")
	}
	if err := h.Adapter.Export(ctx, "op-1", h.Class, "absent", &two); err == nil {
		t.Error("what is absent was exported")
	}
}

func destroy(t *testing.T, h Harness) {
	for i, id := range []string{"a", "b", "c"} {
		h.put(t, id, canary(i))
	}
	if err := h.Adapter.Fence(context.Background(), "op-1", h.Class, "b"); err != nil {
		t.Fatal(err)
	}
	r, _ := h.lookup(t, "b")
	checks := 0
	out := h.destroy(t, retention.Target{Class: h.Class, ID: "b", Version: r.Version, Action: retention.Delete, Check: func(context.Context) error { checks++; return nil }})
	if out != retention.OutcomeDestroyed || checks == 0 {
		t.Errorf("outcome %q after %d checks", out, checks)
	}
	if _, ok := h.lookup(t, "b"); ok {
		t.Error("destroyed and still found")
	}
	if _, err := h.Read("b"); err == nil {
		t.Error("destroyed and still read")
	}
	for i, id := range []string{"a", "c"} {
		if data, err := h.Read(id); err != nil || !bytes.Equal(data, canary(2*i)) {
			t.Errorf("%s was touched: %v", id, err)
		}
	}
	if h.Raw == nil {
		return
	}
	raw, err := h.Raw()
	if err != nil {
		t.Fatal("Raw:", err)
	}
	if bytes.Contains(raw, canary(1)) {
		t.Error("destroyed, and its bytes are still on disk")
	}
	if !bytes.Contains(raw, canary(2)) {
		t.Error("Raw does not show the bytes of a record that lives")
	}
}

func destroyAgain(t *testing.T, h Harness) {
	h.put(t, "a", canary(1))
	target := retention.Target{Class: h.Class, ID: "a", Action: retention.Delete}
	if out := h.destroy(t, target); out != retention.OutcomeDestroyed {
		t.Errorf("outcome %q", out)
	}
	if out := h.destroy(t, target); out != retention.OutcomeGone {
		t.Errorf("outcome %q the second time", out)
	}
}

func destroyChanged(t *testing.T, h Harness) {
	if h.NoFacts {
		t.Skip("a copy has no versions")
	}
	h.put(t, "a", canary(1))
	r, _ := h.lookup(t, "a")
	h.put(t, "a", canary(22))
	if out := h.destroy(t, retention.Target{Class: h.Class, ID: "a", Version: r.Version, Action: retention.Delete}); out != retention.OutcomeVersionChanged {
		t.Errorf("outcome %q", out)
	}
	if data, err := h.Read("a"); err != nil || !bytes.Equal(data, canary(22)) {
		t.Error("another version was touched:", err)
	}
}

func destroyHeld(t *testing.T, h Harness) {
	h.put(t, "a", canary(1))
	target := retention.Target{Class: h.Class, ID: "a", Action: retention.Delete, Check: func(context.Context) error { return retention.ErrHeld }}
	if out, err := h.Adapter.Destroy(context.Background(), "op-1", target); !errors.Is(err, retention.ErrHeld) || out != "" {
		t.Errorf("outcome %q, error %v: ErrHeld must come through", out, err)
	}
	if err := h.Adapter.Unfence(context.Background(), "op-1", h.Class, "a"); err != nil {
		t.Fatal(err)
	}
	if data, err := h.Read("a"); err != nil || !bytes.Equal(data, canary(1)) {
		t.Error("destroyed against the check:", err)
	}
}

func otherClass(t *testing.T, h Harness) {
	ctx := context.Background()
	h.put(t, "a", canary(1))
	if page, err := h.Adapter.Scan(ctx, "no-such-class", "", 10); err != nil || len(page) != 0 {
		t.Errorf("%d records of another class, %v", len(page), err)
	}
	if _, ok, err := h.Adapter.Lookup(ctx, "no-such-class", "a"); err != nil || ok {
		t.Errorf("found under another class, %v", err)
	}
	out := h.destroy(t, retention.Target{Class: "no-such-class", ID: "a", Action: retention.Delete})
	if _, ok := h.lookup(t, "a"); out != retention.OutcomeGone || !ok {
		t.Errorf("outcome %q under another class, still there: %v", out, ok)
	}
}

func noAction(t *testing.T, h Harness) {
	h.put(t, "a", canary(1))
	for _, a := range []retention.Action{"", retention.Keep, retention.Notify} {
		target := retention.Target{Class: h.Class, ID: "a", Action: a, Check: func(context.Context) error { return nil }}
		if out, err := h.Adapter.Destroy(context.Background(), "op-1", target); err == nil || out != "" {
			t.Errorf("action %q: outcome %q", a, out)
		}
	}
	if _, ok := h.lookup(t, "a"); !ok {
		t.Error("destroyed by an action that destroys nothing")
	}
}
