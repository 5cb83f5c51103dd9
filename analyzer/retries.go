package analyzer

import (
	"slices"

	"lintel/schema"
)

// Amplification is a path on which retries multiply.
type Amplification struct {
	Factor float64 // calls that reach the end for one request at the start when the end fails
	Path   []int32 // dependencies by index, first to last
	Module int32   // the end
}

// RetryAmplification returns, for each module where it is above 1, the worst product of (1 +
// retries.max) over the synchronous runtime dependencies of a path that ends there, in order of
// module. A path passes a module once: retries round a cycle multiply without end. Of several worst
// paths it is one of the shortest; it starts with a dependency that states retries. A dependency
// that states none hands on the failure after one call, and the layers above it try again. A
// circuit breaker does not stop that: it opens only after failures, and each caller has its own.
//
// The product is the largest where no strongly connected component has more than eight modules; at
// 1e15 the path is long enough, and goes no further back. In a larger component the path is a real one with that product,
// but there may be worse ones, since to find the worst is NP-hard.
func (a *Analysis) RetryAmplification() []Amplification {
	g := a.graph(func(d *Dependency) bool {
		return d.Mode == schema.Sync && d.When == schema.Runtime
	}).reversed()
	search := pathSearch{
		graph:  g,
		factor: func(e int32) float64 { return a.tries(g.dependency[e]) },
		better: func(x, y pathWeight) bool {
			return x.factor > y.factor || x.factor == y.factor && x.edges < y.edges
		},
	}
	search.run()
	var out []Amplification
	for v, w := range search.best {
		if w.factor <= 1 {
			continue
		}
		var path []int32
		factor := 1.0
		for e := range search.path(int32(v)) {
			path = append(path, g.dependency[e])
			if factor *= a.tries(g.dependency[e]); factor >= maxFactor {
				break
			}
		}
		slices.Reverse(path)
		out = append(out, Amplification{Factor: factor, Path: path, Module: int32(v)})
	}
	return out
}

// tries returns how often a dependency is called for one request when its target fails.
func (a *Analysis) tries(dependency int32) float64 {
	if r := a.dependencies[dependency].Retries; r != nil && r.Max > 0 {
		return 1 + float64(r.Max)
	}
	return 1
}
