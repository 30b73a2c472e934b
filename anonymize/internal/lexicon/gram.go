package lexicon

// Case is one of the six Russian cases, in their school order.
type Case uint8

const (
	Nominative Case = iota
	Genitive
	Dative
	Accusative
	Instrumental
	Prepositional
)

// Sex is the sex of a person or the gender of a word. Both is for the names
// of either sex («Саша»).
type Sex uint8

const (
	Male Sex = 1 << iota
	Female
	Both = Male | Female
)

// Gram is a set of readings of a form: which case in which gender or in the
// plural. Seven bits stand for a gender, lowest the [Nominative], highest the
// truncated vocative («Саш», «Тань»): masculine, feminine, plural. So the
// forms of one name agree in case and gender exactly where the bits of both
// are set:
//
//	Ивану  masculine dative
//	Петрову  masculine dative, feminine accusative
//	Ивану & Петрову  masculine dative
//
// The zero value tells nothing, as of a Latin name.
type Gram uint32

const (
	GramVocative Gram = 1<<6 | 1<<13 // of either sex

	gramBits            = 7
	gramMasculine  Gram = 1<<gramBits - 1
	gramFeminine   Gram = gramMasculine << gramBits
	gramPlural     Gram = gramFeminine << gramBits
	gramUndeclined Gram = 1<<6 - 1
)

// GramOf returns the reading of one case in the genders of sex.
func GramOf(sex Sex, c Case) Gram {
	var g Gram
	if sex&Male != 0 {
		g |= 1 << c
	}
	if sex&Female != 0 {
		g |= 1 << c << gramBits
	}
	return g
}

// PluralOf returns the reading of one case in the plural.
func PluralOf(c Case) Gram { return 1 << c << (2 * gramBits) }

// VocativeOf returns the truncated vocative in the genders of sex.
func VocativeOf(sex Sex) Gram { return GramOf(sex, 6) }

// UndeclinedOf returns all six cases in the genders of sex.
func UndeclinedOf(sex Sex) Gram {
	var g Gram
	if sex&Male != 0 {
		g |= gramUndeclined
	}
	if sex&Female != 0 {
		g |= gramUndeclined << gramBits
	}
	return g
}

// Sex returns the genders that have a reading in the singular.
func (g Gram) Sex() Sex {
	var s Sex
	if g&gramMasculine != 0 {
		s |= Male
	}
	if g&gramFeminine != 0 {
		s |= Female
	}
	return s
}

// Of returns the readings of the genders of sex alone.
func (g Gram) Of(sex Sex) Gram {
	var mask Gram
	if sex&Male != 0 {
		mask |= gramMasculine
	}
	if sex&Female != 0 {
		mask |= gramFeminine
	}
	return g & mask
}

// Cases returns the cases read in any gender or number: bit [Nominative]
// lowest, bit 6 the truncated vocative.
func (g Gram) Cases() uint8 {
	return uint8((g | g>>gramBits | g>>(2*gramBits)) & gramMasculine)
}

// Has reports whether c is read in any gender or number.
func (g Gram) Has(c Case) bool { return g.Cases()>>c&1 != 0 }

// Plural reports whether there is a plural reading.
func (g Gram) Plural() bool { return g&gramPlural != 0 }
