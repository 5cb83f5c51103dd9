package analyzer

import "slices"

// Proofs tells of one scenario why what is down is down, and what is degraded degraded. Its methods are
// safe for concurrent use.
type Proofs struct {
	a   *Analysis
	m   *failureModel // of the scenario, whose links are cut, all of them
	old *failureModel // of the design

	down       []bool // by node of m: after the scenario
	fails, was *ways  // to what took the capacity: of what fails with the scenario, and of what was down before
	degraded   *ways  // to soft dependencies that are not satisfied
}

// Proof is a way along hard runtime dependencies that are not satisfied, to the reason why the first module on it does not
// work.
type Proof struct {
	Path []int32 // modules, from the entry or module in question on; among the shortest the first in order of names
	// Dependency is -1 where the last module of the path lacks capacity. Elsewhere it is a dependency of that module
	// which is cut, or which needs more alternatives than it has.
	Dependency int32
	Target     int32 // what the cut dependency does not reach, a module; -1 where none is cut
	Before     bool  // it was down before anything failed
}

// SoftProof is a way along runtime dependencies, over modules that work, to a soft one that is not satisfied.
type SoftProof struct {
	Path       []int32 // modules, from the entry or module in question to the one that has the dependency
	Dependency int32
}

// Missing is a target that a dependency does not reach: one that is down, or cut off from it, or both.
type Missing struct {
	Target    int32
	Down, Cut bool
}

// Prove simulates a scenario and finds the proofs of all that it brings down, in time linear in the size of the design.
func (a *Analysis) Prove(s Scenario) *Proofs {
	p := &Proofs{a: a, m: a.modelOf(s), old: a.failureModel()}
	m := p.m
	after := &spread{m: m, down: slices.Clone(m.down), working: slices.Clone(m.working)}
	modules, _ := a.deprived(m.capacities, s)
	for _, i := range modules {
		after.deprive(i)
	}
	for i := range m.links {
		after.fail(int32(a.Modules() + i))
	}
	culprits := slices.Clone(after.failed)
	after.run()
	p.down = after.down
	fresh := func(n int32) bool { return p.down[n] && !m.down[n] }
	p.fails = m.failedWays(culprits, fresh, after.working)
	p.was = p.old.waysBefore()
	p.degraded = m.degradedWays(p.down)
	return p
}

// Journey tells why a journey is down; nil for one that works.
func (p *Proofs) Journey(j int) *Proof {
	if j < 0 || j >= len(p.m.journeyNode) || p.m.journeyNode[j] < 0 {
		return nil
	}
	return p.of(p.m.journeyNode[j], p.old.journeyNode[j], p.a.journeys[j].Entry)
}

// Module tells why a module is down; nil for one that works.
func (p *Proofs) Module(m int32) *Proof {
	if m < 0 || int(m) >= p.a.Modules() {
		return nil
	}
	return p.of(m, m, m)
}

// of gives the proof of a node, which is another one in the design's own model.
func (p *Proofs) of(node, old, module int32) *Proof {
	switch {
	case !p.down[node]:
		return nil
	case p.old.down[old]:
		return p.old.proofAlong(p.was, old, module, true)
	}
	return p.m.proofAlong(p.fails, node, module, false)
}

// DegradedJourney tells what a journey that works does without; nil for one that is down or misses nothing.
func (p *Proofs) DegradedJourney(j int) *SoftProof {
	if j < 0 || j >= len(p.m.journeyNode) || p.m.journeyNode[j] < 0 {
		return nil
	}
	return p.softAlong(p.m.journeyNode[j], p.a.journeys[j].Entry)
}

// DegradedModule tells what a module that works does without, as a journey that enters there would.
func (p *Proofs) DegradedModule(m int32) *SoftProof {
	if m < 0 || int(m) >= p.a.Modules() {
		return nil
	}
	return p.softAlong(m, m)
}

func (p *Proofs) softAlong(node, module int32) *SoftProof {
	w := p.degraded
	if w.distance[node] == 0 {
		return nil
	}
	out := &SoftProof{Path: []int32{module}}
	for ; w.next[node] >= 0; node = w.next[node] {
		out.Path = append(out.Path, w.next[node])
	}
	out.Dependency = w.end[node]
	return out
}

// Missing lists what runtime dependency k does not reach, in order of name.
func (p *Proofs) Missing(k int32) (out []Missing) {
	targets := p.a.dependencies[k].Targets
	for i, n := range p.m.targetsOf(k) {
		if p.down[n] {
			_, cut := p.m.linkOf(n)
			out = append(out, Missing{targets[i], p.down[targets[i]], cut})
		}
	}
	return out
}

// ways holds, by node, the way to the nearest of some ends.
type ways struct {
	distance []int32 // counted from 1 at an end; 0: there is none
	next     []int32 // the next node on the way; -1 at its end
	end      []int32 // of an end: the dependency that makes it one, -1 where it is the node itself
}

func (m *failureModel) newWays() *ways {
	w := &ways{make([]int32, m.nodes()), make([]int32, m.nodes()), make([]int32, m.nodes())}
	for i := range w.next {
		w.next[i], w.end[i] = -1, -1
	}
	return w
}

// proofAlong follows the way of a node, of which module is the name.
func (m *failureModel) proofAlong(w *ways, node, module int32, before bool) *Proof {
	out := &Proof{Path: []int32{module}, Dependency: -1, Target: -1, Before: before}
	for ; w.next[node] >= 0; node = w.next[node] {
		if l, ok := m.linkOf(w.next[node]); ok {
			out.Dependency, out.Target = l.dependency, l.target
			return out
		}
		out.Path = append(out.Path, w.next[node])
	}
	out.Dependency = w.end[node]
	return out
}

// failedWays searches backwards from culprits, breadth first, along hard gates of nodes that fail and have fewer targets
// left than they need.
func (m *failureModel) failedWays(culprits []int32, fails func(n int32) bool, working []int32) *ways {
	w := m.newWays()
	for _, n := range culprits {
		w.distance[n] = 1
	}
	m.searchBack(w, culprits, func(t int32, reach func(owner int32)) {
		for _, g := range m.neededBy(t) {
			if gate := &m.gates[g]; working[g] < gate.need && fails(gate.owner) {
				reach(gate.owner)
			}
		}
	})
	return w
}

// searchBack fills w, in which the nodes of queue are ends, from those on that callers tells.
func (m *failureModel) searchBack(w *ways, queue []int32, callers func(t int32, reach func(owner int32))) {
	queue = slices.Clone(queue)
	for k := 0; k < len(queue); k++ {
		t := queue[k]
		callers(t, func(owner int32) {
			switch w.distance[owner] {
			case 0:
				w.distance[owner], w.next[owner] = w.distance[t]+1, t
				queue = append(queue, owner)
			case w.distance[t] + 1:
				w.next[owner] = min(w.next[owner], t)
			}
		})
	}
}

// waysBefore are the ways of what is down before anything fails: to modules that lack capacity, and to those that need
// more alternatives than there are.
func (m *failureModel) waysBefore() *ways {
	var culprits []int32
	end := map[int32]int32{}
	for i := range m.capacities.modules {
		if !m.capacities.modules[i].holds(0, false) {
			culprits = append(append(culprits, int32(i)), m.copies[m.copyAt[i]:m.copyAt[i+1]]...)
		}
	}
	for _, n := range culprits {
		end[n] = -1
	}
	for g := range m.gates {
		gate := &m.gates[g]
		if _, ok := end[gate.owner]; !ok && gate.hard && int(gate.need) > len(gate.targets) {
			end[gate.owner] = gate.dependency
			culprits = append(culprits, gate.owner)
		}
	}
	w := m.failedWays(culprits, func(n int32) bool { return m.down[n] }, m.working)
	for n, k := range end {
		w.end[n] = k
	}
	return w
}

// degradedWays are the ways of nodes that work to soft gates that are not satisfied.
func (m *failureModel) degradedWays(down []bool) *ways {
	w := m.newWays()
	var ends []int32
	callers := collect(m.nodes(), func(add func(from, to int32)) {
		for g := range m.gates {
			gate := &m.gates[g]
			if down[gate.owner] {
				continue
			}
			for _, t := range gate.targets {
				if !down[t] {
					add(t, gate.owner)
				}
			}
		}
	})
	for g := range m.gates {
		gate := &m.gates[g]
		if gate.hard || down[gate.owner] || w.distance[gate.owner] > 0 {
			continue
		}
		left := int32(0)
		for _, t := range gate.targets {
			if !down[t] {
				left++
			}
		}
		if left < gate.need {
			w.distance[gate.owner], w.end[gate.owner] = 1, gate.dependency
			ends = append(ends, gate.owner)
		}
	}
	m.searchBack(w, ends, func(t int32, reach func(owner int32)) {
		for _, owner := range callers.heads(t) {
			reach(owner)
		}
	})
	return w
}
