package faulttree

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// side says on which side of the truth a bounded diagram lies.
type side uint8

const (
	lower side = iota
	upper
)

// bounder compiles a module within a fixed number of nodes.
type bounder struct {
	*compiled
	side   side
	most   int // nodes of each diagram that is kept
	chance []float64
	roots  []*int32 // the diagrams that are still needed
	other  *storage // to which collect moves them
}

// bound gives a bound of the probability of a module, on side s of the truth, when chance gives bounds on that side for
// its variables. Each gate's diagram is kept within most nodes: those that matter least, by the chance to come to them
// and what is lost there, become "never" for a lower bound and "always" for an upper one. And, Or and AtLeast only grow
// with their inputs, so what comes out is on the same side. It is not known (ok is false) where stop was set.
func (g *graph) bound(m *module, order []int32, chance func(variable int32) float64, most int, s side, stop *atomic.Bool) (p float64, ok bool) {
	b := &bounder{compiled: &compiled{diagrams: newDiagrams(spare*most, stop, &storage{}), order: order}, side: s, most: most, other: &storage{}}
	nv := int32(len(m.variables))
	value := make([]int32, m.size())
	uses := make([]int, m.size()) // by gates that are still to be compiled
	for _, list := range m.below {
		for _, x := range list {
			uses[x]++
		}
	}
	b.variables(g, m, value)
	b.chance = b.chances(chance)
	for i := range m.gates {
		b.roots = b.roots[:0]
		for x := range value {
			if uses[x] > 0 && value[x] > 1 {
				b.roots = append(b.roots, &value[x])
			}
		}
		n, list := g.gate(m.gates[i]), m.below[i]
		r := &value[nv+int32(i)]
		b.roots = append(b.roots, r)
		if n.op == AtLeast {
			*r = b.atLeastBound(g, n, list, value)
		} else {
			list = slices.Clone(list)
			slices.SortStableFunc(list, func(x, y int32) int {
				return int(b.nodes[value[y]].level) - int(b.nodes[value[x]].level)
			})
			*r = value[list[0]]
			for _, x := range list[1:] {
				*r = b.join(n.op, *r, value[x])
			}
		}
		if stop != nil && stop.Load() {
			return 0, false
		}
		for _, x := range m.below[i] {
			uses[x]--
		}
	}
	b.root = value[m.size()-1]
	return b.probability(b.chance), true
}

// spare is how many times the nodes of one diagram there is room for.
const spare = 60

// giveUp is the bound that always holds.
func (b *bounder) giveUp() int32 { return int32(b.side) }

// join joins two diagrams, with fewer nodes of each where that would take too many. Roots may be renumbered; x and y are
// the caller's copies and no more valid then.
func (b *bounder) join(op Op, x, y int32) int32 {
	for room := b.most; ; room /= 2 {
		if room < 4 {
			return b.giveUp()
		}
		r := int32(0)
		if op == And {
			r = b.and(x, y)
		} else {
			r = b.or(x, y)
		}
		if !b.over {
			r = b.prune(r, b.most)
			if len(b.nodes) > b.limit/2 {
				b.collect(&r)
			}
			return r
		}
		if b.stop != nil && b.stop.Load() {
			return b.giveUp()
		}
		b.collect(&x, &y)
		if len(b.nodes) > b.limit/2 { // little was freed: there are many diagrams
			for _, z := range b.roots {
				*z = b.prune(*z, room/2)
			}
			b.collect(&x, &y)
		}
		x, y = b.prune(x, room/2), b.prune(y, room/2)
	}
}

// atLeastBound is atLeast by joins.
func (b *bounder) atLeastBound(g *graph, n *node, below, value []int32) int32 {
	rests := below[:len(below)-len(n.in)]
	row := make([]int32, n.k+1)
	row[0] = 1
	for j := range row {
		b.roots = append(b.roots, &row[j])
	}
	for i, in := range below[len(rests):] {
		if !g.isGroup(n.in[i]) {
			for j := n.k; j >= 1; j-- {
				both := b.join(And, value[in], row[j-1])
				row[j] = b.join(Or, both, row[j])
			}
			continue
		}
		of := int32(len(g.gate(n.in[i]).in))
		rest := int32(-1)
		if n.rest[i] >= 0 {
			rest, rests = rests[0], rests[1:]
		}
		// The chain of a group from its last level up: chain[c] is that enough of the others occur when c members do.
		for j := n.k; j >= 1; j-- {
			next := row[max(0, j-of)]
			b.roots = append(b.roots, &next)
			for c := of - 1; c >= 0; c-- {
				at := b.node(b.nodes[value[in]].level+c, 0, 1)
				if b.over {
					b.collect()
					at = b.node(b.nodes[value[in]].level+c, 0, 1)
				}
				with := b.join(And, at, next)
				next = b.join(Or, with, row[max(0, j-c)])
			}
			if rest >= 0 {
				with := b.join(And, value[rest], row[max(0, j-of)])
				next = b.join(Or, with, next)
			}
			b.roots = b.roots[:len(b.roots)-1]
			row[j] = next
		}
	}
	return row[n.k]
}

// prune keeps about most nodes of a diagram.
func (b *bounder) prune(root int32, most int) int32 {
	nodes := b.reachable(root)
	if len(nodes) <= most {
		return root
	}
	value, reach := make([]float64, root+1), make([]float64, root+1)
	value[1], reach[root] = 1, 1
	for _, n := range nodes {
		d := &b.nodes[n]
		q := b.chance[d.level]
		value[n] = q*value[d.high] + (1-q)*value[d.low]
	}
	loss := make([]float64, 0, len(nodes))
	for i := len(nodes) - 1; i >= 0; i-- {
		n := nodes[i]
		d := &b.nodes[n]
		q := b.chance[d.level]
		reach[d.high] += q * reach[n]
		reach[d.low] += (1 - q) * reach[n]
	}
	for _, n := range nodes {
		if b.side == lower {
			value[n] *= reach[n]
		} else {
			value[n] = (1 - value[n]) * reach[n]
		}
		loss = append(loss, value[n])
	}
	slices.Sort(loss)
	least := loss[len(loss)-most]
	to := make([]int32, root+1)
	to[1] = 1
	for _, n := range nodes {
		if value[n] < least {
			if b.side == upper {
				to[n] = 1
			}
			continue
		}
		d := b.nodes[n]
		to[n] = b.bdd(d.level, to[d.low], to[d.high])
	}
	if b.over { // no room to rebuild it
		b.over = false
		return b.giveUp()
	}
	return to[root]
}

// collect forgets all nodes but those of the roots and of more, whose numbers it changes.
func (b *bounder) collect(more ...*int32) {
	c, roots := b.compiled, slices.Concat(b.roots, more)
	keep := make([]bool, len(c.nodes))
	for _, r := range roots {
		keep[*r] = true
	}
	for n := len(c.nodes) - 1; n >= 2; n-- {
		if keep[n] {
			keep[c.nodes[n].low], keep[c.nodes[n].high] = true, true
		}
	}
	to := make([]int32, len(c.nodes))
	to[1] = 1
	next := newDiagrams(c.limit, c.stop, b.other)
	for n := 2; n < len(c.nodes); n++ {
		if keep[n] {
			d := c.nodes[n]
			to[n] = next.node(d.level, to[d.low], to[d.high])
		}
	}
	for _, r := range roots {
		*r = to[*r]
	}
	b.other = c.storage
	c.release()
	c.diagrams = next
}

// Bounds gives a certified interval for the probability of the top, where Probability does not know it. It starts from
// what one pass over the tree tells, which takes no notice of stop; splits what is too large by its events; and then tries
// all orders of variables with small pruned diagrams, and the best of them with larger ones, until stop is set or rounds
// are done. Exact modules are taken from what Probability made.
func (m *Model) Bounds(rounds int, stop *atomic.Bool) (low, high float64) {
	switch {
	case m.graph.top == never:
		return 0, 0
	case m.graph.top == always:
		return 1, 1
	}
	lows, highs := make([]float64, m.graph.size()), make([]float64, m.graph.size())
	for i, e := range m.tree.Events {
		lows[i], highs[i] = e.P, e.P
	}
	for i := range m.modules {
		mod := &m.modules[i]
		if len(mod.gates) == 0 {
			lows[mod.root], highs[mod.root] = lows[mod.variables[0]], highs[mod.variables[0]]
			continue
		}
		least := func(v int32) float64 { return lows[mod.variables[v]] }
		most := func(v int32) float64 { return highs[mod.variables[v]] }
		if a := m.best[i]; a != nil {
			lows[mod.root], highs[mod.root] = a.probability(a.chances(least)), a.probability(a.chances(most))
			continue
		}
		lows[mod.root], highs[mod.root] = m.moduleBounds(mod, least, most, rounds, stop)
	}
	return lows[m.graph.top], highs[m.graph.top]
}

// rounded widens bounds by more than what rounding moves them, which sums of many floating-point numbers do.
func rounded(low, high float64) (float64, float64) {
	const by = 1e-12
	return low * (1 - by), min(max(low, high)*(1+by), 1)
}

// boundNodes is the size of diagrams in the first round of Bounds; each further one takes four times as many.
const boundNodes = 250

// splitsPerRound is how often a module is split in each round, and splitNodes the size of the diagrams of its branches.
const (
	splitsPerRound = 100
	splitNodes     = 1 << 14
)

// preparedAnyway is how large a module may be to be looked at closer where stop is set: the small ones above the one that took
// all the time are most often exact.
const preparedAnyway = 1 << 10

// moduleBounds is Bounds for one module that has no exact diagram.
func (m *Model) moduleBounds(mod *module, least, most func(int32) float64, rounds int, stop *atomic.Bool) (low, high float64) {
	if stopped(stop) && mod.size() > preparedAnyway {
		return rounded(m.graph.rough(mod, least, most, mostSupport))
	}
	type try struct {
		order     []int32
		low, high float64
	}
	var tries []*try
	for _, h := range heuristics(m.graph.written(m.tree)) {
		tries = append(tries, &try{order: h.order(mod, stop)})
	}
	low, high = m.graph.condition(mod, least, most, rounds*splitsPerRound, splitNodes, stop)
	for round, nodes := 0, boundNodes; round < rounds && len(tries) > 0; round, nodes = round+1, 4*nodes {
		for _, t := range tries {
			t.low, t.high = 0, 1
			if p, ok := m.graph.bound(mod, t.order, least, nodes, lower, stop); ok {
				t.low, low = p, max(low, p)
			}
			if p, ok := m.graph.bound(mod, t.order, most, nodes, upper, stop); ok {
				t.high, high = p, min(high, p)
			}
			if stop != nil && stop.Load() || low >= high {
				return rounded(low, high)
			}
		}
		slices.SortStableFunc(tries, func(a, b *try) int { return cmp.Compare(a.high-a.low, b.high-b.low) })
		tries = tries[:(len(tries)+1)/2]
	}
	return rounded(low, high)
}
