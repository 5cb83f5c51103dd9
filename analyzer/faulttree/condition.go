package faulttree

import (
	"cmp"
	"container/heap"
	"math"
	"sync/atomic"
)

// branch is a tree under the condition that some events have occurred and others cannot.
type branch struct {
	graph  *graph
	weight interval // the probability of the condition, with the lower and the higher ones of events
	value  interval // of the top under it, likewise
	pivot  int32    // the event to split by; -1 where the branch is exact
	serial int
}

// interval is what a probability is between.
type interval struct{ low, high float64 }

func (i interval) times(j interval) interval { return interval{i.low * j.low, i.high * j.high} }
func (i interval) plus(j interval) interval  { return interval{i.low + j.low, i.high + j.high} }

func (b *branch) gap() float64 { return b.weight.high*b.value.high - b.weight.low*b.value.low }

type branches []*branch

func (q branches) Len() int { return len(q) }
func (q branches) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[j].gap(), q[i].gap()), cmp.Compare(q[i].serial, q[j].serial)) < 0
}
func (q branches) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *branches) Push(x any)   { *q = append(*q, x.(*branch)) }
func (q *branches) Pop() any {
	old := *q
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return x
}

// conditioning bounds the probability of a module that is too large for a diagram. It splits by the event in which most
// of the module comes together, whether it has occurred or cannot, and prepares each of the two anew, which makes more
// of it constant, equal or independent; then again with what has the widest bounds, times its probability. What fits
// into a small diagram is exact.
type conditioning struct {
	tree      *Tree     // the module alone
	low, high []float64 // probabilities of its events
	nodes     int       // of the diagrams that are tried
	stop      *atomic.Bool
	queue     branches
	serial    int
	storage   storage
	done      interval // of what is exact
}

// alone makes a tree of a module: its variables are the events, in their order, with the members of a group each its own.
// A probability that is only known within bounds becomes a NaN that no other event has, so that nothing counts as like it.
func (g *graph) alone(m *module, low, high func(variable int32) float64) (t *Tree, lows, highs []float64) {
	t = &Tree{}
	of := make([]Ref, m.size())
	event := func(v int32) Ref {
		i := len(t.Events)
		lows, highs = append(lows, low(v)), append(highs, high(v))
		p := lows[i]
		if p != highs[i] {
			p = math.Float64frombits(math.Float64bits(math.NaN())&^0xFFFFFFFF | uint64(i+1))
		}
		t.Events = append(t.Events, Event{P: p})
		return EventRef(i)
	}
	members := map[int32][]Ref{}
	for v, n := range m.variables {
		if !g.isGroup(n) {
			of[v] = event(int32(v))
			continue
		}
		for range g.gate(n).in {
			members[int32(v)] = append(members[int32(v)], event(int32(v)))
		}
	}
	for i, n := range m.gates {
		of[len(m.variables)+i] = g.restate(t, g.gate(n), m.below[i], func(x int32) Ref { return of[x] }, func(x int32) []Ref { return members[x] })
	}
	t.Top = of[m.size()-1]
	return t, lows, highs
}

// restate adds a gate to a tree. below are the names of what is below the gate, of tells what stands for each there, and
// members what stands for those of a group.
func (g *graph) restate(t *Tree, n *node, below []int32, of func(int32) Ref, members func(int32) []Ref) Ref {
	rests := below[:len(below)-len(n.in)]
	gate := Gate{Op: n.op, K: int(n.k)}
	for i, x := range below[len(rests):] {
		if !g.isGroup(n.in[i]) {
			gate.In = append(gate.In, of(x))
			continue
		}
		rest := False
		if n.rest[i] >= 0 {
			rest, rests = of(rests[0]), rests[1:]
		}
		for _, m := range members(x) {
			if rest != False {
				t.Gates = append(t.Gates, Gate{Op: Or, In: []Ref{m, rest}})
				m = GateRef(len(t.Gates) - 1)
			}
			gate.In = append(gate.In, m)
		}
	}
	t.Gates = append(t.Gates, gate)
	return GateRef(len(t.Gates) - 1)
}

// given makes a tree of a graph in which the event is a constant.
func (c *conditioning) given(g *graph, event int32, value Ref) *Tree {
	t := &Tree{Events: c.tree.Events}
	of := make([]Ref, g.size())
	for i := range g.events {
		of[i] = EventRef(i)
	}
	of[event] = value
	for i := range g.gates {
		n := &g.gates[i]
		if n.op == group {
			continue
		}
		of[g.number(i)] = g.restate(t, n, n.below(), func(x int32) Ref { return of[x] }, func(x int32) (out []Ref) {
			for _, m := range g.gate(x).in {
				out = append(out, of[m])
			}
			return out
		})
	}
	t.Top = of[g.top]
	return t
}

// add bounds a branch, and queues it where that is not exact.
func (c *conditioning) add(t *Tree, weight interval) {
	b := &branch{weight: weight, graph: prepare(t, nil), pivot: -1, serial: c.serial}
	c.serial++
	c.measure(b)
	if b.pivot < 0 {
		c.done = c.done.plus(b.weight.times(b.value))
		return
	}
	heap.Push(&c.queue, b)
}

// measure bounds a branch and finds its pivot.
func (c *conditioning) measure(b *branch) {
	g := b.graph
	switch {
	case g.top == never:
		return
	case g.top == always:
		b.value = interval{1, 1}
		return
	}
	low, high := make([]float64, g.size()), make([]float64, g.size())
	copy(low, c.low)
	copy(high, c.high)
	hard := -1
	var modules []module
	if !g.isEvent(g.top) {
		modules = g.listModules(g.modules())
	}
	var written []int32
	for i := range modules {
		mod := &modules[i]
		if len(mod.gates) == 0 {
			low[mod.root], high[mod.root] = low[mod.variables[0]], high[mod.variables[0]]
			continue
		}
		least := func(v int32) float64 { return low[mod.variables[v]] }
		most := func(v int32) float64 { return high[mod.variables[v]] }
		if written == nil {
			written = g.written(c.tree)
		}
		if d := c.exact(g, mod, written); d != nil {
			low[mod.root], high[mod.root] = d.probability(d.chances(least)), d.probability(d.chances(most))
			continue
		}
		low[mod.root], high[mod.root] = g.rough(mod, least, most, mostSupport)
		hard = i
	}
	b.value = interval{low[g.top], high[g.top]}
	if hard >= 0 && b.value.low < b.value.high {
		b.pivot = g.pivot(&modules[hard])
	}
}

// exact gives the diagram of a module where it is small by one of the quick orders.
func (c *conditioning) exact(g *graph, m *module, written []int32) *compiled {
	for try := range 3 {
		var order []int32
		switch try {
		case 0:
			order = m.asWritten(written)
		case 1:
			order = m.depthFirst(smallestFirst)
		default:
			order = m.force(order, c.stop)
		}
		d := g.compile(m, order, c.nodes, c.stop, &c.storage)
		if !d.over {
			d.compact(&d.root)
			return d
		}
		d.release()
	}
	return nil
}

// pivot gives the event of a module to which most ways lead from its root, or one below the variable to which they do.
func (g *graph) pivot(m *module) int32 {
	ways := make([]float64, m.size())
	ways[m.size()-1] = 1
	nv := len(m.variables)
	for i := len(m.gates) - 1; i >= 0; i-- {
		for _, x := range m.below[i] {
			ways[x] += ways[nv+i]
		}
	}
	best := 0
	for v := range m.variables {
		if ways[v] > ways[best] {
			best = v
		}
	}
	n := m.variables[best]
	for !g.isEvent(n) {
		n = g.gate(n).in[0]
	}
	return n
}

// condition bounds the probability of a module by that many splits at most, or fewer where stop is set or it is exact, with
// diagrams of so many nodes.
func (g *graph) condition(m *module, least, most func(variable int32) float64, splits, nodes int, stop *atomic.Bool) (low, high float64) {
	c := &conditioning{nodes: nodes, stop: stop}
	c.tree, c.low, c.high = g.alone(m, least, most)
	c.add(c.tree, interval{1, 1})
	for range splits {
		if len(c.queue) == 0 || stop != nil && stop.Load() {
			break
		}
		b := heap.Pop(&c.queue).(*branch)
		p := interval{c.low[b.pivot], c.high[b.pivot]}
		c.add(c.given(b.graph, b.pivot, True), b.weight.times(p))
		c.add(c.given(b.graph, b.pivot, False), b.weight.times(interval{1 - p.low, 1 - p.high}))
	}
	out := c.done
	for _, b := range c.queue {
		out = out.plus(b.weight.times(b.value))
	}
	return out.low, out.high
}
