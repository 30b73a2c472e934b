package corpus

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
)

//go:embed ru.txt
var russianSentences string

// A person has a name in the cases in which sentences need it: nominative, genitive, dative, instrumental.
type person struct {
	first, patronymic, surname [4]string
	latin                      string // first.surname
}

var russian = sync.OnceValue(func() *language {
	l := &language{
		speakers: []string{"Оператор:", "Клиент:"},
		person:   russianPerson,
		kinds: map[string]string{
			"phone": "PHONE", "email": "EMAIL", "handle": "HANDLE", "address": "ADDRESS", "card": "CARD", "expiry": "CARD_EXPIRY",
			"inn10": "INN", "inn12": "INN", "kpp": "KPP", "snils": "SNILS", "passport": "PASSPORT", "account": "BANK_ACCOUNT", "bik": "BIK",
			"birth": "BIRTH_DATE", "plate": "PLATE", "ip": "IP", "otp": "OTP", "password": "PASSWORD",
		},
		slots: map[string]func(*rand.Rand, person) form{
			"phone": russianPhone, "email": russianEmail, "handle": handle, "address": russianAddress, "card": russianCard,
			"expiry": russianExpiry, "inn10": russianINN10, "inn12": russianINN12, "kpp": russianKPP, "snils": russianSNILS,
			"passport": russianPassport, "account": russianAccount, "bik": russianBIK, "birth": russianBirth, "plate": russianPlate,
			"ip": ip, "otp": russianOTP, "password": password,
		},
	}
	for i, suffix := range []string{"", ".gen", ".dat", ".ins"} {
		l.name("person"+suffix, func(r *rand.Rand, p person) string {
			switch r.IntN(4) {
			case 0:
				return p.surname[i] + " " + p.first[i] + " " + p.patronymic[i]
			case 1:
				return p.surname[i] + " " + p.first[i]
			case 2:
				return p.first[i] + " " + p.patronymic[i]
			}
			return p.first[i] + " " + p.surname[i]
		})
		l.name("first"+suffix, func(_ *rand.Rand, p person) string { return p.first[i] })
		l.name("firstpat"+suffix, func(_ *rand.Rand, p person) string { return p.first[i] + " " + p.patronymic[i] })
	}
	l.name("surname", func(_ *rand.Rand, p person) string { return p.surname[0] })
	l.name("surinit", func(_ *rand.Rand, p person) string {
		return fmt.Sprintf("%s %c. %c.", p.surname[0], []rune(p.first[0])[0], []rune(p.patronymic[0])[0])
	})
	for slot, f := range russianThings {
		l.slots[slot] = f
	}
	return l.read(russianSentences)
})

// name adds a slot for a name, which is said as it is written.
func (l *language) name(slot string, f func(*rand.Rand, person) string) {
	l.kinds[slot] = "PERSON"
	l.slots[slot] = func(r *rand.Rand, p person) form {
		s := f(r, p)
		return form{s, strings.ToLower(s)}
	}
}

var (
	russianMen = strings.Fields("Антон Борис Вадим Геннадий Денис Егор Захар Илья Кирилл Леонид Матвей Никита Олег Павел Руслан Степан Тимур " +
		"Фёдор Эдуард Юрий Ярослав Артём Валерий Григорий Игорь Константин Максим Николай Пётр Семён Рустам Ильдар Арсен Гаврил Прохор")
	russianWomen = strings.Fields("Алина Вера Галина Дарья Евгения Жанна Зинаида Ирина Ксения Лариса Марина Надежда Оксана Полина Раиса Светлана " +
		"Тамара Ульяна Фаина Эльвира Юлия Яна Анастасия Валентина Диана Екатерина Карина Лидия Наталья София Айгуль Гульнара Нино Милана Роза")
	russianFathers = strings.Fields("Антон Борис Вадим Денис Егор Кирилл Леонид Матвей Олег Руслан Степан Тимур Эдуард Ярослав Артём Максим Семён " +
		"Рустам Ильдар Арсен Герман Роман Виктор Фёдор")
	// Stems of surnames, to which -ов/-ев/-ин belong already.
	russianSurnames = strings.Fields("Абрамов Белозёров Вострецов Глухов Дёмин Ермолов Жилин Зубарев Исаков Кашин Лапшин Мохов Носков Овсянников " +
		"Плотников Рожков Сазонов Тетерин Уваров Филатов Хрулёв Цветков Чупров Шубин Щеглов Юдин Якушев Бирюков Вавилов Гуляев Дроздов " +
		"Еремеев Карпухин Лыткин Мартынов Незнамов Осокин Пастухов Репин Сафин Тюрин Усольцев Фирсов Хасанов Чижов Шарапов " +
		"Верховский Заславский Лесницкий Полонский Раевский Вишневецкий Савченко Гордиенко Лисенко Коваленко Макридзе Гелашвили")
	latinLetters = strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "e", "ж", "zh", "з", "z", "и", "i", "й", "y",
		"к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "h", "ц", "ts", "ч", "ch",
		"ш", "sh", "щ", "sch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya")
)

func russianPerson(r *rand.Rand) person {
	var p person
	father, surname := choose(r, russianFathers), choose(r, russianSurnames)
	if r.IntN(2) == 0 {
		p.first = declineFirst(choose(r, russianMen))
		p.patronymic = endings(father+"ович", "", "а", "у", "ем")
	} else {
		p.first = declineFirst(choose(r, russianWomen))
		p.patronymic = endings(father+"овн", "а", "ы", "е", "ой")
		surname = feminine(surname)
	}
	p.surname = declineSurname(surname)
	p.latin = latinLetters.Replace(strings.ToLower(p.first[0] + "." + p.surname[0]))
	return p
}

func endings(stem, nom, gen, dat, ins string) [4]string {
	return [4]string{stem + nom, stem + gen, stem + dat, stem + ins}
}

// declineFirst and declineSurname follow the regular patterns of the lists above.
func declineFirst(name string) [4]string {
	if name == "Пётр" {
		return endings("П", "ётр", "етра", "етру", "етром")
	}
	if name == "Павел" {
		return endings("Пав", "ел", "ла", "лу", "лом")
	}
	runes := []rune(name)
	stem := string(runes[:len(runes)-1])
	switch last := runes[len(runes)-1]; {
	case strings.HasSuffix(name, "ия"):
		return endings(stem, "я", "и", "и", "ей")
	case last == 'я':
		return endings(stem, "я", "и", "е", "ей")
	case last == 'а' && strings.HasSuffix(stem, "к"):
		return endings(stem, "а", "и", "е", "ой")
	case last == 'а':
		return endings(stem, "а", "ы", "е", "ой")
	case last == 'й':
		return endings(stem, "й", "я", "ю", "ем")
	case name == "Игорь":
		return endings(stem, "ь", "я", "ю", "ем")
	case last == 'ь' || last == 'о':
		return endings(name, "", "", "", "") // Айгуль and Нино are said alike in all cases
	}
	return endings(name, "", "а", "у", "ом")
}

func feminine(surname string) string {
	switch {
	case strings.HasSuffix(surname, "ий"):
		return strings.TrimSuffix(surname, "ий") + "ая"
	case strings.HasSuffix(surname, "в"), strings.HasSuffix(surname, "н"):
		return surname + "а"
	}
	return surname
}

func declineSurname(s string) [4]string {
	switch {
	case strings.HasSuffix(s, "ий"):
		return endings(strings.TrimSuffix(s, "ий"), "ий", "ого", "ому", "им")
	case strings.HasSuffix(s, "ая"):
		return endings(strings.TrimSuffix(s, "ая"), "ая", "ой", "ой", "ой")
	case strings.HasSuffix(s, "ва"), strings.HasSuffix(s, "на"):
		return endings(strings.TrimSuffix(s, "а"), "а", "ой", "ой", "ой")
	case strings.HasSuffix(s, "в"), strings.HasSuffix(s, "н"):
		return endings(s, "", "а", "у", "ым")
	}
	return endings(s, "", "", "", "")
}

func russianPhone(r *rand.Rand, _ person) form {
	d := choose(r, []string{"903", "905", "911", "912", "916", "921", "926", "950", "961", "985", "999"}) + digits(r, 7)
	f := choose(r, []string{"+7 (%s) %s-%s-%s", "8 %s %s-%s-%s", "8%s%s%s%s", "+7%s%s%s%s", "8-%s-%s-%s-%s", "8(%s)%s%s%s", "+7 %s %s %s %s", "%s %s %s %s"})
	return form{fmt.Sprintf(f, d[:3], d[3:6], d[6:8], d[8:]), "восемь " + sayRussian(d, 3, 3, 2, 2)}
}

func russianEmail(r *rand.Rand, p person) form {
	host := choose(r, []string{"yandex", "mail", "rambler", "bk", "list"})
	said := map[string]string{"yandex": "яндекс", "mail": "мэйл", "rambler": "рамблер", "bk": "бэка", "list": "лист"}[host]
	name := strings.ToLower(p.first[0] + " точка " + p.surname[0])
	return form{p.latin + "@" + host + ".ru", name + " собака " + said + " точка ру"}
}

func handle(r *rand.Rand, p person) form {
	return form{written: "@" + strings.ReplaceAll(p.latin, ".", "_") + digits(r, 2)}
}

var (
	russianTowns   = strings.Fields("Тула Пермь Воронеж Саратов Липецк Калуга Самара Рязань Томск Омск Казань Москва Ижевск Пенза Киров Псков Сочи Тверь Уфа Чита")
	russianStreets = strings.Split("Металлургов,Гоголя,Лесная,Садовая,Мира,Чапаева,Советская,Полевая,Космонавтов,Кирова,Гагарина,Заречная,Октябрьская,Северная,"+
		"Пушкина,Молодёжная,Степана Разина,Большая Садовая,Красных Зорь,Победы,Тимирязева,Новая,Вокзальная,Рябиновая,Фрунзе", ",")
)

func russianAddress(r *rand.Rand, _ person) form {
	town, street := choose(r, russianTowns), choose(r, russianStreets)
	house, flat := 1+r.IntN(150), 1+r.IntN(280)
	said := strings.ToLower(town+" улица "+street) + " дом " + cardinal(house) + " квартира " + cardinal(flat)
	switch r.IntN(4) {
	case 0:
		return form{fmt.Sprintf("г. %s, ул. %s, д. %d, кв. %d", town, street, house, flat), said}
	case 1:
		return form{fmt.Sprintf("%s, улица %s, дом %d, квартира %d", town, street, house, flat), said}
	case 2:
		return form{fmt.Sprintf("%s, %s %d, кв %d", town, street, house, flat), said}
	}
	postcode := 101_000 + r.IntN(590_000)
	return form{fmt.Sprintf("%d, г. %s, ул. %s, д. %d, корп. %d, кв. %d", postcode, town, street, house, 1+r.IntN(4), flat), said}
}

func russianCard(r *rand.Rand, _ person) form {
	d := luhn(choose(r, []string{"2200", "4276", "5469", "4817", "2202", "5536"}) + digits(r, 11))
	return form{grouped(d, choose(r, []string{" ", "", "-"}), 4, 4, 4, 4), sayRussian(d, 2, 2, 2, 2, 2, 2, 2, 2)}
}

func russianExpiry(r *rand.Rand, _ person) form {
	month, year := 1+r.IntN(12), 27+r.IntN(6)
	return form{fmt.Sprintf("%02d/%d", month, year), sayRussian(fmt.Sprintf("%02d%d", month, year), 2, 2)}
}

// The check digits of the INN are those of the Federal Tax Service, of the SNILS of the Social Fund.
func russianINN10(r *rand.Rand, _ person) form {
	d := choose(r, []string{"77", "78", "50", "36", "71"}) + digits(r, 7)
	d += fmt.Sprint(weighted(d, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10)
	return form{d, sayRussian(d, 2, 2, 2, 2, 2)}
}

func russianINN12(r *rand.Rand, _ person) form {
	d := choose(r, []string{"77", "78", "50", "36", "71"}) + digits(r, 8)
	d += fmt.Sprint(weighted(d, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10)
	d += fmt.Sprint(weighted(d, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10)
	return form{d, sayRussian(d, 2, 2, 2, 2, 2, 2)}
}

func russianKPP(r *rand.Rand, _ person) form {
	d := choose(r, []string{"7701", "7805", "5029", "3664"}) + "01" + digits(r, 3)
	return form{d, sayRussian(d, 3, 3, 3)}
}

func russianSNILS(r *rand.Rand, _ person) form {
	d := digits(r, 9)
	d += fmt.Sprintf("%02d", weighted(d, 9, 8, 7, 6, 5, 4, 3, 2, 1)%101%100)
	return form{fmt.Sprintf("%s-%s-%s %s", d[:3], d[3:6], d[6:9], d[9:]), sayRussian(d, 3, 3, 3, 2)}
}

func russianPassport(r *rand.Rand, _ person) form {
	d := choose(r, []string{"45", "40", "36", "70", "20"}) + fmt.Sprintf("%02d", 3+r.IntN(22)) + digits(r, 6)
	return form{choose(r, []string{d[:2] + " " + d[2:4] + " " + d[4:], d[:4] + " " + d[4:]}), sayRussian(d, 2, 2, 3, 3)}
}

func russianAccount(r *rand.Rand, _ person) form {
	d := choose(r, []string{"40702810", "40817810", "40802810"}) + digits(r, 12)
	return form{d, sayRussian(d, 3, 2, 3, 3, 3, 3, 3)}
}

func russianBIK(r *rand.Rand, _ person) form {
	d := choose(r, []string{"044525", "046577", "042007"}) + digits(r, 3)
	return form{d, sayRussian(d, 3, 3, 3)}
}

var (
	russianMonths   = strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
	russianOrdinals = strings.Split("первого,второго,третьего,четвёртого,пятого,шестого,седьмого,восьмого,девятого,десятого,одиннадцатого,двенадцатого,"+
		"тринадцатого,четырнадцатого,пятнадцатого,шестнадцатого,семнадцатого,восемнадцатого,девятнадцатого,двадцатого,двадцать первого,двадцать второго,"+
		"двадцать третьего,двадцать четвёртого,двадцать пятого,двадцать шестого,двадцать седьмого,двадцать восьмого", ",")
)

func russianBirth(r *rand.Rand, _ person) form {
	day, month, year := 1+r.IntN(28), r.IntN(12), 21+r.IntN(7)
	said := fmt.Sprintf("%s %s тысяча девятьсот семьдесят %s года", russianOrdinals[day-1], russianMonths[month], russianOrdinals[year-21])
	if r.IntN(2) == 0 {
		return form{fmt.Sprintf("%02d.%02d.%d", day, month+1, 1950+year), said}
	}
	return form{fmt.Sprintf("%d %s %d", day, russianMonths[month], 1950+year), said}
}

func russianPlate(r *rand.Rand, _ person) form {
	letters := strings.Fields("А В Е К М Н О Р С Т У Х")
	a, b, c := choose(r, letters), choose(r, letters), choose(r, letters)
	n, region := digits(r, 3), choose(r, []string{"77", "50", "178", "36", "71", "197"})
	return form{a + choose(r, []string{"", " "}) + n + b + c + choose(r, []string{"", " "}) + region,
		strings.ToLower(a) + " " + sayRussian(n, 3) + " " + strings.ToLower(b+" "+c) + " " + sayRussian(region, len(region))}
}

func ip(r *rand.Rand, _ person) form {
	return form{written: fmt.Sprintf("%d.%d.%d.%d", 11+r.IntN(180), r.IntN(256), r.IntN(256), 1+r.IntN(254))}
}

func russianOTP(r *rand.Rand, _ person) form {
	d := digits(r, 6)
	return form{d, sayRussian(d, 2, 2, 2)}
}

func password(r *rand.Rand, _ person) form {
	return form{written: choose(r, []string{"Zima", "Kotik", "Lodka", "Veter", "Maple", "Rover"}) + digits(r, 4) + choose(r, []string{"!", "#", "_x"})}
}

// Goods whose accusative is their nominative, so that they fit every sentence.
var russianGoods = strings.Split("диван,шкаф-купе,абонемент,котёл,забор,насос,станок,холодильник,тренажёр,матрас,окно,ламинат,велосипед,ноутбук,принтер,"+
	"кондиционер,телевизор,комод,септик,генератор,сервер,стол,сайдинг,утеплитель,проектор,сканер,камин,бассейн,навес,погрузчик", ",")

var russianThings = map[string]func(*rand.Rand, person) form{
	"thing": func(r *rand.Rand, _ person) form { s := choose(r, russianGoods); return form{s, s} },
	"price": func(r *rand.Rand, _ person) form {
		n := 5 + 5*r.IntN(58)
		return form{fmt.Sprintf("%d %d00 рублей", n, r.IntN(9)+1), cardinal(n) + " тысяч рублей"}
	},
	"price2": func(r *rand.Rand, _ person) form { n := 3 + r.IntN(6); return form{fmt.Sprint(n * 100), hundreds[n]} },
	"percent": func(r *rand.Rand, _ person) form {
		n := 5 + r.IntN(40)
		return form{fmt.Sprintf("%d%%", n), cardinal(n) + " процентов"}
	},
	"day": func(r *rand.Rand, _ person) form {
		s := choose(r, strings.Split("понедельника,вторника,среды,четверга,пятницы,конца недели,конца месяца,выходных", ","))
		return form{s, s}
	},
	"time": func(r *rand.Rand, _ person) form {
		n := 9 + r.IntN(12)
		return form{fmt.Sprintf("%d:%02d", n, r.IntN(4)*15), cardinal(n) + " часов"}
	},
	"order": func(r *rand.Rand, _ person) form { d := digits(r, 5); return form{"№" + d, sayRussian(d, 3, 2)} },
	"contract": func(r *rand.Rand, _ person) form {
		d := digits(r, 3)
		return form{"№ " + d + "/26", sayRussian(d, 3)}
	},
	"article": func(r *rand.Rand, _ person) form {
		d := digits(r, 4)
		return form{choose(r, []string{"KM-", "SD-", "TR-"}) + d, sayRussian(d, 2, 2)}
	},
	"minutes": counted("минуты", "минут"),
	"onday": func(r *rand.Rand, _ person) form {
		s := choose(r, strings.Split("в понедельник,во вторник,в среду,в четверг,в пятницу,на этой неделе,на выходных", ","))
		return form{s, s}
	},
	"count":   counted("штуки", "штук"),
	"days":    counted("дня", "дней"),
	"months":  counted("месяца", "месяцев"),
	"number":  func(r *rand.Rand, _ person) form { n := 5 + r.IntN(200); return form{fmt.Sprint(n), cardinal(n)} },
	"number2": func(r *rand.Rand, _ person) form { n := 5 + r.IntN(90); return form{fmt.Sprint(n), cardinal(n)} },
	"version": func(r *rand.Rand, _ person) form {
		a, b := 1+r.IntN(9), r.IntN(20)
		return form{fmt.Sprintf("%d.%d", a, b), cardinal(a) + " и " + cardinal(b)}
	},
}

// counted is a number of things; "один" and "два" of other genders are avoided.
func counted(few, many string) func(*rand.Rand, person) form {
	return func(r *rand.Rand, _ person) form {
		n := 3 + r.IntN(40)
		for n%10 == 1 || n%10 == 2 {
			n++
		}
		word := many
		if n%10 <= 4 && n%10 > 0 && (n < 12 || n > 14) {
			word = few
		}
		return form{fmt.Sprintf("%d %s", n, word), cardinal(n) + " " + word}
	}
}

var (
	units    = strings.Fields("ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать")
	tens     = strings.Fields("- - двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
	hundreds = strings.Fields("- сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
)

// cardinal says 0 to 999.
func cardinal(n int) string {
	var words []string
	if n >= 100 {
		words = append(words, hundreds[n/100])
		if n %= 100; n == 0 {
			return words[0]
		}
	}
	if n >= 20 {
		words = append(words, tens[n/10])
		if n %= 10; n == 0 {
			return strings.Join(words, " ")
		}
	}
	return strings.Join(append(words, units[n]), " ")
}

// sayRussian says digits in groups as people dictate them, every leading zero by itself.
func sayRussian(d string, lengths ...int) string {
	var words []string
	for _, n := range lengths {
		group := d[:n]
		d = d[n:]
		for len(group) > 1 && group[0] == '0' {
			words = append(words, "ноль")
			group = group[1:]
		}
		value := 0
		for i := range len(group) {
			value = value*10 + int(group[i]-'0')
		}
		words = append(words, cardinal(value))
	}
	return strings.Join(words, " ")
}
