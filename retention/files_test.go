package retention_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/syntora/vual/retention"
)

func openFiles(t *testing.T, opts *retention.FilesOptions) (*retention.Files, string) {
	t.Helper()
	dir := t.TempDir()
	f, err := retention.OpenFiles("Файлы", dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, dir
}

func putNote(t *testing.T, f *retention.Files, id string) {
	t.Helper()
	if err := f.Put(retention.Record{ID: id, Class: "note", Facts: retention.Facts{retention.Created: time.Now()}}, []byte("Перезвонить Марине")); err != nil {
		t.Fatal(err)
	}
}

func free(context.Context) error { return nil }

// The sidecar goes last: what could not be destroyed is still a record.
func TestFilesDestroyFails(t *testing.T) {
	f, dir := openFiles(t, nil)
	putNote(t, f, "a")
	// A folder with something in it stands for a file that cannot be removed.
	name := filepath.Join(dir, "a")
	if err := errors.Join(os.Remove(name), os.Mkdir(name, 0o700), os.WriteFile(filepath.Join(name, "x"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if out, err := f.Destroy(ctx, "op", retention.Target{Class: "note", ID: "a", Action: retention.Delete, Check: free}); err == nil || out != "" {
		t.Errorf("outcome %q, error %v", out, err)
	}
	if _, ok, err := f.Lookup(ctx, "note", "a"); err != nil || !ok {
		t.Error("the record is lost and its file is there", err)
	}
}

func TestFilesStayInside(t *testing.T) {
	f, dir := openFiles(t, nil)
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("чужое"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for _, id := range []string{"../outside", "/etc/passwd", "a/../../b", "", "./a", "a//b"} {
		if err := f.Put(retention.Record{ID: id, Class: "note"}, nil); err == nil {
			t.Errorf("%q was written", id)
		}
		if _, ok, err := f.Lookup(ctx, "note", id); err == nil || ok {
			t.Errorf("%q was looked up", id)
		}
		if _, err := f.Destroy(ctx, "op", retention.Target{Class: "note", ID: id, Action: retention.Delete, Check: free}); err == nil {
			t.Errorf("%q was destroyed", id)
		}
	}
	if runtime.GOOS == "windows" {
		return // symbolic links want a privilege there
	}
	putNote(t, f, "link")
	name := filepath.Join(dir, "link")
	if err := errors.Join(os.Remove(name), os.Symlink(outside, name)); err != nil {
		t.Fatal(err)
	}
	if err := f.Export(ctx, "op", "note", "link", &bytes.Buffer{}); err == nil {
		t.Error("read through a link that leads out")
	}
	if out, err := f.Destroy(ctx, "op", retention.Target{Class: "note", ID: "link", Action: retention.Delete, Check: free}); err != nil || out != retention.OutcomeDestroyed {
		t.Error(out, err)
	}
	if data, err := os.ReadFile(outside); err != nil || string(data) != "чужое" {
		t.Error("a file outside was touched", err)
	}
}

func TestFilesShredAndAnonymize(t *testing.T) {
	var shredded []string
	f, dir := openFiles(t, &retention.FilesOptions{
		Shred: func(_ context.Context, class, id string) error { shredded = append(shredded, class+"/"+id); return nil },
		Anonymize: func(_ context.Context, _, _ string, content []byte) ([]byte, error) {
			return bytes.ReplaceAll(content, []byte("Марине"), []byte("клиенту")), nil
		},
	})
	putNote(t, f, "a")
	putNote(t, f, "b")
	ctx := context.Background()
	if err := f.Fence(ctx, "op", "note", "b"); err != nil {
		t.Fatal(err)
	}
	for id, action := range map[string]retention.Action{"a": retention.CryptoShred, "b": retention.Anonymize} {
		out, err := f.Destroy(ctx, "op", retention.Target{Class: "note", ID: id, Action: action, Check: free})
		if err != nil || out != retention.OutcomeDestroyed {
			t.Error(id, out, err)
		}
		if _, ok, err := f.Lookup(ctx, "note", id); err != nil || ok {
			t.Error(id, "is still a record", err)
		}
	}
	if len(shredded) != 1 || shredded[0] != "note/a" {
		t.Error(shredded)
	}
	all, err := allBytes(dir)
	if err != nil || bytes.Contains(all, []byte("Марине")) || !bytes.Contains(all, []byte("Перезвонить клиенту")) || bytes.Contains(all, []byte("fenced")) {
		t.Errorf("%s %v", all, err)
	}
	plain, _ := openFiles(t, nil)
	putNote(t, plain, "a")
	for _, action := range []retention.Action{retention.CryptoShred, retention.Anonymize} {
		if _, err := plain.Destroy(ctx, "op", retention.Target{Class: "note", ID: "a", Action: action, Check: free}); err == nil {
			t.Errorf("%s without a way to do it", action)
		}
	}
	if !strings.Contains(f.Method(retention.CryptoShred), "ключа") {
		t.Error(f.Method(retention.CryptoShred))
	}
}

// A record made anew beside its fenced file is another version.
func TestFilesMadeAnew(t *testing.T) {
	f, dir := openFiles(t, nil)
	putNote(t, f, "a")
	ctx := context.Background()
	r, _, err := f.Lookup(ctx, "note", "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Fence(ctx, "op", "note", "a"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte("новое"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := f.Destroy(ctx, "op", retention.Target{Class: "note", ID: "a", Version: r.Version, Action: retention.Delete, Check: free})
	if err != nil || out != retention.OutcomeVersionChanged {
		t.Error(out, err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "a")); err != nil || string(data) != "новое" {
		t.Error("what was made anew is gone", err)
	}
}

// What cannot be decided stops nothing else and is not passed over: the plan says that it needs a person.
func TestUnclassified(t *testing.T) {
	policy, err := retention.Preset("contract")
	if err != nil {
		t.Fatal(err)
	}
	f, dir := openFiles(t, nil)
	ended := `{"class": "transcript", "facts": {"service_terminated": "2026-03-31T12:00:00+03:00"}}`
	bad := map[string]string{
		"b": `{"clas": "note"}`, "c": `{"class": "note", "class": "act"}`, "d": `{"class": "note", "facts": {"created": "вчера"}}`,
		"e": `nope`, "f": ``, "g": `{}`, "h": `{"class": "photo"}`,
	}
	for id, text := range map[string]string{"a": ended, "z": ended} {
		bad[id] = text
	}
	for id, text := range bad {
		if err := os.WriteFile(filepath.Join(dir, id+".retention.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := retention.MakePlan(context.Background(), policy, []retention.Store{{Adapter: f}}, nil, time.Date(2026, 4, 10, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Items) != len(bad) || len(plan.Attention()) != len(bad)-2 || plan.States["unclassified"] != len(bad)-2 || plan.States["due"] != 2 {
		t.Errorf("%v %+v", plan.States, plan.Items)
	}
	for _, r := range []string{"b", "e"} {
		if _, _, err := f.Lookup(context.Background(), "", r); err == nil {
			t.Errorf("%s was read", r)
		}
	}
}

// What a killed writer left of a record goes with it, and nothing of another's.
func TestFilesTornWrites(t *testing.T) {
	f, dir := openFiles(t, nil)
	torn := ".new-" + strings.Repeat("A", 26)
	record := "one.new-" + strings.Repeat("B", 26)
	for _, id := range []string{"one", "one.new", record} {
		putNote(t, f, id)
	}
	for _, name := range []string{"one", "one.retention.json", "one.new", "two"} {
		if err := os.WriteFile(filepath.Join(dir, name+torn), []byte("Перезвонить Марине"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	outcome, err := f.Destroy(t.Context(), "op", retention.Target{
		ID: "one", Class: "note", Action: retention.Delete, Check: func(context.Context) error { return nil },
	})
	if err != nil || outcome != retention.OutcomeDestroyed {
		t.Fatal(outcome, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{"one.new", "one.new" + torn, "one.new.retention.json", record, record + ".retention.json", "two" + torn}
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("left: %v\nwant: %v", names, want)
	}
}
