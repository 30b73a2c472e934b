// Package policy reads what to mask, and how, from files that people write, as YAML or JSON: which kinds, what stands in
// their place, what is never or always personal, what may come back for which purpose, where a gateway may send what is
// masked, and recognizers of their own without a line of code.
//
// Start from [Load], which also knows presets by name, and go on with [Policy.Conversation], [Policy.Session] and
// [Policy.RestoreOptions]:
//
//	p, err := policy.Load([]string{"preset:calls", "shop.yaml"}, nil)
//	r, err := p.Conversation(ctx, anonymize.Conversation{Turns: turns})
//	back, err := p.RestoreOptions("client")
//	answer, err := r.Mapping.RestoreWith(answerOfTheModel, back)
//
// A file is data and no more: anchors, aliases, merge keys, tags, several documents, unknown and duplicate keys are
// refused, and every error has the line and the column. docs/formats/anonymize-policy.md describes the keys, [Schema]
// is the JSON Schema for editors, docs/policy.md shows the way of a new user.
//
// # Recognizers of one's own
//
// A file may find words and phrases in all their Russian forms, numbers of a shape with their check digits, written or
// said, and patterns in .NET syntax. Each is proved by examples in the file: [Policy.Test] runs them, and so does the
// command vual-policy. A pattern may take [Patterns] time on a text and no more. When it is over the text is not masked
// and an error says so, unless the policy lets such a text pass; what the text cannot match is told by one look at it
// and costs nothing.
//
// # Files that change
//
// A [Handle] holds a policy that is read again when its files change. A broken file is reported and the policy stays as
// it was; a conversation under way keeps the policy that it began with.
//
// # What is not promised
//
// Patterns see the text as it is written: look-alike letters, characters without width and numbers in words are folded
// for word lists, digits and all built-in rules, not for patterns. A policy that parses may still let through what it
// should not: try it with vual-policy explain and measure it on conversations of your own.
package policy
