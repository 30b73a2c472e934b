//go:build unix

package audit

import (
	"bufio"
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// killEnv names the folder in which the test binary, run again, is the child.
const killEnv = "VUAL_AUDIT_KILL_DIR"

// killKeys are those of parent and child, made by the parent.
func killKeys(t testing.TB, dir string) *testKeys {
	name := filepath.Join(dir, "keys")
	b, err := os.ReadFile(name)
	if err != nil {
		skey, vkey, err := note.GenerateKey(crand.Reader, testOrigin)
		require.NoError(t, err)
		b = []byte(skey + "\n" + vkey)
		require.NoError(t, os.WriteFile(name, b, 0o600))
	}
	skey, vkey, _ := strings.Cut(string(b), "\n")
	k := newTestKeys(t)
	k.signer, err = note.NewSigner(skey)
	require.NoError(t, err)
	k.verifier, err = note.NewVerifier(vkey)
	require.NoError(t, err)
	return k
}

// TestKilledChild is the child: it acts through Do until it is killed. The act
// is to note its number in a file.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(killEnv)
	if dir == "" {
		t.Skip("run by TestProperty7FailClosed")
	}
	opts := killKeys(t, dir).options()
	opts.CheckpointEvery = time.Millisecond
	opts.Files.SegmentBytes = 20_000
	l, err := Open(context.Background(), filepath.Join(dir, "log"), opts)
	require.NoError(t, err)
	acts, err := os.OpenFile(filepath.Join(dir, "acts"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	require.NoError(t, err)
	base, err := strconv.Atoi(os.Getenv(killEnv + "_BASE"))
	require.NoError(t, err)
	for worker := range 4 {
		go func() {
			for i := base + worker; ; i += 4 {
				e := readEvent()
				e.Details = []Detail{{Key: "rows", Value: Number(int64(i))}}
				if err := Do(context.Background(), l, e, func(context.Context) error {
					_, err := fmt.Fprintln(acts, i)
					return err
				}); err != nil {
					panic(err)
				}
			}
		}()
	}
	select {}
}

// Whatever was done has its attempt in the log, also when the
// process is killed at any moment, and every attempt gets an outcome.
func TestProperty7FailClosed(t *testing.T) {
	rounds := 8
	if soak() {
		rounds = 300
	}
	dir := t.TempDir()
	k := killKeys(t, dir)
	for round := range rounds {
		child := exec.Command(os.Args[0], "-test.run=^TestKilledChild$")
		child.Env = append(os.Environ(), killEnv+"="+dir, fmt.Sprintf("%s_BASE=%d", killEnv, round*10_000%90_000))
		require.NoError(t, child.Start())
		time.Sleep(time.Duration(30+rand.IntN(120)) * time.Millisecond)
		require.NoError(t, child.Process.Kill())
		child.Wait()
		requireActsRecorded(t, dir, k)
	}
	acts, err := os.ReadFile(filepath.Join(dir, "acts"))
	require.NoError(t, err)
	require.Greater(t, strings.Count(string(acts), "\n"), rounds, "the children did nothing")
}

func requireActsRecorded(t *testing.T, dir string, k *testKeys) {
	log := filepath.Join(dir, "log")
	if _, err := os.Stat(log); err != nil {
		return // killed before it began
	}
	l, err := Open(t.Context(), log, k.options())
	require.NoError(t, err)
	defer l.Close()
	require.Zero(t, l.Health().InFlight)
	attempts, open := map[string]int{}, map[ID]bool{}
	for e, err := range l.Query(t.Context(), Query{Actions: []Action{"transcript.read"}}) {
		require.NoError(t, err)
		if e.Outcome == Attempt {
			attempts[e.Details[0].Value]++
			open[e.ID] = true
		} else {
			require.True(t, open[e.Link], "an outcome without its attempt")
			delete(open, e.Link)
		}
	}
	require.Empty(t, open, "attempts without an outcome")
	acts, err := os.Open(filepath.Join(dir, "acts"))
	if err != nil {
		return
	}
	defer acts.Close()
	done := map[string]int{}
	for s := bufio.NewScanner(acts); s.Scan(); {
		done[s.Text()]++
	}
	for n, times := range done {
		require.GreaterOrEqual(t, attempts[n], times, "act %s was done and is not in the log", n)
	}
	require.NoError(t, l.Close())
	requireVerified(t, log, k.verifier)
}
