//go:build race

package transcript_test

// Under the race detector all takes many times as long, and tells nothing of time and memory.
const raceEnabled = true
