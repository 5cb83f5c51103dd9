package analyzer

import (
	"slices"
	"testing"

	"lintel/schema"
)

// TestCallChains compares the chains of random small designs with the best of all simple paths.
func TestCallChains(t *testing.T) {
	seed := uint32(1)
	random := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>16) % n
	}
	names := []string{"a", "b", "c", "d", "e", "f", "g"}
	for range 400 {
		d := &schema.Design{System: "s"}
		for i, name := range names {
			m := &schema.Module{Name: name, Replicas: 1}
			if i%3 == 2 {
				m.Kind = schema.LoadBalancer
			}
			for _, to := range names {
				if to != name && random(4) == 0 {
					m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: to})
				}
			}
			d.Modules = append(d.Modules, m)
		}
		d.Normalize()
		a := New(d)
		counts := func(_ *Dependency, to int32) bool { return a.Module(to).Kind != schema.LoadBalancer }
		chains := a.CallChains(nil, counts)
		var longest func(v int32, passed []int32) int32
		longest = func(v int32, passed []int32) int32 {
			best := int32(0)
			deps := a.DependenciesOf(v)
			for k := range deps {
				to := deps[k].Targets[0]
				if slices.Contains(passed, to) {
					continue
				}
				n := longest(to, append(slices.Clone(passed), to))
				if counts(nil, to) {
					n++
				}
				best = max(best, n)
			}
			return best
		}
		for v := range int32(len(names)) {
			want := longest(v, []int32{v})
			if chains.Length[v] != want {
				t.Fatalf("the chain from %s counts %d calls, want %d", names[v], chains.Length[v], want)
			}
			got := int32(0)
			path := chains.From(v)
			for i, m := range path[1:] {
				if !slices.ContainsFunc(a.DependenciesOf(path[i]), func(d Dependency) bool { return d.Targets[0] == m }) {
					t.Fatalf("%v is no path", path)
				}
				if counts(nil, m) {
					got++
				}
			}
			if got != want {
				t.Fatalf("the path %v counts %d calls, want %d", path, got, want)
			}
		}
	}
}
