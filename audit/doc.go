// Package audit keeps a log of who did what to whose data, and why, in which a
// gap shows.
//
// Start from [Open], which opens a [Log] in a folder, and [Do], which records
// an attempt, runs a function only once that attempt is on stable storage, and
// records how it ended. [Verify] checks a log from end to end with nothing but
// its public key; so does the command
//
//	go run github.com/syntora/vual/audit/cmd/vual-audit verify -log DIR -key KEY -anchor FILE
//
// A service that keeps its data in SQL may keep the log beside it, see
// [OpenSQL]: there the outcome of a change commits with the change. [Export]
// writes OCSF, CEF and lines of JSON; a [Mirror] gets every record soon after
// it is durable. Files, hashes and verdicts are described byte by byte in
// docs/formats/audit.md.
//
// # Events
//
// An [Event] is typed and has no free text. Every word in it (action, purpose,
// legal basis, code) must stand in the [Catalogue] of the log; purpose and
// basis are required unless the action is declared to touch no personal data.
// Whatever names a person or thing is a [Value]. It is written as a pseudonym,
// keyed by tenant, kind and [Epoch], or sealed under its owner's key; a secret
// is not written at all. A detail has the class that the catalogue gives to its
// key, and one that is not in the catalogue is refused.
//
// A pseudonym of a phone number is still personal data: who holds the key can
// try all numbers. It stops being that for everybody when the epoch's secret
// is destroyed.
//
// # What is promised
//
// When [Log.Record] returns nil for a [FailClosed] action, the event has been
// written and synced. When it returns an error, do not act. Actions that may be
// [Deferred] wait in a bounded queue; every event lost there is counted by a
// log.gap event. A mirror gets every record at least once, and no caller waits
// for it. After a failed write or sync the log stops ([ErrStopped])
// until it is opened anew, because what the disk holds is then uncertain. That
// it stopped, when and why, is kept in a few bytes that are reserved for it, so
// also on a full disk: [Verify] tells it, and the next Open records log.stopped.
//
// Records are the leaves of one Merkle tree (RFC 6962) with one writer. A
// signed [Checkpoint] of the tree is kept beside them, and with an [Anchor] in
// another place too. From these follow, in order of strength:
//
//   - A changed, removed, moved or inserted record under a checkpoint is found
//     by everyone who has the public key.
//   - A crash loses no acknowledged event. It may leave a torn write, which the
//     next Open cuts off, keeps aside and records as log.recovered. The same
//     bytes in any other place are tampering, and the log does not open.
//   - A log that is cut back to an earlier state, with its checkpoint, is found
//     only by an anchor. Without one, who has the disk and the signing key can
//     rewrite everything; with one, the records since the last anchoring.
//   - A [Proof] of one record needs nothing else of the log.
//   - [Log.Prune] removes whole segments of old records; what is left, and all
//     later proofs, still verify. Erasing a person is destroying the keys of
//     his sealed details and pseudonyms: bytes and proofs stay.
//
// # What is not handled
//
// The log does not see what nobody records: a service that reads the database
// past [Do] leaves no trace. Records behind the last checkpoint, at most about
// a second's worth, are protected by checksums only. [Time] is the clock of the
// host, made never to run backwards. Reading the folder directly, or with
// [OpenReader], is not recorded; [Log.Lookup] and [Log.Reveal] are. Trace and
// span ids are written as they come. Whether the destruction of a key satisfies
// a duty to destroy data is a question of law that this package does not
// answer; Russian law may ask for certified means (152-FZ, art. 19).
//
// Windows cannot sync a folder: after a power cut the newest segment may lack
// its name. The log is then shorter than its checkpoint and does not open, and
// the file is to be found by the system's own means. File modes mean nothing
// there; protect the folder by its access list. A file under a running query
// cannot be pruned.
package audit
