package anonymize

// A Kind names what a span is, such as PHONE: upper-case letters, digits and underscores. National kinds other than
// Russian ones begin with the country.
type Kind string

// A Span is a stretch of a text that holds personal data. It has offsets and never text, so it may be logged.
type Span struct {
	Start, End int // bytes of the original text, half-open, on rune borders
	Kind       Kind
	Score      float32 // how sure the rule is, 0 to 1
	Rule       string  // which rule found it, such as "phone/number-plan"; see Analyzer.Explain

	value int32 // pieces of one value said in several stretches share a number above 0
}

// A Recognizer finds spans in a prepared text. It must be safe for concurrent use, keep nothing of t, and append to
// dst without looking at what is there. Overlaps are allowed, also with its own spans: the analyzer settles them.
type Recognizer interface {
	Recognize(dst []Span, t *Text) []Span
}

// A RecognizerFunc is a function that recognizes.
type RecognizerFunc func(dst []Span, t *Text) []Span

// Recognize calls f.
func (f RecognizerFunc) Recognize(dst []Span, t *Text) []Span { return f(dst, t) }

// A rule is built in. It is passed over in a text that has none of the triggers from which it begins, unless the text
// answers a question.
type rule struct {
	on        trigger
	recognize func(dst []Span, t *Text) []Span
}

// ofValues are the rules that every analyzer runs first, and ofPersons those that ask for persons and for what the
// conversation knows of them: they alone run anew when a turn has told a name. The order matters only where a rule asks
// what others found before: births ask for persons. Which of two spans stays is decided by resolve.
var ofValues = [...]rule{
	{onNumber | onSaid, recognizeIdentifiers},
	{onContact | onSymbol | onNumber, recognizeContacts},
	{onSymbol, recognizeSpokenNames},
	{onNumber, recognizeCodes},
	{onExtension, recognizeExtensions},
	{onSymbol | onCue | onSaid, recognizeSaid},
	{onNumber | onSaid, recognizeSpelled},
	{onOffice | onNumber | onSaid, recognizeIssuers},
	{onStar | onNumber | onSaid, recognizeCardParts},
	{onNumber | onSaid | onCue, recognizeEnglishValues},
	{onCue | onSecret, recognizeCredentials},
	{always, recognizeCodeWords},
	{onNumber, recognizePostcodes},
	{always, recognizePlaces},
	{onNumber | onSaid | onAddress, recognizeEnglishPlaces},
}

var ofPersons = [...]rule{
	{always, recognizePeople},
	{onNumber | onSaid | onMonth, recognizeDates},
}
