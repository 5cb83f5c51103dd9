package faulttree

import (
	"errors"
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

// TestPrepareWithin: a tree is not prepared after the time is over, nor where there is less room than for its inputs, and else
// it is what New makes.
func TestPrepareWithin(t *testing.T) {
	tree := &Tree{Events: []Event{{"a", 0.1}, {"b", 0.2}, {"c", 0.3}}}
	tree.Gates = []Gate{{"ab", And, 0, []Ref{EventRef(0), EventRef(1)}}, {"top", Or, 0, []Ref{GateRef(0), EventRef(2)}}}
	tree.Top = GateRef(1)
	over := new(atomic.Bool)
	over.Store(true)
	for _, b := range []Budget{{Stop: over}, {Nodes: 3}} {
		if _, err := NewWithin(tree, b); !errors.Is(err, ErrSpent) {
			t.Errorf("%+v: %v", b, err)
		}
	}
	if g := prepare(tree, over); g != nil {
		t.Error("the preparation went on")
	}
	m, err := NewWithin(tree, Budget{Nodes: 4, Stop: new(atomic.Bool)})
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := m.Probability(Budget{}); !ok || p != 0.02+0.98*0.3 {
		t.Errorf("%v, %v", p, ok)
	}
	tree.Gates[0].In[0] = GateRef(1)
	if _, err := NewWithin(tree, Budget{}); err == nil || errors.Is(err, ErrSpent) {
		t.Errorf("of a cycle: %v", err)
	}
}

// TestBoundsWithoutTime: bounds hold the figure also where there is no time at all to tighten them.
func TestBoundsWithoutTime(t *testing.T) {
	over := new(atomic.Bool)
	over.Store(true)
	eachTree(t, 11, func(t *testing.T, tree *Tree) {
		p, _ := bruteForce(tree)
		if low, high := model(t, tree).Bounds(4, over); low > p*(1+1e-9) || high < p*(1-1e-9) {
			t.Errorf("%v to %v, and it is %v", low, high, p)
		}
		// Small ones take no time.
		if low, high := model(t, tree).Bounds(4, over); high-low > 1e-9*high {
			t.Errorf("%v to %v, though the tree is small", low, high)
		}
		if low, high, err := Rough(tree); err != nil || low > p*(1+1e-9) || high < p*(1-1e-9) {
			t.Errorf("%v to %v, %v, and it is %v", low, high, err, p)
		}
	})
}
