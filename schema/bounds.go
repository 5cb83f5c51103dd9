package schema

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// evalBounds are what the evaluation of one design may take. CUE's evaluator cannot be stopped, so what
// goes beyond them is given up: it runs on until the process ends, and no further design is read
// where it is memory that it takes.
type evalBounds struct {
	time   time.Duration
	memory uint64 // bytes of the heap beyond those in use before
}

// defaultBounds leave room for a design of some ten thousand modules. Where there is less memory, the bound is a
// quarter of it: a value that doubles takes twice what is in use at one stroke, and a refusal ends the process.
func defaultBounds() evalBounds {
	b := evalBounds{time: 2 * time.Minute, memory: 4 << 30}
	if limit := debug.SetMemoryLimit(-1); limit > 0 && uint64(limit) < b.memory*10/9 {
		b.memory = uint64(limit) / 10 * 9
	}
	if available := availableMemory(); available > 0 {
		b.memory = max(min(b.memory, available/4), 64<<20)
	}
	return b
}

// bounded calls f, and turns a panic of f into an error. It returns false where f goes beyond the
// bounds; f then still runs.
func (l *loader) bounded(file string, f func() Errors) (Errors, bool) {
	if l.runaway.Load() {
		return Errors{{Pos: Range{File: file}, Message: "not read, because another design takes too much memory", Hint: "check it by itself"}}, false
	}
	done := make(chan Errors, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- Errors{libraryFault(file, p)}
			}
		}()
		done <- f()
	}()
	start, used := time.Now(), heapInUse()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case errs := <-done:
			return errs, true
		case <-tick.C:
			const hint = "does a for make more values than it should?"
			if time.Since(start) > l.bounds.time {
				return Errors{{Pos: Range{File: file}, Message: fmt.Sprintf("evaluating this design takes longer than %v", l.bounds.time), Hint: hint}}, false
			}
			if now := heapInUse(); now > used && now-used > l.bounds.memory {
				l.runaway.Store(true)
				return Errors{{Pos: Range{File: file}, Message: fmt.Sprintf("evaluating this design takes more than %d MB of memory", l.bounds.memory>>20), Hint: hint}}, false
			}
		}
	}
}

func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
