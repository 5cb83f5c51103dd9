package resilience

import (
	"cmp"
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
)

// Availability is how likely a target is to fail, and why.
type Availability struct {
	Target analyzer.Target
	// Best is with all that is unknown perfect, Worst with all that is unknown at the pessimistic value. They are
	// equal where nothing is unknown.
	Best, Worst Probability
	Unknown     []analyzer.Event // that take part and whose availability is unknown, in order of their names' indices
	Assumed     []analyzer.Event // the same for those that have a typical value
	// DownBefore tells that the target fails before anything does.
	DownBefore bool
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
	worst := s.Tree(t, 1-s.assume.Pessimistic/100)
	model, err := faulttree.New(worst.Tree)
	if err != nil {
		return out, err
	}
	out.Worst = probability(model, s.limits)
	for _, e := range worst.Of {
		switch _, from := s.Unavailability(e); from {
		case Unknown:
			out.Unknown = append(out.Unknown, e)
		case Typical:
			out.Assumed = append(out.Assumed, e)
		}
	}
	slices.SortFunc(out.Unknown, compareEvents)
	slices.SortFunc(out.Assumed, compareEvents)
	out.DownBefore = worst.Top == faulttree.True
	out.Best = out.Worst
	if len(out.Unknown) > 0 {
		if out.Best, err = OfTree(s.Tree(t, 0).Tree, s.limits); err != nil {
			return out, err
		}
	}
	if out.Worst.Method == Exact {
		out.Contributors = s.contributors(worst, model)
	}
	return out, nil
}

func (s *System) contributors(tree *analyzer.FaultTree, m *faulttree.Model) []Contributor {
	list, _, ok := m.Importances(s.limits.budget())
	if !ok {
		return nil
	}
	out := make([]Contributor, len(list))
	for i, e := range tree.Of {
		_, from := s.Unavailability(e)
		out[i] = Contributor{e, tree.Events[i].P, from, list[i]}
	}
	slices.SortStableFunc(out, func(a, b Contributor) int {
		return cmp.Or(cmp.Compare(b.FussellVesely, a.FussellVesely), cmp.Compare(b.Birnbaum, a.Birnbaum), compareEvents(a.Event, b.Event))
	})
	return out
}

// compareEvents orders events by kind, then by name, then replicas by number.
func compareEvents(a, b analyzer.Event) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Module, b.Module), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Replica, b.Replica))
}
