package faulttree

import (
	"encoding/binary"
	"slices"
)

// graph is a prepared tree. Its nodes are numbered: first the events, as in the tree, then the gates, inputs before what
// uses them.
type graph struct {
	events int
	gates  []node
	top    int32 // a node, never or always
}

// The constants among the numbers of nodes.
const (
	never  int32 = -1
	always int32 = -2
)

// group is the operator of a gate that is none: its inputs, at least two, are alike, independent, and used by one gate
// only, which asks just how many of them occur.
const group Op = AtLeast + 1

// node is a gate. Where an input of AtLeast is a group, rest is what stands for all of its members at once: a member
// counts when it occurs or rest does; never where there is no such thing. Rest is nil without groups.
type node struct {
	op   Op
	k    int32
	in   []int32
	rest []int32
}

// below lists what a gate is made of, what stands for whole groups first.
func (n *node) below() []int32 {
	if n.rest == nil {
		return n.in
	}
	out := make([]int32, 0, len(n.in)+len(n.rest))
	for _, r := range n.rest {
		if r >= 0 {
			out = append(out, r)
		}
	}
	return append(out, n.in...)
}

func (g *graph) isEvent(n int32) bool { return n < int32(g.events) }
func (g *graph) gate(n int32) *node   { return &g.gates[n-int32(g.events)] }
func (g *graph) size() int            { return g.events + len(g.gates) }

// number gives the node of the i-th gate.
func (g *graph) number(i int) int32 { return int32(g.events + i) }

// isGroup reports whether a node is a group.
func (g *graph) isGroup(n int32) bool { return !g.isEvent(n) && g.gate(n).op == group }

// members is how often an input of AtLeast counts: as often as a group has members.
func (g *graph) members(n int32) int {
	if g.isGroup(n) {
		return len(g.gate(n).in)
	}
	return 1
}

// builder makes a graph of gates that are each there but once.
type builder struct {
	*graph
	same map[string]int32
	key  []byte
}

func newBuilder(events int) *builder {
	return &builder{graph: &graph{events: events}, same: map[string]int32{}}
}

// add gives the gate with these inputs, a new one or one that is there. Fresh tells which.
func (b *builder) add(op Op, k int32, in, rest []int32) (n int32, fresh bool) {
	type input struct{ in, rest int32 }
	sorted := make([]input, len(in))
	for i := range in {
		sorted[i] = input{in[i], never}
		if rest != nil {
			sorted[i].rest = rest[i]
		}
	}
	slices.SortFunc(sorted, func(x, y input) int {
		if x.in != y.in {
			return int(x.in) - int(y.in)
		}
		return int(x.rest) - int(y.rest)
	})
	b.key = append(b.key[:0], byte(op))
	b.key = binary.AppendVarint(b.key, int64(k))
	for _, x := range sorted {
		b.key = binary.AppendVarint(b.key, int64(x.in))
		b.key = binary.AppendVarint(b.key, int64(x.rest))
	}
	if n, ok := b.same[string(b.key)]; ok {
		return n, false
	}
	n = int32(b.size())
	b.gates = append(b.gates, node{op, k, in, rest})
	b.same[string(b.key)] = n
	return n, true
}

// join gives what And or Or makes of these inputs: a constant, one of them, or a gate. Inputs of absorb are gates of
// the same operator that stand for their own inputs.
func (b *builder) join(op Op, ins []int32, absorb func(n int32) bool) (n int32, fresh bool) {
	neutral, absorbing := always, never
	if op == Or {
		neutral, absorbing = never, always
	}
	flat := make([]int32, 0, len(ins))
	var seen map[int32]bool
	constant := false
	var put func(m int32)
	put = func(m int32) {
		switch {
		case m == neutral:
		case m == absorbing:
			constant = true
		case !b.isEvent(m) && b.gate(m).op == op && absorb(m):
			for _, x := range b.gate(m).in {
				put(x)
			}
		default:
			if len(flat) < 16 {
				if slices.Contains(flat, m) {
					return
				}
			} else {
				if seen == nil {
					seen = map[int32]bool{}
					for _, x := range flat {
						seen[x] = true
					}
				}
				if seen[m] {
					return
				}
				seen[m] = true
			}
			flat = append(flat, m)
		}
	}
	for _, m := range ins {
		put(m)
	}
	switch {
	case constant:
		return absorbing, false
	case len(flat) == 0:
		return neutral, false
	case len(flat) == 1:
		return flat[0], false
	}
	return b.add(op, 0, flat, nil)
}

// finish drops what the top does not need and keeps the order of the rest.
func (b *builder) finish(top int32) *graph {
	g := b.graph
	g.top = top
	if top < 0 || g.isEvent(top) {
		g.gates = nil
		return g
	}
	keep := make([]bool, g.size())
	keep[top] = true
	for i := len(g.gates) - 1; i >= 0; i-- {
		if n := g.number(i); keep[n] {
			for _, in := range g.gates[i].below() {
				keep[in] = true
			}
		}
	}
	to := make([]int32, g.size())
	for i := range g.events {
		to[i] = int32(i)
	}
	out := &graph{events: g.events}
	for i := range g.gates {
		if n := g.number(i); keep[n] {
			to[n] = int32(out.size())
			out.gates = append(out.gates, g.gates[i].mapped(to))
		}
	}
	out.top = to[top]
	return out
}

// mapped gives the gate with other numbers for what is below it.
func (n *node) mapped(to []int32) node {
	out := node{n.op, n.k, make([]int32, len(n.in)), nil}
	for i, in := range n.in {
		out.in[i] = to[in]
	}
	if n.rest != nil {
		out.rest = make([]int32, len(n.rest))
		for i, r := range n.rest {
			out.rest[i] = r
			if r >= 0 {
				out.rest[i] = to[r]
			}
		}
	}
	return out
}

// uses counts the places in which each node stands.
func (g *graph) uses() []int32 {
	out := make([]int32, g.size())
	for i := range g.gates {
		for _, in := range g.gates[i].below() {
			out[in]++
		}
	}
	return out
}
