package resilience

import "lintel/analyzer"

// System is a design with what is assumed about it. Its methods must not be called by several goroutines at once.
type System struct {
	Analysis *analyzer.Analysis

	assume Assumptions
	limits Limits
	trees  *analyzer.FaultTrees
}

// New prepares the computation. The error tells of a design that is too large for it.
func New(a *analyzer.Analysis, assume Assumptions, limits Limits) (*System, error) {
	trees, err := a.FaultTrees()
	if err != nil {
		return nil, err
	}
	return &System{Analysis: a, assume: assume, limits: limits, trees: trees}, nil
}

// Tree is the fault tree of a target, each replica an event of its own. What is unknown has the probability unknown, which
// may be NaN.
func (s *System) Tree(t analyzer.Target, unknown float64) *analyzer.FaultTree {
	return s.trees.Of(t, s.or(unknown))
}

// folded is the tree by which the probability of a target is computed.
func (s *System) folded(t analyzer.Target, unknown float64, high bool) *analyzer.FoldedTree {
	return s.trees.Folded(t, s.or(unknown), high)
}

// or gives the unavailability of events, with a value for what is unknown.
func (s *System) or(unknown float64) func(analyzer.Event) float64 {
	return func(e analyzer.Event) float64 {
		if q, from := s.Unavailability(e); from != Unknown {
			return q
		}
		return unknown
	}
}
