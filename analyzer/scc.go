package analyzer

// components holds the strongly connected components of a graph, numbered so that every edge
// between two of them leads to the lower number.
type components struct {
	of   []int32 // the component of a vertex
	size []int32 // its number of vertices
}

// members returns the vertices of each component in ascending order.
func (c *components) members() [][]int32 {
	all := make([]int32, len(c.of))
	out := make([][]int32, len(c.size))
	at := int32(0)
	for i, n := range c.size {
		out[i] = all[at : at : at+n]
		at += n
	}
	for v, i := range c.of {
		out[i] = append(out[i], int32(v))
	}
	return out
}

// order lists the vertices by component, those of one in ascending order.
func (c *components) order() []int32 {
	next := make([]int32, len(c.size)+1)
	copy(next[1:], c.size)
	sums(next)
	out := make([]int32, len(c.of))
	for v, i := range c.of {
		out[next[i]] = int32(v)
		next[i]++
	}
	return out
}

// components finds the strongly connected components of g in linear time.
//
// Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM Journal on Computing 1
// (1972). The search keeps its own stack, since a chain of calls can be as long as the design.
func (g *digraph) components() *components {
	var t tarjan
	t.run(g, -1)
	return &components{of: t.of, size: t.size}
}

// Components returns the strongly connected component of each vertex of any graph, next[v] being the vertices that the
// edges of v lead to. They are numbered so that every edge between two of them leads to the lower number. It costs
// linear time.
func Components(next [][]int32) []int32 {
	g := &digraph{first: make([]int32, 1, len(next)+1)}
	for _, heads := range next {
		g.head = append(g.head, heads...)
		g.first = append(g.first, int32(len(g.head)))
	}
	return g.components().of
}

// tarjan is the working memory of a search for components, to be used again by the next one.
type tarjan struct {
	of, size []int32

	index, low []int32 // 0: not seen yet
	edge       []int32 // the next edge of a vertex to look at
	path       []int32 // the vertices on the way from the root to the current one
	open       []int32 // the vertices that are not in a finished component
}

// run finds the components of g without the edge skip (-1: of all g).
func (t *tarjan) run(g *digraph, skip int32) {
	n := g.vertices()
	if cap(t.index) < n {
		t.of, t.index = make([]int32, n), make([]int32, n)
		t.low, t.edge = make([]int32, n), make([]int32, n)
	}
	t.of, t.index, t.low, t.edge = t.of[:n], t.index[:n], t.low[:n], t.edge[:n]
	clear(t.index)
	t.size, t.path, t.open = t.size[:0], t.path[:0], t.open[:0]

	const finished = -1 // in index: the component is complete
	seen := int32(0)
	visit := func(v int32) {
		seen++
		t.index[v], t.low[v], t.edge[v] = seen, seen, g.first[v]
		t.path, t.open = append(t.path, v), append(t.open, v)
	}
	for root := range int32(n) {
		if t.index[root] != 0 {
			continue
		}
		visit(root)
		for len(t.path) > 0 {
			v := t.path[len(t.path)-1]
			descend := false
			for t.edge[v] < g.first[v+1] {
				e := t.edge[v]
				t.edge[v]++
				if e == skip {
					continue
				}
				w := g.head[e]
				if t.index[w] == 0 {
					visit(w)
					descend = true
					break
				}
				if t.index[w] != finished {
					t.low[v] = min(t.low[v], t.index[w])
				}
			}
			if descend {
				continue
			}
			t.path = t.path[:len(t.path)-1]
			if len(t.path) > 0 {
				u := t.path[len(t.path)-1]
				t.low[u] = min(t.low[u], t.low[v])
			}
			if t.low[v] != t.index[v] {
				continue
			}
			c, size := int32(len(t.size)), int32(0)
			for {
				w := t.open[len(t.open)-1]
				t.open = t.open[:len(t.open)-1]
				t.of[w], t.index[w] = c, finished
				size++
				if w == v {
					break
				}
			}
			t.size = append(t.size, size)
		}
	}
}
