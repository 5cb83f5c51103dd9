package faulttree

import (
	"cmp"
	"container/heap"
	"iter"
	"math"
	"math/big"
	"slices"
)

// CutSet is a minimal cut set, or several that are alike but for which members of groups they hold.
type CutSet struct {
	Events []int    // indices of events of the tree, ascending
	Groups []Choice // what is chosen out of members that are alike
	Order  int      // events in each
	// Probability is that of all events of one of them. Number is how many there are.
	Probability float64
	Number      *big.Int
}

// Choice is any Count of the members of a group. Of lists, by member, the events that bring it down. Two choices of one
// cut set in the same group, whose Of are then of the same members in the same order, take different ones.
type Choice struct {
	Group int
	Count int
	Of    [][]int
}

// CutSets gives the minimal cut sets with at most maxOrder events (all for 0) in order of size, then falling
// probability; sets that are equal in both come in an order that depends on nothing but the tree. It gives nothing
// (ok is false) where the budget was spent before the diagrams were made.
func (m *Model) CutSets(maxOrder int, b Budget) (sets iter.Seq[CutSet], ok bool) {
	switch {
	case m.graph.top == never:
		return func(func(CutSet) bool) {}, true
	case m.graph.top == always:
		return func(yield func(CutSet) bool) { yield(CutSet{Probability: 1, Number: big.NewInt(1)}) }, true
	case m.trivial():
		e := int(m.graph.top)
		return func(yield func(CutSet) bool) {
			yield(CutSet{Events: []int{e}, Order: 1, Probability: m.tree.Events[e].P, Number: big.NewInt(1)})
		}, true
	}
	if maxOrder <= 0 {
		maxOrder = math.MaxInt32
	}
	diagrams, count, ok := m.cutSetDiagrams(maxOrder, b)
	if !ok {
		return nil, false
	}
	e := &enumeration{Model: m, diagrams: diagrams, module: make([]int, m.graph.size())}
	for i := range m.modules {
		e.module[m.modules[i].root] = i
	}
	return func(yield func(CutSet) bool) {
		for order, n := range count[m.graph.top] {
			if order > maxOrder {
				return
			}
			if n.Sign() == 0 {
				continue
			}
			if order > e.highest || e.best == nil {
				e.rankAll(max(2*order, rankedOrders))
			}
			if !e.ofOrder(order, yield) {
				return
			}
		}
	}, true
}

// rankedOrders is up to which order everything is ranked at first: most who list sets stop before higher ones.
const rankedOrders = 6

// rankAll ranks the sets of all modules up to an order.
func (e *enumeration) rankAll(highest int) {
	e.highest = highest
	e.best = make([][]float64, e.graph.size())
	e.below = make([][][]float64, len(e.modules))
	e.groups = map[int32][][]float64{}
	for i := range e.tree.Events {
		e.best[i] = []float64{none, e.rankOf(i)}
	}
	for i := range e.modules {
		mod := &e.modules[i]
		if len(mod.gates) == 0 {
			e.best[mod.root] = e.best[mod.variables[0]] // of one member
			continue
		}
		e.rank(mod, e.diagrams[i])
	}
}

// rankOf is the probability of an event, and 0 where it is not known.
func (e *enumeration) rankOf(event int) float64 {
	if p := e.tree.Events[event].P; !math.IsNaN(p) {
		return p
	}
	return 0
}

// none marks an order of which there is no set.
const none = -1

// enumeration lists cut sets best first. What it knows of each diagram is the probability of the best set of each
// order below each node, so no step leads to nowhere.
type enumeration struct {
	*Model
	diagrams []*attempt    // by module: that of its cut sets
	best     [][]float64   // by node of the graph and order: the best set's probability
	module   []int         // by node of the graph: index of the module
	below    [][][]float64 // by module, node of its diagram and order
	groups   map[int32][][]float64
	highest  int // order up to which these reach
}

// rank fills in the best probabilities for a module.
func (e *enumeration) rank(mod *module, a *attempt) {
	value := make([][]float64, max(a.cutSets, 1)+1)
	value[1] = []float64{1}
	for _, n := range a.reachable(a.cutSets) {
		d := &a.nodes[n]
		l := a.level[d.level]
		if l.count > 1 {
			continue
		}
		v := slices.Clone(value[d.low])
		if l.of == 1 {
			v = e.better(v, value[d.high], e.best[mod.variables[l.variable]])
		} else {
			for count, rest := range a.exits(n) {
				v = e.better(v, value[rest], e.ofGroup(mod.variables[l.variable], count))
			}
		}
		value[n] = v
	}
	e.below[e.module[mod.root]] = value
	e.best[mod.root] = value[a.cutSets]
}

// exits gives, for a node of the first level of a group, where a diagram of cut sets goes on with count of its members,
// from 1.
func (c *compiled) exits(n int32) iter.Seq2[int, int32] {
	return func(yield func(int, int32) bool) {
		first := c.nodes[n].level
		of := c.level[first].of
		at := c.nodes[n].high
		for count := int32(1); ; count++ {
			next := &c.nodes[at]
			if at < 2 || count == of || next.level != first+count {
				yield(int(count), at)
				return
			}
			if !yield(int(count), next.low) {
				return
			}
			at = next.high
		}
	}
}

// better takes the best of a and of the unions of a set of x and one of y, by order.
func (e *enumeration) better(a, x, y []float64) []float64 {
	for i, p := range x {
		if p == none {
			continue
		}
		for j, q := range y {
			if q == none || i+j > e.highest {
				continue
			}
			for len(a) <= i+j {
				a = append(a, none)
			}
			a[i+j] = max(a[i+j], p*q)
		}
	}
	return a
}

// ofGroup gives the best probabilities, by order, of count members of a group.
func (e *enumeration) ofGroup(n int32, count int) []float64 {
	known := e.groups[n]
	if known == nil {
		known = [][]float64{{1}}
	}
	for len(known) <= count {
		known = append(known, e.better(nil, known[len(known)-1], e.best[n]))
	}
	e.groups[n] = known
	return known[count]
}

// task is a part of a cut set that is still to be chosen, with what comes after it.
type task struct {
	node  int32 // of the graph: the module or group that it is about
	at    int32 // a module: the node of its diagram; a group: members still to choose
	order int   // events that it has to take
	from  int   // a group: the kind of set, as listed by kinds, of the member before
	next  *task
}

// pick is what was chosen before, the last first.
type pick struct {
	event int // of the tree, or
	group int32
	kind  int // the kind of set by which a member of the group occurs
	next  *pick
}

// partial is a cut set on its way: chosen events, and tasks.
type partial struct {
	bound  float64 // the probability of the best set that it can become
	picks  *pick
	tasks  *task
	serial int
}

type queue []*partial

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[j].bound, q[i].bound), cmp.Compare(q[i].serial, q[j].serial)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*partial)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return x
}

// ofOrder yields the sets of one order, the likeliest first.
func (e *enumeration) ofOrder(order int, yield func(CutSet) bool) bool {
	root := e.graph.top
	serial := 0
	q := queue{{bound: e.best[root][order], tasks: e.enter(root, order, nil)}}
	push := func(from *partial, scale float64, picks *pick, tasks *task) {
		serial++
		heap.Push(&q, &partial{from.bound * scale, picks, tasks, serial})
	}
	for len(q) > 0 {
		s := heap.Pop(&q).(*partial)
		t := s.tasks
		if t == nil {
			if !yield(e.finished(s, order)) {
				return false
			}
			continue
		}
		if e.graph.isGroup(t.node) {
			e.chooseMember(s, t, push)
			continue
		}
		i := e.module[t.node]
		a, below := e.diagrams[i], e.below[i]
		if t.at == 1 {
			push(s, 1, s.picks, t.next)
			continue
		}
		d := &a.nodes[t.at]
		was := below[t.at][t.order]
		l := a.level[d.level]
		v := e.modules[i].variables[l.variable]
		// A set of probability 0 is as good as any other of them.
		share := func(p float64) float64 {
			if was == 0 {
				return 1
			}
			return p / was
		}
		if p := bestOf(below[d.low], t.order); p != none {
			push(s, share(p), s.picks, &task{node: t.node, at: d.low, order: t.order, next: t.next})
		}
		follow := func(rest int32, first func(order int, next *task) (*pick, *task), bests []float64) {
			for j, p := range bests {
				r := bestOf(below[rest], t.order-j)
				if p == none || r == none {
					continue
				}
				picks, tasks := first(j, &task{node: t.node, at: rest, order: t.order - j, next: t.next})
				push(s, share(p*r), picks, tasks)
			}
		}
		switch {
		case l.of > 1:
			for count, rest := range a.exits(t.at) {
				follow(rest, func(j int, next *task) (*pick, *task) {
					return s.picks, &task{node: v, at: int32(count), order: j, from: 0, next: next}
				}, e.ofGroup(v, count))
			}
		case e.graph.isEvent(v):
			follow(d.high, func(_ int, next *task) (*pick, *task) {
				return &pick{event: int(v), group: -1, next: s.picks}, next
			}, e.best[v])
		default:
			follow(d.high, func(j int, next *task) (*pick, *task) { return s.picks, e.enter(v, j, next) }, e.best[v])
		}
	}
	return true
}

// enter gives the task of choosing a set of a module.
func (e *enumeration) enter(n int32, order int, next *task) *task {
	return &task{node: n, at: e.diagrams[e.module[n]].cutSets, order: order, next: next}
}

func bestOf(by []float64, order int) float64 {
	if order < 0 || order >= len(by) {
		return none
	}
	return by[order]
}

// chooseMember chooses how the next member of a group occurs. Kinds are chosen in their order, so that no set comes
// twice.
func (e *enumeration) chooseMember(s *partial, t *task, push func(*partial, float64, *pick, *task)) {
	if t.at == 0 {
		push(s, 1, s.picks, t.next)
		return
	}
	kinds := e.kinds(e.graph.gate(t.node).in[0])
	best := e.chance(kinds[0])
	for k := t.from; k < len(kinds); k++ {
		share := 1.0
		if best > 0 {
			share = e.chance(kinds[k]) / best
		}
		push(s, share, &pick{group: t.node, kind: k, next: s.picks},
			&task{node: t.node, at: t.at - 1, order: t.order - len(kinds[k]), from: k, next: t.next})
	}
}

// kinds lists the minimal cut sets of a member of a group, the likeliest first. A member is an event or a gate over
// events.
func (e *enumeration) kinds(member int32) [][]int {
	if e.graph.isEvent(member) {
		return [][]int{{int(member)}}
	}
	n := e.graph.gate(member)
	events := make([]int, len(n.in))
	for i, in := range n.in {
		events[i] = int(in)
	}
	slices.SortFunc(events, func(a, b int) int {
		return cmp.Or(cmp.Compare(e.rankOf(b), e.rankOf(a)), cmp.Compare(a, b))
	})
	if n.op == And {
		return [][]int{events}
	}
	out := make([][]int, len(events))
	for i, x := range events {
		out[i] = []int{x}
	}
	return out
}

// chance is the probability that all of these events occur.
func (e *enumeration) chance(events []int) float64 {
	p := 1.0
	for _, x := range events {
		p *= e.rankOf(x)
	}
	return p
}

// finished makes a cut set of what was chosen.
func (e *enumeration) finished(s *partial, order int) CutSet {
	out := CutSet{Order: order, Probability: 1, Number: big.NewInt(1)}
	type key struct {
		group int32
		kind  int
	}
	times := map[key]int{}
	for p := s.picks; p != nil; p = p.next {
		if p.group < 0 {
			out.Events = append(out.Events, p.event)
			out.Probability *= e.tree.Events[p.event].P
		} else {
			for _, x := range e.kinds(e.graph.gate(p.group).in[0])[p.kind] {
				out.Probability *= e.tree.Events[x].P
			}
			times[key{p.group, p.kind}]++
		}
	}
	slices.Sort(out.Events)
	keys := make([]key, 0, len(times))
	for k := range times {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.kind, b.kind)) })
	left := map[int32]int{}
	for _, k := range keys {
		members := e.graph.gate(k.group).in
		if _, ok := left[k.group]; !ok {
			left[k.group] = len(members)
		}
		ways := new(big.Int).Binomial(int64(left[k.group]), int64(times[k]))
		out.Number.Mul(out.Number, ways)
		left[k.group] -= times[k]
		c := Choice{Group: int(k.group), Count: times[k]}
		for _, m := range members {
			c.Of = append(c.Of, e.kinds(m)[k.kind])
		}
		out.Groups = append(out.Groups, c)
	}
	return out
}

// Unfold gives the sets that a cut set stands for, one at a time, each ascending.
func (s CutSet) Unfold() iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		type member struct{ group, index int }
		taken := map[member]bool{}
		var choose func(i, from, left int, events []int) bool
		choose = func(i, from, left int, events []int) bool {
			switch {
			case left > 0:
				c := s.Groups[i]
				for m := from; m <= len(c.Of)-left; m++ {
					id := member{c.Group, m}
					if taken[id] {
						continue
					}
					taken[id] = true
					ok := choose(i, m+1, left-1, slices.Concat(events, c.Of[m]))
					delete(taken, id)
					if !ok {
						return false
					}
				}
				return true
			case i+1 < len(s.Groups):
				return choose(i+1, 0, s.Groups[i+1].Count, events)
			}
			out := slices.Clone(events)
			slices.Sort(out)
			return yield(out)
		}
		choose(-1, 0, 0, s.Events)
	}
}
