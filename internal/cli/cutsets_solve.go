package cli

import (
	"errors"
	"math"
	"math/big"
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
	"lintel/analyzer/resilience"
	"lintel/internal/report/cutsets"
)

// cutSetQuestion is a target that is asked about. It is solved when it is its turn, so that the first answers are out before
// the last ones are known.
type cutSetQuestion struct {
	kind  cutsets.Kind
	solve func() (*cutsets.Target, error)
}

// answer solves and writes all targets.
func (s *session) answer(list []cutSetQuestion, o cutSetOptions, l *boundedWork, r cutsets.Report) error {
	out := &promptWriter{w: s.stdout}
	var w interface {
		Target(*cutsets.Target) error
		End() error
	}
	if o.format == "json" {
		w = cutsets.NewJSON(out, r)
	} else {
		w = cutsets.NewText(out, r, widthOf(s.stdout), s.colored(s.stdout), out.Flush)
	}
	for i, q := range list {
		p := s.startProgress()
		p.phase("looking for cut sets", 0)
		l.target(len(list) - i)
		t, err := q.solve()
		p.end()
		if err != nil {
			return err
		}
		t.Kind = q.kind
		if err := w.Target(t); err != nil {
			return err
		}
	}
	if err := w.End(); err != nil {
		return err
	}
	return out.Flush()
}

// cutSetsOfDesign solves one target of a design.
func cutSetsOfDesign(system *resilience.System, target analyzer.Target, o cutSetOptions, l *boundedWork) (*cutsets.Target, error) {
	tree := system.Tree(target, math.NaN())
	m, err := prepared(tree.Tree, l)
	if err != nil {
		return nil, err
	}
	t := newTarget(tree.Tree)
	t.Unknown, t.AllUnknown = unknownParts(system, tree)
	countSets(m, t, o.order, tree.Orders, l)
	countSingles(system.Analysis, target, t, o.order)
	perfect, poor := 0.0, 1-o.assume.Pessimistic/100
	if t.Best, err = probabilityOfDesign(system, target, perfect, l); err != nil {
		return nil, err
	}
	t.Worst = t.Best
	if len(t.Unknown) > 0 {
		if t.Worst, err = probabilityOfDesign(system, target, poor, l); err != nil {
			return nil, err
		}
	}
	listSets(m, tree.Tree, t, o, l)
	return t, nil
}

func probabilityOfDesign(system *resilience.System, target analyzer.Target, unknown float64, l *boundedWork) (cutsets.Probability, error) {
	l.phase(0.5)
	p, err := system.Probability(target, unknown)
	out := cutsets.Probability{Low: p.Low, High: p.High}
	if p.Method != resilience.Exact {
		out.Method = p.Method.String()
	}
	if p.Method == resilience.Simulated {
		out.Confidence = resilience.Confidence
	}
	return out, err
}

// unknownParts names the modules and failure domains that take part in a tree and have no availability, each once, and tells
// whether all have none.
func unknownParts(system *resilience.System, tree *analyzer.FaultTree) (names []string, all bool) {
	used, all := usedEvents(tree.Tree), true
	seen := map[analyzer.Event]bool{}
	for i, e := range tree.Of {
		if !used[i] {
			continue
		}
		if !math.IsNaN(tree.Events[i].P) {
			all = false
			continue
		}
		if e.Kind != analyzer.DomainEvent { // the availability is that of each replica
			e.Kind, e.Replica = analyzer.ExternalEvent, 0
		}
		if !seen[e] {
			seen[e] = true
			names = append(names, system.Analysis.EventName(e))
		}
	}
	slices.Sort(names)
	return names, all && len(names) > 0
}

// newTarget is about a tree of which nothing is known yet.
func newTarget(tree *faulttree.Tree) *cutsets.Target {
	nothing := cutsets.Exactly(math.NaN())
	return &cutsets.Target{Name: tree.Name, Counted: -1, SetsTo: -1, Best: nothing, Worst: nothing}
}

// cutSetsOfTree solves one fault tree. Where probabilities are unknown, they are NaN.
func cutSetsOfTree(tree *faulttree.Tree, o cutSetOptions, l *boundedWork) (*cutsets.Target, error) {
	m, err := prepared(tree, l)
	if err != nil {
		return nil, err
	}
	t := newTarget(tree)
	used := usedEvents(tree)
	known := false
	for i, e := range tree.Events {
		switch {
		case used[i] && math.IsNaN(e.P):
			t.Unknown = append(t.Unknown, e.Name)
		case used[i]:
			known = true
		}
	}
	t.AllUnknown = len(t.Unknown) > 0 && !known
	if o.order > 0 { // far quicker than all
		countSets(m, t, o.order, math.MaxInt, l)
	}
	if len(t.Unknown) == 0 {
		if t.Best, err = probabilityOfTree(m, tree, l); err != nil {
			return nil, err
		}
		t.Worst = t.Best
	}
	if o.order == 0 {
		countSets(m, t, 0, math.MaxInt, l)
	}
	listSets(m, tree, t, o, l)
	return t, nil
}

// prepared prepares a tree; nil where that takes too long.
func prepared(tree *faulttree.Tree, l *boundedWork) (*faulttree.Model, error) {
	m, err := faulttree.NewWithin(tree, l.phase(0.4))
	if errors.Is(err, faulttree.ErrSpent) {
		return nil, nil
	}
	return m, err
}

// usedEvents marks the events that the top of a tree needs.
func usedEvents(t *faulttree.Tree) []bool {
	used := make([]bool, len(t.Events))
	seen := make([]bool, len(t.Gates))
	todo := []faulttree.Ref{t.Top}
	for len(todo) > 0 {
		r := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if e, ok := r.Event(); ok {
			used[e] = true
		} else if g, ok := r.Gate(); ok && !seen[g] {
			seen[g] = true
			todo = append(todo, t.Gates[g].In...)
		}
	}
	return used
}

// simulatedWork bounds an estimate where no time does.
const simulatedWork = 400_000_000

// probabilityOfTree gives that of the top: exact or, where that takes too long, a certified interval or, where that is wide,
// an estimate. A tree that could not be prepared has no model.
func probabilityOfTree(m *faulttree.Model, tree *faulttree.Tree, l *boundedWork) (cutsets.Probability, error) {
	var low, high float64
	if m != nil {
		if p, ok := m.Probability(l.phase(0.4)); ok {
			return cutsets.Exactly(p), nil
		}
		low, high = m.Bounds(4, l.phase(0.3).Stop)
	} else {
		var err error
		if low, high, err = faulttree.Rough(tree); err != nil {
			return cutsets.Probability{}, err
		}
	}
	certified := cutsets.Probability{Low: low, High: high, Method: resilience.Interval.String()}
	const wide = 1.5 // high over low
	if high <= wide*low {
		return certified, nil
	}
	l.phase(0.3)
	drawn := resilience.Simulate(tree, simulatedWork, l.limits)
	both := cutsets.Probability{Low: max(low, drawn.Low), High: min(high, drawn.High), Method: resilience.Simulated.String(), Confidence: resilience.Confidence, Certain: [2]float64{low, high}}
	if both.Low > both.High || both.High-both.Low > 0.9*(high-low) && both.Low*0.9 <= low {
		return certified, nil // it tells no less
	}
	return both, nil
}

// countSets counts all sets of up to order events (0 is all) or, where that takes too long, those of the lowest orders. The
// sets of the tree are those that are meant up to an order of right.
func countSets(m *faulttree.Model, t *cutsets.Target, order, right int, l *boundedWork) {
	if m == nil {
		t.Counted = 0
		return
	}
	short := right < math.MaxInt && (order == 0 || order > right)
	if short {
		order = right
	}
	if by, ok := m.CountByOrder(order, l.phase(0.5)); ok {
		t.ByOrder = by
		if short {
			t.Counted, t.TooManyReplicas = right, true
		}
		return
	}
	t.ByOrder = m.CountLowest(order, l.phase(0.5))
	t.Counted = max(len(t.ByOrder)-1, 0)
	if order > 0 && t.Counted == order && !short {
		t.Counted = -1
	}
}

// countSingles counts the sets of one event by simulation, where nothing larger could be counted.
func countSingles(a *analyzer.Analysis, target analyzer.Target, t *cutsets.Target, order int) {
	f := a.Failures()
	if t.Counted != 0 || target.Journey < 0 || slices.Contains(f.Before.Lost, target.Journey) {
		return
	}
	singles := 0
	for i, o := range f.Outcomes {
		if _, lost := slices.BinarySearch(o.Lost, target.Journey); lost {
			singles += f.Alike[i]
		}
	}
	t.ByOrder = []*big.Int{new(big.Int), big.NewInt(int64(singles))}
	t.Counted = 1
	if order == 1 {
		t.Counted, t.TooManyReplicas = -1, false
	}
}

// listSets makes the sets ready to be listed.
func listSets(m *faulttree.Model, tree *faulttree.Tree, t *cutsets.Target, o cutSetOptions, l *boundedWork) {
	if o.limit == 0 || m == nil {
		return
	}
	order := o.order
	if t.Counted >= 0 {
		if t.Counted == 0 {
			return
		}
		order, t.SetsTo = t.Counted, t.Counted
	}
	sets, ok := m.CutSets(order, l.phase(0.5))
	if !ok {
		return
	}
	names := func(events []int) []string {
		out := make([]string, len(events))
		for i, e := range events {
			out[i] = tree.Events[e].Name
		}
		return out
	}
	t.Sets = func(yield func(cutsets.Set) bool) {
		l.end()
		for s := range sets {
			out := cutsets.Set{Order: s.Order, Events: names(s.Events), Number: s.Number, Probability: s.Probability}
			for _, c := range s.Groups {
				x := cutsets.Choice{Group: c.Group, Count: c.Count}
				for _, events := range c.Of {
					x.Of = append(x.Of, names(events))
				}
				out.Choose = append(out.Choose, x)
			}
			out.Sort()
			if !yield(out) {
				return
			}
		}
	}
}
