package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestCollectLate(t *testing.T) {
	percent := func() int {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return p
	}
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)

	t.Setenv("GOGC", "50")
	if collectLate(); percent() != 100 {
		t.Errorf("%d although the environment says how to collect", percent())
	}
	os.Unsetenv("GOGC")
	if collectLate(); percent() != 800 {
		t.Errorf("%d before the first collection, want 800", percent())
	}
	for range 1000 {
		runtime.GC()
		if percent() == 100 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d after the first collection, want 100", percent())
}
