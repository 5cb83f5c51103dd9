package improve

import (
	"fmt"
	"math/bits"
	"slices"
)

// lit is one way to meet a cut: that a variable takes one of the options of mask.
type lit struct {
	v    int32
	mask uint64
}

// cut is a set of ways of which every solution takes at least one.
type cut []lit

// givenUp is what a cut costs that is not met: more than all options together.
const givenUp = int64(1) << 52

// covering is a solution of a cover problem.
type covering struct {
	choice []uint8 // by variable: its option
	// cost is that of the options, plus givenUp for each cut that is not met.
	cost int64
	// lower is a bound below which no choice that meets all cuts costs; it equals cost where the solution is the cheapest.
	lower int64
}

// cover finds the cheapest options, one for each variable, by which all cuts are met. Where that is impossible, lower is at least
// givenUp, and the options leave few cuts that are not met, though not always as few as possible. costs lists those of the options of each variable, ascending, the first 0; allowed tells which
// may be taken, at most 64. Variables that no cut joins are solved apart from each other; each such problem is solved
// exactly by branch and bound, unless it takes more than nodes steps or stopped tells that the time is over.
//
// It is a set cover, or minimum hitting set, with several levels to each element.
func cover(costs [][]int64, allowed []uint64, cuts []cut, nodes int, stopped func() bool) covering {
	out := covering{choice: make([]uint8, len(costs))}
	parent := make([]int32, len(costs))
	for v := range parent {
		parent[v] = int32(v)
		out.choice[v] = uint8(bits.TrailingZeros64(allowed[v]))
	}
	find := func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	domain := slices.Clone(allowed)
	var rest []cut
	for _, c := range cuts {
		if c = possible(c, domain); len(c) == 1 {
			domain[c[0].v] &= c[0].mask
		}
		rest = append(rest, c)
	}
	var open []cut
	for _, c := range rest {
		switch c = possible(c, domain); {
		case len(c) == 0:
			out.cost += givenUp
			out.lower += givenUp
			continue
		case slices.ContainsFunc(c, func(l lit) bool { return domain[l.v]&^l.mask == 0 }):
			continue // met by what is left
		}
		for _, l := range c[1:] {
			parent[find(l.v)] = find(c[0].v)
		}
		open = append(open, c)
	}
	parts := map[int32][]cut{}
	var roots []int32
	for _, c := range open {
		r := find(c[0].v)
		if parts[r] == nil {
			roots = append(roots, r)
		}
		parts[r] = append(parts[r], c)
	}
	for v := range costs {
		out.choice[v] = uint8(bits.TrailingZeros64(domain[v]))
	}
	for _, r := range roots {
		b := &branching{costs: costs, domain: domain, cuts: parts[r], nodes: nodes, over: stopped, best: 1 << 62}
		for _, c := range b.cuts {
			for _, l := range c {
				if !slices.Contains(b.vars, l.v) {
					b.vars = append(b.vars, l.v)
				}
			}
		}
		slices.Sort(b.vars)
		b.used = map[int32]bool{}
		b.search()
		for i, v := range b.vars {
			out.choice[v] = b.choice[i]
		}
		for _, c := range b.cuts {
			if !b.meets(c) {
				out.cost += givenUp
			}
		}
		lower := b.best
		if b.stopped {
			lower = b.root
		}
		out.lower += lower
		for i, v := range b.vars {
			out.lower -= costs[v][b.choice[i]] // added below with all others
		}
	}
	for v := range costs {
		c := costs[v][out.choice[v]]
		out.cost += c
		out.lower += c
	}
	return out
}

// possible gives the ways of a cut that the domains leave.
func possible(c cut, domain []uint64) cut {
	out := make(cut, 0, len(c))
	for _, l := range c {
		if domain[l.v]&l.mask != 0 {
			out = append(out, lit{l.v, domain[l.v] & l.mask})
		}
	}
	return out
}

// branching solves one connected part of a cover problem.
type branching struct {
	costs  [][]int64
	domain []uint64 // by variable: the options that are left
	cuts   []cut
	vars   []int32

	nodes   int
	over    func() bool
	stopped bool
	root    int64 // the bound at the root
	seen    bool

	best   int64
	choice []uint8 // of vars, in the best solution

	used map[int32]bool
}

// cheapest is the cost of the cheapest option of v that mask leaves.
func (b *branching) cheapest(v int32, mask uint64) int64 {
	return b.costs[v][bits.TrailingZeros64(b.domain[v]&mask)]
}

const all = ^uint64(0)

// meets reports whether the best solution meets a cut.
func (b *branching) meets(c cut) bool {
	return slices.ContainsFunc(c, func(l lit) bool {
		i, _ := slices.BinarySearch(b.vars, l.v)
		return l.mask>>b.choice[i]&1 != 0
	})
}

func (b *branching) search() {
	if b.nodes--; b.choice != nil && (b.nodes < 0 || b.over()) {
		b.stopped = true
		return
	}
	saved := make([]uint64, len(b.vars))
	for i, v := range b.vars {
		saved[i] = b.domain[v]
	}
	defer func() {
		for i, v := range b.vars {
			b.domain[v] = saved[i]
		}
	}()

	// What has one way left is forced.
	for changed := true; changed; {
		changed = false
		for _, c := range b.cuts {
			only := -1
			for i, l := range c {
				if b.domain[l.v]&l.mask != 0 {
					if only >= 0 {
						only = -2
						break
					}
					only = i
				}
			}
			if only >= 0 {
				if l := c[only]; b.domain[l.v]&^l.mask != 0 {
					b.domain[l.v] &= l.mask
					changed = true
				}
			}
		}
	}

	bound := int64(0)
	for _, v := range b.vars {
		bound += b.cheapest(v, all)
	}
	clear(b.used)
	var next cut
	fewest := 1 << 30
	for _, c := range b.cuts {
		ways, met, more := 0, false, int64(1)<<62
		for _, l := range c {
			left := b.domain[l.v] & l.mask
			if left == 0 {
				continue
			}
			ways++
			extra := b.cheapest(l.v, l.mask) - b.cheapest(l.v, all)
			more = min(more, extra)
			if left&(-left) == b.domain[l.v]&-b.domain[l.v] {
				met = true
				break
			}
		}
		switch {
		case met:
			continue
		case ways == 0:
			bound += givenUp
			continue
		case ways < fewest:
			fewest, next = ways, c
		}
		if !slices.ContainsFunc(c, func(l lit) bool { return b.used[l.v] }) {
			for _, l := range c {
				b.used[l.v] = true
			}
			bound += more
		}
	}
	if !b.seen {
		b.seen, b.root = true, bound
	}
	if bound >= b.best {
		return
	}
	if next == nil {
		b.best = bound
		b.choice = make([]uint8, len(b.vars))
		for i, v := range b.vars {
			b.choice[i] = uint8(bits.TrailingZeros64(b.domain[v]))
		}
		return
	}
	ways := possible(next, b.domain)
	slices.SortStableFunc(ways, func(x, y lit) int {
		dx := b.cheapest(x.v, x.mask) - b.cheapest(x.v, all)
		dy := b.cheapest(y.v, y.mask) - b.cheapest(y.v, all)
		switch {
		case dx < dy:
			return -1
		case dx > dy:
			return 1
		}
		return 0
	})
	// Each further branch leaves out what the ones before it took. The last meets the cut by none.
	for _, l := range ways {
		before := b.domain[l.v]
		b.domain[l.v] &= l.mask
		b.search()
		b.domain[l.v] = before &^ l.mask
		if b.stopped || b.domain[l.v] == 0 {
			return
		}
	}
	b.search()
}

// able reports whether there is a way at all.
func (c cut) able() bool { return slices.ContainsFunc(c, func(l lit) bool { return l.mask != 0 }) }

// key tells cuts apart.
func (c cut) key() string {
	sorted := slices.Clone(c)
	slices.SortFunc(sorted, func(a, b lit) int { return int(a.v - b.v) })
	return fmt.Sprint(sorted)
}
