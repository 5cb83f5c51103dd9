package faulttree

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"
)

func model(t *testing.T, tree *Tree) *Model {
	t.Helper()
	m, err := New(tree)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestProbability(t *testing.T) {
	eachTree(t, 11, func(t *testing.T, tree *Tree) {
		want, _ := bruteForce(tree)
		if got, ok := model(t, tree).Probability(Budget{}); !ok || math.Abs(got-want) > 1e-12 {
			t.Errorf("probability %v, want %v", got, want)
		}
	})
}

func TestCountByOrder(t *testing.T) {
	eachTree(t, 11, func(t *testing.T, tree *Tree) {
		_, want := bruteForce(tree)
		m := model(t, tree)
		for most := range 4 {
			got, ok := m.CountByOrder(most, Budget{})
			if !ok {
				t.Fatal("not known")
			}
			for k := range max(len(got), len(want)) {
				g, w := new(big.Int), 0
				if k < len(got) {
					g = got[k]
				}
				if k < len(want) && (most == 0 || k <= most) {
					w = want[k]
				}
				if g.Cmp(big.NewInt(int64(w))) != 0 {
					t.Errorf("up to order %d: %v of order %d, want %d", most, g, k, w)
				}
			}
		}
	})
}

func TestCutSets(t *testing.T) {
	eachTree(t, 11, func(t *testing.T, tree *Tree) {
		_, want := bruteForce(tree)
		sets, ok := model(t, tree).CutSets(0, Budget{})
		if !ok {
			t.Fatal("not known")
		}
		seen := map[string]bool{}
		got := make([]int, len(want))
		order, p := 0, 2.0
		for s := range sets {
			if s.Order < order || s.Order == order && s.Probability > p*(1+1e-9) {
				t.Errorf("%+v comes after order %d, probability %v", s, order, p)
			}
			order, p = s.Order, s.Probability
			number := 0
			for events := range s.Unfold() {
				number++
				state, q := uint(0), 1.0
				for _, e := range events {
					state |= 1 << e
					q *= tree.Events[e].P
				}
				if len(events) != s.Order || math.Abs(q-s.Probability) > 1e-9*q || seen[fmt.Sprint(events)] {
					t.Errorf("%v, of probability %v, in %+v", events, q, s)
				}
				seen[fmt.Sprint(events)] = true
				if !occurs(tree, tree.Top, state, map[Ref]bool{}) {
					t.Errorf("%v is no cut set", events)
				}
			}
			if s.Number.Cmp(big.NewInt(int64(number))) != 0 {
				t.Errorf("%+v are %d sets", s, number)
			}
			got[s.Order] += number
		}
		if !slices.Equal(got, want) { // as many as there are, and all different: all of them
			t.Errorf("by order %v, want %v", got, want)
		}
	})
}

func TestImportances(t *testing.T) {
	eachTree(t, 8, func(t *testing.T, tree *Tree) {
		list, p, ok := model(t, tree).Importances(Budget{})
		if !ok {
			t.Fatal("not known")
		}
		for i := range tree.Events {
			at := func(q float64) float64 {
				old := tree.Events[i].P
				defer func() { tree.Events[i].P = old }()
				tree.Events[i].P = q
				p, _ := bruteForce(tree)
				return p
			}
			with, without, got := at(1), at(0), list[i]
			if math.Abs(got.Birnbaum-(with-without)) > 1e-12 {
				t.Errorf("event %d: %+v, want %v", i, got, with-without)
			}
			if p == 0 {
				continue
			}
			if math.Abs(got.FussellVesely-(p-without)/p) > 1e-9 || math.Abs(got.RiskAchievementWorth-with/p) > 1e-9*with/p {
				t.Errorf("event %d: %+v, P %v, with it %v, without it %v", i, got, p, with, without)
			}
			if want := p / without; got.RiskReductionWorth != want && math.Abs(got.RiskReductionWorth-want) > 1e-9*want {
				t.Errorf("event %d: %+v, P %v, without it %v", i, got, p, without)
			}
		}
	})
}

// TestReplicas compares k of n replicas over three zones, computed as groups, with the sum over the states of the zones.
func TestReplicas(t *testing.T) {
	const zone, replica = 0.001, 0.01
	for _, n := range []int{5, 20, 200} {
		for _, need := range []int{1, 2, n / 2, n/2 + 1, n - 1, n} {
			tree := &Tree{}
			for i := range 3 {
				tree.Events = append(tree.Events, Event{fmt.Sprint("zone", i), zone})
			}
			var in []Ref
			for i := range n {
				tree.Events = append(tree.Events, Event{fmt.Sprint("replica", i), replica})
				tree.Gates = append(tree.Gates, Gate{fmt.Sprint("down", i), Or, 0, []Ref{EventRef(3 + i), EventRef(i % 3)}})
				in = append(in, GateRef(i))
			}
			tree.Gates = append(tree.Gates, Gate{"too few", AtLeast, n - need + 1, in})
			tree.Top = GateRef(n)
			want := 0.0
			for s := range 8 {
				q, up := 1.0, n
				for z := range 3 {
					if s>>z&1 == 1 {
						q *= zone
						up -= (n - z + 2) / 3
					} else {
						q *= 1 - zone
					}
				}
				want += q * binomialTail(up, replica)[min(max(0, up-need+1), up)]
				if up < need {
					want += q * (1 - binomialTail(up, replica)[min(max(0, up-need+1), up)])
				}
			}
			m := model(t, tree)
			if got, ok := m.Probability(Budget{}); !ok || math.Abs(got-want) > 1e-12*want {
				t.Errorf("%d of %d: %v, want %v", need, n, got, want)
			}
			if nodes := m.largestDiagram(); nodes > 6*n*n+200 {
				t.Errorf("%d of %d: %d nodes", need, n, nodes)
			}
		}
	}
}

// largestDiagram gives the nodes of the largest of the diagrams that were made.
func (m *Model) largestDiagram() (most int) {
	for _, a := range m.best {
		if a != nil {
			most = max(most, len(a.nodes))
		}
	}
	return most
}

func TestBudget(t *testing.T) {
	tree := &Tree{}
	var tops []Ref
	for i := range 24 {
		tree.Events = append(tree.Events, Event{fmt.Sprint("e", i), 0.1})
	}
	for i := range 12 { // pairs that cross, so that nothing is a module
		tree.Gates = append(tree.Gates, Gate{"", And, 0, []Ref{EventRef(2 * i), EventRef((2*i + 3) % 24), EventRef((5*i + 1) % 24)}})
		tops = append(tops, GateRef(i))
	}
	tree.Gates = append(tree.Gates, Gate{"top", Or, 0, tops})
	tree.Top = GateRef(12)
	if _, ok := model(t, tree).Probability(Budget{Nodes: 20}); ok {
		t.Error("a probability out of 20 nodes")
	}
	if _, ok := model(t, tree).CountByOrder(0, Budget{Nodes: 20}); ok {
		t.Error("a count out of 20 nodes")
	}
	if _, ok := model(t, tree).CutSets(0, Budget{Nodes: 20}); ok {
		t.Error("sets out of 20 nodes")
	}
	if _, ok := model(t, tree).Probability(Budget{}); !ok {
		t.Error("no probability without a limit")
	}
}

func TestValidate(t *testing.T) {
	cycle := &Tree{Gates: []Gate{{"a", Or, 0, []Ref{GateRef(1)}}, {"b", Or, 0, []Ref{GateRef(0)}}}, Top: GateRef(0)}
	for name, tree := range map[string]*Tree{
		"a cycle":             cycle,
		"no such event":       {Gates: []Gate{{"a", Or, 0, []Ref{EventRef(0)}}}, Top: GateRef(0)},
		"no such top":         {Top: GateRef(0)},
		"a large probability": {Events: []Event{{"e", 1.5}}, Top: EventRef(0)},
	} {
		if _, err := New(tree); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, c := range map[string]struct {
		tree *Tree
		p    float64
	}{
		"never": {&Tree{Top: False}, 0}, "always": {&Tree{Top: True}, 1}, "an event": {&Tree{Events: []Event{{"e", 0.25}}, Top: EventRef(0)}, 0.25},
	} {
		if p, ok := model(t, c.tree).Probability(Budget{}); !ok || p != c.p {
			t.Errorf("%s: %v", name, p)
		}
	}
	if p, ok := model(t, &Tree{Events: []Event{{"e", math.NaN()}}, Top: EventRef(0)}).Probability(Budget{}); !ok || !math.IsNaN(p) {
		t.Errorf("an unknown probability gives %v", p)
	}
}

// TestSmallRemainder: what is left of P without an event has all of its digits, also where it is next to nothing of P.
func TestSmallRemainder(t *testing.T) {
	m := model(t, &Tree{
		Events: []Event{{"a", 0.5}, {"b", 1e-7}, {"c", 3e-7}},
		Gates:  []Gate{{"both", And, 0, []Ref{EventRef(1), EventRef(2)}}, {"top", Or, 0, []Ref{EventRef(0), GateRef(0)}}},
		Top:    GateRef(1),
	})
	list, p, ok := m.Importances(Budget{})
	if want := p / 3e-14; !ok || math.Abs(list[0].RiskReductionWorth-want) > 1e-12*want {
		t.Errorf("risk reduction worth %v, want %v", list[0].RiskReductionWorth, want)
	}
}
