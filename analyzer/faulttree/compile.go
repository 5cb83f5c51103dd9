package faulttree

import (
	"slices"
	"sync/atomic"
)

// compiled is the diagram of a module.
type compiled struct {
	*diagrams
	root  int32
	order []int32 // own numbers of the module's variables, by their first level
	level []level
}

// level is what a level of a diagram tests: that the variable occurs; of a group, that count of its members do,
// given that count-1 do.
type level struct {
	variable int32 // own number in the module
	count    int32 // 1 for all but groups
	of       int32 // members of the group; 1 for all else
}

// compile builds the diagram of a module with an order of its variables, in s. Where it needs more than limit nodes, over is
// set, and done tells how far it came.
func (g *graph) compile(m *module, order []int32, limit int, stop *atomic.Bool, s *storage) *compiled {
	c := &compiled{diagrams: newDiagrams(limit, stop, s), order: order}
	nv := int32(len(m.variables))
	value := make([]int32, m.size()) // diagrams; of a group, that of its first level
	c.variables(g, m, value)
	for i, v := range m.gates {
		n := g.gate(v)
		if n.op == AtLeast {
			value[nv+int32(i)] = c.atLeast(g, n, m.below[i], value)
		} else {
			ins := make([]int32, len(m.below[i]))
			for j, in := range m.below[i] {
				ins[j] = value[in]
			}
			// From the last level up: what is joined then stands above.
			slices.SortStableFunc(ins, func(a, b int32) int { return int(c.nodes[b].level) - int(c.nodes[a].level) })
			r := ins[0]
			for _, x := range ins[1:] {
				if n.op == And {
					r = c.and(r, x)
				} else {
					r = c.or(r, x)
				}
				if c.over {
					return c
				}
				c.done++
			}
			value[nv+int32(i)] = r
		}
		if c.over {
			return c
		}
		c.done++
	}
	c.root = value[m.size()-1]
	return c
}

// variables gives each variable of the module its levels, and its diagram as value.
func (c *compiled) variables(g *graph, m *module, value []int32) {
	for _, v := range c.order {
		of := int32(1)
		if n := m.variables[v]; g.isGroup(n) {
			of = int32(len(g.gate(n).in))
		}
		value[v] = c.node(int32(len(c.level)), 0, 1)
		for k := int32(1); k <= of; k++ {
			c.level = append(c.level, level{v, k, of})
		}
	}
}

// atLeast builds the diagram of an AtLeast by dynamic programming over its inputs: row[j] is that at least j of the
// inputs so far occur. A group of m members counts with every number of them from 0 to m, and with m where its rest
// occurs; it takes m levels and not m variables, so its diagram has O(k·m) nodes.
func (c *compiled) atLeast(g *graph, n *node, below, value []int32) int32 {
	type part struct {
		at   int32 // the diagram; of a group, that of its first level
		rest int32
		of   int32
	}
	rests := below[:len(below)-len(n.in)]
	parts := make([]part, len(n.in))
	total := int32(0)
	for i, in := range below[len(rests):] {
		p := part{at: value[in], of: 1}
		if g.isGroup(n.in[i]) {
			p.of = int32(len(g.gate(n.in[i]).in))
			if n.rest[i] >= 0 {
				p.rest = value[rests[0]]
				rests = rests[1:]
			}
		}
		total += p.of
		parts[i] = p
	}
	// From the last level up, as for the other gates.
	slices.SortStableFunc(parts, func(a, b part) int { return int(c.nodes[b.at].level) - int(c.nodes[a.at].level) })
	row, next := make([]int32, n.k+1), make([]int32, n.k+1)
	row[0], next[0] = 1, 1
	for _, p := range parts {
		total -= p.of
		for j := max(1, n.k-total); j <= n.k; j++ { // fewer cannot become n.k any more
			all := row[max(0, j-p.of)]
			next[j] = all
			for of := p.of - 1; of >= 0; of-- {
				next[j] = c.choose(p.at, of, next[j], row[max(0, j-of)])
			}
			if p.rest != 0 {
				next[j] = c.or(next[j], c.and(p.rest, all))
			}
			if c.over {
				return 0
			}
		}
		c.done++
		row, next = next, row
	}
	return row[n.k]
}

// choose gives high where at occurs, or of a group, the variable whose level is that of at plus more, and low elsewhere.
// High occurs wherever low does.
func (c *compiled) choose(at, more, high, low int32) int32 {
	n := c.nodes[at]
	level := n.level + more
	switch {
	case high == low:
		return low
	case n.low == 0 && n.high == 1 && level < c.nodes[high].level && level < c.nodes[low].level:
		return c.node(level, low, high)
	case more == 0:
		return c.or(low, c.and(at, high))
	}
	return c.or(low, c.and(c.node(level, 0, 1), high))
}
