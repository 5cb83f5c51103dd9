package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// collectLate puts off the first garbage collection until the heap holds 32 MB, which most designs never need: 100
// modules take 16 MB, and the four collections that they got took a fifth of the time. From then on all is as usual, and
// so it is where the environment says how to collect.
func collectLate() {
	if os.Getenv("GOGC") != "" {
		return
	}
	const percent = 800 // of the 4 MB at which Go collects first
	usual := debug.SetGCPercent(percent)
	// The first collection frees this value, which nothing holds.
	runtime.AddCleanup(new([16]byte), func(percent int) { debug.SetGCPercent(percent) }, usual)
}
