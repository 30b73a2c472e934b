package audit

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// frontier is the right edge of a Merkle tree of RFC 6962: the roots of the
// full subtrees that its size is the sum of. With it a leaf is added without
// reading anything, about five times as fast as tlog.StoredHashes.
type frontier struct {
	size uint64
	edge [64]tlog.Hash // edge[l] counts if bit l of size is set
}

// loadFrontier reads the edge of the tree of the first size leaves.
func loadFrontier(size uint64, r tlog.HashReader) (frontier, error) {
	f := frontier{size: size}
	var levels []int
	var indexes []int64
	for l := range 63 {
		if size>>l&1 == 1 {
			levels = append(levels, l)
			indexes = append(indexes, tlog.StoredHashIndex(l, int64(size>>l)-1))
		}
	}
	hashes, err := r.ReadHashes(indexes)
	if err != nil {
		return frontier{}, err
	}
	for i, l := range levels {
		f.edge[l] = hashes[i]
	}
	return f, nil
}

// add puts one leaf at the end and appends to dst the hashes that this
// completes, in the order of tlog.StoredHashIndex.
func (f *frontier) add(dst []tlog.Hash, leaf tlog.Hash) []tlog.Hash {
	dst = append(dst, leaf)
	l := 0
	for ; f.size>>l&1 == 1; l++ {
		leaf = tlog.NodeHash(f.edge[l], leaf)
		dst = append(dst, leaf)
	}
	f.edge[l] = leaf
	f.size++
	return dst
}

// root is the root hash; of the empty tree the hash of nothing.
func (f *frontier) root() tlog.Hash {
	if f.size == 0 {
		return sha256.Sum256(nil)
	}
	var h tlog.Hash
	started := false
	for l := range 63 {
		if f.size>>l&1 == 0 {
			continue
		}
		if started {
			h = tlog.NodeHash(f.edge[l], h)
		} else {
			h, started = f.edge[l], true
		}
	}
	return h
}

// storedCount is how many hashes the tree of size leaves has.
func storedCount(size uint64) int64 {
	if size == 0 {
		return 0
	}
	return tlog.StoredHashCount(int64(size))
}
