package audit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
)

// BenchmarkAppend measures fail-closed appends beside the floor that the same
// disk sets in the same run: callers in a bare group commit that writes as many
// bytes and syncs, and does nothing else. Short rounds of the two alternate and
// their medians count, because a shared disk drifts. Checkpoints are signed and
// kept once a second, as by default.
func BenchmarkAppend(b *testing.B) {
	for _, callers := range []int{1, 64, 256} {
		b.Run("callers="+strconv.Itoa(callers), func(b *testing.B) {
			opts := newTestKeys(b).options()
			opts.CheckpointEvery = 0
			l := openLog(b, filepath.Join(b.TempDir(), "log"), opts)
			e := readEvent()
			e.Details = e.Details[:1]
			var entry Entry
			_, err := l.enc.encode(b.Context(), &e, &entry)
			require.NoError(b, err)
			floor := newBareCommit(b, len(entry.Raw)+4)
			record := func() {
				if _, err := l.Record(context.Background(), e); err != nil {
					b.Error(err)
				}
			}
			var took, bare []time.Duration
			var rates, bareRates []float64
			for b.Loop() {
				const round = 100 * time.Millisecond
				t, rate := callFor(round, callers, record)
				bt, bareRate := callFor(round, callers, floor.write)
				took, bare = append(took, t...), append(bare, bt...)
				rates, bareRates = append(rates, rate), append(bareRates, bareRate)
			}
			b.ReportMetric(percentile(rates, 50), "events/s")
			b.ReportMetric(percentile(bareRates, 50), "floor/s")
			b.ReportMetric(100*percentile(rates, 50)/percentile(bareRates, 50), "%floor")
			b.ReportMetric(float64(percentile(took, 50).Microseconds()), "p50-us")
			b.ReportMetric(float64(percentile(bare, 50).Microseconds()), "floor-p50-us")
			b.ReportMetric(float64(percentile(took, 99).Microseconds()), "p99-us")
			b.ReportMetric(float64(len(entry.Raw)), "B/event")
		})
	}
}

// callFor lets callers call f again and again, and returns how long each call
// took, and how many there were in a second.
func callFor(d time.Duration, callers int, f func()) ([]time.Duration, float64) {
	var mu sync.Mutex
	var all []time.Duration
	var wg sync.WaitGroup
	begun := time.Now()
	for range callers {
		wg.Go(func() {
			var took []time.Duration
			for last := time.Now(); last.Sub(begun) < d; {
				f()
				now := time.Now()
				took = append(took, now.Sub(last))
				last = now
			}
			mu.Lock()
			all = append(all, took...)
			mu.Unlock()
		})
	}
	wg.Wait()
	return all, float64(len(all)) / time.Since(begun).Seconds()
}

func percentile[T cmp.Ordered](d []T, p int) T {
	slices.Sort(d)
	return d[(len(d)-1)*p/100]
}

// bareCommit is the least that a durable group commit can do.
type bareCommit struct {
	mu      sync.Mutex
	waiting []chan struct{}
	wake    chan struct{}
}

func newBareCommit(b *testing.B, size int) *bareCommit {
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	require.NoError(b, err)
	c := &bareCommit{wake: make(chan struct{}, 1)}
	done := make(chan struct{})
	b.Cleanup(func() { close(done); f.Close() })
	go func() {
		var off int64
		var buf []byte
		for {
			select {
			case <-done:
				return
			case <-c.wake:
			}
			c.mu.Lock()
			batch := c.waiting
			c.waiting = nil
			c.mu.Unlock()
			if need := size * len(batch); cap(buf) < need {
				buf = make([]byte, need)
			}
			n, err := f.WriteAt(buf[:size*len(batch)], off)
			if err == nil {
				err = f.Sync()
			}
			if err != nil {
				panic(err)
			}
			off += int64(n)
			for _, w := range batch {
				w <- struct{}{}
			}
		}
	}()
	return c
}

func (c *bareCommit) write() {
	done := make(chan struct{}, 1)
	c.mu.Lock()
	c.waiting = append(c.waiting, done)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
	<-done
}

// BenchmarkVerify reports the time of a full verification as a multiple of
// that of SHA-256 over the same bytes.
func BenchmarkVerify(b *testing.B) {
	k := newTestKeys(b)
	dir := filepath.Join(b.TempDir(), "log")
	l := openLog(b, dir, k.options())
	const events = 50_000
	var wg sync.WaitGroup
	e := readEvent()
	e.Details = e.Details[:1]
	for range 500 {
		wg.Go(func() {
			for range events / 500 {
				if _, err := l.Record(b.Context(), e); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.NoError(b, l.Close())
	size, err := os.Stat(filepath.Join(dir, segmentName(0)))
	require.NoError(b, err)
	content, err := os.ReadFile(filepath.Join(dir, segmentName(0)))
	require.NoError(b, err)
	b.SetBytes(size.Size())
	var hashing time.Duration
	for b.Loop() {
		requireVerified(b, dir, k.verifier)
		begun := time.Now()
		for rest := content; len(rest) > 0; {
			n := min(len(rest), 600) // one hash an event, as the tree has
			sha256.Sum256(rest[:n])
			rest = rest[n:]
		}
		hashing += time.Since(begun)
	}
	per := b.Elapsed() - hashing
	b.ReportMetric(float64(b.N)*(events+2)/per.Seconds(), "events/s")
	b.ReportMetric(float64(per)/float64(hashing), "x-SHA256")
}

func BenchmarkEncode(b *testing.B) {
	k := newTestKeys(b)
	l := openLog(b, filepath.Join(b.TempDir(), "log"), k.options())
	e := readEvent()
	e.Details = e.Details[:1]
	b.ReportAllocs()
	for b.Loop() {
		var entry Entry
		if _, err := l.enc.encode(b.Context(), &e, &entry); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProve(b *testing.B) {
	const size = 1 << 20
	var edge frontier
	hashes := make(memHashes, 0, storedCount(size))
	for i := range size {
		hashes = edge.add(hashes, tlog.Hash{byte(i), byte(i >> 8), byte(i >> 16)})
	}
	var p tlog.RecordProof
	for i := 0; b.Loop(); i++ {
		var err error
		if p, err = tlog.ProveRecord(size, int64(i*7919%size), hashes); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(p)*tlog.HashSize), "B/proof")
}

func BenchmarkCheckpoint(b *testing.B) {
	k := newTestKeys(b)
	c := Checkpoint{Origin: testOrigin, Size: 1 << 20}
	for b.Loop() {
		if err := c.sign(k.signer); err != nil {
			b.Fatal(err)
		}
	}
}
