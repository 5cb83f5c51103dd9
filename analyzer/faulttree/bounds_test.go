package faulttree

import "testing"

func TestBounds(t *testing.T) {
	cut := 0
	eachTree(t, 11, func(t *testing.T, tree *Tree) {
		p, _ := bruteForce(tree)
		m := model(t, tree)
		for i := range m.modules {
			mod := &m.modules[i]
			if len(mod.gates) == 0 {
				continue
			}
			value, _ := m.probabilities(Budget{})
			of := func(v int32) float64 { return value[mod.variables[v]] }
			for _, most := range []int{4, 6, 10, 20, 1000} {
				order := heuristics(m.graph.written(tree))[0].order(mod, nil)
				low, ok := m.graph.bound(mod, order, of, most, lower, nil)
				high, ok2 := m.graph.bound(mod, order, of, most, upper, nil)
				want := value[mod.root]
				if !ok || !ok2 || low > want*(1+1e-9) || high < want*(1-1e-9) {
					t.Errorf("%d nodes: %v to %v, and it is %v", most, low, high, want)
				}
				if most == 4 && high-low > 1e-9 {
					cut++
				}
				if most == 1000 && high-low > 1e-12 {
					t.Errorf("with room enough: %v to %v", low, high)
				}
			}
		}
		if low, high := model(t, tree).Bounds(1, nil); low > p*(1+1e-9) || high < p*(1-1e-9) {
			t.Errorf("%v to %v, and it is %v", low, high, p)
		}
	})
	if cut == 0 {
		t.Error("no diagram was cut")
	}
}
