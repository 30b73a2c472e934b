package crypto

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"io"
	"testing"
)

// Comparisons with other libraries are in bench/ at the root of the repository. Here bare
// AES-GCM with one reused key is the measure.

func benchmarkSealers(b *testing.B) map[string]*Sealer {
	keys := ownerKeys(b, testRing(), new(MemStore), nil, tenantOwner, callOwner)
	return map[string]*Sealer{"keyring": NewSealer(testRing()), "wrapped": keys.Sealer(SlotWrapped), "derived": keys.Sealer(SlotDerived)}
}

func BenchmarkSeal(b *testing.B) {
	ctx := context.Background()
	plaintext := text(4096)
	dst := make([]byte, 0, 8192)
	block, _ := aes.NewCipher(text(32))
	gcm, _ := cipher.NewGCM(block)
	nonce := make([]byte, 12)
	b.Run("gcm", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			dst = gcm.Seal(dst[:0], nonce, plaintext, nil)
		}
	})
	for name, s := range benchmarkSealers(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Seal(ctx, dst[:0], plaintext, romashka); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	ctx := context.Background()
	dst := make([]byte, 0, 8192)
	for name, s := range benchmarkSealers(b) {
		box := mustSeal(b, s, text(4096), romashka)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Open(ctx, dst, box, romashka); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkStream(b *testing.B) {
	ctx := context.Background()
	s := NewSealer(testRing())
	plaintext := text(16 << 20)
	var box bytes.Buffer
	w, _ := s.NewWriter(ctx, &box, romashka)
	w.Write(plaintext)
	w.Close()
	b.Run("Writer", func(b *testing.B) {
		b.SetBytes(int64(len(plaintext)))
		b.ReportAllocs()
		for b.Loop() {
			w, _ := s.NewWriter(ctx, io.Discard, romashka)
			w.Write(plaintext)
			w.Close()
		}
	})
	b.Run("Reader", func(b *testing.B) {
		b.SetBytes(int64(len(plaintext)))
		b.ReportAllocs()
		buffer := make([]byte, 32<<10)
		for b.Loop() {
			r, err := s.NewReader(ctx, bytes.NewReader(box.Bytes()), romashka)
			for err == nil {
				_, err = r.Read(buffer)
			}
			if err != io.EOF {
				b.Fatal(err)
			}
		}
	})
	block, _ := aes.NewCipher(text(32))
	gcm, _ := cipher.NewGCM(block)
	b.Run("gcm", func(b *testing.B) {
		b.SetBytes(int64(len(plaintext)))
		out := make([]byte, 0, 17<<10)
		nonce := make([]byte, 12)
		for b.Loop() {
			for at := 0; at < len(plaintext); at += 16 << 10 {
				out = gcm.Seal(out[:0], nonce, plaintext[at:at+16<<10], nil)
			}
		}
	})
}
