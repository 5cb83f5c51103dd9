package cli

import (
	"io"
	"math"
	"math/big"

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
		w = cutsets.NewText(out, r, s.colored(s.stdout), out.Flush)
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

var _ io.Writer = (*promptWriter)(nil)

// cutSetsOfDesign solves one target of a design.
func cutSetsOfDesign(system *resilience.System, target analyzer.Target, o cutSetOptions, l *boundedWork) (*cutsets.Target, error) {
	tree := system.Tree(target, math.NaN())
	t, err := cutSetsOfTree(tree.Tree, o, l)
	if err != nil || len(t.Unknown) == 0 {
		return t, err
	}
	for _, side := range []struct {
		unknown float64
		to      *cutsets.Probability
	}{{0, &t.Best}, {1 - o.assume.Pessimistic/100, &t.Worst}} {
		m, err := faulttree.New(system.Tree(target, side.unknown).Tree)
		if err != nil {
			return nil, err
		}
		*side.to = probabilityOf(m, l)
	}
	return t, nil
}

// cutSetsOfTree solves one fault tree. Where probabilities are unknown, they are NaN.
func cutSetsOfTree(tree *faulttree.Tree, o cutSetOptions, l *boundedWork) (*cutsets.Target, error) {
	m, err := faulttree.New(tree)
	if err != nil {
		return nil, err
	}
	t := &cutsets.Target{Name: tree.Name, Counted: -1, SetsTo: -1}
	used := usedEvents(tree)
	for i, e := range tree.Events {
		if used[i] && math.IsNaN(e.P) {
			t.Unknown = append(t.Unknown, e.Name)
		}
	}
	t.AllUnknown = len(t.Unknown) > 0
	for i, e := range tree.Events {
		t.AllUnknown = t.AllUnknown && (!used[i] || math.IsNaN(e.P))
	}
	t.Best = cutsets.Exactly(math.NaN())
	t.Worst = t.Best
	if len(t.Unknown) == 0 {
		t.Best = probabilityOf(m, l)
		t.Worst = t.Best
	}
	countSets(m, t, o, l)
	listSets(m, tree, t, o, l)
	return t, nil
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

func probabilityOf(m *faulttree.Model, l *boundedWork) cutsets.Probability {
	if p, ok := m.Probability(l.phase(0.4)); ok {
		return cutsets.Exactly(p)
	}
	b := l.phase(0.3)
	low, high := m.Bounds(4, b.Stop)
	return cutsets.Probability{Low: low, High: high, Method: "interval"}
}

// countSets counts all sets that are asked for or, where that takes too long, those of the lowest orders.
func countSets(m *faulttree.Model, t *cutsets.Target, o cutSetOptions, l *boundedWork) {
	if by, ok := m.CountByOrder(o.order, l.phase(0.5)); ok {
		t.ByOrder = by
		return
	}
	t.Counted, t.ByOrder = 0, []*big.Int{new(big.Int)}
	for k := 1; o.order == 0 || k <= o.order; k++ {
		by, ok := m.CountByOrder(k, l.phase(0.5))
		if !ok {
			return
		}
		t.Counted, t.ByOrder = k, by
	}
	t.Counted = -1
}

// listSets makes the sets ready to be listed.
func listSets(m *faulttree.Model, tree *faulttree.Tree, t *cutsets.Target, o cutSetOptions, l *boundedWork) {
	if o.limit == 0 {
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
			if !yield(out) {
				return
			}
		}
	}
}
