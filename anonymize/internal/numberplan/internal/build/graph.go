package build

import (
	"encoding/binary"
	"fmt"
)

// A ref names a set of digit strings as the table writes it: with the top
// bit set, bit n of the rest says that all strings of n digits are in the set;
// else it is the place of a node, counted in 16-bit words from the table's start.
type ref uint16

const (
	leaf ref = 1 << 15

	// none is the set without a string.
	none = leaf

	// maxLeaf is the longest string of a leaf. Longer ones go through nodes.
	maxLeaf = 14
)

// A node is the set of strings that begin with some digit d and go on as
// next[d] says, and of the empty string if accept.
type node struct {
	next   [10]ref
	accept bool
}

// A graph writes the table. It writes every set once, so that equal parts of
// different number plans share their nodes and the whole is minimal.
type graph struct {
	table []byte
	refs  map[node]ref
}

// callingCodes is the number of words at the table's start: for every
// calling code the ref of its numbers, or 0.
const callingCodes = 1000

func newGraph() *graph {
	return &graph{table: make([]byte, 2*callingCodes), refs: map[node]ref{}}
}

func (g *graph) setCallingCode(cc int, r ref) {
	binary.LittleEndian.PutUint16(g.table[2*cc:], uint16(r))
}

// add returns the ref of the set that n describes.
func (g *graph) add(n node) (ref, error) {
	if r, ok := n.leaf(); ok {
		return r, nil
	}
	if r, ok := g.refs[n]; ok {
		return r, nil
	}
	place := len(g.table) / 2
	if place >= int(leaf) {
		return 0, fmt.Errorf("the table does not fit into %d bytes", 2*int(leaf))
	}
	g.table = n.append(g.table)
	g.refs[n] = ref(place)
	return ref(place), nil
}

// leaf returns the leaf that says the same as n, if there is one: all digits
// lead to one leaf, which has no string of maxLeaf digits yet.
func (n *node) leaf() (ref, bool) {
	for _, r := range n.next {
		if r != n.next[0] {
			return 0, false
		}
	}
	lengths := n.next[0] &^ leaf
	if n.next[0]&leaf == 0 || lengths>>maxLeaf != 0 {
		return 0, false
	}
	lengths <<= 1
	if n.accept {
		lengths |= 1
	}
	return leaf | lengths, true
}

// append writes n: for each digit four bits that choose one of the different refs,
// a byte that is 1 for accept, the refs. Two or three of the ten differ in most nodes.
func (n *node) append(dst []byte) []byte {
	var head [6]byte
	var refs []ref
	for d, r := range n.next {
		i := 0
		for i < len(refs) && refs[i] != r {
			i++
		}
		if i == len(refs) {
			refs = append(refs, r)
		}
		head[d/2] |= byte(i) << (d % 2 * 4)
	}
	if n.accept {
		head[5] = 1
	}
	dst = append(dst, head[:]...)
	for _, r := range refs {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(r))
	}
	return dst
}
