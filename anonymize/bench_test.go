package anonymize

import (
	"context"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Benchmarks of one message and of long texts. Distinct sentences, so that the branch predictor does not learn one.
var benchTexts = []struct{ name, text string }{
	{"clean", strings.Join([]string{
		"Здравствуйте, подскажите, пожалуйста, когда будет готов мой заказ и сколько стоит доставка в область.",
		"Мне кажется, это слишком дорого, у соседей дешевле, и ждать три недели мы не готовы.",
		"Хорошо, я поговорю с руководителем, и мы вернёмся к вам с новым предложением до конца недели.",
		"Скидка пятнадцать процентов действует только при оплате сразу, рассрочка без переплаты тоже есть.",
		"Давайте созвонимся в четверг после обеда, тогда у меня будет смета и понимание по срокам.",
	}, "\n")},
	{"personal", strings.Join([]string{
		"Меня зовут Кузнецова Марина Игоревна, телефон +7 916 123-45-67, почта marina.k@example.ru.",
		"Доставка: Москва, улица Лесная, дом 5, корпус 2, квартира 40, домофон 40К1234, спросить Игоря.",
		"ИНН 500100732259, паспорт 45 18 203344, выдан ГУ МВД по г. Москве 17.05.2018, код 770-045.",
		"Карта 4539 4772 3248 8603, срок 11/28, номер восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь.",
		"Игорь Петрович перезвонит, его СНИЛС 112-233-445 95, госномер А123ВС 77, счёт 40702810938000012345.",
	}, "\n")},
	{"hostile/digits", strings.Repeat("1 ", 2000)},
	{"hostile/groups", strings.Repeat("123 ", 1000)},
	{"hostile/run", strings.Repeat("9", 4000)},
	{"hostile/at", strings.Repeat("@a", 2000)},
	{"hostile/brackets", strings.Repeat("[(", 2000)},
	{"hostile/streets", strings.Repeat("ул ", 1400)},
	{"hostile/names", strings.Repeat("Иван ", 800)},
	{"hostile/capitals", strings.Repeat("Кцуен ", 800)},
	{"hostile/leads", strings.Repeat("\xd0", 4000)},
	{"hostile/numbers-said", strings.Repeat("двадцать пять ", 300)},
	{"hostile/months", strings.Repeat("5 мая ", 800)},
	{"hostile/initials", strings.Repeat("А. ", 1000)},
	{"hostile/quotes", strings.Repeat("«Иван» ", 500)},
	{"hostile/spelled", strings.Repeat("по буквам анна ", 200)},
	{"hostile/particles", strings.Repeat("ван дер ", 400)},
	{"hostile/dashes", strings.Repeat("Ли-", 800)},
	{"hostile/latin", strings.Repeat("Shcherbakov ", 400)},
	{"hostile/towns", strings.Repeat("Москва, ", 400)},
	{"hostile/houses", strings.Repeat("дом 5, ", 500)},
	{"hostile/labels", strings.Repeat("[PHONE_1] ", 400)},
	{"hostile/roles", strings.Repeat("Клиент А ", 300)},
	{"hostile/emails", strings.Repeat("a.b@", 1000)},
}

func BenchmarkFind(b *testing.B) {
	a := New(nil)
	for _, c := range benchTexts {
		for _, size := range []int{4 << 10, 400 << 10} {
			text := strings.Repeat(c.text+"\n", size/len(c.text)+1)
			name := c.name + "/4KB"
			if size > 4<<10 {
				name = c.name + "/400KB"
				if strings.HasPrefix(c.name, "hostile") {
					text = strings.Repeat(c.text, size/len(c.text)+1) // one line
				}
			}
			b.Run(name, func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				var dst []Span
				for b.Loop() {
					dst = a.AppendSpans(dst[:0], text)
				}
			})
		}
	}
}

// BenchmarkRules tells what people cost, and addresses with spoken and dictated values, in percent of everything else.
func BenchmarkRules(b *testing.B) {
	a := New(nil)
	for _, c := range benchTexts[:2] {
		text := strings.Repeat(c.text+"\n", 8)
		for _, part := range []struct {
			name  string
			reads bool // the numbers
			rules []rule
		}{
			{"people", false, ofPersons[:1]},
			{"addresses-and-spoken", true, rulesThatUse(recognizePlaces, recognizePostcodes, recognizeEnglishPlaces, recognizeSpelled, recognizeSaid, recognizeSpokenNames)},
		} {
			b.Run(c.name+"/"+part.name, func(b *testing.B) {
				var t Text
				t.read(text)
				a.prepare(&t)
				var dst []Span
				var all, own time.Duration
				for b.Loop() {
					begin := time.Now()
					dst = a.AppendSpans(dst[:0], text)
					all += time.Since(begin)
					begin = time.Now()
					if part.reads {
						a.prepare(&t)
					}
					dst = a.apply(part.rules, dst[:0], 0, &t)
					own += time.Since(begin)
				}
				b.ReportMetric(100*own.Seconds()/(all-own).Seconds(), "%of-the-rest")
			})
		}
	}
}

func rulesThatUse(functions ...func([]Span, *Text) []Span) (rules []rule) {
	for _, f := range functions {
		for _, r := range ofValues {
			if reflect.ValueOf(r.recognize).Pointer() == reflect.ValueOf(f).Pointer() {
				rules = append(rules, r)
			}
		}
	}
	return rules
}

func BenchmarkSession(b *testing.B) {
	a := New(nil)
	turn := Turn{"client", "Мой телефон +7 916 123-45-67, почта marina.k@example.ru, до связи"}
	s := a.Session(nil)
	b.SetBytes(int64(len(turn.Text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Anonymize(context.Background(), turn); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkConversation is whole calls: somebody new is named in every third turn, as at a front desk.
func BenchmarkConversation(b *testing.B) {
	a := New(nil)
	lines := strings.Split(benchTexts[0].text+"\n"+benchTexts[1].text, "\n")
	for _, n := range []int{100, 400, 1000} {
		names := strings.Split(ownNames(20*n), ", ")
		var c Conversation
		size := 0
		for i := range n {
			turn := Turn{[]string{"agent", "client"}[i%2], lines[i%len(lines)]}
			if i%3 == 2 {
				turn.Text = "Запишите ещё, " + names[i/3] + ", ждём."
			}
			c.Turns = append(c.Turns, turn)
			size += len(turn.Text)
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Conversation(context.Background(), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRead is what every text costs before any rule looks at it.
func BenchmarkRead(b *testing.B) {
	text := strings.Repeat(benchTexts[0].text+"\n", 8)
	var t Text
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		t.read(text)
	}
}
