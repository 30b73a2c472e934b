package main

import (
	"context"
	"strings"
	"unicode/utf8"
)

// rules is an analyst that looks for words. It knows the usual objections of Russian and English sales talk, and misses what is said
// in other words: it shows what an analyst returns until a language model does the work.
type rules struct{}

// A pattern is words, any of which shows what. They are folded, and parts of words.
type pattern struct {
	what  string
	words []string
}

var objections = []pattern{
	{"price", []string{"дорог", "нет денег", "денег нет", "не по карману", "дешевле", "бюджет не", "сумма большая", "цена кусается",
		"too expensive", "too much", "the price", "cheaper"}},
	{"has a supplier", []string{"уже есть поставщик", "есть поставщик", "уже есть провайдер", "уже работаем с", "менять смысла", "нас все устраивает",
		"меня все устраивает", "уже пользу", "already have", "already use"}},
	{"needs to consult", []string{"посовет", "с мужем", "спрошу у", "решает директор", "решает начальник", "talk to our", "ask my"}},
	{"wants to think", []string{"подумаю", "подумать", "думать надо", "пока не готов", "think about it"}},
	{"no time", []string{"не время", "некогда", "нет времени", "не сейчас", "занят", "no time", "busy"}},
	{"no trust", []string{"не доверя", "мошенник", "развод", "откуда у вас мой", "обман", "не верю", "навязан", "scam", "trust"}},
	{"no need", []string{"не нужно", "не интересно", "неинтересно", "не надо", "обойдусь", "not interested", "don't need"}},
}

var answers = []pattern{
	{"an instalment plan", []string{"рассрочк", "частями", "instal", "per month"}},
	{"a discount or a gift", []string{"скидк", "дарим", "в подарок", "бесплатн", "акци", "за 1 рубль", "discount", "percent off", "free"}},
	{"a trial", []string{"пробн", "тестов", "попробу", "вторым", "пилот", "trial", "pilot"}},
	{"proof", []string{"гарант", "отзыв", "лиценз", "договоре", "приезжайте", "наберите сами", "эскроу", "страховк", "clause", "summary"}},
	{"the value", []string{"разниц", "входит", "включен", "складывается", "зато", "выходит", "выгод", "экономи", "included", "drop two"}},
	{"another offer", []string{"попроще", "аналог", "вариант", "можем заменить", "могу предложить", "если отдадите", "перенесу", "instead"}},
	{"a question", []string{"?"}},
	{"sympathy", []string{"понимаю", "согласен", "согласна", "услышал", "конечно", "fair point", "understand", "of course"}},
}

var nextSteps = []pattern{
	{"a meeting", []string{"замер", "приезжайте", "покажем", "встреч", "записываю на", "записал на", "пробное", "приедет", "придет мастер", "meet", "invite", "demo"}},
	{"a call", []string{"позвон", "перезвон", "созвон", "звоню", "наберу", "call you", "talk to you on"}},
	{"a contract", []string{"подпиш", "договор отправ", "договор приш", "заявка готова", "анкет", "sign"}},
	{"a delivery", []string{"поставка", "доставк", "доставим", "привез", "подача", "delivery", "ship"}},
	{"a payment", []string{"оплат", "предоплат", "ссылка ушла", "счет приш", "payment", "invoice"}},
	{"documents", []string{"пришл", "отправлю", "отправила", "отправил", "вышлю", "напиш", "i'll send", "sent"}},
}

// whens say that a step has a time.
var whens = []string{"понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресен", "завтра", "сегодня", "утром", "вечером",
	"январ", "феврал", "март", "апрел", " мая", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр", " дней", " дня",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow", "today"}

func (rules) Analyse(_ context.Context, speech []Speech) (Analysis, error) {
	return Analysis{Objections: findObjections(speech), NextStep: nextStep(speech), Talk: talk(speech)}, nil
}

// findObjections takes each kind of objection once, where it is said first.
func findObjections(speech []Speech) []Objection {
	found := []Objection{}
	seen := map[string]bool{}
	for i, s := range speech {
		if s.Side != CustomerSide {
			continue
		}
		f, ok := match(s, objections)
		if !ok || seen[f.What] {
			continue
		}
		seen[f.What] = true
		found = append(found, Objection{f, answer(speech[i+1:])})
	}
	return found
}

// answerTurns is how long the agent may take to answer.
const answerTurns = 3

func answer(speech []Speech) *Finding {
	for _, s := range speech[:min(len(speech), answerTurns)] {
		if s.Side != AgentSide {
			continue
		}
		if f, ok := match(s, answers); ok {
			return &f
		}
	}
	return nil
}

// nextStep is what was agreed last: a step with a time counts more than one without.
func nextStep(speech []Speech) *Finding {
	var last *Finding
	for i := len(speech) - 1; i >= len(speech)*2/3; i-- {
		f, ok := match(speech[i], nextSteps)
		if !ok || speech[i].Side == OtherSide {
			continue
		}
		if count(f.Quote, whens) > 0 {
			return &f
		}
		if last == nil {
			last = &f
		}
	}
	return last
}

// match gives the first pattern that a speech shows, with the sentence that shows it.
func match(s Speech, patterns []pattern) (Finding, bool) {
	for _, p := range patterns {
		for _, sentence := range sentences(s.Text) {
			if count(sentence, p.words) > 0 {
				return Finding{s.Turn, p.what, strings.TrimSpace(sentence)}, true
			}
		}
	}
	return Finding{}, false
}

func sentences(text string) []string {
	var all []string
	from := 0
	for i, r := range text {
		next := i + utf8.RuneLen(r)
		if strings.ContainsRune(".?!…", r) && (next == len(text) || text[next] == ' ') {
			all = append(all, text[from:next])
			from = next
		}
	}
	return append(all, text[from:])
}

// talk compares the sides, by time if the file has times, else by letters.
func talk(speech []Speech) Talk {
	var time, length [2]float64
	for _, s := range speech {
		side := 0
		switch s.Side {
		case OtherSide:
			continue
		case CustomerSide:
			side = 1
		}
		time[side] += s.Duration.Seconds()
		length[side] += float64(utf8.RuneCountInString(s.Text))
	}
	if sum := time[0] + time[1]; sum > 0 {
		return Talk{time[0] / sum, time[1] / sum, "time"}
	}
	if sum := length[0] + length[1]; sum > 0 {
		return Talk{length[0] / sum, length[1] / sum, "length"}
	}
	return Talk{By: "length"}
}
