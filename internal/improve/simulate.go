package improve

import (
	"cmp"
	"slices"
)

// cause is an event of the goal, and what it does to each variable: the loss of a replica of a module (any one of them), of a
// failure domain, or of an external module. Without any of these it is what is so before anything fails.
type cause struct {
	kind   causeKind
	module int32
	domain int32
}

type causeKind uint8

const (
	before causeKind = iota
	losesReplica
	losesExternal
	losesDomain
)

// state is a simulation of one choice of options. What fails for one cause is found by following who needs whom, so that it
// costs no more than what fails.
type state struct {
	s      *system
	choice []uint8 // by variable; those that came later are as they are

	spare []int32 // by gate: how many of its targets may fail

	// Of the last simulation, by node and gate; what is not touched is 0.
	rank     []int32 // in order of failure, from 1
	why      []int32 // the gate by which the node fails; -1 where it has no capacity
	lost     []int32 // by gate: targets that fail
	failed   []int32 // nodes, in order
	gates    []int32 // touched
	culprits []int32 // modules without capacity that the last explanation came upon
	dead     []int32 // modules that have no capacity before anything fails
	broken   []int32 // gates that nothing satisfies
}

const softened = int32(1) << 30

func (s *system) state(choice []uint8) *state {
	st := &state{
		s: s, choice: choice,
		spare: make([]int32, len(s.gates)), lost: make([]int32, len(s.gates)),
		rank: make([]int32, len(s.nodeModule)), why: make([]int32, len(s.nodeModule)),
	}
	for g := range s.gates {
		st.spare[g] = st.spareOf(int32(g), nil)
		if st.spare[g] < 0 {
			st.broken = append(st.broken, int32(g))
		}
	}
	for m := range s.a.Modules() {
		if c := st.capacity(int32(m)); !c.works() {
			st.dead = append(st.dead, int32(m))
		}
	}
	return st
}

func (st *state) takes(v int32) uint8 {
	if v < 0 || int(v) >= len(st.choice) {
		return 0
	}
	return st.choice[v]
}

// capacity is that of a module as it is chosen.
func (st *state) capacity(m int32) *capacity {
	if v, ok := st.s.moduleVar[m]; ok && v >= 0 {
		return &st.s.vars[v].options[st.takes(v)].capacity
	}
	return st.s.capacityNow(m)
}

// spareOf says how many targets of a gate may fail. relaxed holds variables that are taken for good.
func (st *state) spareOf(g int32, relaxed map[int32]bool) int32 {
	gate := &st.s.gates[g]
	if v, ok := st.s.softVar[gate.dependency]; ok && v >= 0 && (st.takes(v) > 0 || relaxed[v]) {
		return softened
	}
	spare := int32(len(gate.targets) - gate.need)
	if st.s.takesAlternative(g) {
		for _, t := range gate.targets {
			if v, ok := st.s.otherVar[t]; ok && v >= 0 && (st.takes(v) > 0 || relaxed[v]) {
				spare++
			}
		}
	}
	return spare
}

// simulate lets modules lose their capacity, besides those that have none, and says which nodes fail.
func (st *state) simulate(modules []int32, relaxed map[int32]bool) {
	for _, n := range st.failed {
		st.rank[n] = 0
	}
	for _, g := range st.gates {
		st.lost[g] = 0
	}
	st.failed, st.gates = st.failed[:0], st.gates[:0]
	fail := func(n, why int32) {
		if st.rank[n] == 0 {
			st.failed = append(st.failed, n)
			st.rank[n], st.why[n] = int32(len(st.failed)), why
		}
	}
	for _, list := range [][]int32{st.dead, modules} {
		for _, m := range list {
			fail(m, -1)
			for _, n := range st.s.copies[m] {
				fail(n, -1)
			}
		}
	}
	for _, g := range st.broken {
		if st.spareIn(g, relaxed) < 0 {
			fail(st.s.gates[g].owner, g)
		}
	}
	for k := 0; k < len(st.failed); k++ {
		n := st.failed[k]
		if int(n) >= st.s.a.Modules() {
			continue // nothing needs a journey
		}
		for _, g := range st.s.callers[n] {
			if st.lost[g] == 0 {
				st.gates = append(st.gates, g)
			}
			if st.lost[g]++; st.lost[g] > st.spareIn(g, relaxed) {
				fail(st.s.gates[g].owner, g)
			}
		}
	}
}

func (st *state) spareIn(g int32, relaxed map[int32]bool) int32 {
	if len(relaxed) == 0 {
		return st.spare[g]
	}
	return st.spareOf(g, relaxed)
}

// explain gives the variables of which one has to change so that a node that failed in the last simulation does not fail
// for that cause: while none does, the node fails, whatever else is changed. It is empty where nothing helps. relaxed is what
// the simulation was given.
func (st *state) explain(node int32, c cause, relaxed map[int32]bool) []int32 {
	var out []int32
	add := func(v int32) {
		if v >= 0 && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	st.culprits = nil
	seen := map[int32]bool{}
	queue := []int32{node}
	for ; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		if seen[n] {
			continue
		}
		seen[n] = true
		g := st.why[n]
		if g < 0 {
			st.culprits = append(st.culprits, st.s.nodeModule[n])
			if m := st.s.nodeModule[n]; c.kind != before && st.capacity(m).works() {
				add(st.s.ofModule(m))
			}
			continue
		}
		gate := &st.s.gates[g]
		add(st.s.ofDependency(gate.dependency))
		failing := make([]int32, 0, len(gate.targets))
		for _, t := range gate.targets {
			if st.rank[t] > 0 && st.rank[t] < st.rank[n] {
				failing = append(failing, t)
			}
			if st.s.takesAlternative(g) && st.s.a.Module(t).Kind == external {
				if v := st.s.ofExternal(t); st.takes(v) == 0 && !relaxed[v] {
					add(v)
				}
			}
		}
		slices.SortFunc(failing, func(a, b int32) int { return cmp.Compare(st.rank[a], st.rank[b]) })
		if most := int(st.spareIn(g, relaxed)) + 1; most < len(failing) {
			failing = failing[:max(most, 0)]
		}
		queue = append(queue, failing...)
	}
	return out
}

// good gives the options of a variable by which it withstands a cause.
func (s *system) good(v int32, c cause) uint64 {
	x := &s.vars[v]
	mask := uint64(0)
	for o := range x.options {
		ok := o > 0
		if x.dependency < 0 && s.a.Module(x.module).Kind != external {
			switch c.kind {
			case losesReplica:
				ok = x.options[o].sparesOne() || c.module != x.module
			case losesDomain:
				ok = x.options[o].survives(s.a, c.domain)
			}
		}
		if ok {
			mask |= 1 << o
		}
	}
	return mask
}
