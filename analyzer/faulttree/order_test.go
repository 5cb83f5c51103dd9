package faulttree

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOrders holds that every order of the portfolio holds each variable once, also of modules so large that many of them are
// weighed at once.
func TestOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{3, 50, 3 * weighings} {
		tree := &Tree{}
		for i := range n {
			tree.Events = append(tree.Events, Event{fmt.Sprint("e", i), r.Float64()})
		}
		for i := range n {
			g := Gate{Op: []Op{And, Or}[i%2], In: []Ref{EventRef(i), EventRef(r.IntN(n)), EventRef(r.IntN(n))}}
			if i > 0 {
				g.In = append(g.In, GateRef(i-1))
			}
			tree.Gates = append(tree.Gates, g)
		}
		tree.Top = GateRef(n - 1)
		m := model(t, tree)
		for i := range m.modules {
			mod := &m.modules[i]
			if len(mod.gates) == 0 {
				continue
			}
			for _, a := range m.attempts(i) {
				if !a.ordered(mod, nil) {
					t.Fatal("there was time")
				}
				sorted := slices.Sorted(slices.Values(a.order))
				if len(sorted) != len(mod.variables) || len(slices.Compact(sorted)) != len(sorted) || sorted[0] != 0 || int(sorted[len(sorted)-1]) != len(sorted)-1 {
					t.Errorf("%s of %d variables is no order of them: %v", a.name, len(mod.variables), a.order)
				}
			}
		}
	}
}

// TestByWeight: what stands in the most decisive place comes first, whatever it is called and wherever it is written.
func TestByWeight(t *testing.T) {
	// e0 is a third of the top; e1 and e2 take part in both other inputs of it, e3 and e4 in one each.
	m := &module{root: 7, variables: []int32{0, 1, 2, 3, 4}, gates: []int32{5, 6, 7}, below: [][]int32{{1, 2, 3}, {1, 2, 4}, {0, 5, 6}}}
	if got := m.byWeight(nil); !slices.Equal(got, []int32{0, 1, 2, 3, 4}) {
		t.Errorf("%v", got)
	}
	m.below = [][]int32{{4, 3, 2}, {1, 3, 4}, {6, 0, 5}}
	if got := m.byWeight(nil); !slices.Equal(got, []int32{0, 3, 4, 1, 2}) {
		t.Errorf("%v", got)
	}
	if got := m.depthFirst(sharedFirst); got[0] != 3 && got[0] != 4 {
		t.Errorf("what stands in one place comes before what stands in two: %v", got)
	}
}
