package review

import (
	"cmp"
	"slices"
	"time"

	"lintel/schema"
)

// more is for values of which more strengthens, fewer for those of which more weakens.
func more[N cmp.Ordered](old, new N) Effect {
	switch {
	case new > old:
		return Strengthens
	case new < old:
		return Weakens
	}
	return Neutral
}

func fewer[N cmp.Ordered](old, new N) Effect { return more(new, old) }

// moreKnown and fewerKnown keep silent where one side does not state the value: what is not stated is unknown.
func moreKnown[N int | float64 | time.Duration](old, new *N) Effect {
	if old == nil || new == nil {
		return Neutral
	}
	return more(*old, *new)
}

func fewerKnown[N int | float64 | time.Duration](old, new *N) Effect {
	return moreKnown(new, old)
}

// lessDown compares how much of the time two things are down, where both say so.
func lessDown(old, new func() (q float64, ok bool)) Effect {
	o, known := old()
	n, also := new()
	if !known || !also {
		return Neutral
	}
	return fewer(o, n)
}

// has is for guards: to have one strengthens.
func has(old, new bool) Effect {
	switch {
	case new && !old:
		return Strengthens
	case old && !new:
		return Weakens
	}
	return Neutral
}

func isTrue(b *bool) bool { return b != nil && *b }

// wider is for lists to which an element more is a strength; one in which some came and others went is neither.
func wider(old, new []schema.Ref) Effect {
	all := func(list, in []schema.Ref) bool {
		return !slices.ContainsFunc(list, func(r schema.Ref) bool {
			return !slices.ContainsFunc(in, func(o schema.Ref) bool { return o.Name == r.Name })
		})
	}
	switch {
	case len(new) > len(old) && all(old, new):
		return Strengthens
	case len(new) < len(old) && all(new, old):
		return Weakens
	}
	return Neutral
}
