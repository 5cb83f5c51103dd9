package improve

import (
	"slices"

	"lintel/analyzer/resilience"
	"lintel/schema"
)

// weighing picks an option of each variable for itself, the one of which the price and the harm together are least: what the
// option is worth alone, times the weights of the targets that it matters to. The larger the weights, the better the
// options (Lagrangian relaxation; H. Everett, Generalized Lagrange multiplier method for solving problems of optimum
// allocation of resources, Operations Research 11, 1963). What failure domains that modules have in common do is left out, so each
// choice is held against the analysis of the whole design.
type weighing struct {
	x       *availabilitySearch
	matters [][]int32 // by variable: targets
	weight  []float64 // by target
	soft    bool      // what may become soft becomes soft
	may     func(v, o int) bool
}

// findCritical finds what each variable brings down by itself.
func (x *availabilitySearch) findCritical() {
	s := x.s
	st := s.state(nil)
	x.critical = make([][]int32, len(s.vars))
	for v := range s.vars {
		if s.vars[v].module < 0 {
			continue
		}
		st.simulate([]int32{s.vars[v].module}, nil)
		for i := range s.targets {
			if st.rank[x.nodeOf(i)] > 0 {
				x.critical[v] = append(x.critical[v], int32(i))
			}
		}
	}
}

func (x *availabilitySearch) nodeOf(target int) int32 {
	if t := x.s.targets[target]; t.Journey >= 0 {
		return x.s.journeyNode[t.Journey]
	}
	return x.s.targets[target].Module
}

// involved lists by variable the targets that it takes part in, also by way of alternatives.
func (x *availabilitySearch) involved() [][]int32 {
	out := make([][]int32, len(x.s.vars))
	for i, list := range x.relevant {
		for _, v := range list {
			out[v] = append(out[v], int32(i))
		}
	}
	return out
}

// choose picks the options.
func (w *weighing) choose() ([]uint8, error) {
	s := w.x.s
	choice := make([]uint8, len(s.vars))
	for v := range s.vars {
		is := &s.vars[v]
		weight := 0.0
		for _, i := range w.matters[v] {
			weight += w.weight[i]
		}
		if is.dependency >= 0 {
			if w.soft && w.may(v, 1) {
				choice[v] = 1
			}
			continue
		}
		if weight == 0 {
			continue
		}
		worth, err := w.x.alone(int32(v))
		if err != nil {
			return nil, err
		}
		best := weight * worth[0]
		for o := 1; o < len(is.options); o++ {
			if is := priceOf(is.cost[o]) + weight*worth[o]; w.may(v, o) && is < best*(1-1e-12) {
				best, choice[v] = is, uint8(o)
			}
		}
		if s.settings.stopped() && !s.settings.Deadline.IsZero() {
			return nil, ErrOver
		}
	}
	return choice, nil
}

// scale multiplies all weights.
func (w *weighing) scale(by float64) {
	for i := range w.weight {
		w.weight[i] *= by
	}
}

// approach finds a choice that reaches all promises, though not always the cheapest, and lets out hold it.
func (x *availabilitySearch) approach(out *found) error {
	s := x.s
	x.work = greedyWork
	w := &weighing{x: x, may: func(v, o int) bool { return s.vars[v].allowed>>o&1 != 0 }}
	take := func(choice []uint8) {
		if !out.reached || s.costOf(choice) < s.costOf(out.choice) {
			out.choice, out.reached = slices.Clone(choice), true
			s.publish(*out)
		}
	}
	none := make([]uint8, len(s.vars))
	if ok, err := x.reaches(none); err != nil {
		return err
	} else if ok {
		take(none)
		return nil
	}
	var choice []uint8
	for _, way := range []struct {
		matters [][]int32
		soft    bool
	}{{x.critical, false}, {x.involved(), false}, {x.involved(), true}} {
		w.matters, w.soft = way.matters, way.soft
		w.weight = make([]float64, len(s.targets))
		for i := range w.weight {
			if !x.given[i] {
				w.weight[i] = 1 / allowedBy(*s.promise(i))
			}
		}
		var reached bool
		var err error
		if choice, reached, err = w.rise(); err != nil {
			return err
		}
		if reached {
			take(choice)
			break
		}
	}
	if !out.reached {
		all, reached, err := x.greedy(choice)
		if err == nil && !reached {
			all, reached, err = x.greedy(none)
		}
		if err != nil || !reached {
			return err
		}
		take(all)
		return x.shrinkTo(out)
	}
	if err := w.sink(take); err != nil {
		return err
	}
	return x.shrinkTo(out)
}

// rise raises the weights of the targets that are short, until none is or that brings nothing more.
func (w *weighing) rise() (choice []uint8, reached bool, err error) {
	x := w.x
	same := 0
	for range 40 {
		last := choice
		if choice, err = w.choose(); err != nil {
			return nil, false, err
		}
		if slices.Equal(last, choice) {
			if same++; same == 5 {
				break
			}
		} else {
			same = 0
			if len(last) > 0 && x.ended() {
				break
			}
		}
		var all []resilience.Probability
		if all, err = x.probabilities(choice, nil); err != nil {
			return nil, false, err
		}
		if !x.leaves(all) {
			return choice, true, nil
		}
		for i, p := range all {
			if !x.given[i] && p.High > allowedBy(*x.s.promise(i)) {
				w.weight[i] *= 4
			}
		}
	}
	return choice, false, nil
}

// sink lowers the weights as far as all promises are still reached: all together, and then those of each target.
func (w *weighing) sink(take func([]uint8)) error {
	x := w.x
	try := func() (bool, error) {
		choice, err := w.choose()
		if err != nil {
			return false, err
		}
		ok, err := x.reaches(choice)
		if ok {
			take(choice)
		}
		return ok, err
	}
	for by := 2.0; by > 1.05; by = 1 + (by-1)/2 {
		w.scale(1 / by)
		if ok, err := try(); err != nil {
			return err
		} else if !ok {
			w.scale(by)
		}
	}
	for i := range w.weight {
		if w.weight[i] == 0 || x.ended() {
			continue
		}
		for _, by := range []float64{16, 2} {
			w.weight[i] /= by
			if ok, err := try(); err != nil {
				return err
			} else if !ok {
				w.weight[i] *= by
			}
		}
	}
	return nil
}

// shrinkTo takes back from the choice that out holds what is not needed to reach all promises.
func (x *availabilitySearch) shrinkTo(out *found) error {
	choice := slices.Clone(out.choice)
	return x.shrink(choice, func(choice []uint8) (bool, error) {
		ok, err := x.reaches(choice)
		if ok {
			out.choice = slices.Clone(choice)
			x.s.publish(*out)
		}
		return ok, err
	})
}

// shrink makes a choice cheaper as long as good says so: many variables at once, as far as that goes, else one after the other.
func (x *availabilitySearch) shrink(choice []uint8, good func([]uint8) (bool, error)) error {
	s := x.s
	var order []int
	for v := range choice {
		if choice[v] > 0 {
			order = append(order, v)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch ca, cb := s.vars[a].cost[choice[a]], s.vars[b].cost[choice[b]]; {
		case ca > cb:
			return -1
		case ca < cb:
			return 1
		}
		return 0
	})
	var drop func(vars []int) error
	drop = func(vars []int) error {
		if len(vars) == 0 || x.ended() {
			return nil
		}
		was := slices.Clone(choice)
		for _, v := range vars {
			choice[v] = 0
		}
		if ok, err := good(choice); err != nil || ok {
			return err
		}
		copy(choice, was)
		if len(vars) > 1 {
			half := len(vars) / 2
			if err := drop(vars[:half]); err != nil {
				return err
			}
			return drop(vars[half:])
		}
		v := vars[0]
		less, err := x.lesser(v, choice[v])
		for _, o := range less {
			if err != nil || x.ended() {
				break
			}
			choice[v] = o
			var ok bool
			if ok, err = good(choice); ok {
				return err
			}
		}
		choice[v] = was[v]
		return err
	}
	return drop(order)
}

// lesser lists the cheaper options of a variable that are each worth more than the ones before them.
func (x *availabilitySearch) lesser(v int, than uint8) (out []uint8, err error) {
	worth, err := x.alone(int32(v))
	if err != nil {
		return nil, err
	}
	best := worth[0]
	for o := uint8(1); o < than; o++ {
		is := &x.s.vars[v]
		if is.allowed>>o&1 != 0 && is.cost[o] < is.cost[than] && worth[o] < best*(1-1e-12) {
			if best = worth[o]; len(out) > 0 && is.cost[out[len(out)-1]] == is.cost[o] {
				out[len(out)-1] = o
			} else {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// isModule reports whether a variable is the redundancy of a module of the design's own.
func (s *system) isModule(v int) bool {
	return s.vars[v].dependency < 0 && s.a.Module(s.vars[v].module).Kind != schema.External
}
