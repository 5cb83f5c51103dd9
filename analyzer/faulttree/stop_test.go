package faulttree

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"
)

// TestStop sets stop while each kind of computation is at work on a tree that is far too large for it. The time is
// generous, since a busy machine holds up every goroutine.
func TestStop(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tree := &Tree{}
	for i := range 4000 {
		tree.Events = append(tree.Events, Event{fmt.Sprint("e", i), 0.01})
	}
	for i := range 4000 { // each over what came shortly before, so that it is deep and all of it meets
		g := Gate{Op: []Op{And, Or, Or}[r.IntN(3)]}
		for range 3 {
			g.In = append(g.In, EventRef(r.IntN(len(tree.Events))), GateRef(max(0, i-1-r.IntN(200))))
		}
		if i == 0 {
			g.In = []Ref{EventRef(0), EventRef(1)}
		}
		tree.Gates = append(tree.Gates, g)
	}
	tree.Top = GateRef(len(tree.Gates) - 1)
	for name, compute := range map[string]func(m *Model, stop *atomic.Bool) bool{
		"probability": func(m *Model, stop *atomic.Bool) bool {
			_, ok := m.Probability(Budget{Stop: stop})
			return ok
		},
		"counts": func(m *Model, stop *atomic.Bool) bool {
			_, ok := m.CountByOrder(0, Budget{Stop: stop})
			return ok
		},
		"low orders": func(m *Model, stop *atomic.Bool) bool {
			_, ok := m.CountByOrder(40, Budget{Stop: stop})
			return ok
		},
		"bounds": func(m *Model, stop *atomic.Bool) bool {
			low, high := m.Bounds(20, stop)
			return low == high
		},
	} {
		m := model(t, tree)
		stop := new(atomic.Bool)
		time.AfterFunc(300*time.Millisecond, func() { stop.Store(true) })
		start := time.Now()
		known := compute(m, stop)
		took := time.Since(start)
		t.Logf("%s: known %v after %v", name, known, took)
		if took > 5*time.Second {
			t.Errorf("%s: stopped after %v", name, took)
		}
	}
}
