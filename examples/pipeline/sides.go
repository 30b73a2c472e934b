package main

import (
	"strings"
	"time"

	"github.com/syntora/vual/anonymize/transcript"
)

// sides tells for whom each speaker talks: by the role word or label that he has, else, between two speakers, by who
// sells. A third stays on no side.
func sides(turns []transcript.Turn) map[string]Side {
	known := map[string]Side{}
	for _, t := range turns {
		if side := sideOf(t.Speaker); side != OtherSide {
			known[t.Speaker] = side
		}
	}
	var unknown []string
	sells := map[string]int{}
	for i, t := range turns {
		if known[t.Speaker] != OtherSide {
			continue
		}
		if _, seen := sells[t.Speaker]; !seen {
			unknown = append(unknown, t.Speaker)
		}
		sells[t.Speaker] += count(t.Text, sellerWords) - count(t.Text, buyerWords)
		if i == 0 {
			sells[t.Speaker]++ // on the phone the company greets first; in a chat it has more of its words
		}
	}
	switch {
	case len(unknown) == 1 && unknown[0] != "" && len(known) > 0:
		known[unknown[0]] = otherSide(known)
	case len(unknown) == 2 && len(known) == 0:
		seller, buyer := unknown[0], unknown[1]
		if sells[buyer] > sells[seller] {
			seller, buyer = buyer, seller
		}
		known[seller], known[buyer] = AgentSide, CustomerSide
	}
	return known
}

var (
	sellerWords = []string{"здравствуйте", "добрый день", "добрый вечер", "меня зовут", "компания", "предлож", "подскажите",
		"оформ", "отправлю", "запис", "пришлю", "удобно", "спасибо", "рассрочк", "скидк", "our ", "we can", "i'll send"}
	buyerWords = []string{"дорого", "подумаю", "не нужно", "посоветоваться", "сколько", "мне ", "у меня", "my ", "expensive"}
)

func count(text string, words []string) (n int) {
	text = folded(text)
	for _, w := range words {
		n += strings.Count(text, w)
	}
	return n
}

// folded is text in lower case and without ё, as the words of the rules are written.
func folded(text string) string {
	return strings.ReplaceAll(strings.ToLower(text), "ё", "е")
}

// sideWords begin the role words and labels of each side.
var sideWords = map[Side][]string{
	AgentSide:    {"agent", "operator", "manager", "агент", "оператор", "менеджер", "сотрудник"},
	CustomerSide: {"client", "customer", "клиент", "покупатель", "абонент"},
}

func sideOf(speaker string) Side {
	speaker = folded(speaker)
	for side, words := range sideWords {
		for _, w := range words {
			if strings.HasPrefix(speaker, w) {
				return side
			}
		}
	}
	return OtherSide
}

func otherSide(known map[string]Side) Side {
	for _, side := range known {
		if side == AgentSide {
			return CustomerSide
		}
	}
	return AgentSide
}

// speech is what the analyst gets.
func speech(turns []transcript.Turn, sides map[string]Side) []Speech {
	out := make([]Speech, len(turns))
	for i, t := range turns {
		out[i] = Speech{Turn: i, Side: sides[t.Speaker], Text: t.Text, Duration: max(t.End-t.Start, time.Duration(0))}
	}
	return out
}
