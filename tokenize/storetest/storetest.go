// Package storetest holds an implementation of [tokenize.Store] to its
// contract. A driver's test calls [Run].
package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/syntora/vual/tokenize"
)

// Run tests the stores that open returns. Each call of open gives an empty
// store; it registers its own clean-up with t.
func Run(t *testing.T, open func(t *testing.T) tokenize.Store) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s tokenize.Store)
	}{
		{"round trip", testRoundTrip},
		{"missing", testMissing},
		{"first insert stands", testFirstStands},
		{"taken token", testTakenToken},
		{"expired row is replaced", testExpiredReplaced},
		{"many in one call", testMany},
		{"forget", testForget},
		{"forget unseen subject", testForgetUnseen},
		{"drop conversation", testDropConversation},
		{"drop tenant", testDropTenant},
		{"delete expired", testDeleteExpired},
		{"ended context", testEndedContext},
		{"concurrent insert", testConcurrentInsert},
		{"concurrent forget", testConcurrentForget},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 1, 9, 30, 0, 123e6, time.UTC)
)

// row makes a row whose bytes all differ between numbers.
func row(n int, change func(*tokenize.Row)) tokenize.Row {
	index := sha256.Sum256(fmt.Append(nil, "index", n))
	tag := sha256.Sum256(fmt.Append(nil, "tag", n))
	r := tokenize.Row{
		Token:        fmt.Sprintf("[PHONE:v1:%06d]", n), // a store does not parse tokens
		Tenant:       "ромашка",
		Conversation: "call-17",
		Subject:      "crm-42",
		Kind:         "PHONE",
		Index:        index[:],
		Box:          []byte{0, 0xff, byte(n), byte(n >> 8)},
		Created:      start,
		Tag:          tag[:],
	}
	if change != nil {
		change(&r)
	}
	return r
}

func insert(t *testing.T, s tokenize.Store, r tokenize.Row) {
	t.Helper()
	got, err := s.Insert(ctx, r)
	if err != nil {
		t.Fatalf("Insert: %v", err)
	}
	same(t, got, r)
}

func same(t *testing.T, got, want tokenize.Row) {
	t.Helper()
	times := got.Created.Equal(want.Created) && got.Expires.Equal(want.Expires) &&
		got.Expires.IsZero() == want.Expires.IsZero()
	blobs := bytes.Equal(got.Index, want.Index) && bytes.Equal(got.Box, want.Box) && bytes.Equal(got.Tag, want.Tag)
	if !times || !blobs || got.Token != want.Token || got.Tenant != want.Tenant ||
		got.Conversation != want.Conversation || got.Subject != want.Subject || got.Kind != want.Kind {
		t.Fatalf("row differs:\n got %+v\nwant %+v", got, want)
	}
}

// has checks which of the tokens the store holds.
func has(t *testing.T, s tokenize.Store, want map[string]bool) {
	t.Helper()
	for token, standing := range want {
		rows, err := s.ByToken(ctx, token)
		if err != nil {
			t.Fatalf("ByToken: %v", err)
		}
		if (len(rows) == 1) != standing {
			t.Fatalf("%s: standing %v, want %v", token, len(rows) == 1, standing)
		}
	}
}

func testRoundTrip(t *testing.T, s tokenize.Store) {
	full := row(1, func(r *tokenize.Row) { r.Expires = start.Add(time.Hour) })
	bare := row(2, func(r *tokenize.Row) { r.Conversation, r.Subject = "", "" })
	for _, r := range []tokenize.Row{full, bare} {
		given := r
		given.Index, given.Box, given.Tag = bytes.Clone(r.Index), bytes.Clone(r.Box), bytes.Clone(r.Tag)
		insert(t, s, given)
		clear(given.Index) // the caller's own
		clear(given.Box)
		clear(given.Tag)
		for range 2 {
			rows, err := s.ByToken(ctx, r.Token)
			if err != nil || len(rows) != 1 {
				t.Fatalf("ByToken: %d rows, %v", len(rows), err)
			}
			same(t, rows[0], r)
			clear(rows[0].Box) // the caller's own copy
			rows, err = s.ByIndex(ctx, r.Index)
			if err != nil || len(rows) != 1 {
				t.Fatalf("ByIndex: %d rows, %v", len(rows), err)
			}
			same(t, rows[0], r)
			clear(rows[0].Index)
		}
	}
}

func testMissing(t *testing.T, s tokenize.Store) {
	insert(t, s, row(1, nil))
	for name, find := range map[string]func() ([]tokenize.Row, error){
		"token":      func() ([]tokenize.Row, error) { return s.ByToken(ctx, "[PHONE:v1:none]") },
		"no token":   func() ([]tokenize.Row, error) { return s.ByToken(ctx) },
		"index":      func() ([]tokenize.Row, error) { return s.ByIndex(ctx, []byte("none")) },
		"no index":   func() ([]tokenize.Row, error) { return s.ByIndex(ctx) },
		"index case": func() ([]tokenize.Row, error) { return s.ByToken(ctx, "[phone:v1:000001]") },
	} {
		if rows, err := find(); err != nil || len(rows) != 0 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

func testFirstStands(t *testing.T, s tokenize.Store) {
	first := row(1, nil)
	insert(t, s, first)
	second := row(2, func(r *tokenize.Row) { r.Index = first.Index })
	got, err := s.Insert(ctx, second)
	if err != nil {
		t.Fatalf("Insert: %v", err)
	}
	same(t, got, first)
	has(t, s, map[string]bool{first.Token: true, second.Token: false})
}

func testTakenToken(t *testing.T, s tokenize.Store) {
	first := row(1, nil)
	insert(t, s, first)
	second := row(2, func(r *tokenize.Row) { r.Token = first.Token })
	if _, err := s.Insert(ctx, second); err == nil {
		t.Fatal("Insert took a token twice")
	}
	rows, err := s.ByToken(ctx, first.Token)
	if err != nil || len(rows) != 1 {
		t.Fatalf("ByToken: %d rows, %v", len(rows), err)
	}
	same(t, rows[0], first)
}

func testExpiredReplaced(t *testing.T, s tokenize.Store) {
	old := row(1, func(r *tokenize.Row) { r.Expires = start.Add(time.Hour) })
	insert(t, s, old)
	early := row(2, func(r *tokenize.Row) { r.Index, r.Created = old.Index, old.Expires.Add(-time.Millisecond) })
	got, err := s.Insert(ctx, early)
	if err != nil {
		t.Fatalf("Insert: %v", err)
	}
	same(t, got, old)
	late := row(3, func(r *tokenize.Row) { r.Index, r.Created = old.Index, old.Expires })
	insert(t, s, late)
	has(t, s, map[string]bool{old.Token: false, early.Token: false, late.Token: true})
}

func testMany(t *testing.T, s tokenize.Store) {
	const n = 1200
	var tokens []string
	var indexes [][]byte
	for i := range n {
		r := row(i, nil)
		tokens, indexes = append(tokens, r.Token), append(indexes, r.Index)
		if i%20 == 0 {
			insert(t, s, r)
		}
	}
	rows, err := s.ByToken(ctx, append(tokens, tokens...)...)
	if err != nil || len(rows) != n/20 {
		t.Fatalf("ByToken: %d rows, want %d, %v", len(rows), n/20, err)
	}
	rows, err = s.ByIndex(ctx, append(indexes, indexes...)...)
	if err != nil || len(rows) != n/20 {
		t.Fatalf("ByIndex: %d rows, want %d, %v", len(rows), n/20, err)
	}
}

func testForget(t *testing.T, s tokenize.Store) {
	elsewhere := row(2, func(r *tokenize.Row) { r.Conversation = "" })
	email := row(3, func(r *tokenize.Row) { r.Kind = "EMAIL" })
	other := row(4, func(r *tokenize.Row) { r.Subject = "crm-43" })
	nobody := row(5, func(r *tokenize.Row) { r.Subject = "" })
	tenant := row(6, func(r *tokenize.Row) { r.Tenant = "лютик" })
	for _, r := range []tokenize.Row{row(1, nil), elsewhere, email, other, nobody, tenant} {
		insert(t, s, r)
	}
	kinds, err := s.Forget(ctx, "ромашка", "crm-42")
	if want := map[string]int{"PHONE": 2, "EMAIL": 1}; err != nil || !maps.Equal(kinds, want) {
		t.Fatalf("Forget: %v, %v, want %v", kinds, err, want)
	}
	has(t, s, map[string]bool{
		row(1, nil).Token: false, elsewhere.Token: false, email.Token: false,
		other.Token: true, nobody.Token: true, tenant.Token: true,
	})
	if _, err := s.Insert(ctx, row(7, nil)); !errors.Is(err, tokenize.ErrForgotten) {
		t.Fatalf("Insert for the barred: %v", err)
	}
	has(t, s, map[string]bool{row(7, nil).Token: false})
	insert(t, s, row(8, func(r *tokenize.Row) { r.Tenant = "лютик" }))
	if kinds, err := s.Forget(ctx, "ромашка", "crm-42"); err != nil || len(kinds) != 0 {
		t.Fatalf("Forget again: %v, %v", kinds, err)
	}
}

func testForgetUnseen(t *testing.T, s tokenize.Store) {
	if kinds, err := s.Forget(ctx, "ромашка", "crm-42"); err != nil || len(kinds) != 0 {
		t.Fatalf("Forget: %v, %v", kinds, err)
	}
	if _, err := s.Insert(ctx, row(1, nil)); !errors.Is(err, tokenize.ErrForgotten) {
		t.Fatalf("Insert for the barred: %v", err)
	}
}

func testDropConversation(t *testing.T, s tokenize.Store) {
	second := row(2, func(r *tokenize.Row) { r.Conversation = "call-18" })
	tenants := row(3, func(r *tokenize.Row) { r.Conversation = "" })
	foreign := row(4, func(r *tokenize.Row) { r.Tenant = "лютик" })
	for _, r := range []tokenize.Row{row(1, nil), second, tenants, foreign} {
		insert(t, s, r)
	}
	if n, err := s.DropConversation(ctx, "ромашка", "call-17"); n != 1 || err != nil {
		t.Fatalf("DropConversation: %d, %v", n, err)
	}
	has(t, s, map[string]bool{row(1, nil).Token: false, second.Token: true, tenants.Token: true, foreign.Token: true})
	if n, err := s.DropConversation(ctx, "ромашка", ""); n != 1 || err != nil {
		t.Fatalf("DropConversation of none: %d, %v", n, err)
	}
	has(t, s, map[string]bool{second.Token: true, tenants.Token: false, foreign.Token: true})
	insert(t, s, row(1, nil)) // dropping bars nobody
}

func testDropTenant(t *testing.T, s tokenize.Store) {
	foreign := row(2, func(r *tokenize.Row) { r.Tenant = "лютик" })
	insert(t, s, row(1, nil))
	insert(t, s, foreign)
	if _, err := s.Forget(ctx, "ромашка", "crm-99"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.DropTenant(ctx, "ромашка"); n != 1 || err != nil {
		t.Fatalf("DropTenant: %d, %v", n, err)
	}
	has(t, s, map[string]bool{row(1, nil).Token: false, foreign.Token: true})
	insert(t, s, row(3, func(r *tokenize.Row) { r.Subject = "crm-99" }))
}

func testDeleteExpired(t *testing.T, s tokenize.Store) {
	for i := range 5 {
		insert(t, s, row(i, func(r *tokenize.Row) { r.Expires = start.Add(time.Duration(i+1) * time.Second) }))
	}
	forever := row(9, nil)
	insert(t, s, forever)
	for _, step := range []struct {
		now   time.Time
		limit int
		want  int
	}{
		{start, 10, 0},
		{start.Add(time.Second - time.Millisecond), 10, 0},
		{start.Add(time.Second), 10, 1},
		{start.Add(time.Hour), 0, 0},
		{start.Add(time.Hour), -1, 0},
		{start.Add(time.Hour), 3, 3},
		{start.Add(time.Hour), 3, 1},
		{start.Add(time.Hour), 3, 0},
	} {
		if n, err := s.DeleteExpired(ctx, step.now, step.limit); n != step.want || err != nil {
			t.Fatalf("DeleteExpired(%v, %d) = %d, %v, want %d", step.now, step.limit, n, err, step.want)
		}
	}
	has(t, s, map[string]bool{forever.Token: true})
}

func testEndedContext(t *testing.T, s tokenize.Store) {
	insert(t, s, row(1, nil))
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, insertErr := s.Insert(ended, row(2, nil))
	_, forgetErr := s.Forget(ended, "ромашка", "crm-42")
	_, dropErr := s.DropConversation(ended, "ромашка", "call-17")
	_, tenantErr := s.DropTenant(ended, "ромашка")
	_, expireErr := s.DeleteExpired(ended, start.Add(time.Hour), 10)
	_, tokenErr := s.ByToken(ended, row(1, nil).Token)
	_, indexErr := s.ByIndex(ended, row(1, nil).Index)
	for i, err := range []error{insertErr, forgetErr, dropErr, tenantErr, expireErr, tokenErr, indexErr} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d on an ended context: %v", i, err)
		}
	}
	has(t, s, map[string]bool{row(1, nil).Token: true, row(2, nil).Token: false})
}

// Of many that insert one value at once all get the same row, and only that
// one is stored.
func testConcurrentInsert(t *testing.T, s tokenize.Store) {
	const workers, values = 8, 20
	got := make([][]string, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for v := range values {
				r, err := s.Insert(ctx, row(1000*(w+1)+v, func(r *tokenize.Row) { r.Index = row(v, nil).Index }))
				if err != nil {
					t.Errorf("Insert: %v", err)
					return
				}
				got[w] = append(got[w], r.Token)
			}
		})
	}
	wait.Wait()
	if t.Failed() {
		return
	}
	for v := range values {
		for w := range workers {
			if got[w][v] != got[0][v] {
				t.Fatalf("value %d has two tokens", v)
			}
			own := row(1000*(w+1)+v, nil).Token
			has(t, s, map[string]bool{own: own == got[0][v]})
		}
	}
}

// After Forget returns nothing of the subject is there, whoever was inserting
// meanwhile.
func testConcurrentForget(t *testing.T, s tokenize.Store) {
	const workers, values = 4, 30
	var wait sync.WaitGroup
	begun := make(chan struct{}, workers*values)
	for w := range workers {
		wait.Go(func() {
			for v := range values {
				_, err := s.Insert(ctx, row(1000*w+v, nil))
				begun <- struct{}{}
				if err != nil && !errors.Is(err, tokenize.ErrForgotten) {
					t.Errorf("Insert: %v", err)
				}
			}
		})
	}
	for range workers * 2 {
		<-begun
	}
	if _, err := s.Forget(ctx, "ромашка", "crm-42"); err != nil {
		t.Errorf("Forget: %v", err)
	}
	wait.Wait()
	for w := range workers {
		for v := range values {
			has(t, s, map[string]bool{row(1000*w+v, nil).Token: false})
		}
	}
}
