package retention

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const childDir = "VUAL_RETENTION_CHILD"

// openDisk opens everything of a crash test in a directory.
func openDisk(dir string) (*Executor, error) {
	doc, err := ParseDocument([]byte(benchPolicy))
	if err != nil {
		return nil, err
	}
	p, err := New(doc, nil)
	if err != nil {
		return nil, err
	}
	main, err := OpenFiles("Основная", filepath.Join(dir, "main"), nil)
	if err != nil {
		return nil, err
	}
	packages, err := OpenFiles("Выгрузки", filepath.Join(dir, "packages"), nil)
	if err != nil {
		return nil, err
	}
	j, err := OpenJournal(context.Background(), filepath.Join(dir, "journal"), nil)
	if err != nil {
		return nil, err
	}
	tombs, err := OpenTombstones(dir)
	if err != nil {
		return nil, err
	}
	return &Executor{
		Policy: p, Journal: j, Tombstones: tombs, Stores: []Store{{Adapter: main}, {Adapter: packages}},
		Holds:    func(context.Context) ([]Hold, error) { return nil, nil },
		Packages: &Packages{Files: packages, Unsealed: true},
	}, nil
}

// TestCrashChild is the process that gets killed. It sweeps until there is nothing left to do.
func TestCrashChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("run by TestCrashKill")
	}
	e, err := openDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, r, err := e.Sweep(context.Background()); err != nil || !r.Clean() {
		t.Fatalf("%+v %v", r, err)
	}
}

// Killed at any time, again and again, the executor loses no record, destroys none without fence and
// receipt, and ends with everything done and written down once.
func TestCrashKill(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a killed process keeps its files locked for a while")
	}
	wanted := 4
	if soak() {
		wanted = 500
	}
	kills := 0
	for round := 0; kills < wanted; round++ {
		dir := t.TempDir()
		ids := fillDisk(t, dir)
		for try := 0; ; try++ {
			cmd := exec.Command(os.Args[0], "-test.run=^TestCrashChild$")
			cmd.Env = append(os.Environ(), childDir+"="+dir)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			limit := time.Duration(5+rand.IntN(30*(1+try))) * time.Millisecond
			timer := time.AfterFunc(limit, func() { cmd.Process.Kill() })
			err := cmd.Wait()
			timer.Stop()
			checkDisk(t, dir, ids)
			if err == nil {
				break
			}
			if strings.Contains(out.String(), "FAIL") {
				t.Fatalf("round %d: %s", round, out.String())
			}
			if kills++; try > 500 || round > 20*wanted {
				t.Fatal("never finished, or never killed")
			}
		}
		checkFinished(t, dir, ids)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills", kills)
}

func fillDisk(t *testing.T, dir string) (ids []string) {
	for _, d := range []string{"main", "packages"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	f, err := OpenFiles("Основная", filepath.Join(dir, "main"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ago := time.Now().Add(-40 * day)
	for i := range 8 {
		r := Record{ID: fmt.Sprintf("dir%d/r%d", i%2, i), Class: "note", Subjects: []string{fmt.Sprint("s", i)}, Facts: Facts{Created: ago}}
		if i%2 == 0 {
			r.Class, r.Facts = "plan", Facts{SubscriptionEnded: ago}
		}
		if err := f.Put(r, []byte("содержимое "+r.ID)); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	return ids
}

// checkDisk looks at what a kill left: a file may only be missing if the journal told of its destruction
// before, and a plan's only after its package was receipted.
func checkDisk(t *testing.T, dir string, ids []string) {
	t.Helper()
	// Looking must not repair: a copy of the journal is opened.
	data, err := os.ReadFile(filepath.Join(dir, "journal"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	spare := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(spare, data, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := OpenJournal(context.Background(), spare, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	began := map[string]*operation{}
	for _, op := range j.order {
		if o := j.ops[op]; o.begunAt["Основная"] {
			began[o.item.ID] = o
			if !o.fenced || o.item.Action == ExportThenDelete && o.receipt == nil {
				t.Errorf("%s: destruction began without fence or receipt", o.item.ID)
			}
		}
	}
	for _, id := range ids {
		if began[id] != nil {
			continue
		}
		_, err := os.Stat(filepath.Join(dir, "main", id))
		_, errFenced := os.Stat(filepath.Join(dir, "main", id+fencedSuffix))
		if err != nil && errFenced != nil {
			t.Errorf("%s is gone and the journal knows nothing", id)
		}
	}
}

func checkFinished(t *testing.T, dir string, ids []string) {
	t.Helper()
	e, err := openDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Journal.Close()
	defer e.Tombstones.Close()
	left, err := allFiles(filepath.Join(dir, "main"))
	if err != nil || len(left) != 0 {
		t.Errorf("left: %v %v", left, err)
	}
	finished := map[string]int{}
	for _, op := range e.Journal.order {
		o := e.Journal.ops[op]
		if o.done != stepFinished {
			continue
		}
		finished[o.item.ID]++
		if o.destroyed["Основная"].outcome != OutcomeDestroyed {
			t.Errorf("%s: %v", o.item.ID, o.destroyed)
		}
		if o.receipt != nil {
			if data, err := e.Packages.Fetch(context.Background(), *o.receipt); err != nil || string(data) != "содержимое "+o.item.ID {
				t.Errorf("%s: package %q %v", o.item.ID, data, err)
			}
		}
	}
	for _, id := range ids {
		class := "note"
		if id[len(id)-1]%2 == 0 {
			class = "plan"
		}
		if finished[id] != 1 || !e.Tombstones.Dead("Основная", class, id) {
			t.Errorf("%s: finished %d times, tombstone %v", id, finished[id], e.Tombstones.Dead("Основная", class, id))
		}
	}
}

func allFiles(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

func FuzzJournal(f *testing.F) {
	b := newBench(f)
	b.note("a", epoch.Add(-40*day))
	b.sweep()
	b.exec.Journal.Close()
	whole, err := os.ReadFile(filepath.Join(b.dir, "journal"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	dir := memoryDir(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "journal")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(context.Background(), path, nil)
		if err != nil {
			return
		}
		defer j.Close()
		if err := j.write(context.Background(), entry{Step: stepSwept, At: epoch}); err != nil {
			t.Fatal(err)
		}
		j.Close()
		again, err := OpenJournal(context.Background(), path, nil)
		if err != nil {
			t.Fatal("what was opened and written to does not open:", err)
		}
		again.Close()
	})
}

func FuzzDocument(f *testing.F) {
	f.Add([]byte(benchPolicy))
	f.Add([]byte(`{"version": 1, "a": [null, true, "\u0041\\\"", 1e5]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := ParseDocument(data)
		if err != nil {
			return
		}
		if p, err := New(doc, nil); err == nil {
			p.Lint(epoch)
			for _, c := range p.Classes() {
				d := p.Decide(Record{ID: "r", Class: c, Facts: Facts{Created: epoch}}, epoch.Add(day), Env{})
				if d.Action == "" || d.State == "" || len(d.Because) == 0 {
					t.Fatalf("%+v", d)
				}
			}
		}
	})
}
