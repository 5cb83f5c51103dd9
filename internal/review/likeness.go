package review

import (
	"cmp"
	"slices"
)

// likeness is how alike an old and a new thing are.
type likeness struct {
	fields, allFields int // that are the same; that either of the two states
	links             int // connections to things that are the same
	twins             int // connections to things without a partner that cannot be told apart
	allLinks          int // connections that either of the two has
	names             float64
}

// share is the part of all that is the same, from 0 to 1; 1 where there is nothing to compare.
func (l likeness) share() float64 {
	if l.allFields+l.allLinks == 0 {
		return 1
	}
	return float64(l.fields+l.links+l.twins) / float64(l.allFields+l.allLinks)
}

// score is the share, and up to a quarter more for names that are alike; a few letters that are the same say nothing.
func (l likeness) score() float64 {
	if l.names < alikeNames {
		return l.share()
	}
	return l.share() + l.names/4
}

const (
	leastScore = 0.75
	alikeNames = 0.5  // from here on, names say something
	nameAlone  = 0.6  // from here on, a name is enough where nothing else is known
	margin     = 0.1  // of the best score over the next
	nameMargin = 0.15 // of the best names over the next, where the share is no smaller
)

// enough reports whether two things are alike enough to be the same: by their score, and so that it rests on more than
// one thing that may be so by chance.
func (l likeness) enough() bool {
	if l.score() < leastScore {
		return false
	}
	if l.fields == l.allFields && l.links+l.twins == l.allLinks {
		return l.links+l.twins >= 1 || l.fields >= 2 || l.names >= nameAlone
	}
	return float64(l.fields+l.links)+2*l.names >= 3 && (l.links >= 2 || l.names >= alikeNames)
}

// beats reports whether l is clearly more alike than another candidate.
func (l likeness) beats(o likeness) bool {
	return l.score()-o.score() >= margin || l.share() >= o.share() && l.names >= alikeNames && l.names-o.names >= nameMargin
}

// comparer tells how alike things are, by the partners that are known; colours are those of depth 1. While the search goes on
// (final is false), connections to things of which the partners are not known yet are left open.
type comparer struct {
	*renameSearch
	old, new []uint64
	final    bool

	oldLinks, newLinks []linkKeys // by thing, as far as they were asked for
}

// linkKeys are the connections of a thing, as linksOf gives them.
type linkKeys struct {
	known, open []uint64
	read        bool
}

func (s *renameSearch) comparer(final bool) *comparer {
	old, new := s.colours(1)
	return &comparer{
		renameSearch: s, old: old[1], new: new[1], final: final,
		oldLinks: make([]linkKeys, len(s.old.things)), newLinks: make([]linkKeys, len(s.new.things)),
	}
}

func (s *comparer) likeness(o, n int32) likeness {
	l := s.likenessButNames(o, n)
	l.names = nameLikeness(s.renameSearch.old.things[o].name, s.renameSearch.new.things[n].name)
	return l
}

func (s *comparer) likenessButNames(o, n int32) likeness {
	var l likeness
	a, b := &s.renameSearch.old.things[o], &s.renameSearch.new.things[n]
	l.fields, l.allFields = commonFields(a.fields, b.fields)
	if a.sort == ofModules && a.kind != "service" || a.sort == ofDomains {
		l.fields++ // the kind, which is the same
		l.allFields++
	}
	x, y := &s.oldLinks[o], &s.newLinks[n]
	if !x.read {
		x.known, x.open = s.linksOf(s.renameSearch.old, o, s.oldPartner, true, s.old)
		x.read = true
	}
	if !y.read {
		y.known, y.open = s.linksOf(s.renameSearch.new, n, s.newPartner, false, s.new)
		y.read = true
	}
	l.links = common(x.known, y.known)
	l.allLinks = len(x.known) + len(y.known) - l.links
	l.twins = common(x.open, y.open)
	restA, restB := len(x.open)-l.twins, len(y.open)-l.twins
	l.allLinks += l.twins + max(restA, restB)
	if s.final {
		l.allLinks += min(restA, restB)
	} else {
		l.allLinks -= min(restA, restB)
	}
	return l
}

func commonFields(a, b []statedField) (same, all int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].name < b[0].name:
			a = a[1:]
		case b[0].name < a[0].name:
			b = b[1:]
		default:
			if a[0].value == b[0].value {
				same++
			}
			a, b = a[1:], b[1:]
		}
		all++
	}
	return same, all + len(a) + len(b)
}

// linksOf gives the connections of a thing: to those that are known on both sides, as role and number of the old one of
// the two, and to others, as role and colour; sorted. Colours may be nil.
func (s *renameSearch) linksOf(g *graph, i int32, partner []int32, old bool, colours []uint64) (known, open []uint64) {
	known = make([]uint64, 0, len(g.things[i].links))
	for _, l := range g.things[i].links {
		to := l.to
		if partner[to] < 0 {
			if colours != nil {
				open = append(open, mix(colours[to]+uint64(l.role)))
			}
			continue
		}
		if !old {
			to = partner[to]
		}
		known = append(known, uint64(l.role)<<32|uint64(uint32(to)))
	}
	slices.Sort(known)
	slices.Sort(open)
	return known, open
}

// common counts what two sorted lists have in common, each as often as both have it.
func common(a, b []uint64) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case b[0] < a[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// enoughKnown reports whether two things that state the same and stand in surroundings of the same form are the same.
func (s *renameSearch) enoughKnown(o, n int32) bool {
	t := &s.old.things[o]
	return len(t.links) >= 1 || len(t.fields) >= 2 || nameLikeness(t.name, s.new.things[n].name) >= nameAlone
}

// candidate is a pair of things that may be the same.
type candidate struct {
	o, n int32
	likeness
}

// pairAlike pairs the things that are alike enough and clearly more so than any other pair with one of the two, and
// reports whether it found any.
func (s *renameSearch) pairAlike() bool {
	list := s.candidates()
	best, next := map[int32]int{}, map[int32]int{} // index into list, by old thing, and by new thing as ^n
	consider := func(k int32, i int) {
		b, ok := best[k]
		switch {
		case !ok:
			best[k] = i
		case list[i].score() > list[b].score():
			best[k], next[k] = i, b
		default:
			if n, ok := next[k]; !ok || list[i].score() > list[n].score() {
				next[k] = i
			}
		}
	}
	for i, c := range list {
		consider(c.o, i)
		consider(^c.n, i)
	}
	clear := func(k int32, i int) bool {
		if best[k] != i {
			return false
		}
		n, ok := next[k]
		return !ok || list[i].beats(list[n].likeness)
	}
	found := false
	for i, c := range list {
		if c.enough() && clear(c.o, i) && clear(^c.n, i) {
			s.pair(c.o, c.n)
			found = true
		}
	}
	return found
}

// Candidates are looked for by what few have in common: common traits would make every pair one.
const (
	allPairs  = 2_500 // up to here, all pairs of one kind are looked at
	maxShared = 24    // things of either side that share a trait
)

// candidates gives the pairs that may be the same, in order.
func (s *renameSearch) candidates() []candidate {
	type group struct {
		sort sort
		kind string
	}
	groups := map[group]*class{}
	var order []*class
	at := func(t *thing) *class {
		k := group{t.sort, t.kind}
		if groups[k] == nil {
			groups[k] = &class{}
			order = append(order, groups[k])
		}
		return groups[k]
	}
	for i := range s.old.things {
		if s.oldPartner[i] < 0 {
			c := at(&s.old.things[i])
			c.old = append(c.old, int32(i))
		}
	}
	for i := range s.new.things {
		if s.newPartner[i] < 0 {
			c := at(&s.new.things[i])
			c.new = append(c.new, int32(i))
		}
	}
	var pairs [][2]int32
	for _, c := range order {
		if len(c.old)*len(c.new) <= allPairs {
			for _, o := range c.old {
				for _, n := range c.new {
					pairs = append(pairs, [2]int32{o, n})
				}
			}
			continue
		}
		pairs = append(pairs, s.sharing(c)...)
	}
	slices.SortFunc(pairs, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	pairs = slices.Compact(pairs)
	var out []candidate
	j := s.comparer(false)
	for _, p := range pairs {
		l := j.likenessButNames(p[0], p[1])
		if l.share() < leastScore-0.25 {
			continue
		}
		l.names = nameLikeness(s.old.things[p[0]].name, s.new.things[p[1]].name)
		out = append(out, candidate{p[0], p[1], l})
	}
	return out
}

// sharing gives the pairs of a class that share a trait which few have: a connection, a field, a word of the name.
func (s *renameSearch) sharing(c *class) [][2]int32 {
	by := map[uint64]*class{}
	at := func(trait uint64) *class {
		if by[trait] == nil {
			by[trait] = &class{}
		}
		return by[trait]
	}
	traits := func(g *graph, i int32, partner []int32, old bool) []uint64 {
		var out []uint64
		known, _ := s.linksOf(g, i, partner, old, nil)
		for _, l := range known {
			out = append(out, mix(l+1))
		}
		for _, f := range g.things[i].fields {
			out = append(out, mix(hashText(f.name)^5*hashText(f.value)))
		}
		for _, w := range words(g.things[i].name) {
			out = append(out, mix(hashText(w)+7))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for _, o := range c.old {
		for _, t := range traits(s.old, o, s.oldPartner, true) {
			k := at(t)
			k.old = append(k.old, o)
		}
	}
	for _, n := range c.new {
		for _, t := range traits(s.new, n, s.newPartner, false) {
			k := at(t)
			k.new = append(k.new, n)
		}
	}
	var out [][2]int32
	for _, k := range by { // the caller sorts
		if len(k.old) > maxShared || len(k.new) > maxShared {
			continue
		}
		for _, o := range k.old {
			for _, n := range k.new {
				out = append(out, [2]int32{o, n})
			}
		}
	}
	return out
}
