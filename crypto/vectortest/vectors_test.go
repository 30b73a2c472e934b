package vectortest

import (
	"bytes"
	"compress/zlib"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"io/fs"
	"math"
	"slices"
	"testing"

	"github.com/c2sp/wycheproof"

	"github.com/syntora/vual/crypto/internal/cobblestone"
	"github.com/syntora/vual/tokenize"
)

// A hexBytes is written in hexadecimal.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

// A vector has the fields of all kinds of vectors used here.
type vector struct {
	ID      int      `json:"tcId"`
	Comment string   `json:"comment"`
	Result  string   `json:"result"`
	Flags   []string `json:"flags"`
	Key     hexBytes `json:"key"`
	IV      hexBytes `json:"iv"`
	AAD     hexBytes `json:"aad"`
	Tag     hexBytes `json:"tag"`
	IKM     hexBytes `json:"ikm"`
	Salt    hexBytes `json:"salt"`
	Info    hexBytes `json:"info"`
	Size    int      `json:"size"`
	OKM     hexBytes `json:"okm"`
	Tweak   hexBytes `json:"tweak"`
	Context hexBytes `json:"ctx"`
	Length  int      `json:"msgLength"`
	SHA512  hexBytes `json:"msgSha512"`

	Msg, Ct json.RawMessage // bytes in hexadecimal, or digits of FF1
}

func (v *vector) valid() bool { return v.Result == "valid" }

func (v *vector) bytes(t *testing.T, field json.RawMessage) []byte {
	var b hexBytes
	if err := json.Unmarshal(field, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

type group struct {
	Type    string   `json:"type"`
	KeySize int      `json:"keySize"`
	IVSize  int      `json:"ivSize"`
	TagSize int      `json:"tagSize"`
	Radix   int      `json:"radix"`
	Tests   []vector `json:"tests"`
}

// each runs check on every vector of a file and fails if a vector is left out without a word.
func each(t *testing.T, file string, check func(t *testing.T, g *group, v *vector)) {
	t.Helper()
	data, err := fs.ReadFile(wycheproof.TestVectors, file)
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Number int     `json:"numberOfTests"`
		Groups []group `json:"testGroups"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for i := range f.Groups {
		for j := range f.Groups[i].Tests {
			check(t, &f.Groups[i], &f.Groups[i].Tests[j])
			ran++
		}
	}
	if ran == 0 || ran != f.Number {
		t.Fatalf("%s: %d of %d vectors", file, ran, f.Number)
	}
}

func TestChunkedEncryption(t *testing.T) {
	valid, invalid := 0, 0
	each(t, "c2sp_chunked_encryption_aes_256_gcm_test.json", func(t *testing.T, _ *group, v *vector) {
		if len(v.Key) != cobblestone.KeySize {
			if v.valid() {
				t.Errorf("%d: a valid vector with a key of %d bytes", v.ID, len(v.Key))
			}
			invalid++
			return // this library has no such keys
		}
		packed, err := zlib.NewReader(bytes.NewReader(v.bytes(t, v.Ct)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(packed)
		if err != nil {
			t.Fatal(err)
		}
		out, err := cobblestone.NewKey(v.Key).Open(nil, body, v.Context)
		if !v.valid() {
			invalid++
			if err == nil {
				t.Errorf("%d (%s): opens", v.ID, v.Comment)
			}
			return
		}
		valid++
		if sum := sha512.Sum512(out); err != nil || len(out) != v.Length || !bytes.Equal(sum[:], v.SHA512) {
			t.Errorf("%d (%s): %d bytes of %d, %v", v.ID, v.Comment, len(out), v.Length, err)
		}
	})
	t.Logf("%d valid opened, %d invalid refused", valid, invalid)
}

func TestAESGCM(t *testing.T) {
	ran := 0
	each(t, "aes_gcm_test.json", func(t *testing.T, g *group, v *vector) {
		if g.KeySize != 256 || g.IVSize != 96 || g.TagSize != 128 {
			return // not used here
		}
		ran++
		block, err := aes.NewCipher(v.Key)
		if err != nil {
			t.Fatal(err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			t.Fatal(err)
		}
		msg := v.bytes(t, v.Msg)
		sealed := append(v.bytes(t, v.Ct), v.Tag...)
		out, err := aead.Open(nil, v.IV, sealed, v.AAD)
		if (err == nil) != v.valid() || v.valid() && !bytes.Equal(out, msg) {
			t.Errorf("%d (%s): %v", v.ID, v.Comment, err)
		}
		if v.valid() && !bytes.Equal(aead.Seal(nil, v.IV, msg, v.AAD), sealed) {
			t.Errorf("%d (%s): seals to other bytes", v.ID, v.Comment)
		}
	})
	if ran == 0 {
		t.Error("no vector fits")
	}
}

func TestHKDF(t *testing.T) {
	for file, h := range map[string]func() hash.Hash{"hkdf_sha256_test.json": sha256.New, "hkdf_sha512_test.json": sha512.New} {
		each(t, file, func(t *testing.T, _ *group, v *vector) {
			out, err := hkdf.Key(h, v.IKM, v.Salt, string(v.Info), v.Size)
			if (err == nil) != v.valid() || v.valid() && !bytes.Equal(out, v.OKM) {
				t.Errorf("%s %d (%s): %v", file, v.ID, v.Comment, err)
			}
		})
	}
}

func TestAESSIV(t *testing.T) {
	check := func(t *testing.T, v *vector, ad [][]byte, box []byte) {
		siv, err := tokenize.NewSIV(v.Key)
		if err != nil {
			if v.valid() {
				t.Errorf("%d (%s): %v", v.ID, v.Comment, err)
			}
			return
		}
		msg := v.bytes(t, v.Msg)
		out, err := siv.Open(nil, box, ad...)
		if (err == nil) != v.valid() || v.valid() && !bytes.Equal(out, msg) {
			t.Errorf("%d (%s): %v", v.ID, v.Comment, err)
		}
		if v.valid() && !bytes.Equal(siv.Seal(nil, msg, ad...), box) {
			t.Errorf("%d (%s): seals to other bytes", v.ID, v.Comment)
		}
	}
	each(t, "aes_siv_cmac_test.json", func(t *testing.T, _ *group, v *vector) {
		check(t, v, [][]byte{v.AAD}, v.bytes(t, v.Ct))
	})
	// With a nonce, which RFC 5297 has as the last component.
	each(t, "aead_aes_siv_cmac_test.json", func(t *testing.T, _ *group, v *vector) {
		check(t, v, [][]byte{v.AAD, v.IV}, append(slices.Clone(v.Tag), v.bytes(t, v.Ct)...))
	})
}

func TestFF1(t *testing.T) {
	matched, refused, small := 0, 0, 0
	files, err := fs.Glob(wycheproof.TestVectors, "aes_ff1_radix*_test.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		each(t, file, func(t *testing.T, g *group, v *vector) {
			var msg, ct []int
			if json.Unmarshal(v.Msg, &msg) != nil || json.Unmarshal(v.Ct, &ct) != nil {
				t.Fatalf("%s %d: not digits", file, v.ID)
			}
			digits, ok := symbols(msg)
			ff1, err := tokenize.NewFF1(v.Key, g.Radix)
			var got []uint16
			if err == nil && ok {
				got, err = ff1.Encrypt(v.Tweak, digits)
			}
			switch {
			case !v.valid():
				refused++
				if err == nil && ok {
					t.Errorf("%s %d (%s): encrypts", file, v.ID, v.Comment)
				}
			case float64(len(msg))*math.Log10(float64(g.Radix)) < 6:
				small++ // SP 800-38G Rev. 1 wants a million strings, older vectors do not
				if err == nil {
					t.Errorf("%s %d (%s): a domain under 10^6 is accepted", file, v.ID, v.Comment)
				}
			default:
				matched++
				want, _ := symbols(ct)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%s %d (%s): %v", file, v.ID, v.Comment, err)
					return
				}
				if back, err := ff1.Decrypt(v.Tweak, got); err != nil || !slices.Equal(back, digits) {
					t.Errorf("%s %d (%s): does not come back, %v", file, v.ID, v.Comment, err)
				}
			}
		})
	}
	t.Logf("%d matched, %d invalid refused, %d valid with a small domain refused", matched, refused, small)
}

func symbols(digits []int) ([]uint16, bool) {
	out := make([]uint16, len(digits))
	for i, d := range digits {
		if d < 0 || d > math.MaxUint16 {
			return nil, false
		}
		out[i] = uint16(d)
	}
	return out, true
}
