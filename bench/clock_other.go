//go:build !linux

package main

import "time"

const clockName = "wall clock"

var started = time.Now()

func now() time.Duration { return time.Since(started) }
