package analyzer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"lintel/schema"

	"pgregory.net/rapid"
)

func lasting(d time.Duration) *time.Duration { return &d }

// referenceLatency adds up by recursion; stuck tells that it came back to a module on its way.
func referenceLatency(a *Analysis, v int32, way []int32, serially bool) (takes float64, known, stuck bool) {
	if slices.Contains(way, v) {
		return 0, false, true
	}
	way = append(slices.Clone(way), v)
	m := a.Module(v)
	if known = m.Latency != nil; known {
		takes = float64(*m.Latency)
	}
	slowest := 0.0
	for _, d := range a.DependenciesOf(v) {
		calls := 1.0
		if d.Calls != nil {
			calls = *d.Calls
		}
		if d.Mode != schema.Sync || d.When != schema.Runtime || d.Strength != schema.Hard || calls == 0 {
			continue
		}
		type answer struct {
			takes        float64
			known, stuck bool
		}
		var all []answer
		for _, t := range d.Targets {
			x, k, s := referenceLatency(a, t, way, serially)
			all = append(all, answer{x, k, s})
		}
		slices.SortFunc(all, func(x, y answer) int {
			if x.stuck != y.stuck {
				return cmp.Compare(fmt.Sprint(x.stuck), fmt.Sprint(y.stuck)) // "false" first
			}
			return cmp.Or(cmp.Compare(x.takes, y.takes), cmp.Compare(fmt.Sprint(y.known), fmt.Sprint(x.known)))
		})
		for _, x := range all[:min(d.Need, len(all))] {
			known = known && x.known
			stuck = stuck || x.stuck
			if serially {
				takes += x.takes * calls
			}
			slowest = max(slowest, x.takes)
		}
	}
	if !serially {
		takes += slowest
	}
	return takes, known && !stuck, stuck
}

func TestLatencyMatchesTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawLoad(t, 7)
		for _, m := range d.Modules {
			if rapid.IntRange(0, 5).Draw(t, "silent") > 0 {
				m.Latency = lasting(time.Duration(rapid.IntRange(0, 5).Draw(t, "ms")) * time.Millisecond)
			}
			for _, dep := range m.DependsOn {
				dep.Need = rapid.IntRange(1, 2).Draw(t, "need")
			}
		}
		a := New(d)
		l := a.Latency()
		reach := reachMatrix(a.Modules(), stepsOf(a, awaited))
		for v := range int32(a.Modules()) {
			if reach[v][v] {
				if !l.Cyclic[v] || l.Known[v] {
					t.Fatalf("module %d calls itself in the end: %+v", v, l)
				}
				continue
			}
			// A module whose fastest alternative calls in circles is compared where nothing does.
			circles := false
			for w := range a.Modules() {
				circles = circles || reach[v][w] && reach[w][w]
			}
			if circles {
				continue
			}
			serial, known, _ := referenceLatency(a, v, nil, true)
			parallel, alsoKnown, _ := referenceLatency(a, v, nil, false)
			if math.Abs(float64(l.Serial[v])-serial) > 1e3 || math.Abs(float64(l.Parallel[v])-parallel) > 1e3 || l.Known[v] != (known && alsoKnown) || l.Cyclic[v] {
				t.Fatalf("module %d: %v, %v, known %v; want %v, %v, %v and %v", v, l.Serial[v], l.Parallel[v], l.Known[v],
					time.Duration(serial), time.Duration(parallel), known, alsoKnown)
			}
		}
	})
}

func TestLatencyByHand(t *testing.T) {
	base := func() (*schema.Design, map[string]*schema.Module) {
		d := textDesign("web -> a b; a -> db; b; db; spare")
		by := map[string]*schema.Module{}
		for i, m := range d.Modules { // a b db spare web
			m.Latency = lasting(time.Duration(i+1) * 10 * time.Millisecond)
			by[m.Name] = m
		}
		by["web"].DependsOn[1].Calls = number(3)
		return d, by
	}
	for _, c := range []struct {
		name   string
		change func(m map[string]*schema.Module)
		want   string // of web
	}{
		{"serial: 50 + (10+30) + 3*20, parallel: 50 + max(40, 20)", func(map[string]*schema.Module) {}, "150ms 90ms, calls assumed"},
		{"a soft dependency is not waited for", func(m map[string]*schema.Module) { m["web"].DependsOn[0].Strength = schema.Soft }, "110ms 70ms"},
		{"nor is an asynchronous one", func(m map[string]*schema.Module) { m["web"].DependsOn[0].Mode = schema.Async }, "110ms 70ms"},
		{"one that is not called takes no time", func(m map[string]*schema.Module) { m["web"].DependsOn[0].Calls = number(0) }, "110ms 70ms"},
		{"the fastest alternative counts", func(m map[string]*schema.Module) {
			m["web"].DependsOn[0].To, m["web"].DependsOn[0].AnyOf = schema.Ref{}, []schema.Ref{{Name: "a"}, {Name: "b"}}
		}, "130ms 70ms, calls assumed"},
		{"an alternative of unknown latency might be faster", func(m map[string]*schema.Module) {
			m["web"].DependsOn[0].To, m["web"].DependsOn[0].AnyOf = schema.Ref{}, []schema.Ref{{Name: "spare"}, {Name: "b"}}
			m["spare"].Latency = nil
		}, "110ms 70ms, not known, calls assumed"},
		{"one that is slow in any case cannot be", func(m map[string]*schema.Module) {
			m["web"].DependsOn[0].To, m["web"].DependsOn[0].AnyOf = schema.Ref{}, []schema.Ref{{Name: "spare"}, {Name: "b"}}
			m["spare"].Latency = nil
			m["spare"].DependsOn = []*schema.Dependency{{Key: "db", Calls: number(1)}}
		}, "130ms 70ms, calls assumed"},
		{"nor can one that is as slow in any case", func(m map[string]*schema.Module) {
			m["web"].DependsOn[0].To, m["web"].DependsOn[0].AnyOf = schema.Ref{}, []schema.Ref{{Name: "a"}, {Name: "b"}}
			m["a"].Latency, m["a"].DependsOn = nil, nil
			m["b"].Latency = lasting(0)
		}, "50ms 50ms, calls assumed"},
		{"an alternative that calls in a circle is not taken", func(m map[string]*schema.Module) {
			m["web"].DependsOn[0].To, m["web"].DependsOn[0].AnyOf = schema.Ref{}, []schema.Ref{{Name: "a"}, {Name: "spare"}}
			m["db"].DependsOn = []*schema.Dependency{{Key: "a"}}
			m["spare"].Latency = nil
		}, "110ms 70ms, not known, calls assumed"},
		{"what is stated is a lower bound", func(m map[string]*schema.Module) { m["db"].Latency = nil }, "120ms 70ms, not known, calls assumed"},
		{"calls in a circle have no end", func(m map[string]*schema.Module) { m["db"].DependsOn = []*schema.Dependency{{Key: "a"}} },
			"120ms 70ms, not known, calls assumed, in a circle"},
	} {
		d, by := base()
		c.change(by)
		d.Normalize()
		a := New(d)
		l := a.Latency()
		v, _ := a.ModuleIndex("web")
		got := fmt.Sprint(l.Serial[v], " ", l.Parallel[v])
		for _, mark := range []struct {
			is   bool
			text string
		}{{!l.Known[v], ", not known"}, {l.Assumed[v], ", calls assumed"}, {l.Cyclic[v], ", in a circle"}} {
			if mark.is {
				got += mark.text
			}
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestCallTime(t *testing.T) {
	second := lasting(time.Second)
	for _, c := range []struct {
		dependency schema.Dependency
		want       time.Duration
	}{
		{schema.Dependency{}, 0},
		{schema.Dependency{Retries: &schema.Retries{Max: 3}}, 0},
		{schema.Dependency{Timeout: second}, time.Second},
		{schema.Dependency{Timeout: second, Retries: &schema.Retries{Max: 3}}, 4 * time.Second},
		{schema.Dependency{Timeout: second, Retries: &schema.Retries{Max: 3, Backoff: "exponential"}}, 4 * time.Second},
		{schema.Dependency{Timeout: second, Retries: &schema.Retries{Max: 3, Pause: lasting(100 * time.Millisecond)}}, 4300 * time.Millisecond},
		{schema.Dependency{Timeout: second, Retries: &schema.Retries{Max: -1, Pause: second}}, time.Second},
		{schema.Dependency{Timeout: lasting(-1)}, 0},
		{schema.Dependency{Timeout: lasting(math.MaxInt64), Retries: &schema.Retries{Max: math.MaxInt64, Pause: second}}, math.MaxInt64},
		{schema.Dependency{Timeout: second, Retries: &schema.Retries{Max: math.MaxInt64}}, math.MaxInt64},
	} {
		d := textDesign("a -> b")
		dep := d.Modules[0].DependsOn[0]
		dep.Timeout, dep.Retries = c.dependency.Timeout, c.dependency.Retries
		if got := New(d).CallTime().Worst[0]; got != c.want {
			t.Errorf("%+v: got %v, want %v", c.dependency, got, c.want)
		}
	}
}
