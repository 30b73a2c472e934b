package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// NewWitnessKey reads the public key of a witness, NAME+HASH+BASE64, for
// cosignatures by https://c2sp.org/tlog-cosignature (Ed25519, key type 4).
func NewWitnessKey(vkey string) (note.Verifier, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	digits, encoded, ok := strings.Cut(rest, "+")
	hash, err := strconv.ParseUint(digits, 16, 32)
	key, kerr := base64.StdEncoding.Strict().DecodeString(encoded)
	if !ok || err != nil || len(digits) != 8 || kerr != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureKey || name == "" {
		return nil, errWitnessKey
	}
	w := witnessKey{name, uint32(hash), key[1:]}
	if sum := sha256.Sum256(append([]byte(name+"\n"), key...)); binary.BigEndian.Uint32(sum[:]) != w.hash {
		return nil, errWitnessKey
	}
	return w, nil
}

const cosignatureKey = 4

var errWitnessKey = errors.New("audit: not the public key of a witness")

type witnessKey struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witnessKey) Name() string    { return w.name }
func (w witnessKey) KeyHash() uint32 { return w.hash }

// Verify checks a time and a signature over it and the text.
func (w witnessKey) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	msg := fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), text)
	return ed25519.Verify(w.key, msg, sig[8:])
}
