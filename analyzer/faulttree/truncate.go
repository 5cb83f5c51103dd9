package faulttree

import (
	"slices"
	"sync/atomic"
)

// truncation makes the minimal cut sets of a module up to an order, without the diagram of its function: zero-suppressed
// diagrams are joined from the events up, and what is above the order is dropped after each step. Sets above the order
// never become smaller, and never make a set below it superfluous, so what is left is exact.
type truncation struct {
	*compiled
	weight []int32 // by level: the fewest events that the variable takes
	least  []int32 // by node: the fewest events of a set
}

// tooMany is more events than any order.
const tooMany = 1 << 28

// truncate makes the cut sets of a module that have at most order events, in a diagram as minimal makes them. weight gives
// the fewest events by which a variable occurs, or of a group, one member. Where it takes more than limit nodes, over is set.
func (g *graph) truncate(m *module, sequence []int32, weight func(variable int32) int32, order int32, limit int, stop *atomic.Bool, s *storage) (c *compiled, root int32) {
	t := &truncation{compiled: &compiled{diagrams: newDiagrams(limit, stop, s), order: sequence}, least: []int32{tooMany, 0}}
	nv := int32(len(m.variables))
	value := make([]int32, m.size())
	t.variables(g, m, value)
	for _, l := range t.level {
		t.weight = append(t.weight, weight(l.variable))
	}
	for i, v := range m.gates {
		n := g.gate(v)
		if n.op == AtLeast {
			value[nv+int32(i)] = t.atLeast(g, n, m.below[i], value, order)
		} else {
			ins := make([]int32, len(m.below[i]))
			for j, in := range m.below[i] {
				ins[j] = value[in]
			}
			slices.SortStableFunc(ins, func(a, b int32) int { return int(t.nodes[b].level) - int(t.nodes[a].level) })
			r := t.upTo(ins[0], order)
			for _, x := range ins[1:] {
				if n.op == And {
					r = t.product(r, x, order)
				} else {
					r = t.union(r, x, order)
				}
			}
			value[nv+int32(i)] = r
		}
		if t.over {
			return t.compiled, 0
		}
		t.done++
	}
	return t.compiled, value[m.size()-1]
}

// atLeast is that of compiled, for sets.
func (t *truncation) atLeast(g *graph, n *node, below, value []int32, order int32) int32 {
	rests := below[:len(below)-len(n.in)]
	row := make([]int32, n.k+1)
	row[0] = 1
	for i, in := range below[len(rests):] {
		of, rest := int32(1), int32(0)
		if g.isGroup(n.in[i]) {
			of = int32(len(g.gate(n.in[i]).in))
			if n.rest[i] >= 0 {
				rest, rests = value[rests[0]], rests[1:]
			}
		}
		first := t.nodes[value[in]].level
		for j := n.k; j >= 1; j-- {
			sum := t.union(row[j], t.product(rest, row[max(0, j-of)], order), order)
			if of == 1 {
				row[j] = t.union(sum, t.product(value[in], row[j-1], order), order)
				continue
			}
			chain := int32(1)
			for count := int32(1); count <= min(of, j); count++ {
				chain = t.product(chain, t.node(first+count-1, 0, 1), order)
				sum = t.union(sum, t.product(chain, row[j-count], order), order)
			}
			row[j] = sum
		}
		if t.over {
			return 0
		}
	}
	return row[n.k]
}

// fewest gives the fewest events of a set of the family; tooMany where there is no set.
func (t *truncation) fewest(a int32) int32 {
	if int(a) >= cap(t.least) {
		t.least = append(make([]int32, 0, cap(t.nodes)), t.least...)
	}
	for i := int32(len(t.least)); i <= a; i++ {
		n := &t.nodes[i]
		t.least = append(t.least, min(t.least[n.low], t.least[n.high]+t.weight[n.level]))
	}
	return t.least[a]
}

// The operations, to which 16 times the order is added.
const (
	opUpTo int32 = iota + 8
	opUnion
	opProduct
	opSubsumed
)

func (t *truncation) known(op, a, b int32) (result int32, ok bool) {
	c := &t.cache[hash3(a, b, op)&t.cmask]
	return c.result, c.a == a && c.b == b && c.op == op
}

// keep makes a node of a family, whose high must hold no set that is a superset of one in low, and remembers it.
func (t *truncation) keep(op, a, b, level, low, high int32) int32 {
	r := low
	if high != 0 {
		r = t.node(level, low, high)
	}
	if t.over {
		return 0
	}
	t.cache[hash3(a, b, op)&t.cmask] = cached{a, b, op, r}
	return r
}

// upTo leaves the sets up to an order.
func (t *truncation) upTo(a, order int32) int32 {
	switch {
	case t.over || t.fewest(a) > order:
		return 0
	case a == 1:
		return 1
	}
	op := opUpTo + order<<4
	if r, ok := t.known(op, a, 0); ok {
		return r
	}
	n := t.nodes[a]
	return t.keep(op, a, 0, n.level, t.upTo(n.low, order), t.upTo(n.high, order-t.weight[n.level]))
}

// union gives the minimal sets of two families, up to an order.
func (t *truncation) union(a, b, order int32) int32 {
	if a == b || t.fewest(b) > order {
		return t.upTo(a, order)
	}
	if t.fewest(a) > order {
		return t.upTo(b, order)
	}
	if a == 1 || b == 1 {
		return 1
	}
	if t.over {
		return 0
	}
	if a > b {
		a, b = b, a
	}
	op := opUnion + order<<4
	if r, ok := t.known(op, a, b); ok {
		return r
	}
	level, x, y := t.ways(a, b)
	low := t.union(x.low, y.low, order)
	high := t.subsumed(t.union(x.high, y.high, order-t.weight[level]), low)
	return t.keep(op, a, b, level, low, high)
}

// ways gives the parts of two families at the first level of either.
func (t *truncation) ways(a, b int32) (level int32, x, y ddNode) {
	x, y = t.nodes[a], t.nodes[b]
	level = min(x.level, y.level)
	if x.level > level {
		x.low, x.high = a, 0
	}
	if y.level > level {
		y.low, y.high = b, 0
	}
	return level, x, y
}

// product gives the minimal ones among the unions of a set of a and one of b, up to an order.
func (t *truncation) product(a, b, order int32) int32 {
	switch {
	case t.over || t.fewest(a) > order || t.fewest(b) > order:
		return 0
	case a == b || b == 1:
		return t.upTo(a, order)
	case a == 1:
		return t.upTo(b, order)
	}
	if a > b {
		a, b = b, a
	}
	op := opProduct + order<<4
	if r, ok := t.known(op, a, b); ok {
		return r
	}
	level, x, y := t.ways(a, b)
	left := order - t.weight[level]
	low := t.product(x.low, y.low, order)
	var high int32
	switch {
	case x.high == 0:
		high = t.product(a, y.high, left)
	case y.high == 0:
		high = t.product(x.high, b, left)
	default:
		high = t.product(t.union(x.low, x.high, left), t.union(y.low, y.high, left), left)
	}
	return t.keep(op, a, b, level, low, t.subsumed(high, low))
}

// subsumed leaves out the sets that have a subset in the family g.
func (t *truncation) subsumed(sets, g int32) int32 {
	for g > 1 && t.nodes[g].level < t.nodes[sets].level {
		g = t.nodes[g].low
	}
	switch {
	case g == 0 || sets == 0:
		return sets
	case g == 1 || t.over || sets == g:
		return 0
	case sets == 1:
		return 1
	}
	if r, ok := t.known(opSubsumed, sets, g); ok {
		return r
	}
	s, h := t.nodes[sets], t.nodes[g]
	var low, high int32
	if s.level == h.level {
		low, high = t.subsumed(s.low, h.low), t.subsumed(t.subsumed(s.high, h.high), h.low)
	} else {
		low, high = t.subsumed(s.low, g), t.subsumed(s.high, g)
	}
	return t.keep(opSubsumed, sets, g, s.level, low, high)
}
