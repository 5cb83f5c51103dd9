package resilience

import (
	"math"
	"sync/atomic"
	"testing"

	"lintel/analyzer/faulttree"
)

// bridge is the bridge network, whose probability is known by hand, with a choice of 2 of 3 beside it.
func bridge(q float64) (*faulttree.Tree, float64) {
	t := &faulttree.Tree{Name: "bridge"}
	var e []faulttree.Ref
	for i := range 8 {
		t.Events = append(t.Events, faulttree.Event{P: q})
		e = append(e, faulttree.EventRef(i))
	}
	gate := func(op faulttree.Op, k int, in ...faulttree.Ref) faulttree.Ref {
		t.Gates = append(t.Gates, faulttree.Gate{Op: op, K: k, In: in})
		return faulttree.GateRef(len(t.Gates) - 1)
	}
	t.Top = gate(faulttree.Or, 0,
		gate(faulttree.And, 0, e[0], e[1]), gate(faulttree.And, 0, e[2], e[3]),
		gate(faulttree.And, 0, e[0], e[4], e[3]), gate(faulttree.And, 0, e[1], e[4], e[2]),
		gate(faulttree.AtLeast, 2, e[5], e[6], e[7]))
	network := 2*math.Pow(q, 2) + 2*math.Pow(q, 3) - 5*math.Pow(q, 4) + 2*math.Pow(q, 5)
	some := 3*q*q - 2*q*q*q
	return t, network + some - network*some
}

// Of 2,000 estimates with seeds of their own, no more miss than their confidence allows; rare and frequent tops alike.
func TestConfidenceHolds(t *testing.T) {
	for _, q := range []float64{0.002, 0.03, 0.4, 0.9} {
		tree, p := bridge(q)
		if got, err := OfTree(tree, Limits{}); err != nil || got.Method != Exact || math.Abs(got.Low-p) > 1e-14 {
			t.Fatalf("q %g: exactly %v, want %g (%v)", q, got, p, err)
		}
		missed := 0
		for seed := range uint64(2000) {
			if got := simulate(tree, 1, Limits{}, seed); got.Method != Simulated || !(got.Low <= p && p <= got.High) {
				missed++
			}
		}
		if missed > 30 { // 20 are expected at most; 30 are two standard deviations more
			t.Errorf("q %g: %d of 2000 intervals miss", q, missed)
		}
	}
}

func TestEstimateIsNarrowAndRepeats(t *testing.T) {
	tree, p := bridge(0.1)
	a, b := Simulate(tree, 4_000_000, Limits{}), Simulate(tree, 4_000_000, Limits{})
	if a != b {
		t.Errorf("%v, then %v", a, b)
	}
	if a.High-a.Low > 0.05*p || a.Low > p || a.High < p {
		t.Errorf("%v for %g", a, p)
	}
}

// Where there is neither time nor room, what comes out still holds the figure, and does not look exact.
func TestNoRoomAndNoTime(t *testing.T) {
	stop := new(atomic.Bool)
	stop.Store(true)
	for _, q := range []float64{1e-6, 0.01, 0.3} {
		tree, p := bridge(q)
		for _, l := range []Limits{{Nodes: 1}, {Stop: stop}, {Nodes: 1, Stop: stop}} {
			got, err := OfTree(tree, l)
			if err != nil || got.Low > p*(1+1e-12) || got.High < p*(1-1e-12) || got.Method == Exact && got.Low != got.High {
				t.Errorf("q %g: %v, want %g (%v)", q, got, p, err)
			}
		}
	}
}

func TestClopperPearson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64 // published tables, 95 %
	}{{0, 10, 0, 0.3085}, {1, 10, 0.0025, 0.4450}, {5, 10, 0.1871, 0.8129}, {10, 10, 0.6915, 1}, {50, 100, 0.3983, 0.6017}} {
		low, high := clopperPearson(c.k, c.n, 0.025)
		if math.Abs(low-c.low) > 6e-5 || math.Abs(high-c.high) > 6e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}
