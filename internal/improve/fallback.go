package improve

import (
	"math"
	"slices"

	"lintel/analyzer/resilience"
	"lintel/schema"
)

// What the fallback leaves out: all that together brings less than a small share of the time down, and each step that by
// itself brings next to nothing.
const (
	smallShare = 0.01
	nothing    = 1e-4
)

// fallback finds changes that bring availabilities near to what is promised where that cannot be reached: the best option of
// each variable for itself, without what brings next to nothing. All targets count, also those that nothing helps to reach what
// they promise. No target gets worse, no module leaves a failure domain, and each change is needed: without it, the others
// do less. Where there is not enough work left to tell all this, there are no changes.
func (x *availabilitySearch) fallback() ([]uint8, error) {
	s := x.s
	none := make([]uint8, len(s.vars))
	x.work = greedyWork
	now, err := x.probabilities(none, nil)
	if err != nil {
		return nil, err
	}
	// How far a choice is from all promises, as the logarithm of a ratio; infinitely far where a target gets worse.
	far := func(choice []uint8) float64 {
		all, e := x.probabilities(choice, nil)
		if e != nil {
			err = e
			return math.Inf(1)
		}
		sum := 0.0
		for i, p := range all {
			if p.High > now[i].High*(1+1e-12) {
				return math.Inf(1)
			}
			if allowed := allowedBy(*s.promise(i)); p.High > allowed {
				sum += logRatio(p.High, allowed)
			}
		}
		return sum
	}
	// Where everything else is perfect, an option shows what it is worth without waiting for the others: of two modules in one
	// zone, to spread one alone brings nothing.
	choice := slices.Clone(none)
	others := map[int32]bool{}
	for v := range s.vars {
		others[int32(v)] = true
	}
	for v := range s.vars {
		delete(others, int32(v))
		best := math.Inf(1)
		var first []resilience.Probability
		for o := range s.vars[v].options {
			if x.work <= 0 {
				return none, nil
			}
			if !s.keeps(v, o) {
				continue
			}
			one := slices.Clone(none)
			one[v] = uint8(o)
			all, err := x.probabilities(one, others)
			if err != nil {
				return nil, err
			}
			if first == nil {
				first = all
			}
			sum := 0.0
			for i, p := range all {
				if p.High > first[i].High*(1+1e-12) {
					sum = math.Inf(1)
				}
				sum += p.High / allowedBy(*s.promise(i))
			}
			if sum < best*(1-1e-12) {
				best, choice[v] = sum, uint8(o)
			}
		}
		others[int32(v)] = true
	}
	before, best := far(none), far(choice)
	if err != nil || !(best < before-nothing) {
		return none, err
	}
	// The dearest first.
	order := make([]int, len(s.vars))
	for v := range order {
		order[v] = v
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return int(min(max(s.vars[b].cost[choice[b]]-s.vars[a].cost[choice[a]], -1), 1))
	})
	x.work = greedyWork
	last := best
	for again := true; again; {
		again = false
		for _, v := range order {
			for o := range choice[v] {
				if !s.keeps(v, int(o)) {
					continue
				}
				if x.work <= 0 {
					return none, nil
				}
				was := choice[v]
				choice[v] = o
				if is := far(choice); is-last < nothing || is-best < smallShare && is < before-nothing {
					last, again = is, true
					break
				}
				choice[v] = was
			}
		}
	}
	if err != nil || !(last < before-nothing) {
		return none, err
	}
	return choice, nil
}

// keeps reports whether an option may be taken and leaves a module in all failure domains where it stands.
func (s *system) keeps(v, o int) bool {
	is := &s.vars[v]
	if is.allowed>>o&1 == 0 {
		return false
	}
	if is.dependency >= 0 || s.a.Module(is.module).Kind == schema.External {
		return true
	}
	for _, st := range is.options[0].stands {
		if !slices.ContainsFunc(is.options[o].stands, func(t stand) bool { return t.domain == st.domain }) {
			return false
		}
	}
	return true
}
