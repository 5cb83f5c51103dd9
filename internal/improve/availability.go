package improve

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// availabilitySearch finds changes by which all that is promised is reached. It is the search of the other goals with another
// source of cuts: where a choice leaves a target short of its promise, parts are taken for perfect, one after the other, as
// long as the target stays short. What could not be taken for perfect is a cut: as long as none of that gets better, the target
// stays short, whatever else is changed.
type availabilitySearch struct {
	s        *system
	relevant [][]int32 // by target: the variables that take part, ascending
	work     int       // analyses that may still be made, times modules
	known    map[string][]resilience.Probability
}

// Work that an SLO may take.
const (
	exactWork  = 400_000
	greedyWork = 400_000
)

func (s *system) searchAvailability() (found, error) {
	x := &availabilitySearch{s: s, known: map[string][]resilience.Probability{}}
	s.addAll()
	for _, t := range s.targets {
		x.relevant = append(x.relevant, s.variablesOf(t))
	}
	var out found
	given := make([]bool, len(s.targets)) // up: nothing helps
	none := make([]uint8, len(s.vars))
	perfect := map[int32]bool{}
	for v := range s.vars {
		perfect[int32(v)] = true
	}
	best, err := x.probabilities(none, perfect)
	if err != nil {
		return out, err
	}
	for i, p := range best {
		given[i] = s.short(i, p) // even with all that can be changed perfect
	}
	x.work = greedyWork
	incumbent, reached, err := x.greedy(none, given)
	if err != nil {
		return out, err
	}
	out.choice, out.reached = incumbent, reached
	out.impossible = slices.Contains(given, true)
	s.publish(out)
	x.work = exactWork
	var cuts []cut
	keys := map[string]bool{}
	var got covering
	for range s.rounds() {
		got = s.cover(cuts)
		if got.lower < givenUp {
			out.lower = got.lower
			s.publish(out)
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
			return out, err
		}
		if !x.leaves(all, given) {
			if cost := s.costOf(got.choice); !out.reached || cost < s.costOf(out.choice) {
				out.choice, out.reached = got.choice, true
			}
			break
		}
		more := false
		for i, p := range all {
			if given[i] || !s.short(i, p) {
				continue
			}
			c, err := x.cut(i, got.choice)
			if err != nil {
				return out, err
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
	out.late = s.settings.stopped()
	out.reached = out.reached && !out.impossible
	out.cheapest = out.reached && s.costOf(out.choice) <= out.lower
	if !out.reached {
		out.choice, err = x.fallback()
	}
	return out, err
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
func (x *availabilitySearch) leaves(all []resilience.Probability, given []bool) bool {
	for i, p := range all {
		if !given[i] && p.High > allowedBy(*x.s.promise(i)) {
			return true
		}
	}
	return false
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

// changed is the design of a choice. What is in perfect never fails.
func (x *availabilitySearch) changed(choice []uint8, perfect map[int32]bool) (*schema.Design, error) {
	s := x.s
	var all []change.Change
	var never []int32
	for v := range s.vars {
		o := uint8(0)
		if v < len(choice) {
			o = choice[v]
		}
		is := &s.vars[v]
		switch {
		case !perfect[int32(v)]:
			all = append(all, is.options[o].changes...)
		case is.dependency < 0 && s.a.Module(is.module).Kind != schema.External:
			never = append(never, is.module)
		default:
			// An alternative that never fails leaves its callers with nothing to lack.
			for _, c := range is.options[1].changes {
				all = append(all, change.Change{Kind: change.Soften, Module: c.Module, Dependency: c.Dependency})
			}
		}
	}
	d, err := change.Apply(s.a.Design, all...)
	if err != nil || len(never) == 0 {
		return d, err
	}
	for _, m := range never {
		name := s.a.Module(m).Name
		i, _ := slices.BinarySearchFunc(d.Modules, name, func(m *schema.Module, name string) int {
			switch {
			case m.Name < name:
				return -1
			case m.Name > name:
				return 1
			}
			return 0
		})
		clone := *d.Modules[i]
		clone.Placement, clone.Replicas, clone.Autoscaling = nil, 1, nil
		clone.Redundancy = schema.Redundancy{Mode: schema.ActiveActive, Failover: schema.AutomaticFailover}
		clone.Availability, clone.MTBF, clone.MTTR = new(100.0), nil, nil
		d.Modules[i] = &clone
	}
	return d, nil
}

// probabilities gives the unavailability of each target.
func (x *availabilitySearch) probabilities(choice []uint8, perfect map[int32]bool) ([]resilience.Probability, error) {
	key := ""
	if len(perfect) == 0 {
		if key = fmt.Sprint(choice); x.known[key] != nil {
			return x.known[key], nil
		}
	}
	out := make([]resilience.Probability, len(x.s.targets))
	system, err := x.system(choice, perfect)
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

func (x *availabilitySearch) system(choice []uint8, perfect map[int32]bool) (*resilience.System, error) {
	x.work -= x.s.a.Modules()
	d, err := x.changed(choice, perfect)
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
	perfect := map[int32]bool{}
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
			perfect[v] = true
		}
		system, err := x.system(choice, perfect)
		if err != nil {
			return err
		}
		p, err := x.probability(system, target)
		if err != nil || x.s.short(target, p) {
			return err
		}
		for _, v := range vars {
			delete(perfect, v)
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

// greedy goes on from a choice by what brings most for its price, until nothing is short but what is given up, and then
// takes back what is not needed.
func (x *availabilitySearch) greedy(from []uint8, given []bool) (choice []uint8, reached bool, err error) {
	s := x.s
	choice = slices.Clone(from)
	now, err := x.probabilities(choice, nil)
	if err != nil {
		return nil, false, err
	}
	gap := func(all []resilience.Probability) float64 {
		sum := 0.0
		for i, p := range all {
			if allowed := allowedBy(*s.promise(i)); !given[i] && p.High > allowed {
				sum += logRatio(p.High, allowed)
			}
		}
		return sum
	}
	for x.leaves(now, given) && !x.ended() {
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
		s.publish(found{choice: choice, impossible: slices.Contains(given, true)})
	}
	impossible := slices.Contains(given, true)
	if x.leaves(now, given) {
		return choice, false, nil
	}
	s.publish(found{choice: choice, reached: !impossible, impossible: impossible})
	s.trim(choice, func() bool {
		all, e := x.probabilities(choice, nil)
		if e != nil {
			err = e
			return false
		}
		if x.leaves(all, given) {
			return false
		}
		s.publish(found{choice: choice, reached: !impossible, impossible: impossible})
		return true
	})
	return choice, err == nil, err
}

// ended reports whether the work or the time is used up.
func (x *availabilitySearch) ended() bool { return x.work <= 0 || x.s.settings.stopped() }
