package faulttree

import (
	"math"
	"math/big"
	"slices"
	"sync/atomic"
)

// Model is a fault tree that is prepared for computing. Its methods must not be called by several goroutines at once.
type Model struct {
	tree    *Tree
	graph   *graph
	modules []module
	best    []*attempt // by module: what its diagram was made with
	tries   [][]*attempt
}

// New prepares a tree. The error tells of the first fault of the tree.
func New(t *Tree) (*Model, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	m := &Model{tree: t, graph: prepare(t)}
	if !m.trivial() {
		m.modules = m.graph.listModules(m.graph.modules())
		m.best = make([]*attempt, len(m.modules))
		m.tries = make([][]*attempt, len(m.modules))
	}
	return m, nil
}

// trivial reports whether the top is a constant or an event.
func (m *Model) trivial() bool { return m.graph.top < 0 || m.graph.isEvent(m.graph.top) }

// attempt is one order of the variables of a module, and how far it led.
type attempt struct {
	name  string
	order []int32
	find  func(*module) []int32
	done  int // gates that were compiled before the limit was met
	*compiled
	cutSets int32 // the diagram of the minimal cut sets; -1 where it is not made
}

// firstLimit is the number of nodes that each order may use in the first round; each further round allows limitGrowth
// times as many.
const (
	firstLimit  = 1 << 13
	limitGrowth = 4
)

// diagram compiles the i-th module, with the cut sets where they are wanted. It tries all orders with few nodes first,
// then those that led farthest with more, up to limit nodes. It returns nil where the limit, or stop, was met.
func (m *Model) diagram(i int, cutSets bool, limit int, stop *atomic.Bool) *attempt {
	mod := &m.modules[i]
	if a := m.best[i]; a != nil && (!cutSets || a.cutSets >= 0) {
		return a
	}
	if m.tries[i] == nil {
		for _, h := range heuristics(m.graph.written(m.tree)) {
			m.tries[i] = append(m.tries[i], &attempt{name: h.name, find: h.order})
		}
	}
	for allowed := firstLimit; ; allowed *= limitGrowth {
		allowed = min(allowed, limit)
		for _, a := range m.tries[i] {
			if a.order == nil {
				a.order = a.find(mod)
			}
			c := m.graph.compile(mod, a.order, allowed, stop)
			a.done = c.done
			if c.over {
				continue
			}
			out := &attempt{name: a.name, order: a.order, compiled: c, cutSets: -1}
			if m.best[i] == nil {
				m.best[i] = out
			}
			if !cutSets {
				return out
			}
			// The cut sets are most often fewer than the nodes that were made on the way.
			c.limit = min(max(c.limit, limitGrowth*len(c.nodes)), limit)
			out.cutSets = c.minimal(c.root)
			if !c.over {
				m.best[i] = out
				return out
			}
			a.done = len(mod.gates) + 1
		}
		if allowed == limit || stop != nil && stop.Load() {
			return nil
		}
		slices.SortStableFunc(m.tries[i], func(a, b *attempt) int { return b.done - a.done })
	}
}

// Budget bounds a computation.
type Budget struct {
	Nodes int          // of one diagram; 0 is DefaultNodes
	Stop  *atomic.Bool // set by the caller to end it; may be nil
}

// DefaultNodes is some 500 MB of diagrams.
const DefaultNodes = 20_000_000

func (b Budget) nodes() int {
	if b.Nodes > 0 {
		return b.Nodes
	}
	return DefaultNodes
}

// Probability gives the exact probability of the top. It is not known (ok is false) where the budget was spent before.
func (m *Model) Probability(b Budget) (p float64, ok bool) {
	value, ok := m.probabilities(b)
	if !ok {
		return 0, false
	}
	switch m.graph.top {
	case never:
		return 0, true
	case always:
		return 1, true
	}
	return value[m.graph.top], true
}

// probabilities gives those of events and modules by number of node; of a group, that of one member.
func (m *Model) probabilities(b Budget) ([]float64, bool) {
	value := make([]float64, m.graph.size())
	for i, e := range m.tree.Events {
		value[i] = e.P
	}
	for i := range m.modules {
		mod := &m.modules[i]
		if len(mod.gates) == 0 {
			value[mod.root] = value[mod.variables[0]]
			continue
		}
		a := m.diagram(i, false, b.nodes(), b.Stop)
		if a == nil {
			return nil, false
		}
		value[mod.root] = a.probability(a.chances(func(v int32) float64 { return value[mod.variables[v]] }))
	}
	return value, true
}

// CountByOrder gives the exact numbers of minimal cut sets by the number of their events, from 0, up to maxOrder (all
// for 0). It is not known (ok is false) where the budget was spent before.
func (m *Model) CountByOrder(maxOrder int, b Budget) (count []*big.Int, ok bool) {
	if maxOrder <= 0 {
		maxOrder = math.MaxInt32
	}
	switch {
	case m.graph.top == never:
		return nil, true
	case m.graph.top == always:
		return oneSet(), true
	case m.trivial():
		return oneEvent(), true
	}
	value := make([]orders, m.graph.size())
	for i := range m.tree.Events {
		value[i] = oneEvent()
	}
	for i := range m.modules {
		mod := &m.modules[i]
		if len(mod.gates) == 0 {
			value[mod.root] = value[mod.variables[0]]
			continue
		}
		a := m.diagram(i, true, b.nodes(), b.Stop)
		if a == nil {
			return nil, false
		}
		value[mod.root] = a.countSets(a.cutSets, func(v int32) orders { return value[mod.variables[v]] }, maxOrder)
	}
	return value[m.graph.top], true
}
