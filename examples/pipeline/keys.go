package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/kms/file"
)

// passphraseVariable is the environment variable with the passphrase of the key file; empty means that the file holds
// the key bare, guarded by its mode.
const passphraseVariable = "VUAL_PASSPHRASE"

// rootKey gives the key that wraps all others: that of the file, else, for a run that keeps nothing, one that is gone after
// it. The file is made if it was asked for and nothing in the state lies under another.
func rootKey(path string, fresh bool, state string) (root crypto.KeyWrapper, kept bool, err error) {
	asked := path != ""
	if !asked {
		if folder, err := os.UserConfigDir(); err == nil {
			path = filepath.Join(folder, "vual", "pipeline.keys")
		}
	}
	passphrase := []byte(os.Getenv(passphraseVariable))
	if path != "" {
		keys, err := file.Open(path, passphrase)
		if err == nil {
			return keys, true, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, false, fmt.Errorf("the key file: %w", err)
		}
	}
	switch {
	case !fresh && !asked:
		return nil, false, errors.New("there is no key file; -keys names it")
	case !fresh || asked && hasIdentity(state):
		return nil, false, errors.New("there is no such key file, and without it the state does not open")
	case !asked:
		return crypto.GenerateKeyring("one-off"), false, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, false, err
	}
	keys, err := file.Create(path, passphrase)
	if err != nil {
		return nil, false, fmt.Errorf("the key file: %w", err)
	}
	return keys, true, nil
}

// ensure makes the keys of an owner and of the tenant above it, if there are none.
func ensure(ctx context.Context, keys *crypto.OwnerKeys, owner crypto.Owner) error {
	if err := keys.Ensure(ctx, crypto.Owner{Tenant: owner.Tenant}); err != nil {
		return err
	}
	return keys.Ensure(ctx, owner)
}
