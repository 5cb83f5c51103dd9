package analyzer_test

import (
	"reflect"
	"runtime"
	"testing"

	"lintel/analyzer"
	"lintel/internal/generate"
)

// A large design is prepared by several processors at once; what is found must not depend on how many.
func TestLargeDesignOnSeveralProcessors(t *testing.T) {
	d := generate.Design(generate.T2, 3)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	alone := analyzer.New(d)
	want, modules := alone.Failures(), alone.ModuleFailures()
	if len(alone.Dependencies()) < 9_000 { // see concurrentFrom
		t.Fatalf("only %d dependencies: too few to be spread over processors", len(alone.Dependencies()))
	}
	for _, n := range []int{2, 3, 7} {
		runtime.GOMAXPROCS(n)
		a := analyzer.New(d)
		if !reflect.DeepEqual(a.Dependencies(), alone.Dependencies()) {
			t.Errorf("%d processors: other dependencies", n)
		}
		if !reflect.DeepEqual(a.Failures(), want) || !reflect.DeepEqual(a.ModuleFailures(), modules) {
			t.Errorf("%d processors: other failures", n)
		}
	}
}
