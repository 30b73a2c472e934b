package crypto

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/crypto/internal/cobblestone"
)

// One test for each threat that this package answers. The numbers are those of
// docs/threats.md; 2 and 15 are tested in internal/cobblestone too, 13 in kms/file, 16 to 18
// and 21 in package tokenize. 14, AES without hardware support, is only documented: no test can
// see it.

func TestThreat01_NonceReuse(t *testing.T) {
	s := NewSealer(testRing())
	a, b := mustSeal(t, s, text(40), romashka), mustSeal(t, s, text(40), romashka)
	h, _ := Inspect(a)
	for _, part := range [][2]int{{h.Size, h.Size + 24}, {h.Size + 24, h.Size + 56}, {h.Size + 56, len(a)}, {25, h.Size}} {
		require.NotEqual(t, a[part[0]:part[1]], b[part[0]:part[1]])
	}
	count := 100_000
	if os.Getenv("VUAL_SOAK") != "" {
		count = 1_000_000
	}
	key := cobblestone.NewKey(text(32))
	seen := make(map[[24]byte]bool, count)
	for range count {
		_, prefix := key.NewMessage(nil)
		seen[[24]byte(prefix[:])] = true
	}
	require.Len(t, seen, count, "salts repeat")
}

func TestThreat02_KeyCommitment(t *testing.T) {
	ctx := context.Background()
	box := mustSeal(t, NewSealer(testRing()), text(40), romashka)
	h, _ := Inspect(box)
	// A wrapper that gives any key for any wrapped one: only the commitment is left.
	_, err := NewSealer(anyKey{}).Open(ctx, nil, box, romashka)
	require.ErrorIs(t, err, ErrDecrypt)
	bad := bytes.Clone(box)
	bad[h.Size+24] ^= 1
	require.ErrorIs(t, refuses(t, NewSealer(testRing()), bad, romashka, "commitment"), ErrDecrypt)
}

type anyKey struct{}

func (anyKey) Wrap(context.Context, []byte, []byte) (Wrapped, error) {
	return Wrapped{KeyID: "any", Version: 1, Data: []byte{1}}, nil
}
func (anyKey) Unwrap(context.Context, Wrapped, []byte) ([]byte, error) { return text(32), nil }

func TestThreat03_TruncateReorderDuplicateSplice(t *testing.T) {
	s := NewSealer(testRing())
	box := mustSeal(t, s, text(3*16384+100), romashka)
	other := mustSeal(t, s, text(3*16384+100), romashka)
	h, _ := Inspect(box)
	head := h.Size + 56
	chunk := func(b []byte, n int) []byte { return b[head+n*16400 : min(len(b), head+(n+1)*16400)] }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, bad := range map[string][]byte{
		"truncate":       join(box[:head], chunk(box, 0), chunk(box, 1), chunk(box, 2)),
		"truncate more":  join(box[:head], chunk(box, 0)),
		"no chunk":       box[:head],
		"drop first":     join(box[:head], chunk(box, 1), chunk(box, 2), chunk(box, 3)),
		"reorder":        join(box[:head], chunk(box, 1), chunk(box, 0), chunk(box, 2), chunk(box, 3)),
		"duplicate":      join(box[:head], chunk(box, 0), chunk(box, 0), chunk(box, 1), chunk(box, 2), chunk(box, 3)),
		"repeat last":    join(box, chunk(box, 3)),
		"splice":         join(box[:head], chunk(other, 0), chunk(box, 1), chunk(box, 2), chunk(box, 3)),
		"other's end":    join(box[:head], chunk(box, 0), chunk(box, 1), chunk(box, 2), chunk(other, 3)),
		"other's prefix": join(box[:h.Size], other[h.Size:head], box[head:]),
		"a byte more":    join(box, []byte{0}),
	} {
		require.ErrorIs(t, refuses(t, s, bad, romashka, name), ErrDecrypt, name)
	}
	small := mustSeal(t, s, text(20), romashka)
	for n := range small {
		require.ErrorIs(t, refuses(t, s, small[:n], romashka, "cut"), ErrDecrypt)
	}
}

func TestThreat04_ContextConfusion(t *testing.T) {
	with := func(extra ...string) Context {
		c := Context{Tenant: "t", Record: "r", Extra: map[string]string{}}
		for i := 0; i < len(extra); i += 2 {
			c.Extra[extra[i]] = extra[i+1]
		}
		return c
	}
	all := []Context{
		{Tenant: "ab", Record: "c"}, {Tenant: "a", Record: "bc"}, {Tenant: "t", Record: "r"},
		{Tenant: "t", Record: "r", Kind: "s"}, {Tenant: "t", Record: "r", Subject: "s"},
		{Tenant: "t", Record: "r", Conversation: "s"}, with("kind", "s"), with("subject", "s"), with("x.kind", "s"),
		with("s", ""), with("", "s"), with("a", "bc"), with("ab", "c"), with("a", "b", "c", "d"), with("a", "b\x00\x01c"),
		with("c", "d"), with("a", "b"), {Tenant: "T", Record: "r"}, {Tenant: "t", Record: "r\x00"},
		{Tenant: "t", Record: "\u00e9"}, {Tenant: "t", Record: "e\u0301"},
	}
	seen := map[string]int{}
	for i, c := range all {
		for slot := SlotWrapped; slot <= SlotHPKE; slot++ {
			bound, err := bodyContext(nil, slot, &c)
			if err != nil {
				require.ErrorIs(t, err, ErrContext)
				continue
			}
			if j, ok := seen[string(bound)]; ok {
				t.Errorf("contexts %d and %d have one form", i, j)
			}
			seen[string(bound)] = i
		}
	}
	require.Len(t, seen, 3*(len(all)-1), "all but the one with an empty name are usable")
}

// Every bit of a header is changed, in each slot and with each source of keys.
func TestThreat05_KeyAndVersionConfusion(t *testing.T) {
	ctx := context.Background()
	keys := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, callOwner)
	require.NoError(t, keys.Rotate(ctx, callOwner))
	inbox := testRecipient(t)
	ring := NewSealer(testRing().With(2, text(32)))
	for name, s := range map[string]struct {
		seal func() ([]byte, error)
		open func([]byte) ([]byte, error)
	}{
		"keyring": {
			func() ([]byte, error) { return ring.Seal(ctx, nil, text(40), romashka) },
			func(b []byte) ([]byte, error) { return ring.Open(ctx, nil, b, romashka) },
		},
		"wrapped": {
			func() ([]byte, error) { return keys.Sealer(SlotWrapped).Seal(ctx, nil, text(40), romashka) },
			func(b []byte) ([]byte, error) { return keys.Sealer(SlotWrapped).Open(ctx, nil, b, romashka) },
		},
		"derived": {
			func() ([]byte, error) { return keys.Sealer(SlotDerived).Seal(ctx, nil, text(40), romashka) },
			func(b []byte) ([]byte, error) { return keys.Sealer(SlotWrapped).Open(ctx, nil, b, romashka) },
		},
		"hpke": {
			func() ([]byte, error) { return inbox.Recipient().Seal(ctx, nil, text(40), romashka) },
			func(b []byte) ([]byte, error) { return inbox.Open(ctx, nil, b, romashka) },
		},
	} {
		box, err := s.seal()
		require.NoError(t, err)
		out, err := s.open(box)
		require.NoError(t, err)
		require.Equal(t, text(40), out)
		h, _ := Inspect(box)
		bits := h.Size * 8
		for i := range bits {
			if h.Slot == SlotHPKE && i/8 > 60 && i%64 != 0 {
				continue // 1120 bytes of a lattice; every eighth byte will do
			}
			bad := bytes.Clone(box)
			bad[i/8] ^= 1 << (i % 8)
			out, err := s.open(bad)
			if err == nil || out != nil {
				t.Fatalf("%s: bit %d of the header changed, still opens", name, i)
			}
			if !errors.Is(err, ErrDecrypt) && !errors.Is(err, ErrUnknownKey) {
				t.Fatalf("%s: bit %d: %v", name, i, err)
			}
			if errors.Is(err, ErrUnknownKey) && (name == "wrapped" || name == "derived") {
				t.Fatalf("%s: bit %d: an owner's envelope names an unknown key", name, i)
			}
		}
	}
}

func TestThreat06_Downgrade(t *testing.T) {
	ctx := context.Background()
	keys := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, callOwner)
	s := keys.Sealer(SlotWrapped)
	box := mustSeal(t, s, text(40), romashka)
	derived := mustSeal(t, keys.Sealer(SlotDerived), text(40), romashka)
	for at := 4; at < 8; at++ { // version, suite, slot, flags
		for to := range 256 {
			for _, b := range [][]byte{box, derived} {
				bad := bytes.Clone(b)
				if bad[at] = byte(to); bad[at] != b[at] {
					_, err := s.Open(ctx, nil, bad, romashka)
					require.ErrorIs(t, err, ErrDecrypt, "byte %d is %d", at, to)
				}
			}
		}
	}
	// Each slot's header on the other's body.
	h, _ := Inspect(box)
	d, _ := Inspect(derived)
	require.ErrorIs(t, refuses(t, s, append(bytes.Clone(derived[:d.Size]), box[h.Size:]...), romashka, "derived header"), ErrDecrypt)
	require.ErrorIs(t, refuses(t, s, append(bytes.Clone(box[:h.Size]), derived[d.Size:]...), romashka, "wrapped header"), ErrDecrypt)
}

func TestThreat07_UnverifiedPlaintext(t *testing.T) {
	s := NewSealer(testRing())
	plaintext := text(4*16384 + 1)
	box := mustSeal(t, s, plaintext, romashka)
	h, _ := Inspect(box)
	for n := range 5 {
		bad := bytes.Clone(box)
		bad[min(len(bad)-1, h.Size+56+n*16400+16399)] ^= 1 // in the tag
		out, err := readAll(s, bad, romashka)
		require.ErrorIs(t, err, ErrDecrypt)
		require.True(t, bytes.Equal(plaintext[:n*16384], out), "damage in chunk %d shows %d bytes", n, len(out))
		whole, err := s.Open(context.Background(), nil, bad, romashka)
		require.ErrorIs(t, err, ErrDecrypt)
		require.Nil(t, whole)
	}
	// Cut at a chunk's border all that is read is right, and the end is still an error.
	out, err := readAll(s, box[:h.Size+56+2*16400], romashka)
	require.ErrorIs(t, err, ErrDecrypt)
	require.True(t, bytes.Equal(plaintext[:2*16384], out))
}

func TestThreat08_WrappedKeySwap(t *testing.T) {
	keys := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, callOwner, subjectOwner)
	a := romashka
	record, kind, owner := a, a, of(subjectOwner)
	record.Record, kind.Kind = "turns/2", "mapping"
	for _, s := range []*Sealer{NewSealer(testRing()), keys.Sealer(SlotWrapped)} {
		boxA := mustSeal(t, s, text(40), a)
		for name, b := range map[string]Context{"the same": a, "record": record, "kind": kind, "owner": owner} {
			boxB := mustSeal(t, s, text(40), b)
			ha, _ := Inspect(boxA)
			hb, _ := Inspect(boxB)
			swapped := append(bytes.Clone(boxB[:hb.Size]), boxA[ha.Size:]...)
			require.ErrorIs(t, refuses(t, s, swapped, a, name), ErrDecrypt)
			require.ErrorIs(t, refuses(t, s, swapped, b, name), ErrDecrypt)
		}
	}
}

func TestThreat09_SelfRecognisingPlaintext(t *testing.T) {
	ctx := context.Background()
	s := NewSealer(testRing())
	box := mustSeal(t, s, []byte("Анна"), romashka)
	for _, plaintext := range [][]byte{box, []byte(EncodeText(box)), box[:9], []byte(magic), {0xF5}} {
		again := mustSeal(t, s, plaintext, romashka)
		require.False(t, bytes.Contains(again[9:], plaintext) && len(plaintext) > 4, "stored as it was given")
		out, err := s.Open(ctx, nil, again, romashka)
		require.NoError(t, err)
		require.Equal(t, plaintext, out, "opened once, not twice")
	}
	for _, plain := range []string{"Анна", "", "ev1.", EncodeText(box), "{}"} {
		require.ErrorIs(t, refuses(t, s, []byte(plain), romashka, "plain text"), ErrDecrypt)
	}
	require.False(t, utf8.Valid([]byte{box[0]}), "no text starts so")
}

func TestThreat10_NothingPrintsKeys(t *testing.T) {
	ctx := context.Background()
	raw := bytes.Repeat([]byte{0xA7, 0x5C, 0x13, 0xEE}, 8)
	ring := NewKeyring("root", raw)
	store := new(MemStore)
	keys := NewOwnerKeys(ring, store, nil)
	require.NoError(t, keys.Ensure(ctx, tenantOwner))
	inbox, err := NewRecipientKey("recorders", 1, raw)
	require.NoError(t, err)
	sealer, derived := keys.Sealer(SlotWrapped), keys.Sealer(SlotDerived)
	_, err = derived.Seal(ctx, nil, nil, of(tenantOwner))
	require.NoError(t, err)
	writer, err := derived.NewWriter(ctx, io.Discard, of(tenantOwner))
	require.NoError(t, err)
	secretContext := Context{Tenant: "тайный-арендатор", Subject: "+79000000000", Record: "r"}
	record, err := keys.Destroy(ctx, Owner{Tenant: "тайный-арендатор", Subject: "+79000000000"}, why)
	require.NoError(t, err)

	entry := keys.cache.entries[tenantOwner].key.versions[1]
	secrets := []string{string(raw), "тайный-арендатор", "79000000000"}
	for _, b := range [][]byte{raw, entry.subkeys[:]} {
		secrets = append(secrets, string(b), fmt.Sprintf("%x", b), fmt.Sprintf("%X", b[:8]), fmt.Sprint(b[:6])[1:15], fmt.Sprintf("%#v", b[:4]))
	}
	// A DestructionRecord's JSON is the record itself; only other ways of printing hide it.
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		require.NotContains(t, fmt.Sprintf(verb, record)+fmt.Sprintf(verb, struct{ R DestructionRecord }{record}), "79000000000")
	}
	for _, v := range []any{
		ring, *ring, keys, *keys, inbox, *inbox, inbox.Recipient(), sealer, *sealer, derived, writer, store,
		sealer.Bind(Context{Tenant: "тайный-арендатор"}), secretContext, secretContext.Owner(), &secretContext,
	} {
		var log bytes.Buffer
		logger := slog.New(slog.NewJSONHandler(&log, nil))
		logger.Info("v", "v", v, "nested", struct{ V any }{v})
		slog.New(slog.NewTextHandler(&log, nil)).Info("v", "v", v)
		out := log.String()
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			out += fmt.Sprintf(verb, v) + fmt.Sprintf(verb, struct{ V any }{v}) + fmt.Sprintf(verb, []any{v})
		}
		if data, err := json.Marshal(map[string]any{"v": v}); err == nil {
			out += string(data)
		}
		for i, secret := range secrets {
			if strings.Contains(out, secret) {
				t.Errorf("%T shows secret %d", v, i)
			}
		}
	}
}

func TestThreat11_ErrorOracle(t *testing.T) {
	ctx := context.Background()
	keys := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, callOwner)
	for _, s := range []*Sealer{NewSealer(testRing()), keys.Sealer(SlotWrapped)} {
		box := mustSeal(t, s, text(20_000), romashka)
		h, _ := Inspect(box)
		flip := func(at int) []byte { b := bytes.Clone(box); b[at] ^= 1; return b }
		other := romashka
		other.Record = "turns/2"
		for name, c := range map[string]struct {
			box []byte
			c   Context
		}{
			"wrapped key":   {flip(h.Size - 1), romashka},
			"commitment":    {flip(h.Size + 30), romashka},
			"salt":          {flip(h.Size), romashka},
			"tag":           {flip(len(box) - 1), romashka},
			"first chunk":   {flip(h.Size + 60), romashka},
			"other context": {box, other},
			"format":        {flip(0), romashka},
			"cut":           {box[:len(box)-1], romashka},
			"cut to chunk":  {box[:h.Size+56+16400], romashka},
			"nothing":       {nil, romashka},
		} {
			_, err := s.Open(ctx, nil, c.box, c.c)
			require.True(t, err == ErrDecrypt, "%s: Open says %v", name, err)
			_, err = readAll(s, c.box, c.c)
			require.True(t, err == ErrDecrypt, "%s: a Reader says %v", name, err)
		}
	}
	require.NotContains(t, ErrDecrypt.Error(), "authentic")
	for _, e := range []error{ErrUnknownKey, ErrKeyDisabled, ErrKeyDestroyed, ErrContext, ErrFormat} {
		require.NotErrorIs(t, e, ErrDecrypt, "states of keys stay apart")
	}
}

// No length in a header, and no size of a body, makes for an allocation above 64 KiB before
// the commitment is checked.
func TestThreat12_HeaderBombs(t *testing.T) {
	ctx := context.Background()
	s := NewSealer(anyKey{})
	long := appendHeader(nil, SlotWrapped, Wrapped{KeyID: strings.Repeat("k", 64), Version: 1, Data: make([]byte, 1024)})
	huge := append(bytes.Clone(long), make([]byte, 64<<20)...) // commitment of zeros
	h, _ := Inspect(huge)
	require.Equal(t, h.Size, len(long))
	for name, bad := range map[string][]byte{
		"64 MiB under a wrong commitment": huge,
		"name of 255":                     append([]byte(magic+"\x01\x01\x01\x00\xff"), make([]byte, 1000)...),
		"wrapped of 65535":                append([]byte(magic+"\x01\x01\x01\x00\x01k\x00\x00\x00\x01\xff\xff"), make([]byte, 1000)...),
		"wrapped of 1025":                 appendHeader(nil, SlotWrapped, Wrapped{KeyID: "k", Version: 1, Data: make([]byte, 1025)}),
	} {
		for way, open := range map[string]func() error{
			"Open":   func() error { _, err := s.Open(ctx, nil, bad, romashka); return err },
			"Reader": func() error { _, err := s.NewReader(ctx, bytes.NewReader(bad), romashka); return err },
			"ReaderAt": func() error {
				_, err := s.NewReaderAt(ctx, bytes.NewReader(bad), int64(len(bad)), romashka)
				return err
			},
			"Inspect": func() error { _, err := Inspect(bad[:len(bad):len(bad)]); return err },
		} {
			var err error
			allocated := uint64(1 << 62)
			for range 3 { // the least, because the figure counts all goroutines
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				err = open()
				runtime.ReadMemStats(&after)
				allocated = min(allocated, after.TotalAlloc-before.TotalAlloc)
			}
			if way != "Inspect" || len(bad) < 1<<20 {
				require.Error(t, err, "%s: %s", name, way)
			}
			require.Less(t, allocated, uint64(64<<10), "%s: %s", name, way)
		}
	}
}

func TestThreat19_ShreddingReachesOtherProcesses(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	open := func() *FileStore {
		s, err := OpenFileStore(dir + "/keys")
		require.NoError(t, err)
		return s
	}
	const ttl = 400 * time.Millisecond
	k := ownerKeys(t, testRing(), open(), &OwnerOptions{TTL: ttl}, tenantOwner, subjectOwner)
	box := mustSeal(t, k.Sealer(SlotWrapped), text(10), of(subjectOwner))
	require.NoError(t, os.WriteFile(dir+"/box", box, 0o600))

	// The other process opens again and again and says what happens.
	child := startChild(t, "shred", dir, ttl.String())
	require.Equal(t, "open", child.line(t))
	_, err := k.Destroy(ctx, subjectOwner, why)
	require.NoError(t, err)
	destroyed := time.Now()
	_, err = k.Sealer(SlotWrapped).Open(ctx, nil, box, of(subjectOwner))
	require.ErrorIs(t, err, ErrKeyDestroyed, "at once in this process")
	for {
		line := child.line(t)
		if line == "open" {
			require.Less(t, time.Since(destroyed), ttl+10*time.Second, "still opens after the TTL")
			continue
		}
		require.Equal(t, "destroyed: Open, Seal, Subkey, Rewrap, NewReader", line)
		break
	}
}

// childShred is the other process of the test above.
func childShred(dir, ttl string) {
	ctx := context.Background()
	store, err := OpenFileStore(dir + "/keys")
	check(err)
	period, err := time.ParseDuration(ttl)
	check(err)
	box, err := os.ReadFile(dir + "/box")
	check(err)
	k := NewOwnerKeys(testRing(), store, &OwnerOptions{TTL: period})
	s, c := k.Sealer(SlotWrapped), of(subjectOwner)
	for {
		_, err := s.Open(ctx, nil, box, c)
		if err == nil {
			fmt.Println("open")
			time.Sleep(20 * time.Millisecond)
			continue
		}
		var failed []string
		for _, try := range []struct {
			name string
			do   func() error
		}{
			{"Open", func() error { return err }},
			{"Seal", func() error { _, err := s.Seal(ctx, nil, nil, c); return err }},
			{"Subkey", func() error { _, _, err := k.Subkey(ctx, c.Owner(), 0, "index"); return err }},
			{"Rewrap", func() error { _, _, err := s.Rewrap(ctx, box, c); return err }},
			{"NewReader", func() error { _, err := s.NewReader(ctx, bytes.NewReader(box), c); return err }},
		} {
			if errors.Is(try.do(), ErrKeyDestroyed) {
				failed = append(failed, try.name)
			}
		}
		fmt.Println("destroyed:", strings.Join(failed, ", "))
		return
	}
}

// An old envelope in the place of a newer one is beyond encryption; a version in the Context
// brings it within reach.
func TestThreat20_Rollback(t *testing.T) {
	s := NewSealer(testRing())
	at := func(version string) Context {
		c := romashka
		c.Extra = map[string]string{"version": version}
		return c
	}
	old := mustSeal(t, s, []byte("старый адрес"), at("1"))
	mustSeal(t, s, []byte("новый адрес"), at("2"))
	require.ErrorIs(t, refuses(t, s, old, at("2"), "older version"), ErrDecrypt)
}

func TestThreat22_PublicKeyEnvelopeForAWrappedOne(t *testing.T) {
	ctx := context.Background()
	inbox := testRecipient(t)
	forged, err := inbox.Recipient().Seal(ctx, nil, []byte("подделка"), romashka)
	require.NoError(t, err)
	_, err = inbox.Open(ctx, nil, forged, romashka)
	require.NoError(t, err, "it is a good envelope of its kind")

	keys := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, callOwner)
	for _, s := range []*Sealer{NewSealer(testRing()), keys.Sealer(SlotWrapped), keys.Sealer(SlotDerived)} {
		require.ErrorIs(t, refuses(t, s, forged, romashka, "HPKE"), ErrDecrypt)
		_, _, err = s.Rewrap(ctx, forged, romashka)
		require.ErrorIs(t, err, ErrDecrypt)
		// And the other way round.
		box := mustSeal(t, s, []byte("запись"), romashka)
		_, err = inbox.Open(ctx, nil, box, romashka)
		require.ErrorIs(t, err, ErrDecrypt)
	}
}

// The attacks to which a published library for keys per subject fell.
func TestFiveAttacks(t *testing.T) {
	ctx := context.Background()
	attacker := Owner{Tenant: "romashka", Subject: "attacker"}
	keys := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, subjectOwner, attacker)
	s := keys.Sealer(SlotDerived)
	field := func(o Owner, name string) Context {
		c := of(o)
		c.Record = name
		return c
	}
	phone := mustSeal(t, s, []byte("+7 900 000-00-00"), field(subjectOwner, "phone"))
	email := mustSeal(t, s, []byte("anna@example.com"), field(subjectOwner, "email"))

	t.Run("text that looks sealed is sealed too", func(t *testing.T) {
		looks := []byte(EncodeText(phone))
		box := mustSeal(t, s, looks, field(subjectOwner, "note"))
		out, err := s.Open(ctx, nil, box, field(subjectOwner, "note"))
		require.NoError(t, err)
		require.Equal(t, looks, out)
	})
	t.Run("two fields of a subject do not swap", func(t *testing.T) {
		require.ErrorIs(t, refuses(t, s, phone, field(subjectOwner, "email"), "swap"), ErrDecrypt)
		require.ErrorIs(t, refuses(t, s, email, field(subjectOwner, "phone"), "swap"), ErrDecrypt)
	})
	t.Run("plain text in its place is refused", func(t *testing.T) {
		require.ErrorIs(t, refuses(t, s, []byte("+7 900 111-11-11"), field(subjectOwner, "phone"), "plain"), ErrDecrypt)
	})
	t.Run("a victim's envelope in another's record is refused", func(t *testing.T) {
		require.ErrorIs(t, refuses(t, s, phone, field(attacker, "phone"), "victim"), ErrDecrypt)
	})
	t.Run("short input does not panic", func(t *testing.T) {
		for n := range 100 {
			require.ErrorIs(t, refuses(t, s, phone[:n], field(subjectOwner, "phone"), "short"), ErrDecrypt)
			require.ErrorIs(t, refuses(t, s, make([]byte, n), field(subjectOwner, "phone"), "zeros"), ErrDecrypt)
		}
	})
}
