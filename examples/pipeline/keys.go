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

// rootKey gives the key that wraps all others: that of the file, which is made if it was asked for, else one that is
// gone after the run.
func rootKey(path string) (root crypto.KeyWrapper, kept bool, err error) {
	asked := path != ""
	if !asked {
		folder, err := os.UserConfigDir()
		if err != nil {
			return crypto.GenerateKeyring("one-off"), false, nil
		}
		path = filepath.Join(folder, "vual", "pipeline.keys")
	}
	passphrase := []byte(os.Getenv(passphraseVariable))
	keys, err := file.Open(path, passphrase)
	switch {
	case err == nil:
		return keys, true, nil
	case !errors.Is(err, os.ErrNotExist):
		return nil, false, fmt.Errorf("the key file: %w", err)
	case !asked:
		return crypto.GenerateKeyring("one-off"), false, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, false, err
	}
	if keys, err = file.Create(path, passphrase); err != nil {
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
