package resilience

import (
	"lintel/analyzer"
	"lintel/analyzer/faulttree"
)

// Method says how a figure was found.
type Method uint8

// The methods.
const (
	Exact     Method = iota
	Interval         // a certified interval: the figure lies between Low and High
	Simulated        // a Monte Carlo estimate: Low and High bound it with the confidence that Confidence tells
)

// String gives "exact", "interval" or "simulated".
func (m Method) String() string { return [...]string{"exact", "interval", "simulated"}[m] }

// Confidence is that of a simulated interval.
const Confidence = 0.99

// Probability is a probability of failure, from 0 to 1. Low and High are equal where it is exact.
type Probability struct {
	Low, High float64
	Method    Method
}

// Mid is the middle of the interval, the figure itself where it is exact.
func (p Probability) Mid() float64 {
	if p.Low == p.High {
		return p.Low
	}
	return (p.Low + p.High) / 2
}

// OfTree gives the probability of the top of a tree, of which all events must have one: exact or, where the limits are
// met, a certified interval or an estimate, whichever is narrower.
func OfTree(t *faulttree.Tree, l Limits) (Probability, error) {
	m, err := faulttree.New(t)
	if err != nil {
		return Probability{}, err
	}
	return probability(m, t, l), nil
}

// Probability gives that of a target to fail, with a probability for what is unknown.
func (s *System) Probability(t analyzer.Target, unknown float64) (Probability, error) {
	p, _, err := s.ofFolded(t, s.folded(t, unknown, analyzer.Fold{}), unknown)
	return p, err
}

// sameDigits is how far the bounds of a loose tree may be apart, relatively, to count as one figure.
const sameDigits = 1e-12

// ofFolded gives the probability of a target by its folded tree, and the model of that.
func (s *System) ofFolded(t analyzer.Target, tree *analyzer.FoldedTree, unknown float64) (Probability, *faulttree.Model, error) {
	m, err := s.model(tree.Tree)
	if err != nil {
		return Probability{}, nil, err
	}
	p := probability(m, tree.Tree, s.limits)
	if !tree.Loose {
		return p, m, nil
	}
	above, err := OfTree(s.folded(t, unknown, analyzer.Fold{High: true}).Tree, s.limits)
	if err != nil {
		return Probability{}, nil, err
	}
	if p.Method == Exact && above.Method == Exact && above.High-p.Low <= sameDigits*above.High {
		return p, m, nil
	}
	return Probability{p.Low, above.High, max(p.Method, above.Method, Interval)}, m, nil
}

// What an estimate may take: as much as it likes of the time that is left, and this much in any case.
const (
	simulatedWork = 400_000_000
	leastWork     = 20_000_000
	// boundRounds is how often the diagrams of a certified interval grow.
	boundRounds = 4
	// wide is how many times the low end the high end of an interval is that is of little use.
	wide = 1.5
)

func probability(m *faulttree.Model, t *faulttree.Tree, l Limits) Probability {
	if p, ok := m.Probability(l.budget()); ok {
		return Probability{p, p, Exact}
	}
	low, high := m.Bounds(boundRounds, l.Stop)
	certified := Probability{low, high, Interval}
	if high <= wide*low {
		return certified
	}
	work := simulatedWork
	if l.stopped() {
		work, l.Stop = leastWork, nil
	}
	drawn := Simulate(t, work, l)
	// Both hold the figure, so it lies in what they have in common.
	both := Probability{max(low, drawn.Low), min(high, drawn.High), Simulated}
	if both.Low > both.High || both.High-both.Low > 0.9*(high-low) && both.Low*0.9 <= low {
		return certified
	}
	return both
}
