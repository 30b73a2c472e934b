// Package tokenize turns a value into a token and, for those who may, back. It
// is about data protection, not about splitting text into words.
//
// There are five ways, by what is at hand and what must come back:
//
//   - [Vault]: a random token; the value lies sealed in a [Store]. The default
//     where a database is at hand: it is the only one whose tokens tell
//     nothing even to a holder of the key, that expires, and that forgets a
//     person.
//   - [Opaque]: a keyed hash of 120 bits, for joins without a table. No way back.
//   - [Reversible]: deterministic encryption (AES-SIV), for columns that must
//     come back.
//   - [Format]: numbers into numbers of the same shape (FF1), for old fields.
//   - [Index]: not a token but a short keyed hash, to find sealed rows by value.
//
// All keys come from one [Keyring] by HKDF, apart for each way, kind and
// [Scope]. Every token names the version of its key, but for a number of
// [Format], which has no room for it. [Vault], [Opaque] and [Reversible] have
// the same method Token, so each can stand where package anonymize asks for a
// tokenizer:
//
//	ring, err := tokenize.NewKeyring(1, map[uint32][]byte{1: secret})
//	…
//	vault, err := tokenize.NewVault(tokenize.Tenant("romashka"), store, sealer, ring, &tokenize.VaultOptions{
//		TTL:   90 * 24 * time.Hour,
//		Allow: tokenize.PermitKinds(map[string][]string{"callback": {"PHONE"}}),
//	})
//	…
//	person, err := vault.Subject("crm-42")
//	…
//	token, err := person.Token(ctx, "PHONE", "8 916 000-00-00") // [PHONE:v1:…]
//	…
//	results, err := person.Detokenize(ctx, "callback", token)
//	…
//	phone := results[0].Value.Reveal()
//
// # Promises
//
// The text of tokens is one grammar, with the labels of masked conversations
// (Customer A, [PHONE_1]): [Parse], [AppendMatches], docs/formats/tokens.md.
// A token has no run of seven digits and its body no vowel, so no rule that
// looks for personal data finds any in it. Tokens and keys derived by one
// release are derived by every later one; normalising rules carry versions.
//
// An error never holds a value, a token or key bytes. Keyrings and values
// hide themselves when printed. On an error nothing is returned but the error.
//
// # Limits
//
// A keyed token, index or format-preserving number is as secret as its key.
// The holder of the keyring can enumerate the 10^9 Russian mobile numbers in
// minutes and name every one behind its token; so can, more slowly, anybody
// who may call Token at will. Limit that rate where callers are not trusted.
//
// Equal tokens show that values are equal; that is what deterministic tokens
// are for. A narrower [Scope] shows it to fewer.
//
// Secrets stay in memory as long as the keyring does, and revealed values are
// Go strings, which cannot be wiped. AES and HMAC here are not certified under
// the rules of the FSB.
//
// Not handled: recognising personal data (package anonymize), keeping the
// keyring's secrets (package crypto, a KMS), writing who revealed what
// (package audit; call it from [VaultOptions.Allow]).
package tokenize
