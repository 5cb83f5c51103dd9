package analyzer

import (
	"fmt"
	"slices"
	"testing"

	"lintel/schema"

	"pgregory.net/rapid"
)

// referenceRetries tries all simple paths that end at a module.
func referenceRetries(a *Analysis, end int32) (factor float64, shortest int) {
	factor = 1
	var try func(v int32, passed []int32, product float64)
	try = func(v int32, passed []int32, product float64) {
		if product > factor || product == factor && len(passed) < shortest {
			factor, shortest = product, len(passed)
		}
		for _, d := range a.Dependencies() {
			if d.Mode != schema.Sync || d.When != schema.Runtime || d.From == v || slices.Contains(passed, d.From) || !slices.Contains(d.Targets, v) {
				continue
			}
			times := 1
			if d.Retries != nil {
				times += max(d.Retries.Max, 0)
			}
			try(d.From, append(passed, v), product*float64(times))
		}
	}
	try(end, nil, 1)
	return factor, shortest
}

// checkPath fails unless the dependencies of p lead to its module through different modules, and
// multiply to its factor.
func checkPath(t interface{ Fatalf(string, ...any) }, a *Analysis, p Amplification) {
	product := 1.0
	seen := map[int32]bool{p.Module: true}
	for i, k := range p.Path {
		d := a.Dependencies()[k]
		next := p.Module
		if i+1 < len(p.Path) {
			next = a.Dependencies()[p.Path[i+1]].From
		}
		if !slices.Contains(d.Targets, next) || seen[d.From] || d.Mode != schema.Sync || d.When != schema.Runtime {
			t.Fatalf("path %v to module %d breaks at %d", p.Path, p.Module, i)
		}
		seen[d.From] = true
		product *= a.tries(k)
	}
	if product != p.Factor || a.tries(p.Path[0]) == 1 {
		t.Fatalf("path %v to module %d multiplies to %v, not %v", p.Path, p.Module, product, p.Factor)
	}
}

func TestRetryAmplificationMatchesTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawLoad(t, 8)
		for _, m := range d.Modules {
			for _, dep := range m.DependsOn {
				if max := rapid.IntRange(-2, 3).Draw(t, "retries"); max > -2 {
					dep.Retries = &schema.Retries{Max: max}
				}
			}
		}
		a := New(d)
		got := a.RetryAmplification()
		for v := range int32(a.Modules()) {
			factor, shortest := referenceRetries(a, v)
			if factor == 1 {
				continue
			}
			if len(got) == 0 || got[0].Module != v || got[0].Factor != factor || len(got[0].Path) != shortest {
				t.Fatalf("module %d: want %v over %d dependencies, got %v", v, factor, shortest, got)
			}
			checkPath(t, a, got[0])
			got = got[1:]
		}
		if len(got) > 0 {
			t.Fatalf("too many: %v", got)
		}
	})
}

func TestRetriesInALargeCycle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(exactComponent+1, 40).Draw(t, "modules")
		d := ring(n)
		for i, m := range d.Modules {
			m.DependsOn[0].Retries = &schema.Retries{Max: rapid.IntRange(0, 2).Draw(t, "max")}
			for k := range rapid.IntRange(0, 2).Draw(t, "more") {
				to := rapid.IntRange(0, n-1).Draw(t, "to")
				m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: fmt.Sprintf("k%d-%d", i, k), To: schema.Ref{Name: d.Modules[to].Name},
					Retries: &schema.Retries{Max: rapid.IntRange(0, 3).Draw(t, "max")}})
			}
		}
		d.Normalize()
		a := New(d)
		seen := map[int32]bool{}
		for _, p := range a.RetryAmplification() {
			checkPath(t, a, p)
			seen[p.Module] = true
		}
		for i := range a.Dependencies() {
			d := &a.Dependencies()[i]
			for _, to := range d.Targets {
				if to != d.From && a.tries(int32(i)) > 1 && !seen[to] {
					t.Fatalf("module %d is called again and again, but not told of", to)
				}
			}
		}
	})
}

func TestRetryAmplificationByHand(t *testing.T) {
	d := textDesign("a -> b; b -> c; c -> d; x -> d")
	for _, m := range d.Modules {
		for _, dep := range m.DependsOn {
			dep.Retries = &schema.Retries{Max: 2}
			dep.CircuitBreaker = new(bool)
			*dep.CircuitBreaker = true
			if m.Name == "b" {
				dep.Retries = nil
			}
		}
	}
	a := New(d)
	got := ""
	for _, p := range a.RetryAmplification() {
		got += fmt.Sprintf("%s %v:", a.Module(p.Module).Name, p.Factor)
		for _, k := range p.Path {
			got += " " + a.Module(a.Dependencies()[k].From).Name
		}
		got += "; "
	}
	if want := "b 3: a; c 3: a b; d 9: a b c; "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestManyRetriesKeepPathsShort(t *testing.T) {
	d := ring(5000)
	for _, m := range d.Modules {
		m.DependsOn[0].Retries = &schema.Retries{Max: 9}
	}
	a := New(d)
	got := a.RetryAmplification()
	if len(got) != 5000 {
		t.Fatalf("%d modules", len(got))
	}
	for _, p := range got {
		if len(p.Path) > 20 || p.Factor < 1e10 {
			t.Fatalf("module %d: %v over %d dependencies", p.Module, p.Factor, len(p.Path))
		}
		checkPath(t, a, p)
	}
}
