package anonymize

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// numbered gives conversations that tell their place: the i-th has i turns more or less, so that they take different times.
func numbered(n int) iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		for i := range n {
			c := Conversation{Turns: []Turn{{"client", fmt.Sprintf("Это разговор %d, телефон +7 916 123-45-67.", i)}}}
			for range (n - i) % 17 {
				c.Turns = append(c.Turns, Turn{"agent", "Марина Кузнецова слушает."})
			}
			if !yield(c) {
				return
			}
		}
	}
}

// checkGoroutines fails if more goroutines run in the end than at the beginning.
func checkGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		for range 100 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
	})
}

func TestMaskAllKeepsTheOrder(t *testing.T) {
	checkGoroutines(t)
	a := New(nil)
	for _, n := range []int{0, 1, 2, 3, 300} {
		i := 0
		for r, err := range a.MaskAll(t.Context(), numbered(n)) {
			require.NoError(t, err)
			assert.Equal(t, fmt.Sprintf("Это разговор %d, телефон [PHONE_1].", i), r.Turns[0].Text)
			require.Len(t, r.Turns, 1+(n-i)%17)
			i++
		}
		assert.Equal(t, n, i)
	}
}

// TestMaskAllIsBounded: no more is read ahead than the documentation says.
func TestMaskAllIsBounded(t *testing.T) {
	read, got := 0, 0
	source := func(yield func(Conversation) bool) {
		for c := range numbered(500) {
			read++
			assert.LessOrEqual(t, read-got, 2*runtime.GOMAXPROCS(0))
			if !yield(c) {
				return
			}
		}
	}
	for range New(nil).MaskAll(t.Context(), source) {
		got++
	}
	assert.Equal(t, 500, got)
}

func TestMaskAllLeftEarly(t *testing.T) {
	checkGoroutines(t)
	a := New(nil)
	for stop := range 20 {
		closed := false
		source := func(yield func(Conversation) bool) {
			defer func() { closed = true }()
			numbered(1 << 30)(yield)
		}
		i := 0
		for range a.MaskAll(t.Context(), source) {
			if i == stop {
				break
			}
			i++
		}
		assert.True(t, closed)
	}
	assert.Panics(t, func() {
		for range a.MaskAll(t.Context(), numbered(1<<30)) {
			panic("the loop")
		}
	})
}

func TestMaskAllErrors(t *testing.T) {
	checkGoroutines(t)
	source := func(yield func(Conversation) bool) {
		i := 0
		for c := range numbered(60) {
			if i%3 == 1 {
				c.Turns[0].Text = "\xff"
			}
			if i++; !yield(c) {
				return
			}
		}
	}
	i := 0
	for r, err := range New(nil).MaskAll(t.Context(), source) {
		if i%3 == 1 {
			assert.ErrorIs(t, err, ErrNotUTF8)
			assert.Nil(t, r)
		} else {
			assert.NoError(t, err)
			assert.True(t, strings.HasPrefix(r.Turns[0].Text, fmt.Sprintf("Это разговор %d,", i)))
		}
		i++
	}
	assert.Equal(t, 60, i)
}

func TestMaskAllCancelled(t *testing.T) {
	checkGoroutines(t)
	ctx, cancel := context.WithCancel(t.Context())
	i := 0
	var last error
	for r, err := range New(nil).MaskAll(ctx, numbered(1<<30)) {
		assert.NoError(t, last, "the error comes last")
		if last = err; err == nil {
			assert.NotNil(t, r)
		}
		if i++; i == 10 {
			cancel()
		}
	}
	assert.ErrorIs(t, last, context.Canceled)
	assert.Equal(t, 11, i)

	// An operator that waits is freed by leaving the loop.
	waits := waiting{make(chan struct{})}
	a := New(&Options{Operators: map[Kind]Operator{PHONE: Tokenize(waits)}})
	ctx, cancel = context.WithCancel(t.Context())
	go func() { <-waits.entered; cancel() }()
	for _, err := range a.MaskAll(ctx, numbered(100)) {
		assert.ErrorIs(t, err, context.Canceled)
	}
}

type waiting struct{ entered chan struct{} }

func (w waiting) Token(ctx context.Context, _, _ string) (string, error) {
	select {
	case w.entered <- struct{}{}:
	case <-ctx.Done():
	}
	<-ctx.Done()
	return "", ctx.Err()
}

type tokenizerFunc func() (string, error)

func (f tokenizerFunc) Token(context.Context, string, string) (string, error) { return f() }

func TestMaskAllOfOperatorsThatPanic(t *testing.T) {
	checkGoroutines(t)
	broken := errors.New("broken")
	a := New(&Options{Operators: map[Kind]Operator{PHONE: Tokenize(tokenizerFunc(func() (string, error) { panic(broken) }))}})
	assert.PanicsWithValue(t, broken, func() {
		for range a.MaskAll(t.Context(), numbered(100)) {
			t.Error("a result")
		}
	})
	a = New(&Options{Operators: map[Kind]Operator{PHONE: Tokenize(tokenizerFunc(func() (string, error) { runtime.Goexit(); return "", nil }))}})
	n := 0
	for r, err := range a.MaskAll(t.Context(), numbered(100)) {
		assert.Nil(t, r)
		assert.ErrorIs(t, err, errOperatorLeft)
		n++
	}
	assert.Equal(t, 100, n)
}

func BenchmarkMaskAll(b *testing.B) {
	a := New(nil)
	turns := 0
	for b.Loop() {
		for r, err := range a.MaskAll(b.Context(), numbered(100)) {
			if err != nil {
				b.Fatal(err)
			}
			turns += len(r.Turns)
		}
	}
	b.ReportMetric(float64(turns)/b.Elapsed().Seconds(), "turns/s")
}
