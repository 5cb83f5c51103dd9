package faulttree

import (
	"encoding/binary"
	"sync/atomic"
)

// prepare brings a tree into the form that is computed with; nil where stop was set before.
func prepare(t *Tree, stop *atomic.Bool) *graph {
	g := simplify(t)
	if g.top < 0 || g.isEvent(g.top) {
		return g
	}
	// What one step leaves can be more for another. Three rounds reach the end on all but strange trees.
	for range 4 {
		if stopped(stop) {
			return nil
		}
		before := g.inputs()
		g = g.absorb()
		if g.top < 0 || g.isEvent(g.top) {
			return g
		}
		if g = g.flatten().mergeAll(stop); stopped(stop) {
			return nil
		}
		g = g.factor(t)
		if g.top < 0 || g.isEvent(g.top) {
			return g
		}
		if g = g.flatten(); g.inputs() == before {
			break
		}
	}
	if g = g.mergeAll(stop); stopped(stop) {
		return nil
	}
	return g.split()
}

// inputs counts what all gates are made of.
func (g *graph) inputs() (n int) {
	for i := range g.gates {
		n += len(g.gates[i].in) + 1
	}
	return n
}

// flatten joins gates of one operator right below each other where the lower one has no other use.
func (g *graph) flatten() *graph {
	uses := g.uses()
	b := newBuilder(g.events)
	to := make([]int32, g.size())
	for i := range g.events {
		to[i] = int32(i)
	}
	var once []bool
	for i := range g.gates {
		v := g.number(i)
		m := g.gates[i].mapped(to)
		fresh := false
		if m.op == And || m.op == Or {
			to[v], fresh = b.join(m.op, m.in, func(n int32) bool { return once[n-int32(b.events)] })
		} else {
			to[v], fresh = b.add(m.op, m.k, m.in, m.rest)
		}
		if fresh {
			once = append(once, uses[v] == 1)
		} else if n := to[v]; !b.isEvent(n) {
			once[n-int32(b.events)] = false
		}
	}
	return b.finish(to[g.top])
}

// mergeAll merges until nothing is left to merge, which a few rounds do; a hundred are a bound. It ends where stop is set.
func (g *graph) mergeAll(stop *atomic.Bool) *graph {
	again := true
	for i := 0; again && i < 100 && !stopped(stop); i++ {
		g, again = g.merge()
	}
	return g
}

// merge gives a gate of their own to nodes that always stand together: that have the same users, all of them And or all
// Or. Such a gate over events that nothing else uses is a module, so fewer variables are left. It reports whether there
// were any.
func (g *graph) merge() (*graph, bool) {
	users := make([][]int32, g.size())
	for i := range g.gates {
		for _, in := range g.gates[i].below() {
			users[in] = append(users[in], g.number(i))
		}
	}
	first := map[string]int32{}            // by users: the first node that has them
	leader := make([]int32, g.size())      // by node: that one
	followers := make([][]int32, g.size()) // by leader: all of them
	var key []byte
	for n := range users {
		leader[n] = int32(n)
		if len(users[n]) == 0 {
			continue
		}
		op := g.gate(users[n][0]).op
		alike := op <= Or
		key = key[:0]
		for _, u := range users[n] {
			alike = alike && g.gate(u).op == op
			key = binary.AppendVarint(key, int64(u))
		}
		if !alike {
			continue
		}
		f, ok := first[string(key)]
		if !ok {
			f = int32(n)
			first[string(key)] = f
		}
		leader[n] = f
		followers[f] = append(followers[f], int32(n))
	}
	any := false
	for f, list := range followers {
		// A gate whose inputs all stand together is their gate already.
		if u := users[f]; len(list) < 2 || len(u) == 1 && len(list) == len(g.gate(u[0]).in) {
			followers[f] = nil
			continue
		}
		any = true
	}
	if !any {
		return g, false
	}
	b := newBuilder(g.events)
	to := make([]int32, g.size())
	for i := range g.events {
		to[i] = int32(i)
	}
	no := func(int32) bool { return false }
	for i := range g.gates {
		n := &g.gates[i]
		if n.op > Or {
			m := n.mapped(to)
			to[g.number(i)], _ = b.add(m.op, m.k, m.in, m.rest)
			continue
		}
		ins := make([]int32, 0, len(n.in))
		for _, in := range n.in {
			list := followers[leader[in]]
			switch {
			case list == nil:
				ins = append(ins, to[in])
			case in == list[0]:
				parts := make([]int32, len(list))
				for j, m := range list {
					parts[j] = to[m]
				}
				joined, _ := b.join(n.op, parts, no)
				ins = append(ins, joined)
			}
		}
		to[g.number(i)], _ = b.join(n.op, ins, no)
	}
	return b.finish(to[g.top]), true
}
