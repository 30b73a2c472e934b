package crypto

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"math/big"
	"os"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the vectors anew")

// A vector is an envelope with all that is needed to open it. The page of the format,
// docs/formats/envelope.md, explains the fields.
type vector struct {
	Name    string `json:"name"`
	Key     string `json:"key"`    // what the slot's key is made from, see below
	KeyKind string `json:"key_is"` // "wrapping key", "owner's key" or "HPKE private key"
	Context struct {
		Tenant       string            `json:"tenant"`
		Conversation string            `json:"conversation,omitempty"`
		Subject      string            `json:"subject,omitempty"`
		Record       string            `json:"record"`
		Kind         string            `json:"kind,omitempty"`
		Extra        map[string]string `json:"extra,omitempty"`
	} `json:"context"`
	BodyContext string `json:"body_context"` // hex
	AAD         string `json:"aad"`          // hex
	Plaintext   string `json:"plaintext"`    // text
	Envelope    string `json:"envelope"`     // text form
}

func (v *vector) context() Context {
	c := v.Context
	return Context{Tenant: c.Tenant, Conversation: c.Conversation, Subject: c.Subject, Record: c.Record, Kind: c.Kind, Extra: c.Extra}
}

func readVectors(t testing.TB) []vector {
	data, err := os.ReadFile("testdata/envelopes.json")
	require.NoError(t, err)
	var vectors []vector
	require.NoError(t, json.Unmarshal(data, &vectors))
	require.NotEmpty(t, vectors)
	return vectors
}

// opener is what opens a vector in this package.
func (v *vector) opener(t testing.TB) interface {
	Open(context.Context, []byte, []byte, Context) ([]byte, error)
} {
	key, err := hex.DecodeString(v.Key)
	require.NoError(t, err)
	switch v.KeyKind {
	case "wrapping key":
		return NewSealer(NewKeyring("root", key))
	case "owner's key":
		return vectorOwner(t, v.context().Owner(), key).Sealer(SlotWrapped)
	case "HPKE private key":
		k, err := NewRecipientKey("recorders", 1, key)
		require.NoError(t, err)
		return k
	}
	t.Fatal("unknown kind of key")
	return nil
}

// vectorOwner is a store in which one tenant has a known key.
func vectorOwner(t testing.TB, o Owner, key []byte) *OwnerKeys {
	ctx := context.Background()
	ring := testRing()
	const id = "t.vector"
	w, err := ring.Wrap(ctx, key, ownerAAD(o, id, 1))
	require.NoError(t, err)
	store := new(MemStore)
	require.NoError(t, store.Save(ctx, o, KeyRecord{KeyID: id, State: KeyEnabled, Revision: 1,
		Versions: []KeyVersion{{Version: 1, Created: time.Unix(0, 0).UTC(), Wrapped: w}}}))
	return NewOwnerKeys(ring, store, nil)
}

func TestVectors(t *testing.T) {
	if *update {
		writeVectors(t)
	}
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			envelope, err := DecodeText(v.Envelope)
			require.NoError(t, err)
			h, err := Inspect(envelope)
			require.NoError(t, err)
			c := v.context()
			bound, aad, err := bind(nil, h.Slot, &c)
			require.NoError(t, err)
			require.Equal(t, v.BodyContext, hex.EncodeToString(bound))
			require.Equal(t, v.AAD, hex.EncodeToString(aad[:]))
			out, err := v.opener(t).Open(context.Background(), nil, envelope, c)
			require.NoError(t, err)
			require.Equal(t, v.Plaintext, string(out))

			out, err = referenceOpen(v.KeyKind, mustHex(t, v.Key), envelope, c)
			require.NoError(t, err, "the second implementation")
			require.Equal(t, v.Plaintext, string(out))
		})
	}
}

func writeVectors(t *testing.T) {
	ctx := context.Background()
	key := sha256.Sum256([]byte("a key for vectors alone"))
	owner := Owner{Tenant: "romashka"}
	keys := vectorOwner(t, owner, key[:])
	inbox, err := NewRecipientKey("recorders", 1, key[:])
	require.NoError(t, err)
	type sealer interface {
		Seal(context.Context, []byte, []byte, Context) ([]byte, error)
	}
	var vectors []vector
	for _, c := range []struct {
		name, kind string
		sealer     sealer
		context    Context
		plaintext  string
	}{
		{"wrapped, empty", "wrapping key", NewSealer(NewKeyring("root", key[:])), Context{Tenant: "romashka", Record: "1"}, ""},
		{"wrapped, all fields", "wrapping key", NewSealer(NewKeyring("root", key[:])),
			Context{Tenant: "ромашка", Conversation: "звонок 17", Record: "реплика 3", Kind: "transcript", Extra: map[string]string{"version": "4", "Анна": "", "b": "c"}},
			"Добрый день, меня зовут Анна, компания «Ромашка»."},
		{"wrapped, subject", "wrapping key", NewSealer(NewKeyring("root", key[:])),
			Context{Tenant: "romashka", Subject: "s-5", Record: "phone"}, "+7 900 000-00-00"},
		{"owner, wrapped", "owner's key", keys.Sealer(SlotWrapped), Context{Tenant: "romashka", Record: "1", Kind: "plan"}, "план"},
		{"owner, derived", "owner's key", keys.Sealer(SlotDerived), Context{Tenant: "romashka", Record: "1", Kind: "plan"}, "план"},
		{"hpke", "HPKE private key", inbox.Recipient(), Context{Tenant: "romashka", Record: "recording"}, "запись"},
	} {
		box, err := c.sealer.Seal(ctx, nil, []byte(c.plaintext), c.context)
		require.NoError(t, err)
		h, _ := Inspect(box)
		bound, aad, err := bind(nil, h.Slot, &c.context)
		require.NoError(t, err)
		v := vector{Name: c.name, Key: hex.EncodeToString(key[:]), KeyKind: c.kind,
			BodyContext: hex.EncodeToString(bound), AAD: hex.EncodeToString(aad[:]), Plaintext: c.plaintext, Envelope: EncodeText(box)}
		v.Context.Tenant, v.Context.Conversation, v.Context.Subject = c.context.Tenant, c.context.Conversation, c.context.Subject
		v.Context.Record, v.Context.Kind, v.Context.Extra = c.context.Record, c.context.Kind, c.context.Extra
		vectors = append(vectors, v)
	}
	data, err := json.MarshalIndent(vectors, "", "\t")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("testdata/envelopes.json", append(data, '\n'), 0o644))
}

func mustHex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// What follows is a second implementation of opening, written from docs/formats/envelope.md
// and the C2SP pages alone. It shares no code with the package.

func referenceOpen(kind string, key, envelope []byte, c Context) ([]byte, error) {
	refused := errors.New("refused")
	if len(envelope) < 9 || !bytes.Equal(envelope[:6], []byte{0xF5, 'E', 'N', 'V', 1, 1}) || envelope[7] != 0 {
		return nil, refused
	}
	slot, rest := envelope[6], envelope[9:]
	n := int(envelope[8])
	if len(rest) < n+6 {
		return nil, refused
	}
	rest = rest[n+4:] // past the name and version
	m := int(binary.BigEndian.Uint16(rest))
	if len(rest) < 2+m {
		return nil, refused
	}
	wrapped, body := rest[2:2+m], rest[2+m:]

	bodyContext := append([]byte("vual/envelope/v1\x00\x01\x01"), slot)
	bodyContext = append(bodyContext, referenceCanonical(c)...)
	aad := sha256.Sum256(bodyContext)

	derive := func(label string) []byte {
		out, err := hkdf.Expand(sha256.New, key, label, 32)
		if err != nil {
			panic(err)
		}
		return out
	}
	var err error
	switch {
	case slot == 1 && kind == "wrapping key":
		key, err = referenceXAES(key, wrapped, aad[:])
	case slot == 1 && kind == "owner's key":
		key, err = referenceXAES(derive("vual/owner-key/v1/wrap"), wrapped, aad[:])
	case slot == 2 && kind == "owner's key":
		key = derive("vual/owner-key/v1/seal")
	case slot == 3 && kind == "HPKE private key":
		var private hpke.PrivateKey
		if private, err = hpke.MLKEM768X25519().NewPrivateKey(key); err == nil {
			key, err = hpke.Open(private, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte("vual/hpke/v1\x00"+string(aad[:])), wrapped)
		}
	default:
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	return referenceBody(key, bodyContext, body)
}

func referenceCanonical(c Context) []byte {
	fields := map[string]string{"tenant": c.Tenant, "conversation": c.Conversation, "subject": c.Subject, "record": c.Record, "kind": c.Kind}
	for name, value := range fields {
		if value == "" {
			delete(fields, name)
		}
	}
	for name, value := range c.Extra {
		fields["x."+name] = value
	}
	var names []string
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	var out bytes.Buffer
	for _, name := range names {
		for _, s := range []string{name, fields[name]} {
			binary.Write(&out, binary.BigEndian, uint16(len(s)))
			out.WriteString(s)
		}
	}
	return out.Bytes()
}

func referenceGCM(key, nonce, sealed, aad []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return aead.Open(nil, nonce, sealed, aad)
}

// referenceXAES follows the steps of https://c2sp.org/XAES-256-GCM by number.
func referenceXAES(key, box, aad []byte) ([]byte, error) {
	if len(box) < 40 {
		return nil, errors.New("short")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	encrypt := func(x *big.Int) []byte {
		out := make([]byte, 16)
		block.Encrypt(out, x.FillBytes(make([]byte, 16)))
		return out
	}
	l := new(big.Int).SetBytes(encrypt(new(big.Int))) // 1
	k1 := new(big.Int).Lsh(l, 1)                      // 2
	if k1.Bit(128) == 1 {
		k1.SetBit(k1, 128, 0)
		k1.Xor(k1, big.NewInt(0b10000111))
	}
	var kx []byte
	for i := byte(1); i <= 2; i++ { // 3, 4, 5
		m := new(big.Int).SetBytes(append([]byte{0, i, 'X', 0}, box[:12]...))
		kx = append(kx, encrypt(m.Xor(m, k1))...)
	}
	return referenceGCM(kx, box[12:24], box[24:], aad)
}

func referenceBody(key, context, body []byte) ([]byte, error) {
	if len(body) < 24+32+16 {
		return nil, errors.New("short")
	}
	info := "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00" + string(body[:24]) + string(context)
	derived, err := hkdf.Expand(sha512.New, key, info, 76)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(derived[44:], body[24:56]) {
		return nil, errors.New("commitment")
	}
	base := new(big.Int).SetBytes(derived[32:44])
	var out []byte
	for n, rest := int64(0), body[56:]; ; n++ {
		chunk := rest[:min(len(rest), 16400)]
		rest = rest[len(chunk):]
		plain, err := referenceGCM(derived[:32], new(big.Int).Xor(base, big.NewInt(n)).FillBytes(make([]byte, 12)), chunk, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, plain...)
		if len(plain) < 16384 {
			if len(rest) > 0 {
				return nil, errors.New("bytes after the last chunk")
			}
			return out, nil
		}
	}
}
