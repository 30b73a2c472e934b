package main

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/syntora/vual/crypto"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	recordSize = 4 << 10
	streamSize = 16 << 20
)

// raceCrypto measures sealing beside Tink, which does the same job, and bare AES-GCM, which does less.
func raceCrypto(r *report, o *options) error {
	c, err := newCrypto()
	if err != nil {
		return err
	}
	small, err := c.records()
	if err != nil {
		return err
	}
	large, err := c.streams()
	if err != nil {
		return err
	}
	r.title("Sealing a record of 4 KiB")
	seal, err := raceOps(r, o, "Crypto/4KiB", small, 300, recordSize)
	if err != nil {
		return err
	}
	r.title("Sealing a stream of 16 MiB")
	stream, err := raceOps(r, o, "Crypto/16MiB", large, 1, streamSize)
	if err != nil {
		return err
	}
	r.note("\nbare AES-GCM, which derives no key and checks no order, itself takes %.2f of the time of Tink's stream to seal, %.2f to open",
		stream.ratio("seal, bare GCM 16 KiB", "write, Tink 4 KB"), stream.ratio("open, bare GCM 16 KiB", "read, Tink 4 KB"))
	r.atMost("seal 4 KiB, wrapped key, to Tink's envelope", seal.ratio("seal, wrapped", "seal, Tink envelope"), 0.75, "x")
	r.atMost("seal 4 KiB, derived key, to Tink's envelope", seal.ratio("seal, derived", "seal, Tink envelope"), 0.4, "x")
	r.atMost("write 16 MiB to Tink's stream of 4 KB segments", stream.ratio("write", "write, Tink 4 KB"), 0.7, "x")
	r.atMost("read 16 MiB to Tink's stream of 4 KB segments", stream.ratio("read", "read, Tink 4 KB"), 0.7, "x")
	r.atLeast("write 16 MiB to bare AES-GCM", 100*stream.ratio("seal, bare GCM 16 KiB", "write"), 70, " %")
	r.atLeast("read 16 MiB to bare AES-GCM", 100*stream.ratio("open, bare GCM 16 KiB", "read"), 70, " %")
	writing, reading, err := c.perChunk()
	if err != nil {
		return err
	}
	r.atMost("allocations a chunk after the first, writing", writing, 0, "")
	r.atMost("allocations a chunk after the first, reading", reading, 0, "")
	short, err := c.readerMemory(1 << 20)
	if err != nil {
		return err
	}
	long, err := c.readerMemory(streamSize)
	if err != nil {
		return err
	}
	r.bench("Crypto/ReaderMemory/1MiB", metric{short, "B/op"})
	r.bench("Crypto/ReaderMemory/16MiB", metric{long, "B/op"})
	r.atMost("memory of a Reader, 16 MiB to 1 MiB", long/short, 1.05, "x")
	return nil
}

// An op is one thing that is done again and again.
type op struct {
	name string
	do   func() error
}

// An opRace is how long operations took, by round.
type opRace struct {
	names []string
	times [][]float64 // nanoseconds an operation
}

func (r opRace) of(name string) []float64 {
	for i, n := range r.names {
		if n == name {
			return r.times[i]
		}
	}
	panic("no operation " + name)
}

// ratio is the median over the rounds of a to b.
func (r opRace) ratio(a, b string) float64 {
	ta, tb := r.of(a), r.of(b)
	ratios := make([]float64, len(ta))
	for i := range ta {
		ratios[i] = ta[i] / tb[i]
	}
	return median(ratios)
}

// raceOps lets operations take turns, a batch of each a round, and prints them. Each handles size bytes.
func raceOps(r *report, o *options, name string, ops []op, batch, size int) (opRace, error) {
	works := make([]timed, len(ops))
	for i, op := range ops {
		works[i] = func() (time.Duration, error) {
			return spent(func() error {
				for range batch {
					if err := op.do(); err != nil {
						return fmt.Errorf("%s: %w", op.name, err)
					}
				}
				return nil
			})
		}
	}
	times, err := race(o.rounds, works)
	if err != nil {
		return opRace{}, err
	}
	out := opRace{}
	rows := [][]string{{"", "µs", "MB/s", "allocs", "B"}}
	for i, op := range ops {
		perOp := make([]float64, len(times[i]))
		for round, took := range times[i] {
			perOp[round] = float64(took) / float64(batch)
		}
		mallocs, bytes := allocsOf(func() { must(op.do()) }, min(batch, 20))
		for _, ns := range perOp {
			r.bench(name+"/"+op.name, metric{ns, "ns/op"}, metric{float64(size) / ns * 1e3, "MB/s"}, metric{bytes, "B/op"}, metric{mallocs, "allocs/op"})
		}
		ns := median(perOp)
		rows = append(rows, []string{op.name, fmt.Sprintf("%.1f", ns/1e3), rate(float64(size) / ns * 1e9), fmt.Sprintf("%.0f", mallocs), fmt.Sprintf("%.0f", bytes)})
		out.names, out.times = append(out.names, op.name), append(out.times, perOp)
	}
	r.table(rows)
	return out, nil
}

// allocsOf counts allocations and bytes of one call, over several.
func allocsOf(f func(), calls int) (mallocs, bytes float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range calls {
		f()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(calls), float64(after.TotalAlloc-before.TotalAlloc) / float64(calls)
}

// A cryptoBench has the keys that both sides use.
type cryptoBench struct {
	wrapped, derived *crypto.Sealer
	at               crypto.Context
	envelope         tink.AEAD
	stream           tink.StreamingAEAD
	gcm              cipher.AEAD
}

func newCrypto() (*cryptoBench, error) {
	ctx := context.Background()
	c := &cryptoBench{at: crypto.Context{Tenant: "romashka", Conversation: "c-17", Record: "turns/1", Kind: "transcript"}}
	keys := crypto.NewOwnerKeys(crypto.GenerateKeyring("root"), new(crypto.MemStore), nil)
	c.wrapped, c.derived = keys.Sealer(crypto.SlotWrapped), keys.Sealer(crypto.SlotDerived)
	kek, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	remote, err := aead.New(kek) // in the place of a key service, without its network
	if err != nil {
		return nil, err
	}
	c.envelope = aead.NewKMSEnvelopeAEAD2(aead.AES256GCMKeyTemplate(), remote)
	handle, err := keyset.NewHandle(streamingaead.AES256GCMHKDF4KBKeyTemplate())
	if err != nil {
		return nil, err
	}
	if c.stream, err = streamingaead.New(handle); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		return nil, err
	}
	if c.gcm, err = cipher.NewGCM(block); err != nil {
		return nil, err
	}
	return c, errors.Join(keys.Ensure(ctx, crypto.Owner{Tenant: "romashka"}), keys.Ensure(ctx, crypto.Owner{Tenant: "romashka", Conversation: "c-17"}))
}

// records are the ways to seal and open 4 KiB. All but Tink, which has no such call, append to the caller's buffer.
func (c *cryptoBench) records() ([]op, error) {
	ctx := context.Background()
	plain, ad := make([]byte, recordSize), make([]byte, 64)
	rand.Read(plain)
	dst := make([]byte, 0, 2*recordSize)
	nonce := make([]byte, c.gcm.NonceSize())
	bare := c.gcm.Seal(nil, nonce, plain, ad)
	wrapped, err := c.wrapped.Seal(ctx, nil, plain, c.at)
	if err != nil {
		return nil, err
	}
	derived, err := c.derived.Seal(ctx, nil, plain, c.at)
	if err != nil {
		return nil, err
	}
	box, err := c.envelope.Encrypt(plain, ad)
	if err != nil {
		return nil, err
	}
	return []op{
		{"seal, bare GCM", func() error { c.gcm.Seal(dst, nonce, plain, ad); return nil }},
		{"seal, wrapped", func() error { _, err := c.wrapped.Seal(ctx, dst, plain, c.at); return err }},
		{"seal, derived", func() error { _, err := c.derived.Seal(ctx, dst, plain, c.at); return err }},
		{"seal, Tink envelope", func() error { _, err := c.envelope.Encrypt(plain, ad); return err }},
		{"open, bare GCM", func() error { _, err := c.gcm.Open(dst, nonce, bare, ad); return err }},
		{"open, wrapped", func() error { _, err := c.wrapped.Open(ctx, dst, wrapped, c.at); return err }},
		{"open, derived", func() error { _, err := c.derived.Open(ctx, dst, derived, c.at); return err }},
		{"open, Tink envelope", func() error { _, err := c.envelope.Decrypt(box, ad); return err }},
	}, nil
}

// streams are the ways to write and read 16 MiB.
func (c *cryptoBench) streams() ([]op, error) {
	plain := make([]byte, streamSize)
	rand.Read(plain)
	var ours, theirs bytes.Buffer
	if err := c.write(&ours, plain); err != nil {
		return nil, err
	}
	if err := c.writeTink(&theirs, plain); err != nil {
		return nil, err
	}
	const chunk = 16 << 10
	nonce, out := make([]byte, c.gcm.NonceSize()), make([]byte, 0, chunk+16)
	sealed := c.gcm.Seal(nil, nonce, plain[:chunk], nil)
	buffer := make([]byte, 32<<10)
	return []op{
		{"seal, bare GCM 16 KiB", func() error {
			for at := 0; at < len(plain); at += chunk {
				c.gcm.Seal(out, nonce, plain[at:at+chunk], nil)
			}
			return nil
		}},
		{"write", func() error { return c.write(io.Discard, plain) }},
		{"write, Tink 4 KB", func() error { return c.writeTink(io.Discard, plain) }},
		{"open, bare GCM 16 KiB", func() error {
			for range len(plain) / chunk {
				if _, err := c.gcm.Open(out, nonce, sealed, nil); err != nil {
					return err
				}
			}
			return nil
		}},
		{"read", func() error {
			in, err := c.wrapped.NewReader(context.Background(), bytes.NewReader(ours.Bytes()), c.at)
			if err != nil {
				return err
			}
			return drain(in, buffer, len(plain))
		}},
		{"read, Tink 4 KB", func() error {
			in, err := c.stream.NewDecryptingReader(bytes.NewReader(theirs.Bytes()), nil)
			if err != nil {
				return err
			}
			return drain(in, buffer, len(plain))
		}},
	}, nil
}

func (c *cryptoBench) write(to io.Writer, plain []byte) error {
	w, err := c.wrapped.NewWriter(context.Background(), to, c.at)
	if err != nil {
		return err
	}
	if _, err := w.Write(plain); err != nil {
		return err
	}
	return w.Close()
}

func (c *cryptoBench) writeTink(to io.Writer, plain []byte) error {
	w, err := c.stream.NewEncryptingWriter(to, nil)
	if err != nil {
		return err
	}
	if _, err := w.Write(plain); err != nil {
		return err
	}
	return w.Close()
}

// drain reads all and holds the reader to the length.
func drain(in io.Reader, buffer []byte, want int) error {
	total := 0
	for {
		n, err := in.Read(buffer)
		total += n
		if err == io.EOF && total == want {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%d of %d bytes: %w", total, want, err)
		}
	}
}

// perChunk counts the allocations of chunks after the first: those of a long stream less those of a short one.
func (c *cryptoBench) perChunk() (writing, reading float64, err error) {
	const chunk, more = 16 << 10, 100
	plain := make([]byte, (more+1)*chunk)
	buffer := make([]byte, 32<<10)
	count := func(size int) (write, read float64) {
		var box bytes.Buffer
		if e := c.write(&box, plain[:size]); e != nil {
			err = e
		}
		w, _ := allocsOf(func() { must(c.write(io.Discard, plain[:size])) }, 10)
		r, _ := allocsOf(func() {
			in, err := c.wrapped.NewReader(context.Background(), bytes.NewReader(box.Bytes()), c.at)
			must(err)
			must(drain(in, buffer, size))
		}, 10)
		return w, r
	}
	w1, r1 := count(chunk)
	w2, r2 := count(len(plain))
	return (w2 - w1) / more, (r2 - r1) / more, err
}

// readerMemory is what reading a stream of that size allocates in all.
func (c *cryptoBench) readerMemory(size int) (float64, error) {
	var box bytes.Buffer
	if err := c.write(&box, make([]byte, size)); err != nil {
		return 0, err
	}
	buffer := make([]byte, 32<<10)
	_, bytesPerCall := allocsOf(func() {
		in, err := c.wrapped.NewReader(context.Background(), bytes.NewReader(box.Bytes()), c.at)
		must(err)
		must(drain(in, buffer, size))
	}, 10)
	return bytesPerCall, nil
}
