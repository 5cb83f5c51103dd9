package analyzer

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// TestPublishedLakosFigures has examples with figures that others have published.
func TestPublishedLakosFigures(t *testing.T) {
	for _, c := range []struct {
		name, design    string
		ccd             int
		acd, racd, nccd string // as printed there
		dependsOn       string
	}{
		{"ArchUnit user guide, cumulative dependency metrics",
			"1one -> 2two; 3three -> 2two; 2two -> 4four 5five 6six; 5five -> 6six",
			18, "3.0", "0.5", "1.29", "5 4 5 1 2 1"},
		{"ArchUnit's tests: one component", "a", 1, "1.0", "1.0", "1.0", "1"},
		{"ArchUnit's tests: two components", "a -> b", 3, "1.5", "0.75", "1", "2 1"},
		{"ArchUnit's tests: three components", "a -> b; b -> c", 6, "2", "0.67", "1.2", "3 2 1"},
	} {
		m := New(textDesign(c.design)).Metrics()
		s := m.System
		if s.CCD != c.ccd || !printed(s.ACD, c.acd) || !printed(s.RACD, c.racd) || !printed(s.NCCD, c.nccd) {
			t.Errorf("%s: CCD %d, ACD %v, RACD %v, NCCD %v", c.name, s.CCD, s.ACD, s.RACD, s.NCCD)
		}
		got := ""
		for _, x := range m.Modules {
			got += fmt.Sprintf(" %d", x.DependsOn)
		}
		if c.dependsOn != "" && got != " "+c.dependsOn {
			t.Errorf("%s: DependsOn%s", c.name, got)
		}
	}
}

// printed tells whether x, rounded to as many digits as text has, is text.
func printed(x float64, text string) bool {
	var y float64
	if _, err := fmt.Sscanf(text, "%g", &y); err != nil {
		return false
	}
	digits := 0
	for i := range text {
		if text[i] == '.' {
			digits = len(text) - i - 1
		}
	}
	scale := math.Pow10(digits)
	return math.Round(x*scale) == math.Round(y*scale)
}

// TestPublishedCouplingFigures has the figures that ArchUnit's user guide gives for Martin's metrics
// of the same six components.
func TestPublishedCouplingFigures(t *testing.T) {
	m := New(textDesign("1one -> 2two; 3three -> 2two; 2two -> 4four 5five 6six; 5five -> 6six")).Metrics()
	want := []ModuleMetrics{{Ce: 1, Ca: 0, Instability: 1}, {Ce: 3, Ca: 2, Instability: 0.6}, {Ce: 1, Ca: 0, Instability: 1},
		{Ce: 0, Ca: 1, Instability: 0}, {Ce: 1, Ca: 1, Instability: 0.5}, {Ce: 0, Ca: 2, Instability: 0}}
	for i, w := range want {
		if g := m.Modules[i]; g.Ce != w.Ce || g.Ca != w.Ca || !near(g.Instability, w.Instability) {
			t.Errorf("component %d: Ce %d, Ca %d, I %v", i+1, g.Ce, g.Ca, g.Instability)
		}
	}
}

// TestPublishedServiceFigures has the calls between the services of a message board that the
// University of Stuttgart's runtime analysis of microservices measured, and the figures that it
// printed: AIS, ADS, ACS and, as its NSIC, the number of services involved.
func TestPublishedServiceFigures(t *testing.T) {
	a := New(textDesign(`mine -> entry-cache entry-store; timeline1 -> reserve follow; timeline0 -> reserve follow;
		search -> index follow; fanout -> timeline0 timeline1 timeline-shard follow;
		post -> fanout entry-cache index entry-store; api -> post follow;
		follow -> timeline0 timeline1 timeline-shard reserve entry-cache entry-store;
		entry-store -> timeline0 timeline1 timeline-shard; home -> timeline0 timeline1 timeline-shard`))
	m := a.Metrics()
	want := map[string][4]int{
		"mine": {0, 2, 0, 8}, "fanout": {1, 4, 4, 8}, "entry-cache": {3, 0, 0, 1}, "index": {2, 0, 0, 1},
		"follow": {5, 6, 30, 7}, "timeline0": {4, 2, 8, 7}, "home": {0, 3, 0, 8}, "timeline1": {4, 2, 8, 7},
		"search": {0, 2, 0, 9}, "post": {1, 4, 4, 10}, "reserve": {3, 0, 0, 1}, "api": {0, 2, 0, 11},
		"timeline-shard": {4, 0, 0, 1}, "entry-store": {3, 3, 9, 7},
	}
	for i, x := range m.Modules {
		name := a.Module(int32(i)).Name
		if got := [4]int{x.AIS, x.ADS, x.ACS, x.DependsOn}; got != want[name] {
			t.Errorf("%s: AIS, ADS, ACS and reach are %v, want %v", name, got, want[name])
		}
	}
	if len(m.Modules) != len(want) || m.System.SIY != 2 {
		t.Errorf("%d services, SIY %d", len(m.Modules), m.System.SIY)
	}
}

func TestMetricsMatchTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(drawDesign(t, 9))
		n := a.Modules()
		m := a.Metrics()
		depends := make([][]bool, n)
		for i := range depends {
			depends[i] = make([]bool, n)
		}
		var steps []step
		pairs := 0
		for _, s := range stepsOf(a, nil) {
			if s.from != s.to && !depends[s.from][s.to] {
				depends[s.from][s.to] = true
				steps = append(steps, s)
				pairs++
			}
		}
		reach := reachMatrix(n, steps)
		cyclic := cyclicModules(n, steps)
		ccd, siy := 0, 0
		for u := range n {
			want := ModuleMetrics{DependsOn: 1, Dependents: 1, Cyclic: cyclic[u]}
			for v := range n {
				if u == v {
					continue
				}
				if depends[u][v] {
					want.Ce++
				}
				if depends[v][u] {
					want.Ca++
				}
				if reach[u][v] {
					want.DependsOn++
				}
				if reach[v][u] {
					want.Dependents++
				}
				if u < v && depends[u][v] && depends[v][u] {
					siy++
				}
			}
			if want.Ca+want.Ce > 0 {
				want.Instability = float64(want.Ce) / float64(want.Ca+want.Ce)
			}
			want.AIS, want.ADS, want.ACS = want.Ca, want.Ce, want.Ca*want.Ce
			if m.Modules[u] != want {
				t.Fatalf("module %d: got %+v, want %+v", u, m.Modules[u], want)
			}
			ccd += want.DependsOn
		}
		want := SystemMetrics{Modules: n, Dependencies: pairs, CCD: ccd, SIY: siy}
		if n > 0 {
			want.ACD = float64(ccd) / float64(n)
			want.RACD = want.ACD / float64(n)
			want.PropagationCost = want.RACD
			want.NCCD = float64(ccd) / float64(treeCCD(n))
			want.Cyclicality = float64(count(cyclic)) / float64(n)
		}
		if m.System != want {
			t.Fatalf("got %+v, want %+v", m.System, want)
		}

		seen := 0
		for _, name := range []string{"x", "y", "z"} {
			in := func(v int) bool { return a.Design.Modules[v].Group == name }
			want := GroupMetrics{Name: name}
			for u := range n {
				if in(u) {
					want.Members++
					for v := range n {
						switch {
						case depends[u][v] && in(v):
							want.Inside++
						case depends[u][v]:
							want.Crossing++
						}
						if depends[v][u] && !in(v) {
							want.Crossing++
						}
					}
					continue
				}
				on, by := false, false
				for v := range n {
					on = on || in(v) && depends[u][v]
					by = by || in(v) && depends[v][u]
				}
				if on {
					want.Ca++
				}
				if by {
					want.Ce++
				}
			}
			if want.Members == 0 {
				continue
			}
			if want.Ca+want.Ce > 0 {
				want.Instability = float64(want.Ce) / float64(want.Ca+want.Ce)
			}
			if want.Inside+want.Crossing > 0 {
				want.Cohesion = float64(want.Inside) / float64(want.Inside+want.Crossing)
			}
			if seen >= len(m.Groups) || m.Groups[seen] != want {
				t.Fatalf("groups %+v, want %+v at %d", m.Groups, want, seen)
			}
			seen++
		}
		if seen != len(m.Groups) {
			t.Fatalf("groups %+v", m.Groups)
		}
	})
}

// treeCCD builds the balanced tree: vertex i has the children 2i and 2i+1.
func treeCCD(n int) int {
	sum := 0
	var below func(i int) int
	below = func(i int) int {
		if i > n {
			return 0
		}
		size := 1 + below(2*i) + below(2*i+1)
		sum += size
		return size
	}
	below(1)
	return sum
}

func TestBalancedTreeCCD(t *testing.T) {
	for n := range 200 {
		if got, want := balancedTreeCCD(n), treeCCD(n); got != want {
			t.Errorf("%d components: %d, want %d", n, got, want)
		}
	}
	for k := 1; k < 20; k++ { // Lakos' formula
		n := 1<<k - 1
		if got, want := balancedTreeCCD(n), (n+1)*k-n; got != want {
			t.Errorf("%d components: %d, want %d", n, got, want)
		}
	}
}

// TestReachAcrossBlocks has more modules than a block of columns, in components that straddle the
// borders of blocks, and a chain between them.
func TestReachAcrossBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.SampledFrom([]int{1, 2, 63, 64, 65, 511, 512, 513, 700}), 1, 6).Draw(t, "rings")
		g := &digraph{first: []int32{0}}
		start := 0
		for i, size := range sizes {
			for k := range size {
				g.head = append(g.head, int32(start+(k+1)%size))
				if k == 0 && i+1 < len(sizes) {
					g.head = append(g.head, int32(start+size))
				}
				g.first = append(g.first, int32(len(g.head)))
			}
			start += size
		}
		c := g.components()
		got := g.reachable(c, c.members())
		at, want := 0, start
		for _, size := range sizes {
			for range size {
				if got[at] != want {
					t.Fatalf("rings %v: vertex %d reaches %d, want %d", sizes, at, got[at], want)
				}
				at++
			}
			want -= size
		}
	})
}
