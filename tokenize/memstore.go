package tokenize

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"sync"
	"time"
)

// MemStore is a [Store] that lasts as long as the process: tests, one-off runs,
// conversations that are never restored later. It grows without bound until
// rows are dropped. The zero MemStore is empty and ready; do not copy it.
type MemStore struct {
	mu      sync.RWMutex
	rows    map[string]Row    // by token
	indexes map[string]string // index to token
	barred  map[subjectID]bool
}

type subjectID struct{ tenant, subject string }

var errTokenTaken = errors.New("tokenize: token is taken")

// Insert implements [Store].
func (m *MemStore) Insert(ctx context.Context, row Row) (Row, error) {
	if err := ctx.Err(); err != nil {
		return Row{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.barred[subjectID{row.Tenant, row.Subject}] {
		return Row{}, ErrForgotten
	}
	if token, ok := m.indexes[string(row.Index)]; ok {
		if standing := m.rows[token]; !standing.expired(row.Created) {
			return standing.clone(), nil
		}
		m.delete(token)
	}
	if _, ok := m.rows[row.Token]; ok {
		return Row{}, errTokenTaken
	}
	if m.rows == nil {
		m.rows, m.indexes = map[string]Row{}, map[string]string{}
	}
	m.rows[row.Token] = row.clone()
	m.indexes[string(row.Index)] = row.Token
	return row.clone(), nil
}

// ByIndex implements [Store].
func (m *MemStore) ByIndex(ctx context.Context, indexes ...[]byte) ([]Row, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var rows []Row
	for i, index := range indexes {
		token, ok := m.indexes[string(index)]
		if ok && !slices.ContainsFunc(indexes[:i], func(x []byte) bool { return bytes.Equal(x, index) }) {
			rows = append(rows, m.rows[token].clone())
		}
	}
	return rows, ctx.Err()
}

// ByToken implements [Store].
func (m *MemStore) ByToken(ctx context.Context, tokens ...string) ([]Row, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var rows []Row
	seen := make(map[string]bool, len(tokens))
	for _, token := range tokens {
		if row, ok := m.rows[token]; ok && !seen[token] {
			seen[token] = true
			rows = append(rows, row.clone())
		}
	}
	return rows, ctx.Err()
}

// Forget implements [Store].
func (m *MemStore) Forget(ctx context.Context, tenant, subject string) (map[string]int, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.barred == nil {
		m.barred = map[subjectID]bool{}
	}
	m.barred[subjectID{tenant, subject}] = true
	kinds := map[string]int{}
	for token, row := range m.rows {
		if row.Tenant == tenant && row.Subject == subject {
			kinds[row.Kind]++
			m.delete(token)
		}
	}
	return kinds, nil
}

// DropConversation implements [Store].
func (m *MemStore) DropConversation(ctx context.Context, tenant, conversation string) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.drop(math.MaxInt, func(r Row) bool { return r.Tenant == tenant && r.Conversation == conversation }), nil
}

// DropTenant implements [Store].
func (m *MemStore) DropTenant(ctx context.Context, tenant string) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.barred, func(id subjectID, _ bool) bool { return id.tenant == tenant })
	return m.drop(math.MaxInt, func(r Row) bool { return r.Tenant == tenant }), nil
}

// DeleteExpired implements [Store].
func (m *MemStore) DeleteExpired(ctx context.Context, now time.Time, limit int) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.drop(limit, func(r Row) bool { return r.expired(now) }), nil
}

func (m *MemStore) drop(limit int, which func(Row) bool) (n int) {
	for token, row := range m.rows {
		if n < limit && which(row) {
			m.delete(token)
			n++
		}
	}
	return n
}

func (m *MemStore) delete(token string) {
	delete(m.indexes, string(m.rows[token].Index))
	delete(m.rows, token)
}

func (r Row) expired(now time.Time) bool { return !r.Expires.IsZero() && !r.Expires.After(now) }

// clone keeps the store's slices out of the caller's hands.
func (r Row) clone() Row {
	r.Index, r.Box, r.Tag = slices.Clone(r.Index), slices.Clone(r.Box), slices.Clone(r.Tag)
	return r
}
