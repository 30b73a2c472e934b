// Package storetest checks that a [crypto.Store] keeps its contract.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/syntora/vual/crypto"
)

// Run checks the store that open returns. Each call must give an empty store; reopen, if not
// nil, must give another handle on the one opened last, as another process would have.
func Run(t *testing.T, open func(t *testing.T) crypto.Store, reopen func(t *testing.T) crypto.Store) {
	for name, check := range map[string]func(*testing.T, crypto.Store, crypto.Store){
		"an empty store knows nobody":   checkEmpty,
		"what is saved loads":           checkRoundTrip,
		"revisions follow one another":  checkRevisions,
		"a tombstone is final":          checkTombstone,
		"owners do not mix":             checkOwnersApart,
		"owners are listed":             checkList,
		"one of many writers wins":      checkRace,
		"keys work through the store":   checkKeys,
		"a destroyed key stays so":      checkDestroyed,
		"nothing is kept of the caller": checkOwnership,
	} {
		t.Run(name, func(t *testing.T) {
			a := open(t)
			b := a
			if reopen != nil {
				b = reopen(t)
			}
			check(t, a, b)
		})
	}
}

var (
	bg = context.Background()
	// Identifiers that break stores which join or escape them carelessly. They are invented.
	odd = []crypto.Owner{
		{Tenant: "romashka"},
		{Tenant: "Romashka"},
		{Tenant: "romashka "},
		{Tenant: "romashka", Conversation: "c1"},
		{Tenant: "romashka", Subject: "c1"},
		{Tenant: "romashka/c1"},
		{Tenant: "romashka", Conversation: "../../etc/passwd"},
		{Tenant: "romashka", Subject: `'; DROP TABLE keys; --`},
		{Tenant: "romashka", Subject: "%"},
		{Tenant: "ромашка", Conversation: "звонок № 5"},
		{Tenant: "ромашка", Conversation: "звонок № 6"},
		{Tenant: strings.Repeat("я", 500)},
	}
)

func record(revision uint64, versions int) crypto.KeyRecord {
	r := crypto.KeyRecord{KeyID: "t.abc", State: crypto.KeyEnabled, Revision: revision}
	for i := range versions {
		r.Versions = append(r.Versions, crypto.KeyVersion{
			Version: uint32(i + 1),
			Created: time.Date(2026, 3, 1, 12, 0, i, 0, time.UTC),
			Wrapped: crypto.Wrapped{KeyID: "root", Version: 1, Data: []byte{byte(i), 0, 0xff}},
		})
	}
	return r
}

func tombstone(revision uint64) crypto.KeyRecord {
	return crypto.KeyRecord{KeyID: "t.abc", State: crypto.KeyDestroyed, Revision: revision,
		Destroyed: &crypto.DestructionRecord{Actor: "Петрова", Reason: "срок истёк", Remains: []string{"ничего"}}}
}

func mustSave(t *testing.T, s crypto.Store, o crypto.Owner, r crypto.KeyRecord) {
	t.Helper()
	if err := s.Save(bg, o, r); err != nil {
		t.Fatalf("Save of revision %d: %v", r.Revision, err)
	}
}

func wantError(t *testing.T, err, want error, what string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("%s: got error %v, want %v", what, err, want)
	}
}

func checkEmpty(t *testing.T, s, _ crypto.Store) {
	for _, o := range odd {
		_, err := s.Load(bg, o)
		wantError(t, err, crypto.ErrUnknownKey, "Load")
	}
	for range s.Owners(bg, "romashka") {
		t.Fatal("an empty store lists an owner")
	}
}

func checkRoundTrip(t *testing.T, a, b crypto.Store) {
	for i, o := range odd {
		r := record(1, i+1)
		mustSave(t, a, o, r)
		for _, s := range []crypto.Store{a, b} {
			got, err := s.Load(bg, o)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got.KeyID, got.State, got.Revision, got.Versions) != fmt.Sprint(r.KeyID, r.State, r.Revision, r.Versions) {
				t.Fatalf("owner %d: what loads is not what was saved", i)
			}
		}
	}
}

func checkRevisions(t *testing.T, a, b crypto.Store) {
	o := odd[0]
	wantError(t, a.Save(bg, o, record(2, 1)), crypto.ErrConflict, "revision 2 first")
	mustSave(t, a, o, record(1, 1))
	wantError(t, b.Save(bg, o, record(1, 1)), crypto.ErrConflict, "revision 1 twice")
	mustSave(t, b, o, record(2, 2))
	wantError(t, a.Save(bg, o, record(2, 3)), crypto.ErrConflict, "revision 2 twice")
	wantError(t, a.Save(bg, o, record(1, 3)), crypto.ErrConflict, "back to revision 1")
	wantError(t, a.Save(bg, o, record(4, 3)), crypto.ErrConflict, "revision 4 after 2")
	got, err := a.Load(bg, o)
	if err != nil || got.Revision != 2 || len(got.Versions) != 2 {
		t.Fatalf("after refused saves: revision %d, %d versions, %v", got.Revision, len(got.Versions), err)
	}
	for revision := uint64(3); revision <= 12; revision++ {
		mustSave(t, a, o, record(revision, 1))
	}
	if got, err = b.Load(bg, o); err != nil || got.Revision != 12 {
		t.Fatalf("after 12 revisions: %d, %v", got.Revision, err)
	}
}

func checkTombstone(t *testing.T, a, b crypto.Store) {
	for i, o := range odd[:2] {
		last := uint64(1)
		if i == 1 { // one that had a key, one that never had
			mustSave(t, a, o, record(1, 2))
			last = 2
		}
		mustSave(t, a, o, tombstone(last))
		got, err := b.Load(bg, o)
		if err != nil || got.State != crypto.KeyDestroyed || got.Destroyed == nil || len(got.Versions) != 0 {
			t.Fatalf("tombstone does not load: %v", err)
		}
		if got.Destroyed.Reason != "срок истёк" {
			t.Fatal("tombstone lost its reason")
		}
		for _, r := range []crypto.KeyRecord{record(last, 1), record(last+1, 1), tombstone(last + 1), record(1, 1)} {
			wantError(t, b.Save(bg, o, r), crypto.ErrKeyDestroyed, "Save over a tombstone")
		}
	}
}

func checkOwnersApart(t *testing.T, a, b crypto.Store) {
	for i, o := range odd {
		r := record(1, 1)
		r.KeyID = fmt.Sprintf("t.%d", i)
		mustSave(t, a, o, r)
	}
	mustSave(t, a, odd[3], tombstone(2))
	for i, o := range odd {
		got, err := b.Load(bg, o)
		if err != nil {
			t.Fatal(err)
		}
		if i != 3 && (got.KeyID != fmt.Sprintf("t.%d", i) || got.State != crypto.KeyEnabled) {
			t.Fatalf("owner %d has the record of another", i)
		}
	}
}

func checkList(t *testing.T, a, b crypto.Store) {
	want := map[string][]crypto.Owner{}
	for _, o := range odd {
		mustSave(t, a, o, record(1, 1))
		if (o != crypto.Owner{Tenant: o.Tenant}) {
			want[o.Tenant] = append(want[o.Tenant], o)
		}
	}
	mustSave(t, a, odd[3], tombstone(2)) // listed all the same
	for _, o := range odd {
		var got []crypto.Owner
		for child, err := range b.Owners(bg, o.Tenant) {
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(got, child) {
				t.Fatal("an owner is listed twice")
			}
			got = append(got, child)
		}
		if len(got) != len(want[o.Tenant]) {
			t.Fatalf("%d owners listed, want %d", len(got), len(want[o.Tenant]))
		}
		for _, child := range want[o.Tenant] {
			if !slices.Contains(got, child) {
				t.Fatal("an owner is not listed")
			}
		}
	}
	for range b.Owners(bg, odd[0].Tenant) {
		break // stopping early must not panic
	}
}

// checkRace has writers count one record up. A save that reports success must count.
func checkRace(t *testing.T, a, b crypto.Store) {
	o := odd[0]
	mustSave(t, a, o, record(1, 1))
	const writers, each = 4, 10
	var wg sync.WaitGroup
	for i := range writers {
		s := []crypto.Store{a, b}[i%2]
		wg.Go(func() {
			for done := 0; done < each; {
				r, err := s.Load(bg, o)
				if err != nil {
					t.Errorf("Load: %v", err)
					return
				}
				r.Revision++
				r.KeyID = fmt.Sprintf("w.%d", i)
				switch err := s.Save(bg, o, r); {
				case err == nil:
					done++
				case !errors.Is(err, crypto.ErrConflict):
					t.Errorf("Save: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	r, err := a.Load(bg, o)
	if err != nil || r.Revision < 1+writers*each {
		t.Fatalf("%d saves succeeded, revision is %d: %v", writers*each, r.Revision, err)
	}
}

func checkKeys(t *testing.T, a, b crypto.Store) {
	ring := crypto.GenerateKeyring("root")
	tenant := crypto.Owner{Tenant: "ромашка"}
	subject := crypto.Owner{Tenant: "ромашка", Subject: "s-1"}
	writer := crypto.NewOwnerKeys(ring, a, nil)
	reader := crypto.NewOwnerKeys(ring, b, nil)
	for _, o := range []crypto.Owner{tenant, subject} {
		if err := errors.Join(writer.Ensure(bg, o), writer.Rotate(bg, o), reader.Ensure(bg, o)); err != nil {
			t.Fatal(err)
		}
	}
	c := crypto.Context{Tenant: "ромашка", Subject: "s-1", Record: "phone"}
	box, err := writer.Sealer(crypto.SlotWrapped).Seal(bg, nil, []byte("+7 900 000-00-00"), c)
	if err != nil {
		t.Fatal(err)
	}
	out, err := reader.Sealer(crypto.SlotWrapped).Open(bg, nil, box, c)
	if err != nil || string(out) != "+7 900 000-00-00" {
		t.Fatalf("does not open through the other handle: %v", err)
	}
}

func checkDestroyed(t *testing.T, a, b crypto.Store) {
	ring := crypto.GenerateKeyring("root")
	tenant := crypto.Owner{Tenant: "ромашка"}
	keys := crypto.NewOwnerKeys(ring, a, nil)
	if err := keys.Ensure(bg, tenant); err != nil {
		t.Fatal(err)
	}
	first, err := keys.Destroy(bg, tenant, crypto.Destruction{Actor: "Петрова", Reason: "договор расторгнут"})
	if err != nil {
		t.Fatal(err)
	}
	other := crypto.NewOwnerKeys(ring, b, nil)
	wantError(t, other.Ensure(bg, tenant), crypto.ErrKeyDestroyed, "Ensure after Destroy")
	wantError(t, other.Rotate(bg, tenant), crypto.ErrKeyDestroyed, "Rotate after Destroy")
	wantError(t, other.Enable(bg, tenant), crypto.ErrKeyDestroyed, "Enable after Destroy")
	again, err := other.Destroy(bg, tenant, crypto.Destruction{Actor: "Сидоров", Reason: "ещё раз"})
	if err != nil || again.Actor != "Петрова" || !again.Time.Equal(first.Time) {
		t.Fatalf("a repeated Destroy does not return the first record: %v", err)
	}
}

func checkOwnership(t *testing.T, a, _ crypto.Store) {
	r := record(1, 1)
	mustSave(t, a, odd[0], r)
	r.Versions[0].Wrapped.Data[0] = 77
	got, err := a.Load(bg, odd[0])
	if err != nil || got.Versions[0].Wrapped.Data[0] == 77 {
		t.Fatalf("the store keeps the caller's slice: %v", err)
	}
	got.Versions[0].Wrapped.Data[0] = 88
	if again, err := a.Load(bg, odd[0]); err != nil || again.Versions[0].Wrapped.Data[0] == 88 {
		t.Fatalf("the store gives its own slice away: %v", err)
	}
}
