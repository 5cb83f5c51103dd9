package improve

import (
	"fmt"
	"slices"

	"lintel/schema"
)

// mostHeld is how many modules are named that hold a target down, and holds the share of its unavailability from which on
// one does.
const (
	mostHeld = 3
	holds    = 0.05
)

// ceiling says what holds a target down that stays short of its promise even with all that can be changed at its best.
func (x *availabilitySearch) ceiling(target int, best float64) (Ceiling, error) {
	s := x.s
	t := s.targets[target]
	out := Ceiling{Journey: t.Journey >= 0, Unavailability: best}
	node := t.Module
	if t.Journey >= 0 {
		node = s.journeyNode[t.Journey]
		out.Name = s.a.Journeys()[t.Journey].Name
	} else {
		out.Name = s.a.Module(t.Module).Name
	}
	st := s.state(nil)
	if st.simulate(nil, nil); st.rank[node] > 0 {
		out.Why = []string{"it is down before anything fails"}
		return out, nil
	}
	type part struct {
		module int32
		q      float64
	}
	var parts []part
	for _, m := range s.under(node) {
		if st.simulate([]int32{m}, nil); st.rank[node] == 0 {
			continue
		}
		q, err := x.atBest(m)
		if err != nil {
			return out, err
		}
		if q >= holds*best {
			parts = append(parts, part{m, q})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		switch {
		case a.q > b.q:
			return -1
		case a.q < b.q:
			return 1
		}
		return 0
	})
	// One failure domain that holds all of them is one reason.
	told := map[int32]bool{}
	for _, p := range parts {
		d := s.confines(p.module)
		if d >= 0 {
			if q, ok := s.a.Design.FailureDomains[d].Unavailability(); !ok || q < p.q/2 {
				d = -1
			}
		}
		switch {
		case len(out.Why) == mostHeld:
			return out, nil
		case d >= 0 && told[d]:
		case d >= 0:
			told[d] = true
			f := s.a.Design.FailureDomains[d]
			out.Why = append(out.Why, fmt.Sprintf("%s stands in %s %s and nowhere else", s.a.Module(p.module).Name, f.Kind, f.Name))
		default:
			out.Why = append(out.Why, s.holdsDown(p.module))
		}
	}
	return out, nil
}

// under lists the modules that a node needs, itself first.
func (s *system) under(node int32) (out []int32) {
	seen := map[int32]bool{node: true}
	for queue := []int32{node}; len(queue) > 0; queue = queue[1:] {
		if m := s.nodeModule[queue[0]]; !slices.Contains(out, m) {
			out = append(out, m)
		}
		for _, g := range s.gatesOf[queue[0]] {
			for _, n := range s.gates[g].targets {
				if !seen[n] {
					seen[n] = true
					queue = append(queue, n)
				}
			}
		}
	}
	return out
}

// confines gives the smallest failure domain that a module does not withstand with any of its options, or -1.
func (s *system) confines(m int32) int32 {
	if s.a.Module(m).Kind == schema.External {
		return -1
	}
	own := *s.capacityNow(m)
	if v, ok := s.moduleVar[m]; ok && v >= 0 {
		own = s.vars[v].bound()
	}
	best, depth := int32(-1), -1
	for _, st := range own.stands {
		for d := st.domain; d >= 0; d = s.a.DomainParent(d) {
			if own.survives(s.a, d) {
				continue
			}
			n := 0
			for p := s.a.DomainParent(d); p >= 0; p = s.a.DomainParent(p) {
				n++
			}
			if n > depth {
				best, depth = d, n
			}
		}
	}
	return best
}

// holdsDown says why a module cannot be made better, as a clause.
func (s *system) holdsDown(m int32) string {
	mod := s.a.Module(m)
	switch {
	case mod.Kind == schema.External:
		if v, ok := s.otherVar[m]; ok && v >= 0 {
			return fmt.Sprintf("%s is external, and one alternative is not enough", mod.Name)
		}
		return s.why(m, cause{kind: losesExternal, module: m, domain: -1})
	case mod.Kind == schema.Job || s.settings.Costs.replica(mod) == Never:
		return s.why(m, cause{kind: losesReplica, module: m, domain: -1})
	}
	return fmt.Sprintf("no number of replicas of %s that is considered is enough", mod.Name)
}
