package faulttree

import "testing"

// TestCondition splits modules for which diagrams have no room at all.
func TestCondition(t *testing.T) {
	wide, split := 0, 0
	eachTree(t, 11, func(t *testing.T, tree *Tree) {
		m := model(t, tree)
		value, _ := m.probabilities(Budget{})
		for i := range m.modules {
			mod := &m.modules[i]
			if len(mod.gates) == 0 {
				continue
			}
			of := func(v int32) float64 { return value[mod.variables[v]] }
			want := value[mod.root]
			for _, support := range []int{mostSupport, 0} {
				if low, high := m.graph.rough(mod, of, of, support); low > want*(1+1e-9) || high < want*(1-1e-9) {
					t.Errorf("roughly, with %d words: %v to %v, and it is %v", support, low, high, want)
				}
			}
			last := interval{0, 1}
			for _, splits := range []int{0, 1, 2, 5, 100} {
				low, high := m.graph.condition(mod, of, of, splits, 3, nil)
				if low > want*(1+1e-9) || high < want*(1-1e-9) || high > 1+1e-12 {
					t.Errorf("%d splits: %v to %v, and it is %v", splits, low, high, want)
				}
				if splits == 0 && high-low > 1e-9 {
					wide++
				}
				if last.high-last.low > high-low+1e-12 {
					split++
				}
				last = interval{low, high}
			}
			if last.high-last.low > 1e-12 {
				t.Errorf("with all events split: %v", last)
			}
			// Variables that are known within bounds only.
			least := func(v int32) float64 { return of(v) * 0.9 }
			most := func(v int32) float64 { return of(v) + (1-of(v))*0.1 }
			for _, splits := range []int{0, 3, 100} {
				if low, high := m.graph.condition(mod, least, most, splits, 3, nil); low > want*(1+1e-9) || high < want*(1-1e-9) {
					t.Errorf("%d splits: %v to %v, and it is %v", splits, low, high, want)
				}
			}
		}
	})
	if wide == 0 || split == 0 {
		t.Errorf("%d modules were bounded, %d split", wide, split)
	}
}

// TestRestAlsoInput bounds 2 of a and two replicas that also fail with a: what stands for all replicas is an input too.
func TestRestAlsoInput(t *testing.T) {
	tree := &Tree{
		Events: []Event{{"a", 0.01}, {"b", 0.05}, {"r1", 0.15}, {"r2", 0.15}},
		Gates: []Gate{
			{"a or b", Or, 0, []Ref{EventRef(0), EventRef(1)}},
			{"1 down", Or, 0, []Ref{EventRef(2), GateRef(0)}},
			{"2 down", Or, 0, []Ref{EventRef(3), GateRef(0)}},
			{"top", AtLeast, 2, []Ref{GateRef(0), GateRef(1), GateRef(2)}},
		},
		Top: GateRef(3),
	}
	want, _ := bruteForce(tree)
	m := model(t, tree)
	value, _ := m.probabilities(Budget{})
	for i := range m.modules {
		mod := &m.modules[i]
		if len(mod.gates) == 0 || mod.root != m.graph.top {
			continue
		}
		of := func(v int32) float64 { return value[mod.variables[v]] }
		if low, high := m.graph.rough(mod, of, of, mostSupport); low > want || high < want {
			t.Errorf("%v to %v, and it is %v", low, high, want)
		}
		return
	}
	t.Error("the top is no module")
}
