package faulttree

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
