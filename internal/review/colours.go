package review

import (
	"cmp"
	"slices"
)

// Colours tell which things of the two graphs cannot be told apart: at depth 0 by what they state, at depth n by their
// colour and connections at depth n-1. A pair that is known has a colour of its own.
//
// Source: B. Weisfeiler, A. Leman, A reduction of a graph to a canonical form, 1968.

// maxDepth is how far colours look. Beyond that, what is not told apart is decided by names or not at all.
const maxDepth = 8

// mix is the finalizer of MurmurHash3 (A. Appleby), which spreads every bit over all.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// hashText is FNV-1a, mixed.
func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// colours gives the colours of a graph's things from depth 0 to the given one. Those with a partner have that of the old
// one of the two: number gives it.
func (g *graph) colours(partner []int32, number func(i int32) int32, depth int) [][]uint64 {
	first := make([]uint64, len(g.things))
	for i := range g.things {
		t := &g.things[i]
		if partner[i] >= 0 {
			first[i] = mix(uint64(number(int32(i))) + 1<<40)
			continue
		}
		h := mix(uint64(t.sort)+1) ^ hashText(t.kind)
		for _, f := range t.fields {
			h += mix(hashText(f.name) ^ 3*hashText(f.value))
		}
		first[i] = mix(h)
	}
	out := [][]uint64{first}
	for range depth {
		last := out[len(out)-1]
		next := slices.Clone(last)
		for i := range g.things {
			if partner[i] >= 0 {
				continue
			}
			sum := uint64(0)
			for _, l := range g.things[i].links {
				sum += mix(last[l.to] ^ mix(l.detail*31+uint64(l.role)))
			}
			next[i] = mix(last[i] ^ mix(sum+1))
		}
		out = append(out, next)
	}
	return out
}

// colours gives those of both graphs.
func (s *renameSearch) colours(depth int) (old, new [][]uint64) {
	old = s.old.colours(s.oldPartner, func(i int32) int32 { return i }, depth)
	new = s.new.colours(s.newPartner, func(i int32) int32 { return s.newPartner[i] }, depth)
	return old, new
}

// class is a set of things that cannot be told apart.
type class struct{ old, new []int32 }

// pairExact pairs the things that state the same and stand in the same surroundings, looked at as far as possible, and
// reports whether it found any.
func (s *renameSearch) pairExact() bool {
	old, new := s.colours(maxDepth)
	// The deepest colours tell the most apart; a change of one thing shows in those around it from its distance on.
	for depth := maxDepth; depth > 0; depth-- {
		classes := s.classes(old[depth], new[depth])
		found := false
		for _, c := range classes {
			if len(c.old) == 1 && len(c.new) == 1 && s.enoughKnown(c.old[0], c.new[0]) {
				s.pair(c.old[0], c.new[0])
				found = true
			}
		}
		for _, c := range classes {
			if len(c.old) > 1 || len(c.new) > 1 {
				for _, p := range s.byName(c) {
					s.pair(p[0], p[1])
					found = true
				}
			}
		}
		if found {
			return true
		}
	}
	return false
}

// classes gives the things without a partner that have one colour on both sides, in order of the first old one.
func (s *renameSearch) classes(old, new []uint64) []class {
	by := map[uint64]*class{}
	for i, c := range old {
		if s.oldPartner[i] < 0 {
			if by[c] == nil {
				by[c] = &class{}
			}
			by[c].old = append(by[c].old, int32(i))
		}
	}
	for i, c := range new {
		if k := by[c]; k != nil && s.newPartner[i] < 0 {
			k.new = append(k.new, int32(i))
		}
	}
	var out []class
	for _, c := range by {
		if len(c.new) > 0 {
			out = append(out, *c)
		}
	}
	slices.SortFunc(out, func(a, b class) int { return cmp.Compare(a.old[0], b.old[0]) })
	return out
}
