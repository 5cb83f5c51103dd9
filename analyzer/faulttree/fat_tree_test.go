package faulttree_test

import (
	"math"
	"math/big"
	"testing"

	"lintel/analyzer/faulttree"
	"lintel/internal/generate"
)

// TestFatTree compares the fat tree with what its shape tells: each replica is lost by one of two events, or all ways of
// its pod by one of two each, those of several pods together by a core group each or by one switch in each pod.
func TestFatTree(t *testing.T) {
	for _, c := range []struct{ ports, replicas int }{{4, 2}, {4, 3}, {24, 2}, {48, 2}, {48, 3}, {64, 3}, {160, 2}} {
		m, err := faulttree.New(generate.FatTree(c.ports, c.replicas, 1))
		if err != nil {
			t.Fatal(err)
		}
		// Of the replicas, those that are lost by their ways share 2 to the power of the ways sets; the others have 2 each.
		ways := new(big.Int).Lsh(big.NewInt(1), uint(c.ports/2))
		want := new(big.Int)
		for byWays := range c.replicas + 1 {
			n := new(big.Int).Binomial(int64(c.replicas), int64(byWays))
			n.Lsh(n, uint(c.replicas-byWays))
			switch byWays {
			case 0:
			case c.replicas:
				n.Mul(n, ways)
			default: // with all core groups lost, the other replicas are too
				n.Mul(n, new(big.Int).Sub(ways, big.NewInt(1)))
			}
			want.Add(want, n)
		}
		count, ok := m.CountByOrder(0, faulttree.Budget{})
		got := new(big.Int)
		for _, n := range count {
			got.Add(got, n)
		}
		if !ok || got.Cmp(want) != 0 {
			t.Errorf("%d ports, %d replicas: %v sets, want %v", c.ports, c.replicas, got, want)
		}
		// Given which core groups are lost, the replicas are independent of each other; and groups are alike.
		group, cut, half := math.Pow(0.01, float64(c.ports/2)), 0.01, c.ports/2
		p := 0.0
		for lost := range half + 1 {
			chance, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(half), int64(lost))).Float64()
			chance *= math.Pow(group, float64(lost)) * math.Pow(1-group, float64(half-lost))
			one := 1 - (1-0.02)*(1-0.01)*(1-math.Pow(cut, float64(half-lost)))
			p += chance * math.Pow(one, float64(c.replicas))
		}
		if got, ok := m.Probability(faulttree.Budget{}); !ok || math.Abs(got-p) > 1e-12*p {
			t.Errorf("%d ports, %d replicas: probability %v, want %v", c.ports, c.replicas, got, p)
		}
	}
}
