package main

import (
	"runtime"
	"slices"
	"time"
)

// A timed does one round of its work and says how long that took: on the thread's clock, or, for another process, what
// that process measured itself.
type timed func() (time.Duration, error)

// onThread times f in this thread. What the garbage collector does beside it, on other threads, is not counted, which
// favours those who allocate.
func onThread(f func()) timed {
	return func() (time.Duration, error) {
		return spent(func() error { f(); return nil })
	}
}

func spent(f func() error) (time.Duration, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begun := now()
	err := f()
	return now() - begun, err
}

// race runs the works in turn, each round beginning with another one, so that a busy minute of the machine meets them
// all alike. It gives the times of each work by round. One round before the first is not counted.
func race(rounds int, works []timed) ([][]time.Duration, error) {
	times := make([][]time.Duration, len(works))
	for round := -1; round < rounds; round++ {
		for i := range works {
			at := (i + round + 1) % len(works)
			took, err := works[at]()
			if err != nil {
				return nil, err
			}
			if round >= 0 {
				times[at] = append(times[at], max(took, 1))
			}
		}
	}
	return times, nil
}

// ratio is the median, over the rounds, of how many times longer a round of a took than one of b. perA and perB are the
// bytes, or whatever is compared, that a round of each does.
func ratio(a []time.Duration, perA float64, b []time.Duration, perB float64) float64 {
	ratios := make([]float64, min(len(a), len(b)))
	for i := range ratios {
		ratios[i] = float64(a[i]) / perA / (float64(b[i]) / perB)
	}
	return median(ratios)
}

func median[T time.Duration | float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}
