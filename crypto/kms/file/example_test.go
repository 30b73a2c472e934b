package file_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/kms/file"
)

// The first run makes the key file, later runs open it.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "keys-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path, passphrase := filepath.Join(dir, "keys"), []byte("семь раз отмерь")

	root, err := file.Open(path, passphrase)
	if errors.Is(err, os.ErrNotExist) {
		root, err = file.Create(path, passphrase)
	}
	if err != nil {
		log.Fatal(err)
	}
	store, err := crypto.OpenFileStore(filepath.Join(dir, "state"))
	if err != nil {
		log.Fatal(err)
	}
	keys := crypto.NewOwnerKeys(root, store, nil)
	fmt.Println(keys.Ensure(context.Background(), crypto.Owner{Tenant: "romashka"}))

	_, err = file.Open(path, []byte("семь раз отрежь"))
	fmt.Println(err)
	// Output:
	// <nil>
	// crypto: does not open
}
