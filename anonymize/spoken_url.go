package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// Pages of persons whose address is said: «вэ ка точка ком слэш марина точка петрова», "t dot me slash blue fox".

const (
	maxPagePath  = 16 // tokens of a path
	maxPageWords = 2  // words side by side at its end
)

// spokenPage appends the page around the slash that is said at token i, and gives the token behind it.
func (t *Text) spokenPage(dst []Span, i int) ([]Span, int) {
	from := t.pageHost(i)
	if from < 0 {
		return dst, i + 1
	}
	end := t.pagePath(i + 1)
	if end == 0 {
		return dst, i + 1
	}
	return append(dst, t.span(from, end, URL_PROFILE, 0.98, "url/said")), end
}

// pageHost gives the first token of a network's address, «инстаграм точка ком», that ends before token i, -1 if none does.
func (t *Text) pageHost(i int) int {
	dot := i - 2
	if dot < 1 || t.tok[dot].vocab.Class != vocabulary.Symbol || t.tok[dot].vocab.Arg != '.' ||
		t.tok[i-1].vocab.Class != vocabulary.TLD && !t.says(i-1, "мэ ми") {
		return -1
	}
	switch host := dot - 1; {
	case t.says(host, "вк ок тэ т vk ok t x wa инстаграм инстаграмм фейсбук линкедин гитхаб ютуб тикток твиттер одноклассники вконтакте телеграм "+
		"instagram facebook linkedin github youtube tiktok twitter telegram"):
		return host
	case t.says(host, "ка") && t.says(host-1, "вэ ве в"), t.says(host, "k") && t.says(host-1, "v"):
		return host - 1
	}
	return -1
}

// pagePath gives the token behind the path that begins at token i, 0 if nothing of a path stands there.
func (t *Text) pagePath(i int) int {
	end, words := 0, 0
	for first := i; i < len(t.tok) && i < first+maxPagePath && t.tok[i].gap != lineGap; {
		if m, ok := t.pageMark(i); ok {
			if m.to >= len(t.tok) || end == 0 && m.sign != '@' {
				break
			}
			i, words = m.to, 0
			continue
		}
		figure := t.groupIndex(i) >= 0
		if !figure && !t.isAtom(i) && !t.isLetter(i) || words > 0 && !figure && !t.isLetter(i) && !(words < maxPageWords && t.endsTurn(i+1)) {
			break
		}
		words++
		i++
		end = i
	}
	return end
}

// pageMark is spokenMark with the @ before a name.
func (t *Text) pageMark(i int) (mark, bool) {
	if m, ok := t.markAt(i); ok && m.sign == '@' && m.spelled {
		return m, true
	}
	return t.spokenMark(i)
}

// endsTurn reports the end of the text or a sign at token i.
func (t *Text) endsTurn(i int) bool { return i >= len(t.tok) || t.tok[i].kind == signToken }
