package tokenize

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/bits"
	"strconv"
)

// Index is a blind index: a short keyed hash beside a sealed column, by which
// rows can be found without opening them. It is cut so short that several
// values share each entry, so a stolen column does not say which rows are
// equal; the reader opens what it finds and compares.
//
// An entry still narrows a value down, and with the key its holder can
// enumerate 10^9 phones and name the few that fit each entry: an index is as
// secret as its key. Each further index on a field (last four digits, first
// letter) leaks on its own. [Vault.Forget] does not reach an index: delete the
// entries with the rows.
//
// An Index is immutable and safe for concurrent use.
type Index struct{ p hidden[index] }

type index struct {
	ring  *Keyring
	scope Scope
	opts  IndexOptions
	bits  int
	keys  keyCache[[]byte]
}

// IndexOptions say what is indexed. Every field but Coincidences is required.
type IndexOptions struct {
	// Field names the column, such as "client.phone": two fields never share
	// entries. At most 256 bytes.
	Field string
	// Normalizer says which spellings are one value.
	Normalizer Normalizer
	// Rows is the number of rows the table is expected to reach. Entries
	// depend on it: another number is another index.
	Rows int64
	// Distinct is how many different values the field can hold: 10^9 for a
	// Russian mobile, 2 for a yes or no. Below 65,536 an index would give the
	// values away and is refused; index two fields together instead.
	Distinct int64
	// Coincidences is the number of other rows that a search should find
	// beside the right one, from 2 to the root of Rows; 0 means 16, or the
	// root of Rows if that is less.
	Coincidences int64
}

const minDistinct = 1 << 16

// NewIndex makes an Index. The error tells which option is out of bounds.
func NewIndex(ring *Keyring, scope Scope, opts IndexOptions) (*Index, error) {
	if err := ring.check(scope); err != nil {
		return nil, err
	}
	if !validName(opts.Field) {
		return nil, errors.New("tokenize: index field is no name of 1 to 256 bytes")
	}
	if _, err := opts.Normalizer.Fold("x"); err != nil {
		return nil, err
	}
	width, err := indexBits(opts)
	if err != nil {
		return nil, err
	}
	return &Index{hide(&index{ring: ring, scope: scope, opts: opts, bits: width})}, nil
}

// indexBits is floor(log2(rows / coincidences)), the rule of CipherSweet, with
// coincidences between 2 and the root of rows.
func indexBits(opts IndexOptions) (int, error) {
	if opts.Distinct < minDistinct {
		return 0, errors.New("tokenize: index on a field of fewer than 65536 distinct values")
	}
	if opts.Rows < 4 || opts.Rows > 1<<40 {
		return 0, errors.New("tokenize: index rows are not from 4 to 2^40")
	}
	c := opts.Coincidences
	if c == 0 {
		for c = 16; c*c > opts.Rows; c-- {
		}
	}
	if c < 2 || c > opts.Rows/c {
		return 0, errors.New("tokenize: index coincidences are not from 2 to the root of rows")
	}
	return bits.Len64(uint64(opts.Rows/c)) - 1, nil
}

// Bits is the length of an entry in bits.
func (x *Index) Bits() int { return x.p().bits }

// Entry returns the index entry of value under the active key, ASCII text such
// as "v1.phone-e164/1.16.bcdf": key version, normaliser, bits, hash. Write it
// beside the sealed value. Error: [ErrValue].
func (x *Index) Entry(value string) (string, error) {
	return x.entry(value, x.p().ring.p().active)
}

// Candidates returns the entries to search for, one for every key of the ring,
// the active first. What they find must be opened and compared.
func (x *Index) Candidates(value string) ([]string, error) {
	var all []string
	for _, version := range x.p().ring.p().readers {
		e, err := x.entry(value, version)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func (x *Index) entry(value string, version uint32) (string, error) {
	folded, err := x.p().opts.Normalizer.Fold(value)
	if err != nil {
		return "", err
	}
	key, err := x.p().keys.get(keyID{useIndex, x.p().opts.Field, version}, func() ([]byte, error) {
		return x.p().ring.derive(useIndex, x.p().opts.Field, x.p().scope, version, sha256.Size)
	})
	if err != nil {
		return "", err
	}
	name := string(x.p().opts.Normalizer)
	width := strconv.Itoa(x.p().bits)
	sum := binary.BigEndian.Uint64(macFields(key, name, width, folded))
	hash := binary.BigEndian.AppendUint64(nil, sum>>(64-x.p().bits))
	letters := appendBody(nil, hash)
	letters = letters[len(letters)-(x.p().bits+3)/4:]
	return "v" + strconv.FormatUint(uint64(version), 10) + "." + name + "." + width + "." + string(letters), nil
}
