package analyzer

import (
	"container/heap"
	"iter"
	"math/bits"
	"slices"
)

// maxFactor stands for all products of factors that are not smaller. Below it, products of whole
// numbers are exact; and the paths that a search looks for stay short, however many factors there
// are.
const maxFactor = 1e15

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
// a larger one two trees are grown, always by the edge that gives the best path so far: their paths
// are real and simple, but there may be better ones.
type pathSearch struct {
	graph *digraph
	// factor is the factor of an edge, at least 1.
	factor func(e int32) float64
	// better compares two paths from the same vertex. It must be a strict order, and an edge that is
	// put in front of both must not turn it round.
	better func(a, b pathWeight) bool

	best []pathWeight
	// ends is the best path from a vertex that leaves its component at once, by the edge leave, or
	// ends there, with leave -1.
	ends  []pathWeight
	leave []int32
	whole map[int32][]int32 // the part of the path that lies in a small component
	trees []pathTree        // of the large components, at most two
	start []pathStart       // of the path in a large component
}

// pathTree leads from vertices of large components to those where their paths end or leave the
// component.
type pathTree struct {
	best   []pathWeight
	next   []int32 // the edge towards the end, or -1
	number []int32 // the vertices behind v in the tree are those with numbers from number[v] up to,
	behind []int32 // without, number[v]+behind[v], v included
}

// pathStart is how a path starts in a large component: by the edge first, if it is not -1, and then
// along a tree, if it is not nil.
type pathStart struct {
	first int32
	tree  *pathTree
}

func (p *pathSearch) run() {
	n := p.graph.vertices()
	c := p.graph.components()
	p.best, p.ends, p.leave = make([]pathWeight, n), make([]pathWeight, n), make([]int32, n)
	p.whole = map[int32][]int32{}
	local := make([]int32, n)
	var in *digraph
	for _, members := range c.members() {
		for _, v := range members {
			p.end(v, c)
		}
		switch {
		case len(members) == 1:
			p.best[members[0]] = p.ends[members[0]]
		case len(members) <= exactComponent:
			p.tryAll(members, c, local)
		default:
			if in == nil {
				in = p.incoming()
				p.start = slices.Repeat([]pathStart{{-1, nil}}, n)
				p.trees = []pathTree{newPathTree(n), newPathTree(n)}
			}
			p.tryTrees(members, c, in)
		}
	}
}

// extend returns the weight of a path with edge e put in front.
func (p *pathSearch) extend(e int32, w pathWeight) pathWeight {
	return pathWeight{min(w.factor*p.factor(e), maxFactor), w.edges + 1}
}

// end sets the best path from v that leaves v's component at once or ends at v.
func (p *pathSearch) end(v int32, c *components) {
	g := p.graph
	p.ends[v], p.leave[v] = pathWeight{1, 0}, -1
	for e := g.first[v]; e < g.first[v+1]; e++ {
		h := g.head[e]
		if c.of[h] == c.of[v] {
			continue
		}
		w := p.extend(e, p.best[h])
		if p.better(w, p.ends[v]) || !p.better(p.ends[v], w) && p.leave[v] >= 0 && h < g.head[p.leave[v]] {
			p.ends[v], p.leave[v] = w, e
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
		*at(1<<v, v) = state{p.ends[members[v]], -1, true}
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
	for v, m := range members {
		p.best[m] = at(ends[v], v).weight
		var edges []int32
		set, u := ends[v], v
		for s := at(set, u); s.edge >= 0; s = at(set, u) {
			edges = append(edges, s.edge)
			set &^= 1 << u
			u = int(local[g.head[s.edge]])
		}
		p.whole[m] = edges
	}
}

// tryTrees finds good paths from the members of a large component: the best along one of two trees,
// or by one edge to the path of another vertex, as far as that does not lead back. So no path is
// worse than one by a single edge that then ends or leaves the component.
func (p *pathSearch) tryTrees(members []int32, c *components, in *digraph) {
	g := p.graph
	// The paths of a tree are short near its root, so the other one has its root far from there.
	order := p.grow(&p.trees[0], members, -1, c, in)
	p.grow(&p.trees[1], members, order[len(order)/2], c, in)
	for _, v := range members {
		best, start := p.ends[v], pathStart{-1, nil}
		consider := func(w pathWeight, s pathStart) {
			if p.better(w, best) {
				best, start = w, s
			}
		}
		for i := range p.trees {
			consider(p.trees[i].best[v], pathStart{-1, &p.trees[i]})
		}
		for e := g.first[v]; e < g.first[v+1]; e++ {
			h := g.head[e]
			if c.of[h] != c.of[v] || h == v {
				continue
			}
			consider(p.extend(e, p.ends[h]), pathStart{e, nil})
			for i := range p.trees {
				if t := &p.trees[i]; t.number[h] < t.number[v] || t.number[h] >= t.number[v]+t.behind[v] {
					consider(p.extend(e, t.best[h]), pathStart{e, t})
				}
			}
		}
		p.best[v], p.start[v] = best, start
	}
}

func newPathTree(n int) pathTree {
	return pathTree{make([]pathWeight, n), make([]int32, n), make([]int32, n), make([]int32, n)}
}

// grow builds a tree, or several, of all members: it adds them one by one, first root, if it is not
// -1, then always the one that gives the best path of all, along the tree or for itself. It returns
// them in that order.
func (p *pathSearch) grow(t *pathTree, members []int32, root int32, c *components, in *digraph) []int32 {
	q := &growth{better: p.better}
	for _, v := range members {
		t.behind[v] = 0 // not added
		if v == root {
			continue
		}
		q.list = append(q.list, grown{p.ends[v], v, -1})
	}
	heap.Init(q)
	order := make([]int32, 0, len(members))
	add := func(x grown) {
		v := x.vertex
		if t.behind[v] > 0 {
			return
		}
		order = append(order, v)
		t.behind[v], t.best[v], t.next[v] = 1, x.weight, x.edge
		for i := in.first[v]; i < in.first[v+1]; i++ {
			if u := in.head[i]; c.of[u] == c.of[v] && t.behind[u] == 0 {
				heap.Push(q, grown{p.extend(in.dependency[i], x.weight), u, in.dependency[i]})
			}
		}
	}
	if root >= 0 {
		add(grown{p.ends[root], root, -1})
	}
	for q.Len() > 0 {
		add(heap.Pop(q).(grown))
	}

	for i := len(order) - 1; i >= 0; i-- {
		if e := t.next[order[i]]; e >= 0 {
			t.behind[p.graph.head[e]] += t.behind[order[i]]
		}
	}
	// free is the first number that is not taken yet behind a vertex; a vertex is added after the
	// one that it leads to.
	free := make(map[int32]int32, len(order))
	roots := int32(0)
	for _, v := range order {
		if e := t.next[v]; e >= 0 {
			h := p.graph.head[e]
			t.number[v] = free[h]
			free[h] += t.behind[v]
		} else {
			t.number[v] = roots
			roots += t.behind[v]
		}
		free[v] = t.number[v] + 1
	}
	return order
}

// incoming returns the graph transposed, with the edges that its edges were in place of
// dependencies.
func (p *pathSearch) incoming() *digraph {
	r, order := p.graph.transposed()
	r.dependency = order
	return r
}

// path yields the edges of the best path from v.
func (p *pathSearch) path(v int32) iter.Seq[int32] {
	g := p.graph
	return func(yield func(e int32) bool) {
		for {
			for _, e := range p.whole[v] {
				if v = g.head[e]; !yield(e) {
					return
				}
			}
			if p.start != nil && (p.start[v].first >= 0 || p.start[v].tree != nil) {
				s := p.start[v]
				if s.first >= 0 {
					if v = g.head[s.first]; !yield(s.first) {
						return
					}
				}
				for s.tree != nil && s.tree.next[v] >= 0 {
					e := s.tree.next[v]
					if v = g.head[e]; !yield(e) {
						return
					}
				}
			}
			e := p.leave[v]
			if e < 0 {
				return
			}
			if v = g.head[e]; !yield(e) {
				return
			}
		}
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
