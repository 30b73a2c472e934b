package build

import "testing"

// No number plan of today has a number that begins longer ones by more than length,
// or 15 free digits, so the table itself does not show that both are written.
func TestNode(t *testing.T) {
	g := newGraph()
	add := func(n node) ref {
		t.Helper()
		r, err := g.add(n)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	free := none
	for i := range maxLeaf + 1 {
		free = add(all(free, i == 0))
	}
	if free&leaf == 0 {
		t.Fatalf("%d digits are not a leaf", maxLeaf)
	}
	longer := add(all(free, false))
	if longer&leaf != 0 {
		t.Fatalf("%d digits are a leaf", maxLeaf+1)
	}
	if again := add(all(free, false)); again != longer {
		t.Fatalf("the same set at %d and %d", longer, again)
	}
	if accepting := add(all(free, true)); accepting == longer || g.table[2*int(accepting)+5] != 1 {
		t.Fatal("a number that ends at a node is lost")
	}
}

func all(next ref, accept bool) node {
	n := node{accept: accept}
	for d := range n.next {
		n.next[d] = next
	}
	return n
}
