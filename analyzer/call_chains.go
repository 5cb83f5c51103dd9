package analyzer

import "math"

// callFactor is the factor of an edge that counts; maxFactor is some 560 of them.
const callFactor = 1 + 1.0/16

// CallChains returns chains as Chains does, for a graph in which some edges are steps of no weight:
// Length counts only the edges for which counts is true, and a chain is the longest by that count,
// the one with the fewest edges among equals. counts is given a dependency and one of its targets.
// Lengths above 500 are not told apart.
func (a *Analysis) CallChains(keep EdgeFilter, counts func(d *Dependency, target int32) bool) *Chains {
	g := a.graph(keep)
	c := &Chains{search: pathSearch{
		graph: g,
		// The product of equal factors counts the edges that have them; it is the same for the same
		// count, in whatever order they stand.
		factor: func(e int32) float64 {
			if counts(&a.dependencies[g.dependency[e]], g.head[e]) {
				return callFactor
			}
			return 1
		},
		better: func(a, b pathWeight) bool {
			if a.factor != b.factor {
				return a.factor > b.factor
			}
			return a.edges < b.edges
		},
	}}
	c.search.run()
	c.Length = make([]int32, len(c.search.best))
	for v, w := range c.search.best {
		c.Length[v] = int32(math.Round(math.Log(w.factor) / math.Log(callFactor)))
	}
	return c
}
