// Package jsonmask masks personal data in JSON: every string, every number of seven digits and more or whose key tells
// what it is, and keys that are values themselves.
//
// Start from [New] and [Masker.Mask], which copies a stream of JSON values of any length, or [Masker.Append] for one
// value in memory:
//
//	m := jsonmask.New(nil)
//	err := m.Mask(ctx, os.Stdout, os.Stdin)
//
// A key says what its value is: below «phone», «snils», «lastName» or «телефон» the whole value is masked, found or not. In
// an object below such a key that holds for what may be a part of the value: the numbers in «passport», all in «address».
// Other keys are read as the words before their value. [Options].Fields says it for places that only you know, and
// which places pass.
//
// The order of keys and the text of numbers stay as they were, white space does not. A number that is masked becomes a
// string. In one top-level value the same personal value has the same token.
//
// # What is not promised
//
// JSON inside a string is searched as text and not as JSON. Binary data in base64 is not decoded. Whoever reads numbers
// where a number may be masked must be ready for a string. Personal data of a service that writes names into its own
// key names («ivanov_discount») stays: keys in plain ASCII words pass.
package jsonmask
