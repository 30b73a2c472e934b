package numberplan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

func TestValid(t *testing.T) {
	tests := []struct {
		digits  string
		codeLen int
		ok      bool
	}{
		{"74950000000", 1, true},
		{"79161234567", 1, true},
		{"77011234567", 1, true}, // Kazakhstan
		{"375291234567", 3, true},
		{"380441234567", 3, true},
		{"998901234567", 3, true},
		{"442079460958", 2, true}, // Ofcom keeps 020 7946 0000-0999 for films
		{"12025550123", 1, true},
		{"390612345678", 2, true}, // Rome keeps its 0
		{"80012345678", 3, true},  // of no country
		{"79161234567", 1, true},

		{"4402079460958", 2, false},  // with the 0 that is for dialling at home
		{"7916123456", 1, false},     // too short
		{"791612345678", 1, false},   // too long
		{"70001234567", 1, false},    // no such area
		{"12025550", 1, false},       // too short
		{"11234567890", 1, false},    // no area begins with 1
		{"999123456789", 0, false},   // no such calling code
		{"089161234567", 0, false},   // none begins with 0
		{"7", 1, false},              // nothing but the code
		{"37", 0, false},             // not yet a code
		{"375", 3, false},            // nothing but the code
		{"", 0, false},               //
		{"+79161234567", 0, false},   // the plus is not a digit
		{"7916123456\xd7", 1, false}, // nor is what has a digit's low bits
		{"7916123456:", 1, false},    //
		{"4420794609580000000000000000000000", 2, false},
	}
	for _, tt := range tests {
		codeLen, ok := Valid([]byte(tt.digits))
		if codeLen != tt.codeLen || ok != tt.ok {
			t.Errorf("Valid(%q) = %d, %t; want %d, %t", tt.digits, codeLen, ok, tt.codeLen, tt.ok)
		}
	}
}

func TestValidNational(t *testing.T) {
	tests := []struct {
		cc       int
		national string
		ok       bool
	}{
		{7, "9161234567", true},
		{375, "291234567", true},
		{44, "2079460958", true},
		{44, "4161234567", false},
		{0, "9161234567", false},
		{-7, "9161234567", false},
		{999, "9161234567", false},
		{1000, "9161234567", false},
		{7, "", false},
		{7, "916123456x", false},
	}
	for _, tt := range tests {
		if ok := ValidNational(tt.cc, []byte(tt.national)); ok != tt.ok {
			t.Errorf("ValidNational(%d, %q) = %t; want %t", tt.cc, tt.national, ok, tt.ok)
		}
	}
}

// TestPhonenumbers holds Valid against its model on numbers near valid ones of
// every region and type, and on random ones.
func TestPhonenumbers(t *testing.T) {
	const total = 100_000
	r := rand.New(rand.NewPCG(1, 2))
	models := examples(t)
	codes := callingCodesOf(models)
	var valid, differ int
	for i := range total {
		var n number
		if i%2 == 0 {
			n = mutate(r, models[i/2%len(models)])
		} else {
			n = random(r, codes)
		}
		want := phonenumbers.IsValidNumber(n.phoneNumber())
		if want {
			valid++
		}
		codeLen, got := Valid([]byte(n.String()))
		if codeLen != len(strconv.Itoa(n.cc)) || got != want || ValidNational(n.cc, []byte(n.national)) != want {
			differ++
			t.Errorf("+%d %s: %t, phonenumbers says %t", n.cc, n.national, got, want)
		}
	}
	t.Logf("%d numbers, %d valid, %d differences", total, valid, differ)
	if valid < total/5 || valid > total*4/5 {
		t.Errorf("%d of %d valid: too one-sided to prove anything", valid, total)
	}
}

// TestParse shows where a caller of phonenumbers.Parse gets another answer: only for
// digits from which Parse takes what is dialled at home, or to which it adds.
func TestParse(t *testing.T) {
	const total = 20_000
	r := rand.New(rand.NewPCG(3, 4))
	models := examples(t)
	differ := 0
	for i := range total {
		n := mutate(r, models[i%len(models)])
		_, got := Valid([]byte(n.String()))
		parsed, err := phonenumbers.Parse("+"+n.String(), "")
		if want := err == nil && phonenumbers.IsValidNumber(parsed); got != want {
			differ++
			if err != nil || phonenumbers.GetNationalSignificantNumber(parsed) == n.national {
				t.Errorf("+%d %s: %t, phonenumbers says %t of the same national number", n.cc, n.national, got, want)
			}
		}
	}
	t.Logf("%d numbers, %d that Parse changes and judges otherwise", total, differ)
}

func FuzzValid(f *testing.F) {
	f.Add([]byte("79161234567"))
	f.Add([]byte("442079460958"))
	f.Add([]byte("390612345678"))
	f.Add([]byte("99"))
	f.Add([]byte("\xff7:"))
	f.Fuzz(func(t *testing.T, digits []byte) {
		n, ok := Valid(digits)
		if n < 0 || n > 3 || n > len(digits) || ok && n == 0 {
			t.Fatalf("Valid(%q) = %d, %t", digits, n, ok)
		}
		onlyDigits := !slices.ContainsFunc(digits, func(c byte) bool { return c < '0' || c > '9' })
		if ok && !onlyDigits {
			t.Fatalf("Valid(%q) of what is not digits", digits)
		}
		if n == 0 || !onlyDigits || len(digits)-n < 1 || len(digits)-n > 17 {
			return
		}
		cc, err := strconv.Atoi(string(digits[:n]))
		if err != nil {
			t.Fatal(err)
		}
		want := phonenumbers.IsValidNumber(number{cc, string(digits[n:])}.phoneNumber())
		if ok != want || ValidNational(cc, digits[n:]) != want {
			t.Fatalf("Valid(%q) = %t, phonenumbers says %t", digits, ok, want)
		}
	})
}

func TestAllocs(t *testing.T) {
	digits := []byte("79161234567")
	if n := testing.AllocsPerRun(100, func() { Valid(digits) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkValid(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	models := examples(b)
	for _, bench := range []struct {
		name string
		one  func(i int) number
	}{
		{"valid", func(i int) number { return models[i%len(models)] }},
		{"mutated", func(i int) number { return mutate(r, models[i%len(models)]) }},
		{"russian", func(int) number { return number{7, fmt.Sprintf("9%09d", r.IntN(1e9))} }},
	} {
		numbers := make([][]byte, 1024)
		for i := range numbers {
			numbers[i] = []byte(bench.one(i * 7).String())
		}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				Valid(numbers[i%len(numbers)])
				i++
			}
		})
	}
}

type number struct {
	cc       int
	national string
}

func (n number) String() string { return strconv.Itoa(n.cc) + n.national }

func (n number) phoneNumber() *phonenumbers.PhoneNumber {
	value, err := strconv.ParseUint(n.national, 10, 64)
	if err != nil {
		panic(err) // the tests make no other
	}
	zeros := len(n.national) - len(strconv.FormatUint(value, 10))
	return &phonenumbers.PhoneNumber{
		CountryCode:          new(int32(n.cc)),
		NationalNumber:       new(value),
		ItalianLeadingZero:   new(zeros > 0),
		NumberOfLeadingZeros: new(int32(zeros)),
	}
}

// examples returns a valid number of every type in every region, in fixed order.
func examples(t testing.TB) []number {
	metadata, err := phonenumbers.MetadataCollection()
	if err != nil {
		t.Fatal(err)
	}
	var out []number
	for _, m := range metadata.GetMetadata() {
		for _, d := range []*phonenumbers.PhoneNumberDesc{
			m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate(), m.GetSharedCost(),
			m.GetPersonalNumber(), m.GetVoip(), m.GetPager(), m.GetUan(), m.GetVoicemail(),
		} {
			if example := d.GetExampleNumber(); example != "" {
				out = append(out, number{int(m.GetCountryCode()), example})
			}
		}
	}
	if len(out) < 800 {
		t.Fatalf("only %d examples", len(out))
	}
	return out
}

func callingCodesOf(numbers []number) []int {
	var out []int
	for _, n := range numbers {
		out = append(out, n.cc)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mutate changes one to three digits, the tail or the length, or nothing.
func mutate(r *rand.Rand, n number) number {
	d := []byte(n.national)
	switch r.IntN(6) {
	case 0:
	case 1, 2:
		for range 1 + r.IntN(3) {
			d[r.IntN(len(d))] = digit(r)
		}
	case 3:
		for i := r.IntN(len(d)); i < len(d); i++ {
			d[i] = digit(r)
		}
	case 4:
		d = slices.Insert(d, r.IntN(len(d)+1), digit(r))
	case 5:
		i := r.IntN(len(d))
		d = slices.Delete(d, i, i+1)
	}
	return number{n.cc, string(d)}
}

func random(r *rand.Rand, codes []int) number {
	d := make([]byte, 4+r.IntN(11))
	for i := range d {
		d[i] = digit(r)
	}
	return number{codes[r.IntN(len(codes))], string(d)}
}

func digit(r *rand.Rand) byte { return '0' + byte(r.IntN(10)) }
