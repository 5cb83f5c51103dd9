package analyzer

import (
	"math"
	"slices"
	"testing"

	"lintel/schema"

	"pgregory.net/rapid"
)

func drawPromises(t *rapid.T) *schema.Design {
	d := drawLoad(t, 7)
	shares := []float64{50, 90, 99, 99.9, 100}
	for _, m := range d.Modules {
		switch rapid.IntRange(0, 3).Draw(t, "promises") {
		case 0:
			m.SLO.Availability = number(rapid.SampledFrom(shares).Draw(t, "slo"))
		case 1:
			m.Availability = number(rapid.SampledFrom(shares).Draw(t, "availability")) // of one replica, unless it is external
			if rapid.Bool().Draw(t, "external") {
				m.Kind = schema.External
			}
		}
		for _, dep := range m.DependsOn {
			dep.Need = rapid.IntRange(1, 2).Draw(t, "need")
		}
	}
	return d
}

// worksAtLeast is the probability that need of the parts work, by all combinations.
func worksAtLeast(shares []float64, need int) float64 {
	sum := 0.0
	for set := range 1 << len(shares) {
		p, n := 1.0, 0
		for i, s := range shares {
			if set>>i&1 == 1 {
				p *= s
				n++
			} else {
				p *= 1 - s
			}
		}
		if n >= need {
			sum += p
		}
	}
	return sum
}

// referencePromise follows the definition by recursion; on its way back to a module it knows nothing better than 1.
func referencePromise(a *Analysis, v int32, way []int32) float64 {
	m := a.Module(v)
	switch {
	case m.SLO.Availability != nil:
		return *m.SLO.Availability / 100
	case m.Kind == schema.External && m.Availability != nil:
		return *m.Availability / 100
	case slices.Contains(way, v):
		return 1
	}
	return referenceNeeds(a, v, append(slices.Clone(way), v))
}

func referenceNeeds(a *Analysis, v int32, way []int32) float64 {
	least := 1.0
	for _, d := range a.DependenciesOf(v) {
		if d.Strength != schema.Hard || d.When != schema.Runtime || len(d.Targets) == 0 {
			continue
		}
		var shares []float64
		for _, t := range d.Targets {
			shares = append(shares, referencePromise(a, t, way))
		}
		least = min(least, worksAtLeast(shares, min(d.Need, len(shares))))
	}
	return least
}

func TestPromisesMatchTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(drawPromises(t))
		p := a.Promises()
		steps := stepsOf(a, (*Dependency).HardRuntime)
		reach := reachMatrix(a.Modules(), steps)
		for v := range int32(a.Modules()) {
			// Round a circle the recursion knows less than the fixed point where alternatives stand on it.
			circles := false
			for _, s := range steps {
				circles = circles || (s.from == v || reach[v][s.from]) && reach[s.to][s.from] && len(a.Dependencies()[s.dependency].Targets) > 1
			}
			want := referenceNeeds(a, v, []int32{v})
			if p.Needs[v] > want+1e-12 || !circles && math.Abs(p.Needs[v]-want) > 1e-12 {
				t.Fatalf("module %d needs %v, want %v", v, p.Needs[v], want)
			}
			d, share := p.Least(v, nil)
			if d == nil {
				if p.Needs[v] < 1 {
					t.Fatalf("module %d needs %v, but no dependency falls short", v, p.Needs[v])
				}
				continue
			}
			if share > p.Needs[v]+1e-12 || !circles && share < p.Needs[v]-1e-12 {
				t.Fatalf("module %d needs %v, and its least dependency is good for %v", v, p.Needs[v], share)
			}
			way, last := p.Way(d)
			switch {
			case last != nil:
				if p.OfDependency(last) > share {
					t.Fatalf("the choice of %v is good for %v, more than %v", last.Key, p.OfDependency(last), share)
				}
			case len(way) == 0 || !p.Stated[way[len(way)-1]] || p.Of[way[len(way)-1]] > share:
				t.Fatalf("module %d: the way %v does not lead to a promise of %v", v, way, share)
			}
			for i, m := range way {
				if i > 0 && !reach[way[i-1]][m] || i < len(way)-1 && p.Stated[m] {
					t.Fatalf("%v is no way over modules that promise nothing", way)
				}
			}
		}
	})
}
