package improve

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// availabilitySearch finds changes by which all that is promised is reached. A choice that reaches it is found quickly, by
// what each option is worth for itself (weigh). Then the search of the other goals goes on from it with another source of
// cuts: where a choice leaves a target short of its promise, parts are set free, one after the other, as long as the target stays
// short; what is free is at least as good as with any of its options. What could not be set free is a cut: as long as none
// of that gets better, the target stays short, whatever else is changed.
type availabilitySearch struct {
	s        *system
	relevant [][]int32 // by target: the variables that take part, ascending
	work     int       // analyses that may still be made, times modules
	known    map[string][]resilience.Probability
	worth    [][]float64 // by variable and option: see alone; nil where not asked for
	critical [][]int32   // by variable: the targets that it brings down by itself
	given    []bool      // by target: nothing helps
	last     int         // the target that was short last
}

// Work that an SLO may take.
const (
	exactWork  = 400_000
	greedyWork = 400_000
)

func newAvailabilitySearch(s *system) *availabilitySearch {
	x := &availabilitySearch{s: s, known: map[string][]resilience.Probability{}, given: make([]bool, len(s.targets))}
	s.addAll()
	for _, t := range s.targets {
		x.relevant = append(x.relevant, s.variablesOf(t))
	}
	x.findCritical()
	return x
}

func (s *system) searchAvailability() (found, error) {
	x := newAvailabilitySearch(s)
	var out found
	if err := x.giveUp(&out); err != nil {
		return out, err
	}
	s.publish(out)
	if !out.impossible {
		if err := x.approach(&out); err != nil {
			return out, err
		}
		s.publish(out)
		if err := x.exact(&out); err != nil {
			return out, err
		}
	}
	out.late = s.settings.stopped()
	out.reached = out.reached && !out.impossible
	out.cheapest = out.reached && s.costOf(out.choice) <= out.lower
	var err error
	if !out.reached {
		out.choice, err = x.fallback(&out)
	}
	return out, err
}

// giveUp finds the targets that nothing helps, even with all that can be changed at its best, and what holds them down.
func (x *availabilitySearch) giveUp(out *found) error {
	least, err := x.least()
	if err != nil {
		return err
	}
	give := func(i int) error {
		x.given[i], out.impossible = true, true
		c, err := x.ceiling(i, least[i])
		out.ceilings = append(out.ceilings, c)
		return err
	}
	for i, q := range least {
		if q > allowedBy(*x.s.promise(i)) {
			if err := give(i); err != nil {
				return err
			}
		}
	}
	x.s.publish(*out)
	free := map[int32]bool{}
	for v := range x.s.vars {
		free[int32(v)] = true
	}
	best, err := x.probabilities(nil, free)
	if err != nil {
		return err
	}
	for i, p := range best {
		if !x.given[i] && x.s.short(i, p) {
			least[i] = p.Low
			if err := give(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// exact looks for the cheapest choice, and lets out hold it.
func (x *availabilitySearch) exact(out *found) error {
	s := x.s
	x.work = exactWork
	var cuts []cut
	keys := map[string]bool{}
	var got covering
	for range s.rounds() {
		got = s.cover(cuts)
		if got.lower < givenUp {
			out.lower = got.lower
			s.publish(*out)
		}
		if got.lower >= givenUp {
			out.impossible = true // each cut can be met, and not all of them
			break
		}
		if out.reached && got.lower >= s.costOf(out.choice) {
			break
		}
		all, err := x.probabilities(got.choice, nil)
		if err != nil {
			return err
		}
		if !x.leaves(all) {
			if cost := s.costOf(got.choice); !out.reached || cost < s.costOf(out.choice) {
				out.choice, out.reached = got.choice, true
			}
			break
		}
		more := false
		for i, p := range all {
			if !s.short(i, p) {
				continue
			}
			c, err := x.cut(i, got.choice)
			if err != nil {
				return err
			}
			if c != nil && !keys[c.key()] {
				keys[c.key()] = true
				cuts = append(cuts, c)
				more = true
			}
		}
		if !more || x.ended() {
			break
		}
	}
	if got.lower < givenUp {
		out.lower = got.lower
	}
	return nil
}

// short reports whether a target is surely short of its promise.
func (s *system) short(i int, p resilience.Probability) bool { return p.Low > allowedBy(*s.promise(i)) }

// promise is the availability that a target promises, in percent.
func (s *system) promise(i int) *float64 {
	if t := s.targets[i]; t.Journey >= 0 {
		return s.a.Journeys()[t.Journey].Stated.SLO.Availability
	}
	return s.a.Module(s.targets[i].Module).SLO.Availability
}

// leaves reports whether a target that is not given up is not surely as good as its promise.
func (x *availabilitySearch) leaves(all []resilience.Probability) bool {
	for i, p := range all {
		if !x.given[i] && p.High > allowedBy(*x.s.promise(i)) {
			return true
		}
	}
	return false
}

// reaches reports whether a choice leaves no target but those given up. It looks first at the target that was short last.
func (x *availabilitySearch) reaches(choice []uint8) (bool, error) {
	if all := x.known[fmt.Sprint(choice)]; all != nil {
		return !x.leaves(all), nil
	}
	system, err := x.system(choice, nil)
	if err != nil {
		return false, err
	}
	for k := range x.s.targets {
		i := (x.last + k) % len(x.s.targets)
		if x.given[i] {
			continue
		}
		if x.s.settings.stopped() && !x.s.settings.Deadline.IsZero() {
			return false, ErrOver
		}
		p, err := x.probability(system, i)
		if err != nil {
			return false, err
		}
		if p.High > allowedBy(*x.s.promise(i)) {
			x.last = i
			return false, nil
		}
	}
	return true, nil
}

// addAll makes all variables that the targets need.
func (s *system) addAll() {
	for m := range s.a.Modules() {
		if s.reached[m] {
			s.ofModule(int32(m))
			s.ofExternal(int32(m))
		}
	}
	for g := range s.gates {
		if s.reached[s.nodeModule[s.gates[g].owner]] {
			s.ofDependency(s.gates[g].dependency)
		}
	}
}

// variablesOf lists the variables that take part in a target.
func (s *system) variablesOf(t analyzer.Target) (out []int32) {
	start := t.Module
	if t.Journey >= 0 {
		start = s.journeyNode[t.Journey]
	}
	seen := map[int32]bool{start: true}
	add := func(v int32, ok bool) {
		if ok && v >= 0 && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	for queue := []int32{start}; len(queue) > 0; queue = queue[1:] {
		v, ok := s.moduleVar[s.nodeModule[queue[0]]]
		add(v, ok)
		for _, g := range s.gatesOf[queue[0]] {
			v, ok := s.softVar[s.gates[g].dependency]
			add(v, ok)
			for _, n := range s.gates[g].targets {
				v, ok := s.otherVar[n]
				add(v, ok)
				if !seen[n] {
					seen[n] = true
					queue = append(queue, n)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// changed is the design of a choice. What is free is at least as good as with any of its options.
func (x *availabilitySearch) changed(choice []uint8, free map[int32]bool) (*schema.Design, error) {
	s := x.s
	var all []change.Change
	var instead []*schema.Module
	for v := range s.vars {
		o := uint8(0)
		if v < len(choice) {
			o = choice[v]
		}
		is := &s.vars[v]
		switch {
		case !free[int32(v)]:
			all = append(all, is.options[o].changes...)
		case is.dependency < 0 && s.a.Module(is.module).Kind != schema.External:
			m, ok := s.bounding(int32(v))
			if !ok {
				m = perfectly(s.a.Module(is.module))
			}
			instead = append(instead, m)
		case is.allowed>>1&1 != 0:
			all = append(all, is.options[1].changes...)
		}
	}
	d, err := change.Apply(s.a.Design, all...)
	if err != nil {
		return d, err
	}
	for _, m := range instead {
		i, _ := slices.BinarySearchFunc(d.Modules, m.Name, func(m *schema.Module, name string) int { return strings.Compare(m.Name, name) })
		m.DependsOn = d.Modules[i].DependsOn // softened, or with alternatives
		d.Modules[i] = m
	}
	return d, nil
}

// probabilities gives the unavailability of each target.
func (x *availabilitySearch) probabilities(choice []uint8, free map[int32]bool) ([]resilience.Probability, error) {
	key := ""
	if len(free) == 0 {
		if key = fmt.Sprint(choice); x.known[key] != nil {
			return x.known[key], nil
		}
	}
	out := make([]resilience.Probability, len(x.s.targets))
	system, err := x.system(choice, free)
	if err != nil {
		return nil, err
	}
	for i := range x.s.targets {
		if x.s.settings.stopped() && !x.s.settings.Deadline.IsZero() {
			return nil, ErrOver
		}
		if out[i], err = x.probability(system, i); err != nil {
			return nil, err
		}
	}
	if key != "" {
		x.known[key] = out
	}
	return out, nil
}

func (x *availabilitySearch) system(choice []uint8, free map[int32]bool) (*resilience.System, error) {
	x.work -= x.s.a.Modules()
	d, err := x.changed(choice, free)
	if err != nil {
		return nil, err
	}
	return resilience.New(analyzer.New(d), x.s.settings.Assume, x.s.settings.Limits)
}

func (x *availabilitySearch) probability(system *resilience.System, i int) (resilience.Probability, error) {
	t := x.s.targets[i]
	if t.Module >= 0 {
		// Alternatives are new modules, which move the others.
		t.Module, _ = system.Analysis.ModuleIndex(x.s.a.Module(t.Module).Name)
	}
	return system.Probability(t, 1-x.s.settings.Assume.Pessimistic/100)
}

// cut gives what has to get better, at least one, so that a target that a choice leaves short reaches its promise. It is nil
// where it could not be found within the bounds.
func (x *availabilitySearch) cut(target int, choice []uint8) (cut, error) {
	free := map[int32]bool{}
	var left []int32
	var try func(vars []int32) error
	try = func(vars []int32) error {
		if len(vars) == 0 {
			return nil
		}
		if x.ended() {
			left = append(left, vars...)
			return nil
		}
		for _, v := range vars {
			free[v] = true
		}
		system, err := x.system(choice, free)
		if err != nil {
			return err
		}
		p, err := x.probability(system, target)
		if err != nil || x.s.short(target, p) {
			return err
		}
		for _, v := range vars {
			delete(free, v)
		}
		if len(vars) == 1 {
			left = append(left, vars[0])
			return nil
		}
		half := len(vars) / 2
		if err := try(vars[:half]); err != nil {
			return err
		}
		return try(vars[half:])
	}
	if err := try(x.relevant[target]); err != nil {
		return nil, err
	}
	var out cut
	for _, v := range left {
		out = append(out, lit{v, x.s.better(v, choice[v])})
	}
	return out, nil
}

// better gives the options of a variable that may be better than one.
func (s *system) better(v int32, than uint8) uint64 {
	is := &s.vars[v]
	mask := uint64(0)
	for o := range is.options {
		switch {
		case o == int(than):
		case is.dependency >= 0 || s.a.Module(is.module).Kind == schema.External:
			if o > int(than) {
				mask |= 1 << o
			}
		case !is.options[than].covers(&is.options[o].capacity):
			mask |= 1 << o
		}
	}
	return mask & is.allowed
}

// covers reports whether c works whenever o does: it has all of its replicas, in the same places, and needs no more.
func (c *capacity) covers(o *capacity) bool {
	if c.need > o.need || c.manual && (!o.manual || c.primary != o.primary) {
		return false
	}
	free, freeOther := c.replicas, o.replicas
	for _, st := range c.stands {
		free -= st.count
	}
	for _, st := range o.stands {
		freeOther -= st.count
		i := slices.IndexFunc(c.stands, func(s stand) bool { return s.domain == st.domain })
		if i < 0 || c.stands[i].count < st.count {
			return false
		}
	}
	return free >= freeOther
}

// greedy goes on from a choice by what brings most for its price, until nothing is short but what is given up.
func (x *availabilitySearch) greedy(from []uint8) (choice []uint8, reached bool, err error) {
	s := x.s
	choice = slices.Clone(from)
	now, err := x.probabilities(choice, nil)
	if err != nil {
		return nil, false, err
	}
	gap := func(all []resilience.Probability) float64 {
		sum := 0.0
		for i, p := range all {
			if allowed := allowedBy(*s.promise(i)); !x.given[i] && p.High > allowed {
				sum += logRatio(p.High, allowed)
			}
		}
		return sum
	}
	for x.leaves(now) && !x.ended() {
		bestV, bestO, bestRate := -1, uint8(0), 0.0
		var bestNow []resilience.Probability
		before := gap(now)
		for v := range s.vars {
			for o := range s.vars[v].options {
				extra := s.vars[v].cost[o] - s.vars[v].cost[choice[v]]
				if o == int(choice[v]) || extra < 0 || s.vars[v].allowed>>o&1 == 0 || x.ended() {
					continue
				}
				was := choice[v]
				choice[v] = uint8(o)
				next, err := x.probabilities(choice, nil)
				choice[v] = was
				if err != nil {
					return nil, false, err
				}
				if rate := (before - gap(next)) / max(priceOf(extra), 0.01); rate > bestRate {
					bestV, bestO, bestRate, bestNow = v, uint8(o), rate, next
				}
			}
		}
		if bestV < 0 || bestRate < 1e-12 {
			break
		}
		choice[bestV], now = bestO, bestNow
	}
	return choice, !x.leaves(now), nil
}

// ended reports whether the work or the time is used up.
func (x *availabilitySearch) ended() bool { return x.work <= 0 || x.s.settings.stopped() }
