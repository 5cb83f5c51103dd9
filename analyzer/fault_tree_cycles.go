package analyzer

import (
	"slices"

	"lintel/analyzer/faulttree"
)

// scheme is the order in which the failures of nodes are made: components of hard dependencies, those that others need
// first, and within them bunches, which need each other plainly and so fail together.
type scheme struct {
	model      *failureModel
	moduleOf   []int32 // by node
	components [][]int32
	of         []int32 // by node: its component
	bunchOf    []int32
	needs      digraph // of components: the ones that they need
	plain      digraph // of nodes: what they need without any choice
	choices    digraph // of nodes to the choices that they need: gates, counted on from the nodes
}

func (m *failureModel) scheme() scheme {
	s := scheme{model: m, moduleOf: m.moduleOf()}
	all := collect(m.nodes(), func(add func(from, to int32)) {
		for g := range m.gates {
			if m.gates[g].hard {
				for _, to := range m.gates[g].targets {
					add(m.gates[g].owner, to)
				}
			}
		}
	})
	found := all.components()
	s.of, s.components = found.of, found.members()
	s.needs = collect(len(s.components), func(add func(from, to int32)) {
		for n := range int32(m.nodes()) {
			for _, to := range all.heads(n) {
				add(s.of[n], s.of[to])
			}
		}
	})
	plain := collect(m.nodes(), func(add func(from, to int32)) {
		for g := range m.gates {
			if gate := &m.gates[g]; gate.hard && int(gate.need) >= len(gate.targets) {
				for _, to := range gate.targets {
					add(gate.owner, to)
				}
			}
		}
	})
	s.bunchOf = plain.components().of
	s.plain = plain
	s.choices = collect(m.nodes(), func(add func(from, to int32)) {
		for g := range m.gates {
			if gate := &m.gates[g]; gate.hard && int(gate.need) < len(gate.targets) {
				add(gate.owner, int32(m.nodes()+g))
			}
		}
	})
	return s
}

// under lists the components that node n needs, its own included, those that others need first.
func (s *scheme) under(n int32) []int32 {
	seen := map[int32]bool{s.of[n]: true}
	list := []int32{s.of[n]}
	for k := 0; k < len(list); k++ {
		for _, c := range s.needs.heads(list[k]) {
			if !seen[c] {
				seen[c] = true
				list = append(list, c)
			}
		}
	}
	slices.Sort(list) // components are numbered so
	return list
}

// solve makes the failures of nodes of one component, by node in fails, from those of all others that they need.
func (s *scheme) solve(f *formula, nodes []int32, capacity func(module int32) faulttree.Ref, fails []faulttree.Ref) {
	m := s.model
	var bunches [][]int32
	at := map[int32]int{}
	for _, n := range nodes {
		b, ok := at[s.bunchOf[n]]
		if !ok {
			b = len(bunches)
			at[s.bunchOf[n]] = b
			bunches = append(bunches, nil)
		}
		bunches[b] = append(bunches[b], n)
		fails[n] = faulttree.False
	}
	for range bunches {
		changed := false
		for _, bunch := range bunches {
			var in []faulttree.Ref
			for _, n := range bunch {
				in = append(in, capacity(s.moduleOf[n]))
				for g := m.gateAt[n]; g < m.gateAt[n+1]; g++ {
					gate := &m.gates[g]
					if !gate.hard {
						continue
					}
					targets := make([]faulttree.Ref, len(gate.targets))
					for k, to := range gate.targets {
						targets[k] = fails[to]
					}
					in = append(in, f.atLeast(len(targets)-int(gate.need)+1, targets))
				}
			}
			now := f.or(in...)
			changed = changed || now != fails[bunch[0]]
			for _, n := range bunch {
				fails[n] = now
			}
		}
		if !changed {
			break
		}
	}
}
