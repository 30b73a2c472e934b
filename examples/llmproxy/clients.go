package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// clients are those who may call, each known by the hash of its key. Nil means anybody who reaches the gateway; each
// credential is then a client of its own, and goes on to the provider if the gateway has no key.
type clients map[[sha256.Size]byte]string

// maxClients bounds the file.
const maxClients = 10_000

// readClients reads lines «NAME SHA256-OF-KEY-IN-HEX». Empty lines and those that begin with # are passed over.
func readClients(r io.Reader) (clients, error) {
	c := clients{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, sum, ok := strings.Cut(line, " ")
		key, err := hex.DecodeString(strings.TrimSpace(sum))
		if !ok || err != nil || len(key) != sha256.Size || len(c) == maxClients {
			return nil, fmt.Errorf("clients: line %d is not a name and a SHA-256 in hex", n)
		}
		c[[sha256.Size]byte(key)] = name
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(c) == 0 {
		return nil, errors.New("clients: the file names nobody")
	}
	return c, nil
}

// identify names the client of a key. Its hash is looked up, so the time it takes tells nothing of other keys.
func (c clients) identify(key string) (name string, ok bool) {
	sum := sha256.Sum256([]byte(key))
	if c == nil {
		return "key-" + hex.EncodeToString(sum[:]), true
	}
	name, ok = c[sum]
	return name, ok
}
