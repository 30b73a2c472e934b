package retention

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
)

// Memory is a store in memory, for tests and as a pattern for others. Make it with
// [NewMemory]. Safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	system  string
	records map[[2]string]memoryRecord // by class and id
}

type memoryRecord struct {
	record  Record
	content []byte
	fenced  bool
}

// NewMemory makes an empty store.
func NewMemory(system string) *Memory {
	return &Memory{system: system, records: map[[2]string]memoryRecord{}}
}

// ErrFenced refuses to read or write a record that is about to be destroyed.
var ErrFenced = errors.New("retention: the record is fenced")

// Put makes or replaces a record. The content is copied.
func (m *Memory) Put(r Record, content []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := [2]string{r.Class, r.ID}
	if m.records[key].fenced {
		return ErrFenced
	}
	r.Subjects, r.Facts = slices.Clone(r.Subjects), maps.Clone(r.Facts)
	m.records[key] = memoryRecord{record: r, content: slices.Clone(content)}
	return nil
}

// Content returns a copy of a record's content.
func (m *Memory) Content(class, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[[2]string{class, id}]
	switch {
	case !ok:
		return nil, errors.New("retention: no such record")
	case r.fenced:
		return nil, ErrFenced
	}
	return slices.Clone(r.content), nil
}

// System is the name given to NewMemory.
func (m *Memory) System() string { return m.system }

// Method says what destroying means here.
func (m *Memory) Method(a Action) string {
	if a == Anonymize {
		return "обезличивание записи в оперативной памяти"
	}
	return "удаление записи из оперативной памяти"
}

// Scan implements [Adapter].
func (m *Memory) Scan(_ context.Context, class, after string, limit int) (out []Record, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, r := range m.records {
		if key[0] == class && key[1] > after {
			out = append(out, r.record)
		}
	}
	slices.SortFunc(out, func(a, b Record) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out[:min(limit, len(out))], nil
}

// Classes implements [ClassLister].
func (m *Memory) Classes(context.Context) (out []string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key := range m.records {
		if !slices.Contains(out, key[0]) {
			out = append(out, key[0])
		}
	}
	return out, nil
}

// Lookup implements [Adapter].
func (m *Memory) Lookup(_ context.Context, class, id string) (Record, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[[2]string{class, id}]
	return r.record, ok, nil
}

// Fence implements [Adapter].
func (m *Memory) Fence(_ context.Context, _, class, id string) error {
	m.fence(class, id, true)
	return nil
}

// Unfence implements [Adapter].
func (m *Memory) Unfence(_ context.Context, _, class, id string) error {
	m.fence(class, id, false)
	return nil
}

func (m *Memory) fence(class, id string, on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := [2]string{class, id}
	if r, ok := m.records[key]; ok {
		r.fenced = on
		m.records[key] = r
	}
}

// Export implements [Adapter].
func (m *Memory) Export(_ context.Context, _, class, id string, w io.Writer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[[2]string{class, id}]
	if !ok {
		return errors.New("retention: no such record")
	}
	_, err := w.Write(r.content)
	return err
}

// Destroy implements [Adapter]. Anonymize empties the content and drops facts and subjects.
func (m *Memory) Destroy(ctx context.Context, _ string, t Target) (Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := [2]string{t.Class, t.ID}
	r, ok := m.records[key]
	switch {
	case !ok:
		return OutcomeGone, nil
	case t.Version != "" && t.Version != r.record.Version:
		return OutcomeVersionChanged, nil
	}
	if err := t.Check(ctx); err != nil {
		return "", err
	}
	switch t.Action {
	case Delete, CryptoShred:
	case Anonymize:
		m.records[key] = memoryRecord{record: Record{ID: t.ID, Class: t.Class, Version: "anonymized"}}
		return OutcomeDestroyed, nil
	default:
		return "", errAction
	}
	delete(m.records, key)
	return OutcomeDestroyed, nil
}
