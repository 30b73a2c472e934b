package xaes

import (
	"bytes"
	"crypto/sha3"
	"encoding/hex"
	"testing"
)

func TestSpecificationVectors(t *testing.T) {
	for _, v := range []struct {
		key    byte
		ad     string
		sealed string
	}{
		{1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
		{3, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
	} {
		k := New(bytes.Repeat([]byte{v.key}, KeySize))
		nonce := []byte("ABCDEFGHIJKLMNOPQRSTUVWX")
		got := k.seal(nil, nonce, []byte("XAES-256-GCM"), []byte(v.ad))
		if hex.EncodeToString(got) != v.sealed {
			t.Errorf("key %d: sealed %x, want %s", v.key, got, v.sealed)
		}
		plain, err := k.Open(nil, append(nonce, got...), []byte(v.ad))
		if err != nil || string(plain) != "XAES-256-GCM" {
			t.Errorf("key %d: opened %q, %v", v.key, plain, err)
		}
	}
}

// The accumulated test of the specification: 10,000 messages drawn from SHAKE128.
func TestSpecificationAccumulated(t *testing.T) {
	src, sum := sha3.NewSHAKE128(), sha3.NewSHAKE128()
	read := func(n int) []byte {
		b := make([]byte, n)
		src.Read(b)
		return b
	}
	for range 10_000 {
		key, nonce := read(KeySize), read(nonceSize)
		plaintext := read(int(read(1)[0]))
		ad := read(int(read(1)[0]))
		k := New(key)
		sealed := k.seal(nil, nonce, plaintext, ad)
		sum.Write(sealed)
		opened, err := k.Open(nil, append(nonce, sealed...), ad)
		if err != nil || !bytes.Equal(opened, plaintext) {
			t.Fatalf("does not open: %v", err)
		}
	}
	got := make([]byte, 32)
	sum.Read(got)
	const want = "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"
	if hex.EncodeToString(got) != want {
		t.Errorf("got %x, want %s", got, want)
	}
}

func TestOpenRefusesChanges(t *testing.T) {
	k := New(bytes.Repeat([]byte{7}, KeySize))
	ad := []byte("ad")
	box := k.Seal(nil, []byte("сообщение"), ad)
	for i := range len(box) * 8 {
		bad := bytes.Clone(box)
		bad[i/8] ^= 1 << (i % 8)
		if _, err := k.Open(nil, bad, ad); err == nil {
			t.Fatalf("bit %d changed, still opens", i)
		}
	}
	for n := range box {
		if _, err := k.Open(nil, box[:n], ad); err == nil {
			t.Fatalf("cut to %d bytes, still opens", n)
		}
	}
	if _, err := k.Open(nil, box, []byte("other")); err == nil {
		t.Fatal("opens under other data")
	}
}
