// Package mph is a minimal perfect hash over 64-bit keys that is read in
// place from a string, as one embedded by the compiler: nothing is parsed and
// nothing allocated, and a hit costs what a miss costs. It is «hash, displace»
// of Belazzougui, Botelho and Dietzfelbinger (2009): a key's bucket holds a
// seed under which all keys of the bucket fall into free slots. A slot keeps a
// fingerprint of its key, so a foreign key is found by mistake with
// probability 2^-8 or 2^-24, and beside it what its key stands for, so that one
// load gives both.
package mph

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

const (
	header    = 12 // slots, buckets, bytes of a slot: 32 bits each
	print     = 3  // bytes of a fingerprint
	perBucket = 4  // keys in a bucket on average
	spare     = 64 // one slot in so many stays free, or the last seeds are not to be found
	maxSeed   = 1<<16 - 1
)

// Build returns the table of keys and, for each key in order, the part of its
// slot that is the caller's. A slot has size bytes: the first 3 are the
// fingerprint, but a slot of 1 byte has a fingerprint of 1 byte and nothing else.
// The same keys in any order give the same table. Two equal keys are an error.
func Build(keys []uint64, size int) (table []byte, values [][]byte, err error) {
	n := uint32(len(keys) + len(keys)/spare + 1)
	buckets := uint32(len(keys)/perBucket + 1)
	members := make([][]int, buckets)
	for i, k := range keys {
		b := reduce(mix(k), buckets)
		members[b] = append(members[b], i)
	}
	order := make([]uint32, buckets)
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return len(members[b]) - len(members[a]) })

	seeds := make([]uint16, buckets)
	slots := make([]uint32, len(keys))
	taken := make([]bool, n)
	for _, b := range order {
		seed, ok := place(keys, members[b], taken, slots, n)
		if !ok {
			return nil, nil, errors.New("mph: no seed found; is a key there twice?")
		}
		seeds[b] = seed
	}

	table = binary.LittleEndian.AppendUint32(table, n)
	table = binary.LittleEndian.AppendUint32(table, buckets)
	table = binary.LittleEndian.AppendUint32(table, uint32(size))
	for _, s := range seeds {
		table = binary.LittleEndian.AppendUint16(table, s)
	}
	first := len(table)
	table = append(table, make([]byte, int(n)*size)...)
	values = make([][]byte, len(keys))
	for i, k := range keys {
		h := mix(k)
		s := table[first+int(slots[i])*size:][:size:size]
		s[0] = byte(h)
		if size > 1 {
			s[1], s[2] = byte(h>>8), byte(h>>16)
			values[i] = s[print:]
		}
	}
	return table, values, nil
}

// place finds the first seed that puts all members into free slots.
func place(keys []uint64, members []int, taken []bool, slots []uint32, n uint32) (uint16, bool) {
	for seed := range uint64(maxSeed + 1) {
		done := 0
		for _, i := range members {
			s := slot(mix(keys[i]), seed, n)
			if taken[s] {
				break
			}
			taken[s] = true
			slots[i] = s
			done++
		}
		if done == len(members) {
			return uint16(seed), true
		}
		for _, i := range members[:done] {
			taken[slots[i]] = false
		}
	}
	return 0, false
}

// A Hash is what a key is found by. Who looks into several tables makes it once.
type Hash uint64

// Of returns the hash of a key.
func Of(key uint64) Hash { return Hash(mix(key)) }

// Find returns where in a table made by [Build] with slots of size bytes, 3 or
// more, the caller's part of the slot of key begins. It is safe for concurrent use.
func Find(table string, size int, key uint64) (value int, ok bool) { return Of(key).Find(table, size) }

// Find is like the function [Find] for the key of h.
func (h Hash) Find(table string, size int) (value int, ok bool) {
	at := h.Slot(table, size)
	return at + print, u24(table, at) == uint32(h)&Print
}

// Print are the bits of a hash that are the fingerprint of 3 bytes, lowest first.
const Print = 1<<(8*print) - 1

// Slot returns where the slot of the key of h begins, or of another one if the key is not in the table.
func (h Hash) Slot(table string, size int) int {
	n, buckets := u32(table, 0), u32(table, 4)
	seed := u16(table, header+2*int(h.Bucket(buckets)))
	return header + 2*int(buckets) + size*int(h.InBucket(seed, n))
}

// Bucket returns the bucket of the key of h. Who looks up one word after the other reads the head of the table once.
func (h Hash) Bucket(buckets uint32) uint32 { return reduce(uint64(h), buckets) }

// InBucket returns the number of its slot, by the seed of its bucket.
func (h Hash) InBucket(seed uint16, slots uint32) uint32 { return slot(uint64(h), uint64(seed), slots) }

// Head returns the number of slots and of buckets of a table, and where the seeds of the buckets begin, 16 bits each. The slots
// stand behind them.
func Head(table string) (slots, buckets uint32, seeds int) {
	return u32(table, 0), u32(table, 4), header
}

// Has reports whether key is in a table made by [Build] with fingerprints of
// 1 byte: always if it was built in, else in one case of 256 by mistake. It is
// safe for concurrent use.
func Has(table string, key uint64) bool {
	h := Of(key)
	return table[h.Slot(table, 1)] == byte(h)
}

// mix is the finalizer of MurmurHash3: every bit of the key moves every bit.
func mix(k uint64) uint64 {
	k ^= k >> 33
	k *= 0xff51afd7ed558ccd
	k ^= k >> 33
	k *= 0xc4ceb9fe1a85ec53
	return k ^ k>>33
}

func slot(h, seed uint64, n uint32) uint32 {
	return reduce((h^seed*0x9E3779B97F4A7C15)*0xD6E8FEB86659FD93, n)
}

// reduce maps the upper bits of h to 0..n-1 without a division.
func reduce(h uint64, n uint32) uint32 {
	hi, _ := bits.Mul64(h, uint64(n))
	return uint32(hi)
}

func u32(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func u24(s string, i int) uint32 {
	s = s[i : i+3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16
}

func u16(s string, i int) uint16 {
	s = s[i : i+2]
	return uint16(s[0]) | uint16(s[1])<<8
}
