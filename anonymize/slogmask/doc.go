// Package slogmask keeps personal data out of the logs of package log/slog.
//
// Put a [Handler] before the one that writes:
//
//	logger := slog.New(slogmask.New(slog.NewJSONHandler(os.Stderr, nil), nil))
//
// or, where only attributes have to be looked at, give [ReplaceAttr] to the options of the standard handlers. Messages,
// attributes of every kind, groups, what a LogValuer gives, errors and values that would be encoded as JSON are masked,
// each attribute by its key and by its content as package jsonmask does it. Level, time and source pass.
//
// By default the kind alone stands in the place of a value, «[PHONE]»: numbers of one record mean nothing in the next.
// Give an analyzer with [anonymize.Hash] or [anonymize.Tokenize] as its operator where records of one person have to be
// found again.
//
// What cannot be masked, because it does not encode or is not UTF-8, is written as [Hidden]: a log line may lose a value, it
// never shows one unmasked.
//
// # What is not promised
//
// A name without anything around it that tells, slog.String("who", "Роза"), may pass: name the key in
// jsonmask.Options.Fields. A handler behind this one that adds attributes of its own adds them unmasked.
package slogmask
