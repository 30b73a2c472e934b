package retention

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func FuzzReadPlan(f *testing.F) {
	b := newBench(f)
	b.note("a", epoch.Add(-40*day))
	b.subscriber("b", epoch.Add(-40*day))
	var buf bytes.Buffer
	if err := b.plan().Write(&buf); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add([]byte(`{"policy": "", "items": [{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := ReadPlan(bytes.NewReader(data))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := plan.Write(&again); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPlan(&again); err != nil {
			t.Fatalf("what was read is not read again: %v", err)
		}
	})
}

func FuzzParseHolds(f *testing.F) {
	f.Add([]byte(`[{"id": "h1", "placed": "2026-04-10T00:00:00Z", "released": "2026-06-01T00:00:00Z", "scope": {"records": ["a"], "all": true}}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		holds, err := ParseHolds(data)
		if err != nil {
			return
		}
		for _, h := range holds {
			if h.ID == "" || h.Placed.IsZero() {
				t.Fatalf("%+v", h)
			}
		}
		if text, err := json.Marshal(holds); err != nil {
			t.Fatal(err)
		} else if _, err := ParseHolds(text); len(holds) > 0 && err != nil {
			t.Fatalf("what was read is not read again: %v", err)
		}
	})
}

func TestParseHolds(t *testing.T) {
	for _, bad := range []string{`{}`, `[{}]`, `[{"id": "h"}]`, `[{"placed": "2026-04-10T00:00:00Z"}]`, `[{"id": "h", "placed": "2026-04-10"}]`,
		`[{"id": "h", "placed": "2026-04-10T00:00:00Z", "realeased": "2026-04-11T00:00:00Z"}]`, `[{"id": "h", "placed": "2026-04-10T00:00:00Z", "released": "2026-04-09T00:00:00Z"}]`} {
		if _, err := ParseHolds([]byte(bad)); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
	holds, err := ParseHolds([]byte(`[{"id": "h", "placed": "2026-04-10T00:00:00Z", "scope": {"classes": ["note"]}}]`))
	if err != nil || len(holds) != 1 || !holds[0].Covers(Record{ID: "a", Class: "note"}) || holds[0].Covers(Record{ID: "a", Class: "act"}) {
		t.Error(holds, err)
	}
	if (&Hold{}).Covers(Record{}) {
		t.Error("the zero scope covers something")
	}
}

// Sidecars and tombstones are read from disks that others write to.
func FuzzSidecar(f *testing.F) {
	dir := memoryDir(f)
	files, err := OpenFiles("x", dir, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { files.Close() })
	f.Add(marshalSidecar(sidecar{Class: "note", Facts: Facts{Created: epoch}, Subjects: []string{"s"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, "a"+sidecarSuffix), data, 0o600); err != nil {
			t.Fatal(err)
		}
		r, ok, err := files.record("a")
		if err == nil && (!ok || r.ID != "a" || r.Version == "") {
			t.Fatalf("%+v %v", r, ok)
		}
		if _, err := files.Scan(context.Background(), "note", "", 10); err != nil && r.ID != "" {
			t.Fatal(err)
		}
	})
}

func FuzzTombstones(f *testing.F) {
	dir := memoryDir(f)
	t1, err := OpenTombstones(dir)
	if err != nil {
		f.Fatal(err)
	}
	if err := t1.put(Item{System: "s", Class: "c", ID: "i"}, epoch); err != nil {
		f.Fatal(err)
	}
	t1.Close()
	name := filepath.Join(dir, "tombstones")
	whole, err := os.ReadFile(name)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:10])
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		tombs, err := OpenTombstones(dir)
		if err != nil {
			return
		}
		defer tombs.Close()
		if err := tombs.put(Item{System: "s", Class: "c", ID: "j"}, epoch); err != nil {
			t.Fatal(err)
		}
		again, err := OpenTombstones(dir)
		if err != nil || !again.Dead("s", "c", "j") {
			t.Fatal("what was written is not there again", err)
		}
		again.Close()
	})
}
