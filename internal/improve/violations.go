package improve

import (
	"maps"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

const external = schema.External

// capacityNow is that of a module as the design has it.
func (s *system) capacityNow(m int32) *capacity {
	if s.now == nil {
		s.now = make([]*capacity, s.a.Modules())
	}
	if s.now[m] == nil {
		s.now[m] = new(capacityOf(s.a, s.a.Module(m)))
	}
	return s.now[m]
}

// violation is a cause that brings a journey down, and the variables of which one has to change against that.
type violation struct {
	cause   cause
	journey int32
	cut     cut
	modules []int32 // of which one has to withstand the cause, sorted
}

// causes lists the events of the goal that a choice does not withstand somewhere, each with the modules that lose their
// capacity.
func (st *state) causes() (list []cause, deprived [][]int32) {
	s := st.s
	byDomain := make([][]int32, len(s.counted))
	for i := range s.a.Modules() {
		m := int32(i)
		own := st.capacity(m)
		if !s.reached[m] || !own.works() {
			continue
		}
		if s.settings.Goal.kind == noSPOF {
			switch {
			case s.a.Module(m).Kind == external:
				list, deprived = append(list, cause{losesExternal, m, -1}), append(deprived, []int32{m})
			case !own.sparesOne():
				list, deprived = append(list, cause{losesReplica, m, -1}), append(deprived, []int32{m})
			}
		}
		seen := map[int32]bool{}
		for _, place := range own.stands {
			for d := place.domain; d >= 0; d = s.a.DomainParent(d) {
				if s.counted[d] && !seen[d] && !own.survives(s.a, d) {
					byDomain[d] = append(byDomain[d], m)
				}
				seen[d] = true
			}
		}
	}
	for d, modules := range byDomain {
		if len(modules) > 0 {
			list, deprived = append(list, cause{losesDomain, -1, int32(d)}), append(deprived, modules)
		}
	}
	return list, deprived
}

// downBefore lists the journeys that are down before anything fails.
func (st *state) downBefore() (out []int32) {
	st.simulate(nil, nil)
	for _, j := range st.s.journeys {
		if st.rank[st.s.journeyNode[j]] > 0 {
			out = append(out, j)
		}
	}
	return out
}

// violations lists what a choice leaves: for each cause several cuts that share no variable, as far as there are such.
// Journeys that are down anyway are passed over.
func (st *state) violations() (out []violation) {
	s := st.s
	down := st.downBefore()
	list, deprived := st.causes()
	for i, c := range list {
		relaxed := map[int32]bool{}
		modules := deprived[i]
		hopeless := map[int32]bool{}
		for {
			given := maps.Clone(relaxed)
			st.simulate(modules, given)
			found := false
			for _, j := range s.journeys {
				node := s.journeyNode[j]
				if st.rank[node] == 0 || hopeless[j] || slices.Contains(down, j) {
					continue
				}
				vars := st.explain(node, c, given)
				if slices.ContainsFunc(vars, func(v int32) bool { return relaxed[v] }) {
					continue // told by another journey of this round
				}
				v := violation{cause: c, journey: j, modules: slices.Compact(slices.Sorted(slices.Values(st.culprits)))}
				able := false
				for _, x := range vars {
					mask := s.good(x, c) & s.vars[x].allowed
					able = able || mask != 0
					v.cut = append(v.cut, lit{x, mask})
				}
				out = append(out, v)
				if !able {
					hopeless[j] = true
					continue
				}
				for _, x := range vars {
					relaxed[x] = true
					found = true
				}
			}
			if !found {
				break
			}
			modules = slices.DeleteFunc(slices.Clone(modules), func(m int32) bool {
				v, ok := s.moduleVar[m]
				return ok && v >= 0 && relaxed[v]
			})
		}
	}
	return out
}

// event is the cause as the analyzer has it.
func (c cause) event() analyzer.Event {
	switch c.kind {
	case losesDomain:
		return analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: c.domain}
	case losesExternal:
		return analyzer.Event{Kind: analyzer.ExternalEvent, Module: c.module, Domain: -1}
	}
	return analyzer.Event{Kind: analyzer.ReplicaEvent, Module: c.module, Replica: 1, Domain: -1}
}

// reaches reports whether a choice reaches the goal, but for the journeys that are down anyway.
func (st *state) reaches() bool {
	down := st.downBefore()
	list, deprived := st.causes()
	for i := range list {
		st.simulate(deprived[i], nil)
		for _, j := range st.s.journeys {
			if st.rank[st.s.journeyNode[j]] > 0 && !slices.Contains(down, j) {
				return false
			}
		}
	}
	return true
}
