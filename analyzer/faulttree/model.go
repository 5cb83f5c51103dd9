package faulttree

import (
	"cmp"
	"errors"
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
	storage storage
	low     []*attempt // by module: the cut sets up to order low.upTo, where only those were asked for
}

// New prepares a tree. The error tells of the first fault of the tree.
func New(t *Tree) (*Model, error) { return newModel(t, nil) }

// ErrSpent tells that a budget was spent before a tree was prepared.
var ErrSpent = errors.New("the tree is too large to be prepared within the limits of time and memory")

// NewWithin is New within a budget, or ErrSpent. An input of a gate takes about as much memory as a node of a diagram.
func NewWithin(t *Tree, b Budget) (*Model, error) {
	inputs := 0
	for i := range t.Gates {
		inputs += len(t.Gates[i].In)
	}
	if inputs > b.nodes() {
		return nil, ErrSpent
	}
	return newModel(t, b.Stop)
}

func newModel(t *Tree, stop *atomic.Bool) (*Model, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	if stopped(stop) {
		return nil, ErrSpent
	}
	g := prepare(t, stop)
	if g == nil {
		return nil, ErrSpent
	}
	m := &Model{tree: t, graph: g}
	if !m.trivial() {
		m.modules = m.graph.listModules(m.graph.modules())
		m.best = make([]*attempt, len(m.modules))
		m.tries = make([][]*attempt, len(m.modules))
		m.low = make([]*attempt, len(m.modules))
	}
	return m, nil
}

// trivial reports whether the top is a constant or an event.
func (m *Model) trivial() bool { return m.graph.top < 0 || m.graph.isEvent(m.graph.top) }

// attempt is one order of the variables of a module, and how far it led.
type attempt struct {
	name  string
	order []int32
	find  func(*module, *atomic.Bool) []int32
	heats []heat // with ever more nodes
	*compiled
	cutSets int32 // the diagram of the minimal cut sets; -1 where it is not made
	upTo    int   // the order up to which it holds them
}

// heat is how far an order led with so many nodes.
type heat struct{ nodes, done int }

// led tells how far the order led with at most so many nodes.
func (a *attempt) led(nodes int) (done int) {
	for _, h := range a.heats {
		if h.nodes <= nodes {
			done = h.done
		}
	}
	return done
}

// ordered finds the order, and reports whether there was time for it.
func (a *attempt) ordered(m *module, stop *atomic.Bool) bool {
	if a.order == nil {
		order := a.find(m, stop)
		if stopped(stop) { // perhaps not the one that it would have become
			return false
		}
		a.order = order
	}
	return !stopped(stop)
}

// firstLimit is the number of nodes that each order may use at first. Each further round allows limitGrowth times as many.
const (
	firstLimit  = 1 << 13
	limitGrowth = 4
)

// From knockout on, the better half of the orders may use limitGrowth times as many nodes in the same round, and the better
// half of these once more, so that not all are tried with many nodes for the one that is good.
const (
	knockout = 1 << 17
	rounds   = 3
)

// diagram compiles the i-th module, with the cut sets where they are wanted. It tries all orders with few nodes first, then
// with more, up to limit nodes, those first that led farthest. It returns nil where the limit, or stop, was met.
func (m *Model) diagram(i int, cutSets bool, limit int, stop *atomic.Bool) *attempt {
	if a := m.best[i]; a != nil && (!cutSets || a.cutSets >= 0) {
		return a
	}
	if a := m.best[i]; a != nil {
		// The order that is known to be good; more sets than nodes are rare.
		c := &compiled{diagrams: a.reopen(min(limit, max(1<<16, 2*limitGrowth*len(a.nodes))), stop, &m.storage), root: a.root, order: a.order, level: a.level}
		if m.withCutSets(i, a, c) {
			return m.best[i]
		}
	}
	tries := m.attempts(i)
	for _, a := range tries {
		a.heats = a.heats[:0]
	}
	for first := firstLimit; ; first *= limitGrowth {
		field := tries
		for round, allowed := 0, first; round < rounds; round, allowed = round+1, allowed*limitGrowth {
			for _, a := range field {
				if made, ok := m.try(i, a, cutSets, min(allowed, limit), limit, stop); made != nil || !ok {
					return made
				}
			}
			slices.SortStableFunc(field, func(a, b *attempt) int { return cmp.Compare(b.led(allowed), a.led(allowed)) })
			if field = field[:(len(field)+1)/2]; allowed >= limit || first < knockout {
				break
			}
		}
		if first >= limit {
			return nil
		}
	}
}

// try compiles the i-th module with one order and allowed nodes, unless it did before; cut sets may take up to limit. It
// returns nil where it needs more; ok is false where stop was set.
func (m *Model) try(i int, a *attempt, cutSets bool, allowed, limit int, stop *atomic.Bool) (made *attempt, ok bool) {
	if n := len(a.heats); n > 0 && a.heats[n-1].nodes >= allowed {
		return nil, true
	}
	mod := &m.modules[i]
	if !a.ordered(mod, stop) {
		return nil, false
	}
	c := m.graph.compile(mod, a.order, allowed, stop, &m.storage)
	a.heats = append(a.heats, heat{allowed, c.done})
	if c.over {
		c.release()
		return nil, !stopped(stop)
	}
	if !cutSets {
		c.compact(&c.root)
		m.best[i] = &attempt{name: a.name, order: a.order, compiled: c, cutSets: -1, upTo: math.MaxInt32}
		return m.best[i], true
	}
	// The cut sets are most often fewer than the nodes that were made on the way.
	c.limit = min(max(c.limit, limitGrowth*len(c.nodes)), limit)
	if m.withCutSets(i, a, c) {
		return m.best[i], true
	}
	return nil, !stopped(stop)
}

// withCutSets makes the cut sets of the i-th module out of its diagram. It releases c, and reports whether it had room.
func (m *Model) withCutSets(i int, a *attempt, c *compiled) bool {
	sets := int32(-1)
	if !c.over {
		sets = c.minimal(c.root)
	}
	switch {
	case !c.over:
		c.compact(&c.root, &sets)
	case m.best[i] == nil: // enough for the probability
		sets = -1
		c.compact(&c.root)
	default:
		c.release()
		return false
	}
	m.best[i] = &attempt{name: a.name, order: a.order, compiled: c, cutSets: sets, upTo: math.MaxInt32}
	return sets >= 0
}

// attempts lists the orders of the i-th module.
func (m *Model) attempts(i int) []*attempt {
	if m.tries[i] == nil {
		for _, h := range heuristics(m.graph.written(m.tree)) {
			m.tries[i] = append(m.tries[i], &attempt{name: h.name, find: h.order})
		}
	}
	return m.tries[i]
}

// Budget bounds a computation.
type Budget struct {
	Nodes int          // of one diagram; 0 is DefaultNodes
	Stop  *atomic.Bool // set by the caller to end it; may be nil
}

// DefaultNodes is about 600 MB.
const DefaultNodes = 15_000_000

// NodesWithin gives the Budget.Nodes with which a computation takes no more than that many bytes, all told: nodes, their
// table and cache, what is kept of them, and what is computed for each of these.
func NodesWithin(bytes int64) int {
	const (
		node    = 40       // 12 for itself, at most 11 in the table, and the rest for those that are kept
		cached  = 64       // in the cache, as long as that grows with the table
		most    = 64 << 20 // the cache at its largest
		program = 24 << 20 // all else that is there
	)
	bytes -= program
	return int(min(max((bytes-most)/node, bytes/(node+cached), 1000), math.MaxInt32/2))
}

func (b Budget) nodes() int {
	if b.Nodes > 0 {
		return b.Nodes
	}
	return DefaultNodes
}

func (b Budget) stopped() bool { return stopped(b.Stop) }

func stopped(stop *atomic.Bool) bool { return stop != nil && stop.Load() }

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
// for 0). It is not known (ok is false) where the budget was spent before. Few orders take far less than all.
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
	_, value, ok := m.cutSetDiagrams(maxOrder, b)
	if !ok {
		return nil, false
	}
	return value[m.graph.top], true
}

// CountLowest gives the exact numbers of minimal cut sets by the number of their events, from 0, for as many orders as the
// budget allows, up to maxOrder (all for 0). It is for trees of which CountByOrder does not know all.
func (m *Model) CountLowest(maxOrder int, b Budget) (count []*big.Int) {
	if maxOrder <= 0 {
		maxOrder = len(m.tree.Events)
	}
	for order := 1; order <= maxOrder; order++ {
		next, ok := m.CountByOrder(order, b)
		if !ok {
			break
		}
		for len(next) <= order {
			next = append(next, new(big.Int))
		}
		count = next
	}
	return count
}

// cutSetDiagrams gives, by module, the diagram of its minimal cut sets up to an order, and by node of the graph the
// numbers of sets.
func (m *Model) cutSetDiagrams(maxOrder int, b Budget) (by []*attempt, value []orders, ok bool) {
	by, value = make([]*attempt, len(m.modules)), make([]orders, m.graph.size())
	for i := range m.tree.Events {
		value[i] = oneEvent()
	}
	for i := range m.modules {
		mod := &m.modules[i]
		if len(mod.gates) == 0 {
			value[mod.root] = value[mod.variables[0]]
			continue
		}
		of := func(v int32) orders { return value[mod.variables[v]] }
		if by[i] = m.cutSets(i, maxOrder, of, b); by[i] == nil {
			return nil, nil, false
		}
		if value[mod.root], ok = by[i].countSets(by[i].cutSets, of, maxOrder, b.Stop); !ok {
			return nil, nil, false
		}
	}
	return by, value, true
}

// fewOrders is up to which order the truncated diagrams are tried before the whole ones.
const fewOrders = 4

// cutSets gives the diagram of the minimal cut sets of the i-th module up to an order, or of more. of gives the numbers of
// sets of its variables. It returns nil where the budget was spent.
func (m *Model) cutSets(i, maxOrder int, of func(variable int32) orders, b Budget) *attempt {
	switch {
	case m.best[i] != nil && m.best[i].cutSets >= 0:
		return m.best[i]
	case m.low[i] != nil && m.low[i].upTo >= maxOrder:
		return m.low[i]
	case maxOrder >= len(m.tree.Events):
		return m.diagram(i, true, b.nodes(), b.Stop)
	}
	for allowed := max(firstLimit, limitGrowth*m.modules[i].size()); ; allowed *= limitGrowth {
		allowed = min(allowed, b.nodes())
		for step := range 2 {
			var a *attempt
			if whole := step == 1 == (maxOrder <= fewOrders); whole {
				a = m.diagram(i, true, allowed, b.Stop)
			} else {
				a = m.truncated(i, maxOrder, of, allowed, b.Stop)
			}
			if a != nil {
				return a
			}
		}
		if allowed == b.nodes() || b.stopped() {
			return nil
		}
	}
}

// truncated is cutSets by truncate, with at most limit nodes.
func (m *Model) truncated(i, maxOrder int, of func(variable int32) orders, limit int, stop *atomic.Bool) *attempt {
	mod := &m.modules[i]
	weight := func(v int32) int32 {
		for order, n := range of(v) {
			if n.Sign() > 0 {
				return int32(order)
			}
		}
		return tooMany
	}
	// The order matters less than for whole diagrams, so that not all are tried.
	for _, a := range m.attempts(i)[:2] {
		if !a.ordered(mod, stop) {
			return nil
		}
		c, root := m.graph.truncate(mod, a.order, weight, int32(maxOrder), limit, stop, &m.storage)
		if !c.over {
			c.compact(&root)
			m.low[i] = &attempt{name: a.name, order: a.order, compiled: c, cutSets: root, upTo: maxOrder}
			return m.low[i]
		}
		c.release()
	}
	return nil
}
