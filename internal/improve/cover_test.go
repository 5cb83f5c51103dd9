package improve

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestCoverIsCheapest compares with all choices there are.
func TestCoverIsCheapest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "variables")
		costs := make([][]int64, n)
		allowed := make([]uint64, n)
		for v := range costs {
			costs[v] = []int64{0}
			for range rapid.IntRange(0, 3).Draw(t, "options") {
				costs[v] = append(costs[v], rapid.Int64Range(0, 5).Draw(t, "cost"))
			}
			slices.Sort(costs[v])
			allowed[v] = rapid.Uint64Range(0, 1<<len(costs[v])-1).Draw(t, "allowed") | 1
		}
		var cuts []cut
		for range rapid.IntRange(0, 8).Draw(t, "cuts") {
			var c cut
			for v := range costs {
				if mask := rapid.Uint64Range(0, 1<<len(costs[v])-1).Draw(t, "mask") &^ 1; mask != 0 && rapid.Bool().Draw(t, "in") {
					c = append(c, lit{int32(v), mask})
				}
			}
			cuts = append(cuts, c)
		}
		costOf := func(choice []uint8) int64 {
			sum := int64(0)
			for v, o := range choice {
				sum += costs[v][o]
			}
			for _, c := range cuts {
				if !slices.ContainsFunc(c, func(l lit) bool { return l.mask>>choice[l.v]&1 != 0 }) {
					sum += givenUp
				}
			}
			return sum
		}
		least := int64(1) << 62
		choice := make([]uint8, n)
		var try func(v int)
		try = func(v int) {
			if v == n {
				least = min(least, costOf(choice))
				return
			}
			for o := range costs[v] {
				if allowed[v]>>o&1 != 0 {
					choice[v] = uint8(o)
					try(v + 1)
				}
			}
		}
		try(0)
		got := cover(costs, allowed, cuts, 1_000_000, func() bool { return false })
		if least >= givenUp {
			// Not all can be met, and it says so.
			if got.lower < givenUp || got.cost < least || costOf(got.choice) != got.cost {
				t.Fatalf("cost %d, lower %d, of the choice %d, and the least is %d", got.cost, got.lower, costOf(got.choice), least)
			}
			return
		}
		if got.cost != least || got.lower != least || costOf(got.choice) != least {
			t.Fatalf("cost %d, lower %d, of the choice %d, and the least is %d", got.cost, got.lower, costOf(got.choice), least)
		}
		for v, o := range got.choice {
			if allowed[v]>>o&1 == 0 {
				t.Fatalf("option %d of %d is not allowed", o, v)
			}
		}
		bounded := cover(costs, allowed, cuts, rapid.IntRange(0, 10).Draw(t, "nodes"), func() bool { return false })
		if bounded.lower > least || bounded.cost < least || costOf(bounded.choice) != bounded.cost {
			t.Fatalf("bounded: %d to %d, and the least is %d", bounded.lower, bounded.cost, least)
		}
	})
}
