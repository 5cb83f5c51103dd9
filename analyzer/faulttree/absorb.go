package faulttree

// absorb uses x ∨ f(x) = x ∨ f(false) and x ∧ f(x) = x ∧ f(true): where a gate v has the input x, and all ways from the
// top to another gate u lead through v, an input x of u is a constant. So what stands in many places stands in one.
func (g *graph) absorb() *graph {
	if g.top < 0 || g.isEvent(g.top) {
		return g
	}
	constant := g.absorbed()
	b := newBuilder(g.events)
	to := make([]int32, g.size())
	for i := range g.events {
		to[i] = int32(i)
	}
	no := func(int32) bool { return false }
	for i := range g.gates {
		n, u := &g.gates[i], g.number(i)
		if n.op == group || n.rest != nil {
			m := n.mapped(to)
			if m.rest != nil {
				to[u] = b.atLeastOfGroups(int(m.k), m.in, m.rest)
			} else {
				to[u], _ = b.add(m.op, m.k, m.in, nil)
			}
			continue
		}
		ins := make([]int32, len(n.in))
		for j, x := range n.in {
			if ins[j] = constant[i][j]; ins[j] == 0 {
				ins[j] = to[x]
			}
		}
		if n.op == AtLeast {
			to[u], _ = b.atLeast(int(n.k), ins)
		} else {
			to[u], _ = b.join(n.op, ins, no)
		}
	}
	return b.finish(to[g.top])
}

// absorbed tells, by gate and input, which constant the input is, or 0. A gate stands over another one if it comes first
// and ends last in a walk through the tree of dominators, so for each input its gates are gone through in that order.
func (g *graph) absorbed() [][]int32 {
	dominator, _ := g.dominators()
	size := make([]int32, g.size()) // gates under each one, and itself
	for i := range g.gates {
		u := g.number(i)
		size[u]++
		if u != g.top {
			size[dominator[u]] += size[u]
		}
	}
	first, free := make([]int32, g.size()), make([]int32, g.size()) // place in the walk, and the next one under it
	free[g.top] = 1
	for i := len(g.gates) - 1; i >= 0; i-- {
		u := g.number(i)
		if u != g.top {
			d := dominator[u]
			first[u] = free[d]
			free[d] += size[u]
		}
		free[u] = first[u] + 1
	}
	byPlace := make([]int32, len(g.gates))
	for i := range g.gates {
		byPlace[first[g.number(i)]] = int32(i)
	}
	out := make([][]int32, len(g.gates))
	over := make([]int32, g.size()) // by input: the topmost gate that stands over what comes now, and one
	for _, i := range byPlace {
		n, u := &g.gates[i], g.number(int(i))
		if n.op == group || n.rest != nil {
			continue
		}
		out[i] = make([]int32, len(n.in))
		for j, x := range n.in {
			v := over[x] - 1
			switch {
			case v >= 0 && v != u && first[u] < first[v]+size[v]:
				out[i][j] = constantOf(g.gate(v).op)
			case n.op <= Or:
				over[x] = u + 1
			}
		}
	}
	return out
}

// constantOf is what an input of a gate is for all else below that gate.
func constantOf(op Op) int32 {
	if op == Or {
		return never
	}
	return always
}

// dominators gives for each gate the nearest one through which all ways from the top to it lead, and how many there are
// above it.
func (g *graph) dominators() (nearest, depth []int32) {
	nearest, depth = make([]int32, g.size()), make([]int32, g.size())
	for i := range nearest {
		nearest[i] = -1
	}
	nearest[g.top] = g.top
	for i := len(g.gates) - 1; i >= 0; i-- {
		u := g.number(i)
		if nearest[u] < 0 {
			continue
		}
		for _, x := range g.gates[i].below() {
			if g.isEvent(x) {
				continue
			}
			if nearest[x] < 0 {
				nearest[x], depth[x] = u, depth[u]+1
				continue
			}
			a, c := nearest[x], u
			for a != c {
				if depth[a] > depth[c] {
					a = nearest[a]
				} else {
					c = nearest[c]
				}
			}
			nearest[x], depth[x] = a, depth[a]+1
		}
	}
	return nearest, depth
}
