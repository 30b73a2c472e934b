package crypto

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// fuzzSealers are sealers that can open the seeds, with fixed keys so that seeds last.
func fuzzSealers(f testing.TB) (*Sealer, *Sealer, *RecipientKey) {
	owners := vectorOwner(f, Owner{Tenant: "romashka"}, bytes.Repeat([]byte{0x33}, 32))
	return NewSealer(testRing()), owners.Sealer(SlotWrapped), testRecipient(f)
}

var fuzzContext = Context{Tenant: "romashka", Record: "r"}

func fuzzSeeds(f *testing.F) [][]byte {
	ring, owner, inbox := fuzzSealers(f)
	derived := vectorOwner(f, Owner{Tenant: "romashka"}, bytes.Repeat([]byte{0x33}, 32)).Sealer(SlotDerived)
	public, err := inbox.Recipient().Seal(context.Background(), nil, text(20), fuzzContext)
	require.NoError(f, err)
	return [][]byte{
		mustSeal(f, ring, text(40), fuzzContext), mustSeal(f, ring, nil, fuzzContext), mustSeal(f, ring, text(16400), fuzzContext),
		mustSeal(f, owner, text(40), fuzzContext), mustSeal(f, derived, text(40), fuzzContext), public,
		nil, []byte(magic), []byte("ev1."), bytes.Repeat([]byte{0xf5}, 100),
	}
}

// FuzzOpen holds Open against the second implementation: they take the same bytes and give
// the same plaintext. What was not sealed here opens in neither.
func FuzzOpen(f *testing.F) {
	ring, owner, inbox := fuzzSealers(f)
	seeds := fuzzSeeds(f)
	for _, box := range seeds {
		f.Add(box)
	}
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, box []byte) {
		for name, open := range map[string]func() ([]byte, error){
			"ring":  func() ([]byte, error) { return ring.Open(ctx, nil, box, fuzzContext) },
			"owner": func() ([]byte, error) { return owner.Open(ctx, nil, box, fuzzContext) },
			"inbox": func() ([]byte, error) { return inbox.Open(ctx, nil, box, fuzzContext) },
		} {
			out, err := open()
			if err != nil {
				if out != nil {
					t.Fatalf("%s: plaintext beside an error", name)
				}
				continue
			}
			// Seeds of another run of the fuzzer open too; they were sealed with these keys.
			kind, key := "wrapping key", bytes.Repeat([]byte{0x42}, 32)
			if name == "owner" {
				kind, key = "owner's key", bytes.Repeat([]byte{0x33}, 32)
			} else if name == "inbox" {
				kind, key = "HPKE private key", bytes.Repeat([]byte{0x51}, 32)
			}
			want, err := referenceOpen(kind, key, box, fuzzContext)
			if err != nil || !bytes.Equal(want, out) {
				t.Fatalf("%s: opens what the second implementation does not: %v", name, err)
			}
		}
	})
}

// FuzzReader holds the Reader and the ReaderAt against Open.
func FuzzReader(f *testing.F) {
	ring, _, _ := fuzzSealers(f)
	for _, box := range fuzzSeeds(f) {
		f.Add(box)
	}
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, box []byte) {
		want, wantErr := ring.Open(ctx, nil, box, fuzzContext)
		got, err := readAll(ring, box, fuzzContext)
		if (err == nil) != (wantErr == nil) || err == nil && !bytes.Equal(got, want) {
			t.Fatalf("Open: %v, Reader: %v", wantErr, err)
		}
		at, err := ring.NewReaderAt(ctx, bytes.NewReader(box), int64(len(box)), fuzzContext)
		if err != nil {
			if wantErr == nil {
				t.Fatalf("ReaderAt: %v", err)
			}
			return
		}
		got, err = io.ReadAll(io.NewSectionReader(at, 0, at.Size()))
		if (err == nil) != (wantErr == nil) || err == nil && !bytes.Equal(got, want) {
			t.Fatalf("Open: %v, ReaderAt: %v", wantErr, err)
		}
	})
}

// FuzzInspect: a header that is read writes back to the same bytes.
func FuzzInspect(f *testing.F) {
	for _, box := range fuzzSeeds(f) {
		f.Add(box)
		f.Add([]byte(EncodeText(box)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, err := parseHeader(data); err == nil {
			if back := appendHeader(nil, h.slot, h.wrapped); !bytes.Equal(back, data[:h.size]) || len(back) > maxHeader {
				t.Fatal("a header does not write back")
			}
		}
		if box, err := DecodeText(string(data)); err == nil && EncodeText(box) != string(data) {
			t.Fatal("two texts stand for one envelope")
		}
	})
}

// FuzzRecord: a stored record that is read can be stored again.
func FuzzRecord(f *testing.F) {
	keys := ownerKeys(f, testRing(), new(MemStore), nil, tenantOwner, subjectOwner)
	_, err := keys.Destroy(context.Background(), subjectOwner, why)
	require.NoError(f, err)
	for _, data := range keys.store.(*MemStore).records {
		f.Add(data)
	}
	f.Add([]byte(`{"format":1,"key_id":"a","state":"enabled","revision":18446744073709551615,"versions":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decodeRecord(data)
		if err != nil {
			return
		}
		again, err := encodeRecord(r)
		if err != nil {
			t.Skip("a time beyond the year 9999")
		}
		if _, err := decodeRecord(again); err != nil && json.Valid(again) {
			t.Fatalf("does not read again: %v", err)
		}
	})
}
