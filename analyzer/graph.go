package analyzer

import "slices"

// EdgeFilter selects dependencies.
type EdgeFilter func(d *Dependency) bool

// Neighbours holds for each module the distinct other modules that it depends on and that depend on
// it, sorted, over the dependencies that a filter selects.
type Neighbours struct {
	DependsOn  [][]int32
	Dependents [][]int32
}

// Neighbours returns the adjacency of the graph of the dependencies that keep selects (nil selects
// all), with anyOf counted as one edge for each alternative. It costs time linear in the design.
func (a *Analysis) Neighbours(keep EdgeFilter) *Neighbours {
	g := a.graph(keep).simple()
	return &Neighbours{DependsOn: g.lists(), Dependents: g.reversed().lists()}
}

// digraph is a directed graph in compressed form. The edges of vertex v are those from first[v] up
// to, without, first[v+1].
type digraph struct {
	first      []int32
	head       []int32 // the vertex that an edge leads to
	dependency []int32 // the dependency that an edge stands for; nil in a simple graph
}

// graph returns one edge for each target of each dependency that keep selects, a module's own
// included. Edges are in order of dependency and target, which is the order of names.
func (a *Analysis) graph(keep EdgeFilter) *digraph {
	return a.graphOf(func(k int32) bool { return keep == nil || keep(&a.dependencies[k]) })
}

// graphOf is graph with a filter that is given the index of a dependency.
func (a *Analysis) graphOf(keep func(k int32) bool) *digraph {
	edges := 0
	for i := range a.dependencies {
		edges += len(a.dependencies[i].Targets)
	}
	g := &digraph{
		first:      make([]int32, 1, len(a.Design.Modules)+1),
		head:       make([]int32, 0, edges),
		dependency: make([]int32, 0, edges),
	}
	for m := range a.Design.Modules {
		for k := a.byModule[m]; k < a.byModule[m+1]; k++ {
			targets := a.dependencies[k].Targets
			if len(targets) == 0 || !keep(k) {
				continue
			}
			for _, t := range targets {
				g.head = append(g.head, t)
				g.dependency = append(g.dependency, k)
			}
		}
		g.first = append(g.first, int32(len(g.head)))
	}
	return g
}

// where returns the edges of g that keep selects, given the vertex that an edge leaves and the edge.
func (g *digraph) where(keep func(v, e int32) bool) *digraph {
	out := &digraph{
		first:      make([]int32, 1, len(g.first)),
		head:       make([]int32, 0, g.edges()),
		dependency: make([]int32, 0, g.edges()),
	}
	for v := range int32(g.vertices()) {
		for e := g.first[v]; e < g.first[v+1]; e++ {
			if keep(v, e) {
				out.head, out.dependency = append(out.head, g.head[e]), append(out.dependency, g.dependency[e])
			}
		}
		out.first = append(out.first, int32(len(out.head)))
	}
	return out
}

func (g *digraph) vertices() int { return len(g.first) - 1 }

func (g *digraph) edges() int { return len(g.head) }

// heads returns the vertices that the edges of v lead to.
func (g *digraph) heads(v int32) []int32 { return g.head[g.first[v]:g.first[v+1]] }

// lists returns the heads of each vertex.
func (g *digraph) lists() [][]int32 {
	out := make([][]int32, g.vertices())
	for v := range out {
		out[v] = g.head[g.first[v]:g.first[v+1]:g.first[v+1]]
	}
	return out
}

// reversed returns g with all edges turned round. Those that leave a vertex are in order of the
// vertex that they led from.
func (g *digraph) reversed() *digraph {
	r, order := g.transposed()
	if g.dependency != nil {
		r.dependency = make([]int32, len(order))
		for i, e := range order {
			r.dependency[i] = g.dependency[e]
		}
	}
	return r
}

// transposed returns g with all edges turned round, and the edge of g that each of its edges was.
func (g *digraph) transposed() (r *digraph, order []int32) {
	n := g.vertices()
	r = &digraph{first: make([]int32, n+1), head: make([]int32, g.edges())}
	for _, h := range g.head {
		r.first[h+1]++
	}
	for v := range n {
		r.first[v+1] += r.first[v]
	}
	order = make([]int32, g.edges())
	next := slices.Clone(r.first[:n])
	for v := range n {
		for e := g.first[v]; e < g.first[v+1]; e++ {
			at := next[g.head[e]]
			next[g.head[e]]++
			r.head[at], order[at] = int32(v), e
		}
	}
	return r, order
}

// simple returns g with its heads sorted, without repetition and without edges from a vertex to
// itself.
func (g *digraph) simple() *digraph {
	s := &digraph{first: make([]int32, 1, len(g.first)), head: make([]int32, 0, g.edges())}
	for v := range g.vertices() {
		start := len(s.head)
		for _, h := range g.heads(int32(v)) {
			if h != int32(v) {
				s.head = append(s.head, h)
			}
		}
		own := s.head[start:]
		slices.Sort(own)
		s.head = s.head[:start+len(slices.Compact(own))]
		s.first = append(s.first, int32(len(s.head)))
	}
	return s
}
