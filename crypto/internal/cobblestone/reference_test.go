package cobblestone

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha512"
	"errors"
	"math/big"
)

// A second implementation, written from https://c2sp.org/chunked-encryption alone and
// as plainly as it goes. It shares no code with the package.

func referenceDerive(key, salt, context []byte) (cipher.AEAD, *big.Int, []byte) {
	info := "c2sp.org/chunked-encryption@v1+" + "AEAD_AES_256_GCM" + "\x00" + string(salt) + string(context)
	out, err := hkdf.Expand(sha512.New, key, info, 32+12+32)
	if err != nil {
		panic(err)
	}
	block, err := aes.NewCipher(out[:32])
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead, new(big.Int).SetBytes(out[32:44]), out[44:]
}

func referenceNonce(base *big.Int, n int) []byte {
	return new(big.Int).Xor(base, big.NewInt(int64(n))).FillBytes(make([]byte, 12))
}

func referenceSeal(key, salt, context, message []byte) []byte {
	aead, base, commitment := referenceDerive(key, salt, context)
	out := append(bytes.Clone(salt), commitment...)
	for n := 0; n <= len(message)/16384; n++ {
		chunk := message[n*16384 : min((n+1)*16384, len(message))]
		out = append(out, aead.Seal(nil, referenceNonce(base, n), chunk, nil)...)
	}
	return out
}

func referenceOpen(key, context, body []byte) ([]byte, error) {
	if len(body) < 24+32+16 {
		return nil, errors.New("short")
	}
	aead, base, commitment := referenceDerive(key, body[:24], context)
	if !bytes.Equal(commitment, body[24:56]) {
		return nil, errors.New("commitment")
	}
	body = body[56:]
	var out []byte
	for n := 0; ; n++ {
		chunk := body[:min(len(body), 16384+16)]
		body = body[len(chunk):]
		plain, err := aead.Open(nil, referenceNonce(base, n), chunk, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, plain...)
		if len(plain) < 16384 {
			if len(body) > 0 {
				return nil, errors.New("bytes after the last chunk")
			}
			return out, nil
		}
	}
}

func referenceMessageKey(key, salt, context []byte) []byte {
	info := "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00" + string(salt) + string(context)
	out, err := hkdf.Expand(sha512.New, key, info, 32)
	if err != nil {
		panic(err)
	}
	return out
}
