package analyzer

import (
	"slices"
	"testing"
	"time"

	"lintel/schema"

	"pgregory.net/rapid"
)

// drawLatencies draws a design whose modules state latencies, promise some, and name alternatives.
func drawLatencies(t *rapid.T) *schema.Design {
	d := drawLoad(t, 7)
	for _, m := range d.Modules {
		if rapid.IntRange(0, 5).Draw(t, "silent") > 0 {
			m.Latency = lasting(time.Duration(rapid.IntRange(0, 5).Draw(t, "ms")) * time.Millisecond)
		}
		if rapid.IntRange(0, 2).Draw(t, "promises") == 0 {
			m.SLO.Latency = lasting(time.Duration(rapid.IntRange(0, 12).Draw(t, "promised")) * time.Millisecond)
		}
		for _, dep := range m.DependsOn {
			dep.Need = rapid.IntRange(1, 2).Draw(t, "need")
		}
	}
	return d
}

// referenceBound follows the definition by recursion, over all ways: what callers count with, and whether it is complete.
func referenceBound(a *Analysis, reach [][]bool, v int32, ignored []int32, capped bool) (takes time.Duration, complete bool) {
	m := a.Module(v)
	complete = m.Latency != nil
	slowest := time.Duration(0)
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if d.From != v || slices.Contains(ignored, int32(i)) || d.Mode != schema.Sync || d.When != schema.Runtime || d.Strength != schema.Hard || d.Calls != nil && *d.Calls == 0 {
			continue
		}
		var each []time.Duration
		for _, to := range d.Targets {
			if to == v || reach[to][v] {
				each, complete = append(each, -1), false
				continue
			}
			x, known := referenceBound(a, reach, to, nil, true)
			each, complete = append(each, x), complete && known
		}
		slices.Sort(each)
		if len(each) > 0 {
			slowest = max(slowest, each[min(d.Need, len(each))-1])
		}
	}
	if m.Latency != nil {
		takes = *m.Latency
	}
	takes += slowest
	if capped && m.SLO.Latency != nil {
		takes = min(takes, *m.SLO.Latency)
	}
	return takes, complete
}

func TestLatencyBoundMatchesTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(drawLatencies(t))
		b := a.LatencyBound()
		reach := reachMatrix(a.Modules(), stepsOf(a, awaited))
		sum := func(path []LatencyStep) (s time.Duration) {
			for i, x := range path {
				s += x.Takes
				if i > 0 && !slices.ContainsFunc(a.DependenciesOf(path[i-1].Module), func(d Dependency) bool { return awaited(&d) && slices.Contains(d.Targets, x.Module) }) {
					t.Fatalf("module %d does not call %d", path[i-1].Module, x.Module)
				}
			}
			return s
		}
		for v := range int32(a.Modules()) {
			takes, complete := referenceBound(a, reach, v, nil, false)
			if b.Least[v] != takes || b.Complete[v] != complete {
				t.Fatalf("module %d: %v, complete %v; want %v, %v", v, b.Least[v], b.Complete[v], takes, complete)
			}
			if path := b.Path(v); path[0].Module != v || sum(path) != takes {
				t.Fatalf("module %d: the way %v is no proof of %v", v, path, takes)
			}
		}
		for _, j := range a.Journeys() {
			if j.Entry < 0 {
				continue
			}
			takes, complete := referenceBound(a, reach, j.Entry, j.Ignored, false)
			if slo := a.Module(j.Entry).SLO.Latency; slo != nil && b.Least[j.Entry] > *slo {
				takes = min(takes, *slo)
			}
			least, path, known := b.OfJourney(&j)
			if least != takes || known != complete || sum(path) != takes {
				t.Fatalf("journey %s: %v by %v, complete %v; want %v, %v", j.Name, least, path, known, takes, complete)
			}
		}
	})
}

// TestLatencyBoundIsNoMoreThanCallsTake: one call after the other, and each as often as stated, takes no less, unless a call
// is made for only some of the requests.
func TestLatencyBoundIsNoMoreThanCallsTake(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawLatencies(t)
		for _, m := range d.Modules {
			for _, dep := range m.DependsOn {
				if dep.Calls != nil && *dep.Calls > 0 && *dep.Calls < 1 {
					dep.Calls = number(1)
				}
			}
		}
		a := New(d)
		b, l := a.LatencyBound(), a.Latency()
		for v := range int32(a.Modules()) {
			if l.Known[v] {
				compared++
				if b.Least[v] > l.Serial[v] || b.Least[v] > l.Parallel[v] {
					t.Fatalf("module %d takes at least %v, but %v in a row, %v at once", v, b.Least[v], l.Serial[v], l.Parallel[v])
				}
			}
		}
	})
	if compared == 0 {
		t.Error("nothing was compared")
	}
}
