package faulttree

// absorb uses x ∨ f(x) = x ∨ f(false) and x ∧ f(x) = x ∧ f(true): where a gate v has the input x, and all ways from the
// top to another gate u lead through v, an input x of u is a constant. So what stands in many places stands in one.
func (g *graph) absorb() *graph {
	if g.top < 0 || g.isEvent(g.top) {
		return g
	}
	users := make([][]int32, g.size()) // And and Or only
	uses := g.uses()
	for i := range g.gates {
		if n := &g.gates[i]; n.op <= Or {
			for _, in := range n.in {
				users[in] = append(users[in], g.number(i))
			}
		}
	}
	dominator, depth := g.dominators()
	b := newBuilder(g.events)
	to := make([]int32, g.size())
	for i := range g.events {
		to[i] = int32(i)
	}
	// constant tells what input x of gate u is, or x.
	constant := func(u, x int32) int32 {
		if uses[x] < 2 || len(users[x]) == 0 {
			return to[x]
		}
		out := to[x]
		if len(users[x]) <= 8 { // few users: ask whether each stands over u
			best := int32(-1)
			for _, v := range users[x] {
				if v == u || depth[v] >= depth[u] || best >= 0 && depth[v] >= depth[best] {
					continue
				}
				w := u
				for depth[w] > depth[v] {
					w = dominator[w]
				}
				if w == v {
					best = v
				}
			}
			if best >= 0 {
				return constantOf(g.gate(best).op)
			}
			return out
		}
		has := map[int32]bool{}
		for _, v := range users[x] {
			has[v] = true
		}
		for w := u; w != g.top; {
			w = dominator[w]
			if has[w] {
				out = constantOf(g.gate(w).op)
			}
		}
		return out
	}
	no := func(int32) bool { return false }
	for i := range g.gates {
		n, u := &g.gates[i], g.number(i)
		if n.op == group || n.rest != nil {
			m := n.mapped(to)
			to[u], _ = b.add(m.op, m.k, m.in, m.rest)
			continue
		}
		ins := make([]int32, len(n.in))
		for j, x := range n.in {
			ins[j] = constant(u, x)
		}
		if n.op == AtLeast {
			to[u], _ = b.atLeast(int(n.k), ins)
		} else {
			to[u], _ = b.join(n.op, ins, no)
		}
	}
	return b.finish(to[g.top])
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
