package analyzer

import (
	"container/heap"
	"math"
	"math/bits"
)

// maxFactor stands for all products of factors that are not smaller.
const maxFactor = math.MaxFloat64

// exactComponent is the size up to which a strongly connected component is searched for the best
// simple path by trying all of them. That takes time exponential in it; the problem is NP-hard.
const exactComponent = 8

// pathWeight is what a path of edges amounts to: the product of their factors and their number.
type pathWeight struct {
	factor float64
	edges  int32
}

// pathSearch finds for each vertex of a graph a simple path that starts there and is the best by
// better. It costs nearly linear time.
//
// A path that leaves a strongly connected component never comes back, so the components are passed
// in their order. Within a component of up to exactComponent vertices all simple paths are tried. In
// a larger one a greedy search builds a tree, always by the edge that gives the best path so far:
// its paths are real and simple, but there may be better ones.
type pathSearch struct {
	graph *digraph
	// factor is the factor of an edge, at least 1.
	factor func(e int32) float64
	// better compares two paths from the same vertex. It must be a strict order, and an edge that is
	// put in front of both must not turn it round.
	better func(a, b pathWeight) bool

	best   []pathWeight
	leave  []int32           // the edge by which the path leaves the component that ends its part in this one; -1: it ends
	inside []int32           // the next edge of the path within its component, or -1
	whole  map[int32][]int32 // the edges of the path within its component, where those of another vertex's path do not make it up
}

func (p *pathSearch) run() {
	g := p.graph
	n := g.vertices()
	c := g.components()
	p.best = make([]pathWeight, n)
	p.leave, p.inside = make([]int32, n), make([]int32, n)
	p.whole = map[int32][]int32{}
	local := make([]int32, n)
	var in *digraph
	for _, members := range c.members() {
		for _, v := range members {
			p.exit(v, c)
		}
		switch {
		case len(members) == 1:
		case len(members) <= exactComponent:
			p.tryAll(members, c, local)
		default:
			if in == nil {
				in = p.incoming()
			}
			p.grow(members, c, in)
		}
	}
}

// extend returns the weight of a path with edge e put in front.
func (p *pathSearch) extend(e int32, w pathWeight) pathWeight {
	return pathWeight{min(w.factor*p.factor(e), maxFactor), w.edges + 1}
}

// exit sets the best path from v that leaves v's component at once or ends at v.
func (p *pathSearch) exit(v int32, c *components) {
	g := p.graph
	p.best[v], p.leave[v], p.inside[v] = pathWeight{1, 0}, -1, -1
	for e := g.first[v]; e < g.first[v+1]; e++ {
		h := g.head[e]
		if c.of[h] == c.of[v] {
			continue
		}
		w := p.extend(e, p.best[h])
		if p.better(w, p.best[v]) || !p.better(p.best[v], w) && p.leave[v] >= 0 && h < g.head[p.leave[v]] {
			p.best[v], p.leave[v] = w, e
		}
	}
}

// tryAll finds the best paths from the members of a small component, by their sets of vertices.
func (p *pathSearch) tryAll(members []int32, c *components, local []int32) {
	g := p.graph
	for i, v := range members {
		local[v] = int32(i)
	}
	type state struct {
		weight pathWeight
		edge   int32 // the first one; -1 where the path leaves the component at once
		ok     bool
	}
	k := len(members)
	states := make([]state, k<<k) // of paths from vertex v over the vertices in set: states[set*k+v]
	at := func(set uint, v int) *state { return &states[int(set)*k+v] }
	ends := make([]uint, k) // the set of the best path
	for v := range k {
		*at(1<<v, v) = state{p.best[members[v]], -1, true}
		ends[v] = 1 << v
	}
	for set := uint(1); set < 1<<k; set++ {
		if bits.OnesCount(set) < 2 {
			continue
		}
		for v, m := range members {
			if set>>v&1 == 0 {
				continue
			}
			s := at(set, v)
			rest := set &^ (1 << v)
			for e := g.first[m]; e < g.first[m+1]; e++ {
				h := g.head[e]
				if c.of[h] != c.of[m] || rest>>local[h]&1 == 0 {
					continue
				}
				next := at(rest, int(local[h]))
				if !next.ok {
					continue
				}
				if w := p.extend(e, next.weight); !s.ok || p.better(w, s.weight) {
					*s = state{w, e, true}
				}
			}
			if s.ok && p.better(s.weight, at(ends[v], v).weight) {
				ends[v] = set
			}
		}
	}
	leave := make([]int32, k)
	for v, m := range members {
		var edges []int32
		set, u := ends[v], v
		for s := at(set, u); s.edge >= 0; s = at(set, u) {
			edges = append(edges, s.edge)
			set &^= 1 << u
			u = int(local[g.head[s.edge]])
		}
		p.whole[m] = edges
		leave[v] = p.leave[members[u]]
	}
	for v, m := range members {
		p.best[m], p.leave[m] = at(ends[v], v).weight, leave[v]
	}
}

// grow finds good paths from the members of a large component: it adds the vertices to a tree one
// by one, each by the edge to the tree that gives the best path of all.
func (p *pathSearch) grow(members []int32, c *components, in *digraph) {
	q := &growth{better: p.better}
	for _, v := range members {
		q.list = append(q.list, grown{p.best[v], v, -1})
	}
	heap.Init(q)
	done := make(map[int32]bool, len(members))
	for q.Len() > 0 {
		next := heap.Pop(q).(grown)
		v := next.vertex
		if done[v] {
			continue
		}
		done[v] = true
		p.best[v], p.inside[v] = next.weight, next.edge
		if next.edge >= 0 {
			p.leave[v] = p.leave[p.graph.head[next.edge]]
		}
		for i := in.first[v]; i < in.first[v+1]; i++ {
			u, e := in.head[i], in.dependency[i]
			if c.of[u] == c.of[v] && !done[u] {
				heap.Push(q, grown{p.extend(e, next.weight), u, e})
			}
		}
	}
}

// incoming returns the graph transposed, with the edges that its edges were in place of
// dependencies.
func (p *pathSearch) incoming() *digraph {
	r, order := p.graph.transposed()
	r.dependency = order
	return r
}

// path returns the edges of the best path from v.
func (p *pathSearch) path(v int32) []int32 {
	g := p.graph
	var out []int32
	for {
		leave := p.leave[v]
		if part, ok := p.whole[v]; ok {
			out = append(out, part...)
		} else {
			for e := p.inside[v]; e >= 0; e = p.inside[g.head[e]] {
				out = append(out, e)
			}
		}
		if leave < 0 {
			return out
		}
		out = append(out, leave)
		v = g.head[leave]
	}
}

// grown is a vertex that may be added to the tree, by an edge, with the weight of its path.
type grown struct {
	weight pathWeight
	vertex int32
	edge   int32
}

// growth is a heap of them, the best first.
type growth struct {
	list   []grown
	better func(a, b pathWeight) bool
}

func (q *growth) Len() int { return len(q.list) }

func (q *growth) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	switch {
	case q.better(a.weight, b.weight):
		return true
	case q.better(b.weight, a.weight):
		return false
	case a.vertex != b.vertex:
		return a.vertex < b.vertex
	}
	return a.edge < b.edge
}

func (q *growth) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }
func (q *growth) Push(x any)    { q.list = append(q.list, x.(grown)) }

func (q *growth) Pop() any {
	last := q.list[len(q.list)-1]
	q.list = q.list[:len(q.list)-1]
	return last
}
