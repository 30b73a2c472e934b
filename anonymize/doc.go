// Package anonymize finds personal data in sales calls and chats, puts tokens in its place and leads back.
//
// Start from [New], which makes an [Analyzer], and from [Analyzer.Conversation], which masks a whole conversation:
//
//	a := anonymize.New(nil)
//	r, err := a.Conversation(ctx, anonymize.Conversation{Turns: turns})
//	// r.Turns may go to a language model; r.Mapping may not.
//	answer, err := r.Mapping.Restore(answerOfTheModel, anonymize.PERSON, anonymize.PHONE)
//
// [Analyzer.Session] does the same turn by turn while people still talk, and [Analyzer.Find] only says where the
// personal data of one message is.
//
// # What is found
//
// Persons, addresses, phones of the world, e-mails, handles and profile pages, cards, bank details, tax and
// insurance numbers, passports, licences and other documents, plates, births, logins, passwords, one-time codes and keys:
// each constant of type [Kind] says more. Russian first, English second; identifiers also of Russia's neighbours. All of
// it also as people write in a hurry and as speech recognition writes: in lower case, without punctuation, with numbers
// and signs in words, in pieces over several turns, with look-alike letters, odd dashes and characters without width.
//
// A check digit names the kind of a number. A word near it, or what the other speaker asked for, decides where digits
// alone do not, and outweighs a wrong check digit: people and speech recognition err. Numbers of orders, articles,
// contracts, prices and dates stay visible unless [Options].Strict is set. [Analyzer.Explain] says in words why a span was
// found.
//
// A [Recognizer] adds what only its user knows. It sees the words and numbers of a text as the built-in rules do, through
// [WordList] and [Text.Numbers], and says with [Text.Fail] that it could not look. Package policy makes recognizers of
// data in files, and reads all that [Options] hold from them.
//
// # Tokens
//
// A person becomes the noun of his role and a letter, «Customer A»; everything else its kind and a number,
// «[PHONE_1]». In one conversation the same value has the same token however it was written or said. [Options].Operators
// puts something else in the place of a kind: see [Redact], [Mask], [Hash], [Tokenize] and [Keep].
//
// Conversation knows all turns before it writes the first; a session knows what was said up to now, and never takes back what
// it let out: a role that is learnt later does not rename anybody. Labels that prove to be of one person are told by
// [Mapping.Merged], the older one goes on; a label that proves to have been given to different people is told by
// [Mapping.Divided], and they get new ones. What a rule or a check digit alone can see, both hide alike.
//
// # Long texts and many conversations
//
// A text longer than 64 KB is read in windows with a little of what stands around them, so that memory does not grow with
// it. [Session.Transformer] (for golang.org/x/text/transform) and [Session.MaskWriter] mask a stream, byte for byte as the
// whole text would be. [Analyzer.MaskAll] masks conversations on all processors and keeps their order. Where neither
// numbers nor a way back are needed, [Analyzer.HasPII] and [Analyzer.AppendMask] do without a session.
//
// # The way back
//
// A [Mapping] leads from tokens to values. [Mapping.Undo] gives back our own turns byte for byte. [Mapping.Restore] and
// [Mapping.RestoreWriter] put values into foreign text, such as a model's answer, and only those that were asked for.
// Session and mapping hold personal data: they show none when printed, cannot be marshalled, and leave the process only
// sealed, through SealState.
//
// # What is not promised
//
// No detector finds everything. A name that no list has and nothing announces, a nickname, a number that only the two
// speakers understand will pass. Text that was masked may still tell who somebody is by what he says. Sound and
// pictures are not looked at. Measure the package on conversations of your own before you rely on it.
//
// # Cost
//
// A text is read once into tokens that all rules share. Nothing is done at start, no built-in rule uses a regular
// expression, [Analyzer.AppendSpans] does not allocate, and time grows linearly with the text, also with hostile text.
package anonymize
