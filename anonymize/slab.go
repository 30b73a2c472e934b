package anonymize

// A slab makes room for many small slices at a time.
type slab[T any] struct {
	free []T
	size int // of the last room that was made
}

const (
	leastSlab = 8
	mostSlab  = 4096
)

// take gives room for n.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.size = max(n, min(max(2*s.size, leastSlab), mostSlab))
		s.free = make([]T, s.size)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

func (s *slab[T]) one() *T { return &s.take(1)[0] }

// keep copies src into dst where there is room, else elsewhere.
func (s *slab[T]) keep(dst, src []T) []T {
	if len(src) > cap(dst) {
		dst = s.take(len(src))
	}
	return append(dst[:0], src...)
}
