package analyzer

// EdgeFilter selects dependencies.
type EdgeFilter func(d *Dependency) bool

// Cycle is a strongly connected component of two or more modules, or one module that depends on
// itself.
type Cycle struct {
	Members []int32 // sorted
	// Shortest is one shortest cycle, as dependencies by index, each leading to the next one's
	// module and the last to the first one's; it starts at its member with the smallest index. Ties
	// are broken by order of names.
	Shortest []CycleStep
	// Break is the step, of all inside the component, whose removal leaves the fewest modules in
	// cycles; ties are broken by order. Only components of up to a documented size are searched
	// exactly; above it Break is the best of the edges of Shortest.
	Break CycleStep
}

// CycleStep is one edge of the graph: a dependency, and one of its targets.
type CycleStep struct {
	Dependency int32
	Target     int32
}

// Cycles returns the strongly connected components of the graph of the dependencies that keep
// selects (nil selects all), in order of their first member.
func (a *Analysis) Cycles(keep EdgeFilter) []Cycle { panic("not yet") }

// Neighbours holds for each module the distinct other modules that it depends on and that depend on
// it, sorted, over the dependencies that a filter selects.
type Neighbours struct {
	DependsOn  [][]int32
	Dependents [][]int32
}

// Neighbours returns the adjacency of the graph of the dependencies that keep selects (nil selects
// all), with anyOf counted as one edge for each alternative.
func (a *Analysis) Neighbours(keep EdgeFilter) *Neighbours { panic("not yet") }

// LongestChain returns the longest simple chain of modules along dependencies that keep selects, as
// indices from its start, and its number of edges is len-1. Strongly connected components are passed
// once (a chain through a component counts one of its paths); ties are broken by order of names.
// from limits the starts (nil: any module).
func (a *Analysis) LongestChain(keep EdgeFilter, from []int32) []int32 { panic("not yet") }
