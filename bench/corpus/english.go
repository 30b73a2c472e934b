package corpus

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
)

//go:embed en.txt
var englishSentences string

var english = sync.OnceValue(func() *language {
	l := &language{
		speakers: []string{"Agent:", "Customer:"},
		person:   englishPerson,
		kinds: map[string]string{
			"phone": "PHONE", "email": "EMAIL", "handle": "HANDLE", "address": "ADDRESS", "card": "CARD", "expiry": "CARD_EXPIRY",
			"ssn": "US_SSN", "iban": "IBAN", "birth": "BIRTH_DATE", "ip": "IP", "otp": "OTP", "password": "PASSWORD",
		},
		slots: map[string]func(*rand.Rand, person) form{
			"phone": englishPhone, "email": englishEmail, "handle": handle, "address": englishAddress, "card": englishCard,
			"expiry": englishExpiry, "ssn": englishSSN, "iban": iban, "birth": englishBirth, "ip": ip, "otp": englishOTP, "password": password,
		},
	}
	l.name("person", func(_ *rand.Rand, p person) string { return p.first[0] + " " + p.surname[0] })
	l.name("first", func(_ *rand.Rand, p person) string { return p.first[0] })
	for slot, f := range englishThings {
		l.slots[slot] = f
	}
	return l.read(englishSentences)
})

var (
	englishFirst = strings.Fields("Albert Bridget Colin Daphne Edmund Fiona Gareth Harriet Ivan Joanna Kenneth Lorna Malcolm Nadine Oscar Phoebe " +
		"Quentin Rosalind Stuart Tabitha Ursula Victor Wendy Yvonne Arthur Beatrice Clive Deborah Elliot Felicity Gordon Imogen Jasper Leonard Miranda")
	englishSurnames = strings.Fields("Abbott Barlow Chapman Dawson Ellery Farrow Goddard Harding Ingram Jarvis Kendrick Lockwood Marlowe Norwood Osborne " +
		"Prescott Quigley Radcliffe Sheridan Thornton Underhill Vickers Whitaker Yardley Ashworth Bramley Carver Dunmore Eastwood Fielding Hathaway Langley")
	englishStreets = strings.Split("Oak Street,Maple Avenue,Church Lane,Mill Road,Station Road,Elm Drive,Harbor Boulevard,Cedar Court,Victoria Terrace,Park Lane,Hillside Avenue,Lakeview Drive", ",")
	englishTowns   = []struct{ name, code string }{{"Springfield", "IL 62704"}, {"Dayton", "OH 45402"}, {"Albany", "NY 12207"}, {"Boise", "ID 83702"}, {"Eugene", "OR 97401"}, {"Tampa", "FL 33602"}}
	englishMonths  = strings.Fields("January February March April May June July August September October November December")
)

func englishPerson(r *rand.Rand) person {
	first, surname := choose(r, englishFirst), choose(r, englishSurnames)
	return person{first: endings(first, "", "", "", ""), surname: endings(surname, "", "", "", ""), latin: strings.ToLower(first + "." + surname)}
}

func englishPhone(r *rand.Rand, _ person) form {
	if r.IntN(4) == 0 { // the range that Ofcom keeps for drama
		d := digits(r, 3)
		return form{"+44 7700 900" + d, "zero seven seven double zero nine hundred " + sayEnglish(d)}
	}
	area, d := choose(r, []string{"212", "312", "415", "617", "206", "303"}), fmt.Sprintf("55501%02d", r.IntN(100)) // 555-01xx is kept for fiction
	f := choose(r, []string{"(%s) %s-%s", "%s-%s-%s", "+1 %s %s %s", "+1%s%s%s", "%s.%s.%s"})
	return form{fmt.Sprintf(f, area, d[:3], d[3:]), sayEnglish(area + d)}
}

func englishEmail(r *rand.Rand, p person) form {
	host := choose(r, []string{"gmail", "outlook", "example", "proton"})
	return form{p.latin + "@" + host + ".com", strings.Replace(p.latin, ".", " dot ", 1) + " at " + host + " dot com"}
}

func englishAddress(r *rand.Rand, _ person) form {
	n, street, town := 1+r.IntN(99), choose(r, englishStreets), choose(r, englishTowns)
	return form{choose(r, []string{fmt.Sprintf("%d %s, %s, %s", n, street, town.name, town.code), fmt.Sprintf("%d %s, %s", n, street, town.name)}),
		englishNumber(n) + " " + strings.ToLower(street+" "+town.name)}
}

func englishCard(r *rand.Rand, _ person) form {
	d := luhn(choose(r, []string{"4539", "5425", "4012", "5105"}) + digits(r, 11))
	return form{grouped(d, choose(r, []string{" ", "", "-"}), 4, 4, 4, 4), sayEnglish(d)}
}

func englishExpiry(r *rand.Rand, _ person) form {
	month, year := 1+r.IntN(12), 27+r.IntN(6)
	return form{fmt.Sprintf("%02d/%d", month, year), englishNumber(month) + " " + englishNumber(year)}
}

func englishSSN(r *rand.Rand, _ person) form {
	d := fmt.Sprintf("%03d%02d%04d", 100+r.IntN(560), 1+r.IntN(99), 1+r.IntN(9999))
	return form{grouped(d, "-", 3, 2, 4), sayEnglish(d)}
}

// iban is a German one: bank code, account and the check of ISO 13616.
func iban(r *rand.Rand, _ person) form {
	bban := digits(r, 18)
	rest := 0
	for _, c := range bban + "131400" { // DE00
		rest = (rest*10 + int(c-'0')) % 97
	}
	d := fmt.Sprintf("DE%02d%s", 98-rest, bban)
	return form{written: choose(r, []string{d, grouped(d, " ", 4, 4, 4, 4, 4, 2)})}
}

func englishBirth(r *rand.Rand, _ person) form {
	day, month, year := 1+r.IntN(28), r.IntN(12), 60+r.IntN(40)
	said := fmt.Sprintf("%s %s nineteen %s", strings.ToLower(englishMonths[month]), englishNumber(day), englishNumber(year))
	return form{choose(r, []string{
		fmt.Sprintf("%02d/%02d/19%02d", month+1, day, year),
		fmt.Sprintf("%s %d, 19%02d", englishMonths[month], day, year),
		fmt.Sprintf("19%02d-%02d-%02d", year, month+1, day),
	}), said}
}

func englishOTP(r *rand.Rand, _ person) form {
	d := digits(r, 6)
	return form{d, sayEnglish(d)}
}

var englishGoods = strings.Split("kitchen,door,sofa,wardrobe,subscription,license,boiler,fence,pump,lathe,fridge,coffee machine,treadmill,mattress,window,bicycle,laptop,printer,washing machine,lamp,greenhouse,generator", ",")

var englishThings = map[string]func(*rand.Rand, person) form{
	"thing": func(r *rand.Rand, _ person) form { s := choose(r, englishGoods); return form{s, s} },
	"price": func(r *rand.Rand, _ person) form {
		n := 2 + r.IntN(97)
		return form{fmt.Sprintf("$%d,%d00", n, 1+r.IntN(9)), englishNumber(n) + " thousand dollars"}
	},
	"percent": func(r *rand.Rand, _ person) form {
		n := 5 + r.IntN(40)
		return form{fmt.Sprintf("%d%%", n), englishNumber(n) + " percent"}
	},
	"day": func(r *rand.Rand, _ person) form {
		s := choose(r, strings.Split("Monday,Tuesday,Wednesday,Thursday,Friday,the weekend,the end of the month", ","))
		return form{s, strings.ToLower(s)}
	},
	"time": func(r *rand.Rand, _ person) form {
		n := 1 + r.IntN(11)
		return form{fmt.Sprintf("%d:%02d pm", n, r.IntN(4)*15), englishNumber(n) + " o'clock"}
	},
	"order":    func(r *rand.Rand, _ person) form { d := digits(r, 5); return form{"#" + d, sayEnglish(d)} },
	"contract": func(r *rand.Rand, _ person) form { d := digits(r, 3); return form{d + "/26", sayEnglish(d)} },
	"article": func(r *rand.Rand, _ person) form {
		d := digits(r, 4)
		return form{choose(r, []string{"KM-", "SD-", "TR-"}) + d, sayEnglish(d)}
	},
	"count": func(r *rand.Rand, _ person) form {
		n := 2 + r.IntN(90)
		return form{fmt.Sprintf("%d units", n), englishNumber(n) + " units"}
	},
	"days": func(r *rand.Rand, _ person) form {
		n := 5 + r.IntN(40)
		return form{fmt.Sprintf("%d days", n), englishNumber(n) + " days"}
	},
	"months": func(r *rand.Rand, _ person) form {
		n := 5 + r.IntN(20)
		return form{fmt.Sprintf("%d months", n), englishNumber(n) + " months"}
	},
	"number":  func(r *rand.Rand, _ person) form { n := 5 + r.IntN(90); return form{fmt.Sprint(n), englishNumber(n)} },
	"number2": func(r *rand.Rand, _ person) form { n := 5 + r.IntN(90); return form{fmt.Sprint(n), englishNumber(n)} },
	"version": func(r *rand.Rand, _ person) form {
		a, b := 1+r.IntN(9), r.IntN(20)
		return form{fmt.Sprintf("%d.%d", a, b), englishNumber(a) + " point " + englishNumber(b)}
	},
}

var (
	englishUnits = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	englishTens  = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
)

// englishNumber says 0 to 99.
func englishNumber(n int) string {
	if n < 20 {
		return englishUnits[n]
	}
	if n%10 == 0 {
		return englishTens[n/10]
	}
	return englishTens[n/10] + " " + englishUnits[n%10]
}

// sayEnglish says digits one by one.
func sayEnglish(d string) string {
	words := make([]string, len(d))
	for i := range d {
		words[i] = englishUnits[d[i]-'0']
	}
	return strings.Join(words, " ")
}
