package analyzer

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// referenceChain tries all simple paths in order; the first longest one wins.
func referenceChain(a *Analysis, keep EdgeFilter, from []int32) []int32 {
	next := make([][]int32, a.Modules())
	for _, s := range stepsOf(a, keep) {
		next[s.from] = append(next[s.from], s.to)
	}
	for _, list := range next {
		slices.Sort(list)
	}
	var best []int32
	var try func(way []int32)
	try = func(way []int32) {
		if len(way) > len(best) {
			best = slices.Clone(way)
		}
		for _, v := range next[way[len(way)-1]] {
			if !slices.Contains(way, v) {
				try(append(way, v))
			}
		}
	}
	for v := range int32(a.Modules()) {
		if from == nil || slices.Contains(from, v) {
			try([]int32{v})
		}
	}
	return best
}

func isPath(a *Analysis, keep EdgeFilter, way []int32) bool {
	steps := stepsOf(a, keep)
	for i, v := range way {
		if slices.Contains(way[:i], v) {
			return false
		}
		if i > 0 && !slices.ContainsFunc(steps, func(s step) bool { return s.from == way[i-1] && s.to == v }) {
			return false
		}
	}
	return true
}

func TestLongestChainMatchesTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(drawDesign(t, 10))
		keep := drawFilter(t)
		var from []int32
		if a.Modules() > 0 && rapid.Bool().Draw(t, "limited") {
			from = rapid.SliceOfN(rapid.Int32Range(0, int32(a.Modules())-1), 0, 3).Draw(t, "from")
			if from == nil {
				from = []int32{}
			}
		}
		got, want := a.LongestChain(keep, from), referenceChain(a, keep, from)
		if !isPath(a, keep, got) {
			t.Fatalf("%v is no simple path", got)
		}
		largest := int32(1)
		for _, s := range a.graph(keep).components().size {
			largest = max(largest, s)
		}
		switch {
		case largest == 1 && !slices.Equal(got, want):
			t.Fatalf("without cycles: got %v, want %v", got, want)
		case largest <= exactComponent && len(got) != len(want):
			t.Fatalf("small components: got %v, want one as long as %v", got, want)
		case len(got) > len(want):
			t.Fatalf("got %v, longer than %v", got, want)
		}
		if from != nil && len(got) > 0 && !slices.Contains(from, got[0]) {
			t.Fatalf("%v does not start in %v", got, from)
		}
	})
}

func TestChainsAreTheLongestFromEachModule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(drawDesign(t, 8))
		c := a.Chains(nil)
		for v := range int32(a.Modules()) {
			got, want := c.From(v), referenceChain(a, nil, []int32{v})
			if !isPath(a, nil, got) || len(got) != len(want) || int(c.Length[v]) != len(got)-1 || got[0] != v {
				t.Fatalf("from %d: got %v of length %d, want one as long as %v", v, got, c.Length[v], want)
			}
			for i, d := range c.Dependencies(v) {
				if a.Dependencies()[d].From != got[i] || !slices.Contains(a.Dependencies()[d].Targets, got[i+1]) {
					t.Fatalf("dependency %d does not lead along %v", d, got)
				}
			}
		}
	})
}

func TestChainsByHand(t *testing.T) {
	for _, c := range []struct{ design, from, want string }{
		{"", "", ""},
		{"a; b", "", "a"},
		{"b -> c; c -> d; a -> d", "", "b c d"},
		{"a -> c b; b -> d; c -> d", "", "a b d"},
		{"a -> b; b -> c; c -> a", "c", "c a b"},
		{"a -> b; b -> c; c -> b d; d -> e", "", "a b c d e"},
		// A ring of ten is passed as a whole, on the way to what lies behind it.
		{"in -> r0; r0 -> r1; r1 -> r2; r2 -> r3; r3 -> r4; r4 -> r5; r5 -> r6; r6 -> r7; r7 -> r8; r8 -> r9; r9 -> r0 out", "in",
			"in r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 out"},
	} {
		a := New(textDesign(c.design))
		var from []int32
		if c.from != "" {
			i, _ := a.ModuleIndex(c.from)
			from = []int32{-1, i}
		}
		if got := names(a, a.LongestChain(nil, from)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.design, got, c.want)
		}
	}
}

func TestLongChainNeedsNoStack(t *testing.T) {
	if got := len(New(ring(100_000)).LongestChain(nil, nil)); got != 100_000 {
		t.Errorf("got a chain of %d modules", got)
	}
}
