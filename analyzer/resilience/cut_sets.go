package resilience

import (
	"errors"
	"iter"
	"math"
	"math/big"
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
)

// CutSets are the minimal cut sets of a target: the sets of events that bring it down and of which none is to spare.
type CutSets struct {
	Target analyzer.Target
	// ByOrder holds the exact numbers of those of 0, 1, 2, … events, as far as they are known.
	ByOrder []*big.Int
	// Complete tells that ByOrder and All leave out none, up to the order that was asked for.
	Complete bool
	// All gives those that ByOrder counts, the smallest first, then the likeliest (what has an unknown probability last).
	All iter.Seq[CutSet]
}

// Count is the number of sets that are known.
func (c *CutSets) Count() *big.Int {
	sum := new(big.Int)
	for _, n := range c.ByOrder {
		sum.Add(sum, n)
	}
	return sum
}

// CutSet is a minimal cut set, or several that are alike but for which of some like events they hold.
type CutSet struct {
	Order  int
	Events []analyzer.Event
	Choose []Choice
	Number *big.Int // how many sets it is
	// Probability is that of all events of one of them, NaN where that of one is unknown.
	Probability float64
}

// Choice is any Count of the members of Of. A member is the events that fail together; most often one. Two choices of
// one set that have the same Group choose different members.
type Choice struct {
	Count int
	Of    [][]analyzer.Event
	Group int
}

// CutSets gives the minimal cut sets of a target with up to maxOrder events, all for 0. Of a module with more than
// analyzer.MaxNamed replicas, those that hold its replicas are left out, and so are all others that are as large.
func (s *System) CutSets(t analyzer.Target, maxOrder int) (*CutSets, error) {
	tree := s.trees.Of(t, func(e analyzer.Event) float64 {
		q, _ := s.Unavailability(e)
		return q
	})
	out := &CutSets{Target: t, All: func(func(CutSet) bool) {}}
	b := s.limits.budget()
	m, err := faulttree.NewWithin(tree.Tree, b)
	switch {
	case errors.Is(err, faulttree.ErrSpent):
		return out, nil
	case err != nil:
		return nil, err
	}
	whole := maxOrder
	if tree.Orders < math.MaxInt && (maxOrder == 0 || maxOrder > tree.Orders) { // the tree leaves out larger ones
		if maxOrder = tree.Orders; maxOrder < 1 {
			return out, nil
		}
	}
	if out.ByOrder, out.Complete = m.CountByOrder(maxOrder, b); !out.Complete {
		out.ByOrder = m.CountLowest(maxOrder, b)
		maxOrder = len(out.ByOrder) - 1
		if maxOrder < 1 {
			return out, nil
		}
	}
	sets, ok := m.CutSets(maxOrder, b)
	if !ok {
		out.Complete, out.ByOrder = false, nil
		return out, nil
	}
	out.All = named(tree, sets)
	out.Complete = out.Complete && maxOrder == whole
	return out, nil
}

// named puts the events of the design for those of the tree.
func named(tree *analyzer.FaultTree, sets iter.Seq[faulttree.CutSet]) iter.Seq[CutSet] {
	events := func(list []int) []analyzer.Event {
		out := make([]analyzer.Event, len(list))
		for i, e := range list {
			out[i] = tree.Of[e]
		}
		slices.SortFunc(out, compareEvents)
		return out
	}
	return func(yield func(CutSet) bool) {
		for set := range sets {
			out := CutSet{Order: set.Order, Events: events(set.Events), Number: set.Number, Probability: set.Probability}
			for _, c := range set.Groups {
				choice := Choice{Count: c.Count, Group: c.Group}
				for _, member := range c.Of {
					choice.Of = append(choice.Of, events(member))
				}
				out.Choose = append(out.Choose, choice)
			}
			if !yield(out) {
				return
			}
		}
	}
}
