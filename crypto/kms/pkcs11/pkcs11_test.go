package pkcs11

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/pkcs11"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/wraptest"
)

const pin = "483920"

// token makes a throwaway SoftHSM token for all tests of the process: the library reads its
// configuration once. Without SoftHSM the tests are skipped, but under CI they fail.
var config Config

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "softhsm-")
	if err == nil {
		err = startToken(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "no SoftHSM 2 (Debian: softhsm2):", err)
		if os.Getenv("CI") != "" {
			os.Exit(1)
		}
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func startToken(dir string) error {
	var library string
	for _, pattern := range []string{"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/*/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			library = found[0]
		}
	}
	if library == "" {
		return os.ErrNotExist
	}
	tokens := filepath.Join(dir, "tokens")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		return err
	}
	conf := filepath.Join(dir, "softhsm2.conf")
	if err := os.WriteFile(conf, []byte("directories.tokendir = "+tokens+"\nlog.level = ERROR\n"), 0o600); err != nil {
		return err
	}
	os.Setenv("SOFTHSM2_CONF", conf)
	out, err := exec.Command("softhsm2-util", "--init-token", "--free", "--label", "vual-test", "--so-pin", "1234567", "--pin", pin).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	config = Config{Module: library, Token: "vual-test", PIN: pin}
	return nil
}

// open returns a fresh key in version 1.
func open(t *testing.T) *Keys {
	t.Helper()
	k := openAs(t, fmt.Sprintf("root-%d", rand.Uint32()))
	if _, err := k.Generate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return k
}

func openAs(t *testing.T, name string) *Keys {
	t.Helper()
	if config.Module == "" {
		t.Skip("no SoftHSM 2")
	}
	c := config
	c.Key = name
	k, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

func TestContract(t *testing.T) { wraptest.Run(t, open(t)) }

func TestVersions(t *testing.T) {
	ctx := context.Background()
	k := open(t)
	other := openAs(t, k.config.Key) // as another process
	sealer, reader := crypto.NewSealer(k), crypto.NewSealer(other)
	c := crypto.Context{Tenant: "ромашка", Record: "1"}
	first, err := sealer.Seal(ctx, nil, []byte("Добрый день"), c)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := k.Generate(ctx); err != nil || v != 2 {
		t.Fatalf("Generate: version %d, %v", v, err)
	}
	second, err := sealer.Seal(ctx, nil, []byte("Добрый день"), c)
	if err != nil {
		t.Fatal(err)
	}
	if h, _ := crypto.Inspect(second); h.KeyVersion != 2 {
		t.Fatalf("sealed under version %d", h.KeyVersion)
	}
	for _, box := range [][]byte{first, second} {
		if out, err := reader.Open(ctx, nil, box, c); err != nil || string(out) != "Добрый день" {
			t.Fatalf("Open: %v", err)
		}
	}
	moved, changed, err := sealer.Rewrap(ctx, first, c)
	if err != nil || !changed {
		t.Fatalf("Rewrap: %v, %v", changed, err)
	}
	if err := k.Destroy(ctx, 1); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*crypto.Sealer{sealer, reader} { // the second has a stale handle
		if _, err := s.Open(ctx, nil, first, c); err != crypto.ErrUnknownKey {
			t.Errorf("after Destroy: %v", err)
		}
		if _, err := s.Open(ctx, nil, moved, c); err != nil {
			t.Errorf("rewrapped: %v", err)
		}
	}
}

func TestKeyCannotBeRead(t *testing.T) {
	k := open(t)
	handle, err := k.handle(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	err = k.use(context.Background(), "read", func(s pkcs11.SessionHandle) error {
		_, err := k.module.GetAttributeValue(s, handle, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_VALUE, nil)})
		return err
	})
	if !isCode(err, pkcs11.CKR_ATTRIBUTE_SENSITIVE) {
		t.Errorf("reading the key: %v", err)
	}
}

func TestLostSessionsAreReplaced(t *testing.T) {
	ctx := context.Background()
	k := open(t)
	w, err := k.Wrap(ctx, make([]byte, 32), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.module.CloseAllSessions(k.slot); err != nil { // which logs out too
		t.Fatal(err)
	}
	for range 10 {
		if _, err := k.Unwrap(ctx, w, make([]byte, 32)); err != nil {
			t.Fatalf("after the sessions were lost: %v", err)
		}
	}
}

func TestRefusals(t *testing.T) {
	if config.Module == "" {
		t.Skip("no SoftHSM 2")
	}
	ctx := context.Background()
	empty := openAs(t, "nobody")
	if _, err := empty.Wrap(ctx, make([]byte, 32), make([]byte, 32)); err != crypto.ErrUnknownKey {
		t.Errorf("no key yet: %v", err)
	}
	for name, edit := range map[string]func(*Config){
		"no module": func(c *Config) { c.Module = "" },
		"bad path":  func(c *Config) { c.Module = "/nowhere.so" },
		"no token":  func(c *Config) { c.Token = "other" },
		"no key":    func(c *Config) { c.Key = "" },
		"long key":  func(c *Config) { c.Key = strings.Repeat("k", 65) },
	} {
		c := config
		c.Key = "root"
		edit(&c)
		if _, err := Open(c); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	k := open(t)
	w, err := k.Wrap(ctx, make([]byte, 32), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Data) != 12+32+16 {
		t.Errorf("wrapped key has %d bytes", len(w.Data))
	}
	bad := bytes.Clone(w.Data)
	bad[40] ^= 1
	if _, err := k.Unwrap(ctx, crypto.Wrapped{KeyID: w.KeyID, Version: 1, Data: bad}, make([]byte, 32)); err != crypto.ErrDecrypt {
		t.Errorf("changed: %v", err)
	}
	if s := fmt.Sprintf("%v %+v %#v %v", k.config, *k.config, *k.config, k); strings.Contains(s, pin) {
		t.Error("the PIN is printed")
	}
	k.Close()
	if _, err := k.Unwrap(ctx, w, make([]byte, 32)); err == nil {
		t.Error("unwraps after Close")
	}
}
