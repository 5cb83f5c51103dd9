package faulttree

import (
	"encoding/binary"
	"math"
	"slices"
)

// factor takes common parts out of alternatives that are private otherwise. For And it uses
//
//	(a ∨ R) ∧ (b ∨ R) = (a ∧ b) ∨ R
//
// and the dual for Or. For AtLeast, inputs a ∨ R, b ∨ R, … with the same R and private a, b, … that are alike become
// one group with the rest R, since only their number matters then. This is what replicas of a module look like that
// stand in one failure domain R.
func (g *graph) factor(t *Tree) *graph {
	uses := g.uses()
	private := g.private(uses)
	shape := g.shapes(t, private)
	b := newBuilder(g.events)
	to := make([]int32, g.size())
	for i := range g.events {
		to[i] = int32(i)
	}
	for i := range g.gates {
		n := &g.gates[i]
		switch n.op {
		case And:
			to[g.number(i)] = g.takeOut(b, n, to, uses, private, Or)
		case Or:
			to[g.number(i)] = g.takeOut(b, n, to, uses, private, And)
		case AtLeast:
			to[g.number(i)] = g.takeGroups(b, n, to, uses, private, shape)
		default:
			m := n.mapped(to)
			to[g.number(i)], _ = b.add(m.op, m.k, m.in, m.rest)
		}
	}
	top := g.top
	if top >= 0 {
		top = to[top]
	}
	return b.finish(top)
}

// private tells of each node whether nothing below it, nor itself, stands in more than one place.
func (g *graph) private(uses []int32) []bool {
	out := make([]bool, g.size())
	for i := range out {
		out[i] = uses[i] <= 1
		if !g.isEvent(int32(i)) {
			for _, in := range g.gate(int32(i)).below() {
				out[i] = out[i] && out[in]
			}
		}
	}
	return out
}

// shapes gives private nodes the same number when they are of the same form, with the same probabilities.
func (g *graph) shapes(t *Tree, private []bool) []int32 {
	out := make([]int32, g.size())
	known := map[string]int32{}
	var key []byte
	for i := range out {
		if !private[i] {
			continue
		}
		if g.isEvent(int32(i)) {
			key = append(key[:0], 'e')
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(t.Events[i].P))
		} else {
			n := g.gate(int32(i))
			parts := make([]int32, 0, len(n.in)*2)
			for _, in := range n.in {
				parts = append(parts, out[in])
			}
			if n.rest == nil {
				slices.Sort(parts)
			} else {
				for _, r := range n.rest {
					if r >= 0 {
						r = out[r]
					}
					parts = append(parts, r)
				}
			}
			key = append(key[:0], 'g', byte(n.op))
			key = binary.AppendVarint(key, int64(n.k))
			for _, p := range parts {
				key = binary.AppendVarint(key, int64(p))
			}
		}
		s, ok := known[string(key)]
		if !ok {
			s = int32(len(known) + 1)
			known[string(key)] = s
		}
		out[i] = s
	}
	return out
}

// parting is an input seen as a private part and a rest that others may share.
type parting struct {
	part int32   // never where there is none
	rest []int32 // sorted; empty where the part is the whole input
}

// apart parts an input of a gate, which must be private apart from what it joins by op.
func (g *graph) apart(n int32, uses []int32, private []bool, op Op) parting {
	if private[n] && (g.isEvent(n) || g.gate(n).op != op) {
		return parting{part: n}
	}
	if g.isEvent(n) || uses[n] > 1 || g.gate(n).op != op {
		return parting{part: never}
	}
	p := parting{part: never}
	for _, in := range g.gate(n).in {
		if private[in] && p.part == never {
			p.part = in
		} else {
			p.rest = append(p.rest, in)
		}
	}
	slices.Sort(p.rest)
	if private[n] { // all of it is private: nothing is shared
		return parting{part: n}
	}
	return p
}

func restKey(rest []int32, more ...int32) string {
	var key []byte
	for _, r := range slices.Concat(rest, more) {
		key = binary.AppendVarint(key, int64(r))
	}
	return string(key)
}

// takeOut rebuilds an And (inner is Or then) or an Or (inner is And).
func (g *graph) takeOut(b *builder, n *node, to, uses []int32, private []bool, inner Op) int32 {
	type class struct {
		rest    []int32
		parts   []int32
		members int
	}
	classes := map[string]*class{}
	keys := make([]string, len(n.in))
	for i, in := range n.in {
		p := g.apart(in, uses, private, inner)
		if p.part == never || len(p.rest) == 0 {
			continue
		}
		keys[i] = restKey(p.rest)
		c := classes[keys[i]]
		if c == nil {
			c = &class{rest: p.rest}
			classes[keys[i]] = c
		}
		c.parts = append(c.parts, p.part)
		c.members++
	}
	all := func(int32) bool { return false }
	var ins []int32
	for i, in := range n.in {
		c := classes[keys[i]]
		if keys[i] == "" || c.members < 2 {
			ins = append(ins, to[in])
			continue
		}
		if c.parts == nil {
			continue // the first of its class stands for it
		}
		parts := make([]int32, len(c.parts))
		for j, p := range c.parts {
			parts[j] = to[p]
		}
		joined, _ := b.join(n.op, parts, all)
		whole := []int32{joined}
		for _, r := range c.rest {
			whole = append(whole, to[r])
		}
		factored, _ := b.join(inner, whole, all)
		ins = append(ins, factored)
		c.parts = nil
	}
	out, _ := b.join(n.op, ins, all)
	return out
}

// mayBeMember reports whether a private part may be a member of a group: an event, or And or Or of events.
func (g *graph) mayBeMember(n int32) bool {
	if g.isEvent(n) {
		return true
	}
	for _, in := range g.gate(n).in {
		if !g.isEvent(in) {
			return false
		}
	}
	return g.gate(n).op <= Or
}

// takeGroups rebuilds an AtLeast.
func (g *graph) takeGroups(b *builder, n *node, to, uses []int32, private []bool, shape []int32) int32 {
	if n.rest != nil {
		m := n.mapped(to)
		out, _ := b.add(m.op, m.k, m.in, m.rest)
		return out
	}
	type class struct {
		rest  []int32
		parts []int32
	}
	classes := map[string]*class{}
	keys := make([]string, len(n.in))
	places := map[int32]int{}
	for _, in := range n.in {
		places[in]++
	}
	for i, in := range n.in {
		if places[in] > 1 {
			continue
		}
		p := g.apart(in, uses, private, Or)
		if p.part == never || !g.mayBeMember(p.part) {
			continue
		}
		keys[i] = restKey(p.rest, shape[p.part])
		if classes[keys[i]] == nil {
			classes[keys[i]] = &class{rest: p.rest}
		}
		c := classes[keys[i]]
		c.parts = append(c.parts, p.part)
	}
	var ins, rests []int32
	grouped := false
	made := map[string]bool{}
	for i, in := range n.in {
		c := classes[keys[i]]
		if c == nil || len(c.parts) < 2 {
			ins, rests = append(ins, to[in]), append(rests, never)
			continue
		}
		if made[keys[i]] {
			continue
		}
		made[keys[i]], grouped = true, true
		members := make([]int32, len(c.parts))
		for j, p := range c.parts {
			members[j] = to[p]
		}
		all, _ := b.add(group, 0, members, nil)
		rest := never
		if len(c.rest) > 0 {
			parts := make([]int32, len(c.rest))
			for j, r := range c.rest {
				parts[j] = to[r]
			}
			rest, _ = b.join(Or, parts, func(int32) bool { return false })
		}
		ins, rests = append(ins, all), append(rests, rest)
	}
	if !grouped {
		rests = nil
	}
	out, _ := b.add(AtLeast, n.k, ins, rests)
	return out
}
