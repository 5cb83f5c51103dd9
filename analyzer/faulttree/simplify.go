package faulttree

import "slices"

// simplify turns a tree into a graph without constants, gates of one input, gates that are the same as others, and gates
// of one operator right below each other where the lower one has no other use.
func simplify(t *Tree) *graph {
	b := newBuilder(len(t.Events))
	order := t.evaluationOrder()
	uses := make([]int32, len(t.Gates))
	for _, i := range order {
		for _, in := range t.Gates[i].In {
			if in.isGate() {
				uses[in]++
			}
		}
	}
	image := make([]int32, len(t.Gates))
	var once []bool // by gate of the graph: it stems from a gate with a single use
	of := func(r Ref) int32 {
		switch {
		case r == True:
			return always
		case r == False:
			return never
		case r.isEvent():
			return int32(r.event())
		}
		return image[r]
	}
	for _, i := range order {
		gate := &t.Gates[i]
		ins := make([]int32, len(gate.In))
		for j, in := range gate.In {
			ins[j] = of(in)
		}
		var n int32
		var fresh bool
		if gate.Op == AtLeast {
			n, fresh = b.atLeast(gate.K, ins)
		} else {
			n, fresh = b.join(gate.Op, ins, func(m int32) bool { return once[m-int32(b.events)] })
		}
		if fresh {
			once = append(once, uses[i] == 1)
		} else if n >= 0 && !b.isEvent(n) {
			once[n-int32(b.events)] = false // it stands for two gates
		}
		image[i] = n
	}
	return b.finish(of(t.Top))
}

// atLeast gives what AtLeast makes of these inputs.
func (b *builder) atLeast(k int, ins []int32) (n int32, fresh bool) {
	kept := make([]int32, 0, len(ins))
	for _, m := range ins {
		switch m {
		case always:
			k--
		case never:
		default:
			kept = append(kept, m)
		}
	}
	no := func(int32) bool { return false }
	switch {
	case k <= 0:
		return always, false
	case k > len(kept):
		return never, false
	case k == 1:
		return b.join(Or, kept, no)
	case k == len(kept):
		return b.join(And, kept, no)
	}
	return b.add(AtLeast, int32(k), kept, nil)
}

// atLeastOfGroups is atLeast for inputs that may be groups, with what stands for whole groups; any of these may be
// a constant, but not the members of groups.
func (b *builder) atLeastOfGroups(k int, ins, rests []int32) int32 {
	var kept, rest []int32
	all, groups := 0, 0
	for i, m := range ins {
		switch {
		case m == always:
			k--
		case m == never:
		case rests[i] == always:
			k -= b.members(m)
		default:
			kept, rest = append(kept, m), append(rest, rests[i])
			all += b.members(m)
			if b.isGroup(m) {
				groups++
			}
		}
	}
	no := func(int32) bool { return false }
	var out int32
	switch {
	case groups == 0:
		out, _ = b.atLeast(k, kept)
	case k <= 0:
		out = always
	case k > all:
		out = never
	case k == 1:
		var any []int32
		for i, m := range kept {
			if any = append(any, rest[i]); b.isGroup(m) {
				any = append(any, b.gate(m).in...)
			} else {
				any = append(any, m)
			}
		}
		out, _ = b.join(Or, any, no)
	case k == all:
		every := slices.Clone(kept)
		for i, m := range kept {
			if b.isGroup(m) {
				every[i], _ = b.join(And, b.gate(m).in, no)
			}
			every[i], _ = b.join(Or, []int32{every[i], rest[i]}, no)
		}
		out, _ = b.join(And, every, no)
	default:
		out, _ = b.add(AtLeast, int32(k), kept, rest)
	}
	return out
}
