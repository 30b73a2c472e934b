// Package retention answers how long something may live, by whose rule, and proves that it is gone.
//
// A [Policy] holds rules of four kinds for classes of records. A floor keeps a record at
// least until a time; a duty is to be met not later than a time; a permit lets a record go
// once every floor has passed; a hold, placed on records and not written in a policy, suspends
// destruction. Every term belongs to a named fact of the record, such as
// service_terminated. Start from [Preset] or [New], and ask [Policy.Decide]:
//
//	p, err := retention.Preset("contract")
//	d := p.Decide(record, time.Now(), retention.Env{Holds: holds})
//	fmt.Println(d.Action, d.State, d.Deadline, d.Because)
//
// [MakePlan] asks it for all records of one or more stores and writes down what is to be done;
// [Executor.Apply] does it, deciding again for each record, with a journal that
// survives a crash; [Executor.Sweep] is both. Stores take part through [Adapter]: [Memory],
// [Files] and [SQL] are here, and package adaptertest tries yours. From the journal come the
// papers: [Executor.Act] and [Executor.Extract] after Roskomnadzor order 179, and [Executor.Confirmation], the
// written answer to a client.
//
// # What is promised
//
//   - Decide is pure: same arguments, same answer, whatever the order of rules, facts and holds. It
//     names the next time at which the answer can change.
//   - What is unknown is kept and reported: unknown classes and facts, facts in the future,
//     years without a calendar, contradictions of equal rank.
//   - Nothing is destroyed while held, before its floors, in another version than the plan saw, or without a
//     fenced, journalled operation; export_then_delete destroys nothing without a
//     receipt of an export that was read back.
//   - An operation that began is finished after a crash, and counted once.
//
// # What is not
//
// Nothing here is legal advice, and no preset is chosen for you. Deleting rows or files, or
// destroying a key, does not by itself satisfy the law: 152-FZ, art. 19(2)(3.1), has personal data destroyed
// with means whose conformity was assessed and which have a function of destruction. A library cannot be that;
// [Adapter.Method] says in the act which tool did it. Art. 19(2)(8) wants every action with
// personal data recorded, reads included: that is the task of an audit log. Copies that no
// adapter knows of (backups, caches, mail) stay; tombstones replayed by [Executor.Restore] keep a restored
// backup from bringing records back. Clocks are checked against the journal, not against a time server.
package retention
