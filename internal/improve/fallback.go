package improve

import (
	"math"
	"slices"
)

// What the fallback leaves out: all that together brings less than a small share of the time down, and each step that by
// itself brings next to nothing.
const (
	smallShare = 0.01
	nothing    = 1e-4
)

// fallback finds changes that bring availabilities near to what is promised where that cannot be reached: options that are
// worth most for themselves, without what brings next to nothing. All targets count, also those that nothing helps to reach what
// they promise. No target gets worse, no module leaves a failure domain, and each change is needed: without it, the others
// do less. Where the work or the time does not suffice to see what is not needed, some changes may not be.
func (x *availabilitySearch) fallback(out *found) ([]uint8, error) {
	s := x.s
	none := make([]uint8, len(s.vars))
	x.work = greedyWork
	now, err := x.probabilities(none, nil)
	if err != nil {
		return nil, err
	}
	// How far a choice is from all promises, as the logarithm of a ratio; infinitely far where a target gets worse.
	far := func(choice []uint8) (float64, error) {
		all, err := x.probabilities(choice, nil)
		if err != nil {
			return 0, err
		}
		sum := 0.0
		for i, p := range all {
			if p.High > now[i].High*(1+1e-12) {
				return math.Inf(1), nil
			}
			if allowed := allowedBy(*s.promise(i)); p.High > allowed {
				sum += logRatio(p.High, allowed)
			}
		}
		return sum, nil
	}
	before, err := far(none)
	if err != nil || before < nothing {
		return none, err
	}
	tell := func(choice []uint8) {
		told := *out
		told.choice, told.safe = choice, true
		s.publish(told)
	}
	best, choice := before, none
	for _, way := range []weighing{{matters: x.critical}, {matters: x.critical, soft: true}, {matters: x.involved()}} {
		w := way
		w.x, w.may, w.weight = x, s.keeps, make([]float64, len(s.targets))
		if w.soft && !slices.ContainsFunc(s.vars, func(v variable) bool { return v.dependency >= 0 }) {
			continue
		}
		for i, p := range now {
			if allowed := allowedBy(*s.promise(i)); p.High > allowed {
				w.weight[i] = 1 / allowed
			}
		}
		got, is, err := w.nearest(far, before, tell)
		if err != nil {
			return nil, err
		}
		if is < best-nothing && (is < best-smallShare || s.costOf(got) < s.costOf(choice)) {
			best, choice = is, got
		}
	}
	if best >= before-nothing {
		return none, nil
	}
	tell(choice)
	choice = slices.Clone(choice)
	last := best
	for again := true; again && !x.ended(); {
		again = false
		err := x.shrink(choice, func(choice []uint8) (bool, error) {
			for v, o := range choice {
				if !s.keeps(v, int(o)) {
					return false, nil
				}
			}
			is, err := far(choice)
			if err != nil || !(is-last < nothing || is-best < smallShare && is < before-nothing) {
				return false, err
			}
			last, again = is, true
			if is < before-nothing {
				tell(choice)
			}
			return true, nil
		})
		if err != nil {
			return nil, err
		}
	}
	if !(last < before-nothing) {
		return none, nil
	}
	return choice, nil
}

// nearest finds the smallest weights, of some in steps, by which a choice comes about as near to all promises as with any.
// before is how far they are without changes.
func (w *weighing) nearest(far func([]uint8) (float64, error), before float64, tell func([]uint8)) (choice []uint8, is float64, err error) {
	const step = 8
	is = math.Inf(1)
	var tried [][]uint8
	var how []float64
	for range 10 {
		got, err := w.choose()
		if err != nil {
			return nil, is, err
		}
		w.scale(step)
		if len(tried) > 0 && slices.Equal(got, tried[len(tried)-1]) {
			continue
		}
		f, err := far(got)
		if err != nil {
			return nil, is, err
		}
		if f < is {
			is = f
			if f < before-nothing {
				tell(got)
			}
		}
		tried, how = append(tried, got), append(how, f)
		if w.x.ended() {
			break
		}
	}
	for k, f := range how {
		if f <= is+smallShare/2 {
			return tried[k], f, nil
		}
	}
	return tried[len(tried)-1], is, nil
}

// keeps reports whether an option may be taken and leaves a module in all failure domains where it stands.
func (s *system) keeps(v, o int) bool {
	is := &s.vars[v]
	if is.allowed>>o&1 == 0 {
		return false
	}
	if !s.isModule(v) {
		return true
	}
	for _, st := range is.options[0].stands {
		if !slices.ContainsFunc(is.options[o].stands, func(t stand) bool { return t.domain == st.domain }) {
			return false
		}
	}
	return true
}
