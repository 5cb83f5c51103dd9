// Package resilience computes with the fault trees of a design: how likely each journey and module is to fail, which
// combinations of failures bring it down, and what contributes most.
//
// It follows the failure model of the analyzer and nothing else. Every figure is exact, or says that it is not.
package resilience

import (
	"math"
	"sync/atomic"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
)

// Assumptions say what is taken for what the design does not state.
type Assumptions struct {
	// Typical takes the typical values of the documented table where there is one. Nothing is ever assumed without it.
	Typical bool
	// Pessimistic is the availability, in percent, of what is still unknown, in the less favourable of the two results.
	Pessimistic float64
}

// Limits bound each computation.
type Limits struct {
	Nodes int          // of one diagram; 0 is faulttree.DefaultNodes
	Stop  *atomic.Bool // set when the time is over; may be nil
}

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

// Source says where the availability of an event comes from.
type Source uint8

// The sources.
const (
	Unknown Source = iota
	Stated         // availability, or mtbf and mttr
	Typical        // the table of typical values
)

// Unavailability is the probability of an event, NaN where it is unknown.
func (s *System) Unavailability(e analyzer.Event) (q float64, from Source) {
	d := s.Analysis.Design
	var stated float64
	var ok bool
	if e.Kind == analyzer.DomainEvent {
		stated, ok = d.FailureDomains[e.Domain].Unavailability()
	} else {
		stated, ok = d.Modules[e.Module].Unavailability()
	}
	if ok {
		return stated, Stated
	}
	if s.assume.Typical {
		if q, ok := s.typical(e); ok {
			return q, Typical
		}
	}
	return math.NaN(), Unknown
}

// Tree is the fault tree of a target. What is unknown has the probability unknown, which may be NaN.
func (s *System) Tree(t analyzer.Target, unknown float64) *analyzer.FaultTree {
	return s.trees.Of(t, func(e analyzer.Event) float64 {
		if q, from := s.Unavailability(e); from != Unknown {
			return q
		}
		return unknown
	})
}

// Availability is how likely a target is to fail, and why.
type Availability struct {
	Target analyzer.Target
	// Best is with all that is unknown perfect, Worst with all that is unknown at the pessimistic value. They are
	// equal where nothing is unknown.
	Best, Worst Probability
	Unknown     []analyzer.Event // that take part and whose availability is unknown, in order of their names' indices
	// Contributors are the events that take part, by falling Fussell-Vesely importance, computed as Worst is; nil where
	// that is not exact.
	Contributors []Contributor
}

// Contributor is what an event contributes.
type Contributor struct {
	Event          analyzer.Event
	Unavailability float64
	Source         Source
	faulttree.Importance
}

// Availability computes that of one target.
func (s *System) Availability(t analyzer.Target) (Availability, error) {
	out := Availability{Target: t}
	best, err := faulttree.New(s.Tree(t, 0).Tree)
	if err != nil {
		return out, err
	}
	worst := s.Tree(t, 1-s.assume.Pessimistic/100)
	model, err := faulttree.New(worst.Tree)
	if err != nil {
		return out, err
	}
	out.Best, out.Worst = s.probability(best), s.probability(model)
	for i, e := range worst.Of {
		if _, from := s.Unavailability(e); from == Unknown {
			out.Unknown = append(out.Unknown, worst.Of[i])
		}
	}
	return out, nil
}

func (s *System) budget() faulttree.Budget {
	return faulttree.Budget{Nodes: s.limits.Nodes, Stop: s.limits.Stop}
}

func (s *System) probability(m *faulttree.Model) Probability {
	if p, ok := m.Probability(s.budget()); ok {
		return Probability{p, p, Exact}
	}
	low, high := m.Bounds(1, s.limits.Stop)
	return Probability{low, high, Interval}
}

// typical gives the typical probability of an event.
func (s *System) typical(analyzer.Event) (q float64, ok bool) { return 0, false }
