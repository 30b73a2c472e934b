// Package yandex wraps keys with a symmetric key in Yandex Cloud KMS, over plain HTTPS.
//
// Start from [New]; [Keys] is a [github.com/syntora/vual/crypto.KeyWrapper] and a
// [github.com/syntora/vual/crypto.Rewrapper]: a rewrap never shows the key to this process. Put it
// under [github.com/syntora/vual/crypto.OwnerKeys], which asks it once per tenant and cache
// period.
//
// It follows the public description of the service (yandex/cloud/kms/v1,
// symmetric_crypto_service.proto) and is tested against a server written from it: there is
// no emulator. Getting an IAM token is the caller's: see [Token].
//
// The service names versions of keys by text, so [github.com/syntora/vual/crypto.Wrapped.Version]
// is always 1 here; the ciphertext says which version made it.
package yandex

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/internal/kmshttp"
)

// A Token returns an IAM token. It is called before each request and must be safe for
// concurrent use; cache the token, which lives up to 12 hours.
type Token func(context.Context) (string, error)

// Keys wraps with one key of the service. It is safe for concurrent use.
type Keys struct {
	id     string
	client *kmshttp.Client
}

// Options are choices of [New]; nil and zero values mean the defaults.
type Options struct {
	// Endpoint is https://kms.yandex.
	Endpoint string
	// Client makes the requests; one with a timeout of 10 seconds.
	Client *http.Client
}

// New returns the key of that identifier, at most 50 characters.
func New(keyID string, token Token, opts *Options) (*Keys, error) {
	const chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	if keyID == "" || len(keyID) > 50 || strings.Trim(keyID, chars) != "" {
		return nil, errors.New("yandex: unusable identifier of a key")
	}
	o := Options{Endpoint: "https://kms.yandex"}
	if opts != nil {
		if opts.Endpoint != "" {
			o.Endpoint = opts.Endpoint
		}
		o.Client = opts.Client
	}
	client, err := kmshttp.New(o.Endpoint, o.Client, func(ctx context.Context, h http.Header) error {
		t, err := token(ctx)
		h.Set("Authorization", "Bearer "+t)
		return err
	})
	if err != nil {
		return nil, errors.New("yandex: " + err.Error())
	}
	return &Keys{id: keyID, client: client}, nil
}

// Wrap wraps under the key's primary version.
func (k *Keys) Wrap(ctx context.Context, key, aad []byte) (crypto.Wrapped, error) {
	in := struct {
		AAD       []byte `json:"aadContext"`
		Plaintext []byte `json:"plaintext"`
	}{aad, key}
	var out struct {
		KeyID      string `json:"keyId"`
		Ciphertext []byte `json:"ciphertext"`
	}
	if err := k.post(ctx, "wrap", "encrypt", in, &out); err != nil {
		return crypto.Wrapped{}, err
	}
	if out.KeyID != k.id || len(out.Ciphertext) == 0 {
		return crypto.Wrapped{}, kmshttp.Disagree("wrap")
	}
	return crypto.Wrapped{KeyID: k.id, Version: 1, Data: out.Ciphertext}, nil
}

// Unwrap unwraps what this key wrapped.
func (k *Keys) Unwrap(ctx context.Context, w crypto.Wrapped, aad []byte) ([]byte, error) {
	if w.KeyID != k.id || w.Version != 1 {
		return nil, crypto.ErrUnknownKey
	}
	in := struct {
		AAD        []byte `json:"aadContext"`
		Ciphertext []byte `json:"ciphertext"`
	}{aad, w.Data}
	var out struct {
		KeyID     string `json:"keyId"`
		Plaintext []byte `json:"plaintext"`
	}
	if err := k.post(ctx, "unwrap", "decrypt", in, &out); err != nil {
		return nil, err
	}
	if out.KeyID != k.id || len(out.Plaintext) == 0 {
		return nil, kmshttp.Disagree("unwrap")
	}
	return out.Plaintext, nil
}

// Rewrap has the service wrap a key anew under the primary version.
func (k *Keys) Rewrap(ctx context.Context, w crypto.Wrapped, aad []byte) (crypto.Wrapped, error) {
	if w.KeyID != k.id || w.Version != 1 {
		return crypto.Wrapped{}, crypto.ErrUnknownKey
	}
	in := struct {
		AAD        []byte `json:"aadContext"`
		SourceKey  string `json:"sourceKeyId"`
		SourceAAD  []byte `json:"sourceAadContext"`
		Ciphertext []byte `json:"ciphertext"`
	}{aad, k.id, aad, w.Data}
	var out struct {
		KeyID         string `json:"keyId"`
		Version       string `json:"versionId"`
		SourceKeyID   string `json:"sourceKeyId"`
		SourceVersion string `json:"sourceVersionId"`
		Ciphertext    []byte `json:"ciphertext"`
	}
	if err := k.post(ctx, "rewrap", "reEncrypt", in, &out); err != nil {
		return crypto.Wrapped{}, err
	}
	if out.KeyID != k.id || out.SourceKeyID != k.id || len(out.Ciphertext) == 0 {
		return crypto.Wrapped{}, kmshttp.Disagree("rewrap")
	}
	if out.Version != "" && out.Version == out.SourceVersion {
		return w, nil
	}
	return crypto.Wrapped{KeyID: k.id, Version: 1, Data: out.Ciphertext}, nil
}

// String names the key.
func (k *Keys) String() string { return "yandex.Keys(" + k.id + ")" }

// LogValue is String.
func (k *Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

func (k *Keys) post(ctx context.Context, op, method string, in, out any) error {
	return k.client.Post(ctx, op, "kms/v1/keys/"+k.id+":"+method, in, out, func(_ int, answer []byte) error {
		return refusal(op, answer)
	})
}

// The codes are those of google.rpc.Code, which the service answers with.
const (
	invalidArgument    = 3
	notFound           = 5
	failedPrecondition = 9
)

// refusal understands an answer that is an error, nil if it is none of ours.
func refusal(op string, answer []byte) error {
	var status struct {
		Code int `json:"code"`
	}
	if json.Unmarshal(answer, &status) != nil {
		return nil
	}
	switch {
	case status.Code == invalidArgument && op != "wrap": // ciphertext or AAD is not right
		return crypto.ErrDecrypt
	case status.Code == notFound:
		return crypto.ErrUnknownKey
	case status.Code == failedPrecondition: // the key is inactive
		return crypto.ErrKeyDisabled
	}
	return nil
}
