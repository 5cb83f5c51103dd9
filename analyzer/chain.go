package analyzer

// Chains holds the longest chains of a graph of dependencies, one for each module that one can
// start at.
//
// A chain is simple: it passes a module once. In a graph without cycles the chains are the longest
// ones. So they are where no strongly connected component has more than eight modules; of a larger
// one a chain takes a real path that may not be the longest, since to find that is NP-hard.
type Chains struct {
	// Length is the number of dependencies of the chain from each module.
	Length []int32
	search pathSearch
}

// Chains returns the longest chains along dependencies that keep selects (nil selects all). It costs
// nearly linear time, whatever the number of chains that are asked for.
func (a *Analysis) Chains(keep EdgeFilter) *Chains {
	c := &Chains{search: pathSearch{
		graph:  a.graph(keep),
		factor: func(int32) float64 { return 1 },
		better: func(a, b pathWeight) bool { return a.edges > b.edges },
	}}
	c.search.run()
	c.Length = make([]int32, len(c.search.best))
	for v, w := range c.search.best {
		c.Length[v] = w.edges
	}
	return c
}

// From returns the modules of the chain that starts at module i, i first. Of several chains it is
// the one whose modules come first in order, as long as it passes no cycle.
func (c *Chains) From(i int32) []int32 {
	g := c.search.graph
	out := append(make([]int32, 0, c.Length[i]+1), i)
	for e := range c.search.path(i) {
		out = append(out, g.head[e])
	}
	return out
}

// Dependencies returns the dependencies along the chain that starts at module i.
func (c *Chains) Dependencies(i int32) []int32 {
	out := make([]int32, 0, c.Length[i])
	for e := range c.search.path(i) {
		out = append(out, c.search.graph.dependency[e])
	}
	return out
}

// Longest returns the module at which the longest chain of all starts, the first one of several, or
// of those in from where it is not nil. It returns -1 where there is none.
func (c *Chains) Longest(from []int32) int32 {
	best := int32(-1)
	consider := func(v int32) {
		if best < 0 || c.Length[v] > c.Length[best] || c.Length[v] == c.Length[best] && v < best {
			best = v
		}
	}
	if from == nil {
		for v := range c.Length {
			consider(int32(v))
		}
	}
	for _, v := range from {
		if v >= 0 && int(v) < len(c.Length) {
			consider(v)
		}
	}
	return best
}

// LongestChain returns the longest simple chain of modules along dependencies that keep selects, as
// indices from its start; its number of dependencies is one less than their number. It is nil where
// there is no module to start at. Ties are broken by order of names. from limits the starts (nil:
// any module). What it means in cycles is told at Chains, which is the way to ask for many chains.
func (a *Analysis) LongestChain(keep EdgeFilter, from []int32) []int32 {
	c := a.Chains(keep)
	start := c.Longest(from)
	if start < 0 {
		return nil
	}
	return c.From(start)
}
