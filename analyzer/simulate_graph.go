package analyzer

import (
	"slices"
	"sync"

	"lintel/schema"
)

// failureModel is a design prepared for simulation: the graph of its runtime dependencies, what is
// down before anything fails, and the order in which the rest is evaluated.
//
// Its nodes are the modules, in a model of scenarios that cut dependencies one more for each link that
// is cut, and one more for each journey whose "uses" leaves out some of its entry's dependencies: a
// copy of the entry that has only the others. Nothing depends on a copy, so the entry itself still has
// all of its dependencies for the modules that depend on it.
//
// A link stands between the dependency and its target, which it needs. To cut it is to fail it, so that
// the engine knows nothing of links, and a model without them costs nothing.
type failureModel struct {
	analysis   *Analysis
	capacities *capacities

	links []link // by node from Modules() on, sorted

	journeyNode []int32 // by journey; -1 where its entry is unknown
	copies      []int32 // copies of module i: copies[copyAt[i]:copyAt[i+1]]
	copyAt      []int32

	gates  []gate  // of node i: gates[gateAt[i]:gateAt[i+1]]
	gateAt []int32 // nodes+1 entries

	needing   []int32 // hard gates with module i among their targets: needing[needingAt[i]:needingAt[i+1]]
	needingAt []int32

	// Before anything fails:
	down    []bool  // by node
	working []int32 // by gate: its targets that work

	plan   plan
	before func() *Outcome

	blocks sync.Pool // of *block
	cut    lastCut
	proofs proofCache
}

// gate is a runtime dependency with at least one known target: it is satisfied while need of its
// targets work.
type gate struct {
	targets []int32
	owner   int32 // a node
	need    int32
	hard    bool
	// dependency is the one that it stands for, -1 for the way of a link to its target.
	dependency int32
}

func (m *failureModel) nodes() int { return len(m.gateAt) - 1 }

func (a *Analysis) computeFailureModel() *failureModel {
	return a.newFailureModel(nil, nil)
}

// newFailureModel prepares the simulation of a design of which the capacities may be known already, else nil.
func (a *Analysis) newFailureModel(c *capacities, links []link) *failureModel {
	m := &failureModel{analysis: a, capacities: c, links: links}
	together(len(a.dependencies),
		func() {
			m.addNodes()
			m.linkTargets()
		},
		func() {
			if m.capacities == nil {
				m.capacities = a.resolveCapacities()
			}
		})

	m.down = make([]bool, m.nodes())
	m.working = make([]int32, len(m.gates))
	for g := range m.gates {
		m.working[g] = int32(len(m.gates[g].targets))
	}
	s := spread{m: m, down: m.down, working: m.working}
	for i := range m.capacities.modules {
		if !m.capacities.modules[i].holds(0, false) {
			s.deprive(int32(i))
		}
	}
	for g := range m.gates {
		if m.gates[g].hard && m.working[g] < m.gates[g].need {
			s.fail(m.gates[g].owner)
		}
	}
	s.run()
	for g := range m.gates {
		if !m.gates[g].hard {
			for _, t := range m.gates[g].targets {
				if m.down[t] {
					m.working[g]--
				}
			}
		}
	}
	m.plan = m.makePlan()
	m.before = sync.OnceValue(m.computeBefore)
	return m
}

func (m *failureModel) addNodes() {
	a := m.analysis
	m.gates = make([]gate, 0, len(a.dependencies))
	m.gateAt = make([]int32, 1, a.Modules()+1)
	add := func(owner, module int32, ignored []int32) {
		for k := a.byModule[module]; k < a.byModule[module+1]; k++ {
			d := &a.dependencies[k]
			if d.When != schema.Runtime || len(d.Targets) == 0 {
				continue
			}
			if _, ok := slices.BinarySearch(ignored, k); ok {
				continue
			}
			m.gates = append(m.gates, gate{m.targetsOf(k), owner, d.need, d.Strength == schema.Hard, k})
		}
		m.gateAt = append(m.gateAt, int32(len(m.gates)))
	}
	for i := range a.Design.Modules {
		add(int32(i), int32(i), nil)
	}
	for i, l := range m.links {
		m.gates = append(m.gates, gate{[]int32{l.target}, int32(a.Modules() + i), 1, true, -1})
		m.gateAt = append(m.gateAt, int32(len(m.gates)))
	}
	m.journeyNode = make([]int32, len(a.journeys))
	perModule := make([]int32, a.Modules()+1)
	for j, journey := range a.journeys {
		m.journeyNode[j] = journey.Entry
		if journey.Entry >= 0 && len(journey.Ignored) > 0 {
			m.journeyNode[j] = int32(m.nodes())
			perModule[journey.Entry+1]++
			add(int32(m.nodes()), journey.Entry, journey.Ignored)
		}
	}
	m.copyAt = sums(perModule)
	m.copies = make([]int32, m.copyAt[a.Modules()])
	next := slices.Clone(m.copyAt)
	for j, n := range m.journeyNode {
		if e := a.journeys[j].Entry; n != e {
			m.copies[next[e]] = n
			next[e]++
		}
	}
}

func (m *failureModel) linkTargets() {
	count := make([]int32, m.analysis.Modules()+len(m.links)+1)
	m.eachHardTarget(func(_, t int32) { count[t+1]++ })
	m.needingAt = sums(count)
	m.needing = make([]int32, m.needingAt[len(m.needingAt)-1])
	next := slices.Clone(m.needingAt)
	m.eachHardTarget(func(g, t int32) {
		m.needing[next[t]] = g
		next[t]++
	})
}

func (m *failureModel) eachHardTarget(visit func(gate, target int32)) {
	for g := range m.gates {
		if m.gates[g].hard {
			for _, t := range m.gates[g].targets {
				visit(int32(g), t)
			}
		}
	}
}

// sums turns counts, each one place to the right of its index, into running totals, in place.
func sums(count []int32) []int32 {
	for i := 1; i < len(count); i++ {
		count[i] += count[i-1]
	}
	return count
}

// spread carries failures through the graph one scenario at a time, in time linear in the part of
// the graph that fails.
type spread struct {
	m       *failureModel
	down    []bool
	working []int32 // by gate; kept for hard ones
	failed  []int32 // nodes, in the order in which they were found to fail
	done    int     // failed[:done] has been carried on
}

// deprive fails module i, and the journeys that enter there, for lack of capacity.
func (s *spread) deprive(i int32) {
	s.fail(i)
	for _, n := range s.m.copies[s.m.copyAt[i]:s.m.copyAt[i+1]] {
		s.fail(n)
	}
}

func (s *spread) fail(n int32) {
	if !s.down[n] {
		s.down[n] = true
		s.failed = append(s.failed, n)
	}
}

func (s *spread) run() {
	for ; s.done < len(s.failed); s.done++ {
		for _, g := range s.m.neededBy(s.failed[s.done]) {
			s.working[g]--
			if s.working[g] < s.m.gates[g].need {
				s.fail(s.m.gates[g].owner)
			}
		}
	}
}

// undo takes back all that failed.
func (s *spread) undo() {
	for _, n := range s.failed {
		s.down[n] = false
		for _, g := range s.m.neededBy(n) {
			s.working[g]++
		}
	}
	s.failed, s.done = s.failed[:0], 0
}

// neededBy lists the hard gates that have node n among their targets.
func (m *failureModel) neededBy(n int32) []int32 {
	if int(n) >= len(m.needingAt)-1 {
		return nil // a copy
	}
	return m.needing[m.needingAt[n]:m.needingAt[n+1]]
}
