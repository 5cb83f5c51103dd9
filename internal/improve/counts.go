package improve

import (
	"slices"

	"lintel/analyzer/change"
	"lintel/schema"
)

// counts lists small changes of a placement that is stated by counts: some replicas more where few stand, or some that move
// there from where most do. To spread all of them evenly may move many more.
func (s *system) counts(m *schema.Module, now *capacity, pool []int32, current int) (out [][]change.Count) {
	if m.Placement == nil || len(m.Placement.Counts) == 0 || current == 0 {
		return nil
	}
	have := make([]int, len(pool))
	total := 0
	for _, st := range now.stands {
		have[slices.Index(pool, st.domain)] = st.count
		total += st.count
	}
	if total != now.replicas {
		return nil
	}
	kinds := append([]schema.DomainKind{""}, s.kinds()...)
	for _, kind := range kinds {
		// What is lost together; "" is each place by itself.
		group := make([]int32, len(pool))
		for i, d := range pool {
			if group[i] = d; kind != "" {
				group[i] = s.enclosing(d, kind)
			}
		}
		for _, places := range []int{current, min(len(pool), mostPlaces)} {
			if places < current {
				continue
			}
			if m.Kind != schema.Job {
				out = s.topped(out, m, pool[:places], group, have)
			}
			out = s.shifted(out, m, pool[:places], group, have)
		}
	}
	return out
}

// topped adds replicas where fewest stand: one to three, and as many as it takes until the loss of no group leaves too few.
func (s *system) topped(out [][]change.Count, m *schema.Module, pool, group []int32, have []int) [][]change.Count {
	is := slices.Clone(have[:len(pool)])
	n := m.ReliableReplicas()
	const most = 1000
	after := 0
	for k := 1; k <= most && after < 2; k++ {
		is[least(is, group)]++
		fits := s.keepsEnough(m, is, group, n+k)
		if fits {
			after++
		}
		if m.Redundancy.Mode == schema.Quorum && (n+k)%2 == 0 {
			continue
		}
		if k <= 3 || fits {
			out = append(out, s.countsOf(m, pool, is))
		}
	}
	return out
}

// shifted moves replicas from where most stand to where fewest do: one, and as many as it takes.
func (s *system) shifted(out [][]change.Count, m *schema.Module, pool, group []int32, have []int) [][]change.Count {
	is := slices.Clone(have[:len(pool)])
	for k := 1; k <= m.ReliableReplicas(); k++ {
		from, to := largest(is, group), least(is, group)
		if group[from] == group[to] || is[from] == 0 {
			break
		}
		is[from]--
		is[to]++
		fits := s.keepsEnough(m, is, group, m.ReliableReplicas())
		if k == 1 || fits {
			out = append(out, s.countsOf(m, pool, is))
		}
		if fits {
			break
		}
	}
	return out
}

// keepsEnough reports whether what a module needs is left of n replicas when any group is lost.
func (s *system) keepsEnough(m *schema.Module, is []int, group []int32, n int) bool {
	need := m.Need()
	if m.Redundancy.Need == nil && m.Redundancy.Mode == schema.Quorum {
		need = n/2 + 1
	}
	for i := range is {
		if n-together(is, group, group[i]) < need {
			return false
		}
	}
	return true
}

// together is the number of replicas in one group.
func together(is []int, group []int32, g int32) (sum int) {
	for i, n := range is {
		if group[i] == g {
			sum += n
		}
	}
	return sum
}

// least is the place with fewest replicas in the group that has fewest, the first of several.
func least(is []int, group []int32) int {
	best := 0
	for i := range is {
		a, b := together(is, group, group[i]), together(is, group, group[best])
		if a < b || a == b && is[i] < is[best] {
			best = i
		}
	}
	return best
}

// largest is the place with most replicas in the group that has most, the first of several.
func largest(is []int, group []int32) int {
	best := 0
	for i := range is {
		a, b := together(is, group, group[i]), together(is, group, group[best])
		if a > b || a == b && is[i] > is[best] {
			best = i
		}
	}
	return best
}

// countsOf writes counts as a change does: all that m states, and what is more than none.
func (s *system) countsOf(m *schema.Module, pool []int32, is []int) (out []change.Count) {
	for i, n := range is {
		name := s.a.Design.FailureDomains[pool[i]].Name
		stated := slices.ContainsFunc(m.Placement.Counts, func(c schema.PlacementCount) bool { return c.Domain.Name == name })
		if n > 0 || stated {
			out = append(out, change.Count{Domain: name, Replicas: n})
		}
	}
	for _, c := range m.Placement.Counts {
		if c.Count == 0 && !slices.ContainsFunc(out, func(o change.Count) bool { return o.Domain == c.Domain.Name }) {
			out = append(out, change.Count{Domain: c.Domain.Name})
		}
	}
	return out
}
