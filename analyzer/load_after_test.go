package analyzer

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lintel/schema"
)

// TestLoadAfterAScenario compares with the load of a design that has only what works and is not cut, in which each journey
// that goes on enters at a module of its own.
func TestLoadAfterAScenario(t *testing.T) {
	cut, spared := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawLoad(t, 6)
		if len(d.Journeys) == 0 {
			t.Skip("the journeys of the two designs would not be the same")
		}
		for _, m := range d.Modules {
			for _, dep := range m.DependsOn {
				dep.Strength = rapid.SampledFrom([]schema.Strength{schema.Hard, schema.Soft}).Draw(t, "strength")
			}
		}
		a := New(d)
		var s Scenario
		for v := range int32(a.Modules()) {
			if rapid.IntRange(0, 4).Draw(t, "down") == 0 {
				s.Modules = append(s.Modules, v)
			}
		}
		for k := range a.dependencies {
			if rapid.IntRange(0, 4).Draw(t, "cut") == 0 {
				target := int32(-1)
				if own := a.dependencies[k].Targets; len(own) > 0 && rapid.Bool().Draw(t, "one") {
					target = own[0]
				}
				s.Cuts = append(s.Cuts, Cut{int32(k), target})
			}
		}
		o := a.Simulate(s)
		got := a.LoadAfter(s, o)

		gone := func(k int32, to schema.Ref) bool {
			target, known := a.ModuleIndex(to.Name)
			if !known {
				return false
			}
			return o.ModuleDown[target] || slices.ContainsFunc(s.Cuts, func(c Cut) bool {
				return c.Dependency == k && (c.Target < 0 || c.Target == target) && a.dependencies[k].When == schema.Runtime
			})
		}
		left := func(m int32, ignored []int32) (deps []*schema.Dependency) {
			for k := a.byModule[m]; k < a.byModule[m+1]; k++ {
				if slices.Contains(ignored, k) {
					continue
				}
				dep := *a.dependencies[k].Dependency
				if len(dep.AnyOf) == 0 && gone(k, dep.To) {
					continue
				}
				dep.AnyOf = slices.DeleteFunc(slices.Clone(dep.AnyOf), func(to schema.Ref) bool { return gone(k, to) })
				if len(dep.AnyOf) > 0 || dep.To.Name != "" {
					deps = append(deps, &dep)
				}
			}
			return deps
		}
		rest := &schema.Design{System: d.System}
		for v, m := range d.Modules {
			if !o.ModuleDown[v] {
				rest.Modules = append(rest.Modules, &schema.Module{Name: m.Name, Replicas: 1, DependsOn: left(int32(v), nil)})
			}
		}
		peak, stated := make([]float64, a.Modules()), slices.Repeat([]bool{true}, a.Modules())
		for j, journey := range a.Journeys() {
			if journey.Entry < 0 || slices.Contains(o.Lost, int32(j)) {
				continue
			}
			if o.ModuleDown[journey.Entry] {
				spared++
			}
			own := "entry of " + journey.Name
			rest.Modules = append(rest.Modules, &schema.Module{Name: own, Replicas: 1, DependsOn: left(journey.Entry, journey.Ignored)})
			rest.Journeys = append(rest.Journeys, &schema.Journey{Name: journey.Name, Entry: schema.Ref{Name: own}, Peak: journey.Stated.Peak})
			if p, ok := statedRate(journey.Stated.Peak); ok {
				peak[journey.Entry] += p
			} else {
				stated[journey.Entry] = false
			}
		}
		if len(rest.Journeys) == 0 {
			rest.Journeys = []*schema.Journey{{Name: "none", Entry: schema.Ref{Name: "nowhere"}}}
		}
		cut += len(s.Cuts)
		rest.Normalize()
		b := New(rest)
		want := b.Load()
		for v, m := range d.Modules {
			demand, known, endless := 0.0, true, false
			if i, ok := b.ModuleIndex(m.Name); ok {
				demand, known, endless = want.Demand[i], want.Known[i], slices.Contains(want.Diverges, i)
			}
			demand, known = demand+peak[v], known && stated[v]
			if got.Known[v] != known || slices.Contains(got.Diverges, int32(v)) != endless || math.Abs(got.Demand[v]-demand) > 1e-6*max(1, demand) {
				t.Fatalf("%+v: %s: %v %t, want %v %t", s, m.Name, got.Demand[v], got.Known[v], demand, known)
			}
		}
	})
	if cut == 0 || spared == 0 {
		t.Error(fmt.Sprint(cut, " cuts, ", spared, " journeys spared: too few"))
	}
}
