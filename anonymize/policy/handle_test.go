package policy

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
)

const (
	withPhones    = head + "kinds: {IP: off}\n"
	withoutPhones = head + "kinds: {PHONE: off}\n"
	broken        = head + "kinds: {PHONE\n"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func TestHandle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	_, err := NewHandle([]string{path}, nil)
	assert.Error(t, err)
	write(t, path, withPhones)
	h, err := NewHandle([]string{"preset:calls", path}, nil)
	require.NoError(t, err)
	first := h.Policy()
	s := first.Session()
	changed, err := h.Reload()
	assert.False(t, changed)
	require.NoError(t, err)

	write(t, path, broken)
	changed, err = h.Reload()
	assert.False(t, changed)
	assert.ErrorContains(t, err, "policy.yaml: policy: 3:9")
	assert.Same(t, first, h.Policy(), "a broken file keeps the old policy")
	_, err = h.Reload()
	assert.NoError(t, err, "a content is tried once")

	write(t, path, withoutPhones)
	changed, err = h.Reload()
	assert.True(t, changed)
	require.NoError(t, err)
	assert.NotSame(t, first, h.Policy())
	turn := anonymize.Turn{Text: "Звоните 8 919 240-15-86."}
	m, err := s.Anonymize(t.Context(), turn)
	require.NoError(t, err)
	assert.Equal(t, "Звоните [PHONE_1].", m.Text, "a conversation under way keeps its policy")
	m, err = h.Policy().Session().Anonymize(t.Context(), turn)
	require.NoError(t, err)
	assert.Equal(t, turn.Text, m.Text)

	require.NoError(t, os.Remove(path))
	_, err = h.Reload()
	assert.Error(t, err)
	write(t, path, withPhones)
	changed, err = h.Reload()
	assert.True(t, changed, "what was there before is new again")
	require.NoError(t, err)
}

// A file that is being written is seen in two states; only a state that stays is taken.
func TestWatchWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, path, withPhones)
	h, err := NewHandle([]string{path}, nil)
	require.NoError(t, err)
	first := h.Policy()
	var w watcher
	look := func(want bool, wantErr string) {
		t.Helper()
		changed, err := w.look(h)
		assert.Equal(t, want, changed)
		if wantErr == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, wantErr)
		}
	}
	look(false, "")
	look(false, "")
	write(t, path, head) // the beginning of a longer file: a policy by itself
	look(false, "")
	write(t, path, head+"kinds: {PHONE: off, EMAIL: off}\n")
	look(false, "")
	assert.Same(t, first, h.Policy())
	look(true, "")
	write(t, path, broken)
	look(false, "")
	look(false, "3:9")
	look(false, "")
	require.NoError(t, os.Remove(path))
	look(false, "does not open")
	look(false, "")
	write(t, path, withPhones)
	look(false, "")
	look(true, "")
}

// Readers and reloads meet under the race detector; Watch ends with its context.
func TestWatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, path, withPhones)
	h, err := NewHandle([]string{path}, nil)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan error, 100)
	var all sync.WaitGroup
	all.Go(func() {
		h.Watch(ctx, time.Millisecond, func(p *Policy, err error) {
			if err == nil && p == nil {
				t.Error("neither a policy nor an error")
			}
			told <- err
		})
	})
	for range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				if m, err := h.Policy().Session().Anonymize(t.Context(), anonymize.Turn{Text: "8 919 240-15-86"}); err != nil || m.Text == "" {
					t.Error(m, err)
				}
				_, _ = h.Reload() // beside the watch: one of them finds the change
			}
		})
	}
	wait := func(what string, done func() bool) {
		for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(time.Millisecond) {
			require.True(t, time.Now().Before(end), what)
		}
	}
	temp := path + ".new"
	write(t, temp, withoutPhones)
	require.NoError(t, os.Rename(temp, path))
	wait("the new policy", func() bool { return h.Policy().p.doc.Kinds["PHONE"].Operator == off })
	cancel()
	all.Wait()
}

func TestWatchReports(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, path, withPhones)
	h, err := NewHandle([]string{path}, nil)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := make(chan error)
	go h.Watch(ctx, time.Millisecond, func(_ *Policy, err error) { told <- err })
	for _, c := range []struct{ text, want string }{{broken, "3:9"}, {withoutPhones, ""}} {
		write(t, path+".new", c.text)
		require.NoError(t, os.Rename(path+".new", path))
		select {
		case err := <-told:
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("nobody was told")
		}
	}
}
