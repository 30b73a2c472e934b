package lexicon

// A key is a word without its case, and without the difference of е and ё,
// in 64 bits. Short words are held exactly, so nothing has to be compared
// after a look-up but what the folding took away.
//
//	bits 60..63  script and length
//	  1..12      a Russian word of so many letters
//	  13         a longer Russian word
//	  14         a Latin word of 1 to 12 letters
//	  15         a longer Latin word
//	bits  0..59  five bits a letter, the last letter lowest
//
// A Russian letter counts а=0 … я=31 with ё as е; a Latin one a=1 … z=26.
// In a longer word bits 0..29 hold the last six letters in the same way, so
// that an ending looks alike in every word, and bits 30..59 a hash of all the
// letters before them.
//
// In UTF-8 the number of a Russian letter is (second byte & 0x1F) ^ 0x10,
// upper and lower case alike, ё (D1 91) and Ё (D0 81) apart. A scanner may
// shift the numbers in as it reads and hand the rest to [Builder].
const (
	letterBits  = 5
	ExactWord   = 12                 // letters that a key holds exactly
	exactTail   = 6                  // last letters that a long key holds
	tagShift    = 60                 // where script and length begin
	tagLong     = 13                 // a Russian word beyond ExactWord
	tagLatin    = 14                 // a Latin word
	tagLatinBig = 15                 // a Latin word beyond ExactWord
	lettersMask = 1<<tagShift - 1    // the letters without the tag
	tailMask    = 1<<30 - 1          // the last six letters
	hashPrime   = 0x9E3779B97F4A7C15 // 2^64 / golden ratio
)

// Key returns the key of a word in UTF-8, and 0 for what is not one word of
// Russian or of Latin letters: a hyphen, a digit, a mixed script, the empty
// string. It does not allocate.
func Key(word string) uint64 {
	var b Builder
	if word == "" {
		return 0
	}
	if word[0] < 0x80 {
		for i := 0; i < len(word); i++ {
			c := word[i] | 0x20
			if c < 'a' || c > 'z' {
				return 0
			}
			b.Add(uint64(c-'a') + 1)
		}
		return b.Latin()
	}
	for i := 0; i < len(word); i += 2 {
		if i+1 == len(word) {
			return 0
		}
		n, ok := letter(word[i], word[i+1])
		if !ok {
			return 0
		}
		b.Add(n)
	}
	return b.Russian()
}

// letter returns the number of the Russian letter of two UTF-8 bytes.
func letter(lead, cont byte) (uint64, bool) {
	n := uint64(cont&0x1F) ^ 0x10
	switch {
	case lead == 0xD0 && cont >= 0x90 && cont <= 0xBF, lead == 0xD1 && cont >= 0x80 && cont <= 0x8F:
		return n, true
	case lead == 0xD0 && cont == 0x81, lead == 0xD1 && cont == 0x91:
		return 5, true
	}
	return 0, false
}

// RussianKey returns the key of a word of n letters, 1 to [ExactWord], whose
// numbers stand in letters with five bits each, the last one lowest.
func RussianKey(letters uint64, n int) uint64 { return uint64(n)<<tagShift | letters }

// LatinKey is RussianKey for a Latin word.
func LatinKey(letters uint64, n int) uint64 { return tagLatin<<tagShift | letters }

// A Builder makes the key of a word from the numbers of its letters. Its zero
// value is ready for the first letter; it is not for concurrent use.
type Builder struct {
	letters uint64 // the last twelve
	hash    uint64 // of the letters before the last six, once there are more than twelve
	n       int
}

// Add takes the next letter: 0..31 of a Russian word, 1..26 of a Latin one.
func (b *Builder) Add(letter uint64) {
	if b.n >= ExactWord {
		b.hash = (b.hash ^ (b.letters>>(tagShift-letterBits) + 1)) * hashPrime
		b.hash ^= b.hash >> 29
	}
	b.letters = (b.letters<<letterBits | letter) & lettersMask
	b.n++
}

// Len returns the number of letters taken.
func (b *Builder) Len() int { return b.n }

// Russian returns the key of the Russian word taken, and 0 if there is none.
func (b *Builder) Russian() uint64 {
	if b.n <= ExactWord {
		return uint64(b.n)<<tagShift | b.letters
	}
	return b.long(tagLong)
}

// Latin returns the key of the Latin word taken, and 0 if there is none.
func (b *Builder) Latin() uint64 {
	switch {
	case b.n == 0:
		return 0
	case b.n <= ExactWord:
		return tagLatin<<tagShift | b.letters
	}
	return b.long(tagLatinBig)
}

func (b *Builder) long(tag uint64) uint64 {
	h := (b.hash ^ b.letters>>30) * hashPrime
	h ^= h >> 32
	return tag<<tagShift | (h*hashPrime)>>34<<30 | b.letters&tailMask
}
