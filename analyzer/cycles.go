package analyzer

import "slices"

// searchLimit bounds the work on one strongly connected component, in edges looked at, of each of
// the two searches of Cycles. It is some tens of milliseconds. A component of up to 1,000 modules
// and 4,000 dependencies is always searched to the end, and most larger ones are.
const searchLimit = 1 << 22

// Cycle is a strongly connected component of two or more modules, or one module that depends on
// itself. In a component of two or more modules, the dependencies of a module on itself are left
// out of account.
type Cycle struct {
	Members []int32 // sorted
	// Shortest is one shortest cycle, as dependencies by index, each leading to the next one's
	// module and the last to the first one's; it starts at its member with the smallest index. Of
	// several it is the one whose members come first in order.
	Shortest []CycleStep
	// Break is the step, of all inside the component, whose removal leaves the fewest modules in
	// cycles; ties are broken by order.
	Break CycleStep
	// Remaining is the number of modules that are left in cycles without Break.
	Remaining int
	// Exact tells that both searches came to their end within a limit of work, which is high enough
	// for every component of up to 1,000 modules and 4,000 dependencies. Otherwise Shortest is a
	// cycle that may not be the shortest, and Break the best of the steps that were tried, those of
	// Shortest first.
	Exact bool
}

// CycleStep is one edge of the graph: a dependency, and one of its targets.
type CycleStep struct {
	Dependency int32
	Target     int32
}

// Cycles returns the strongly connected components of the graph of the dependencies that keep
// selects (nil selects all), in order of their first member.
func (a *Analysis) Cycles(keep EdgeFilter) []Cycle {
	g := a.graph(keep)
	c := g.components()
	var out []Cycle
	local := make([]int32, g.vertices()) // a vertex's place in its component
	for _, m := range c.members() {
		for i, v := range m {
			local[v] = int32(i)
		}
		if len(m) > 1 {
			out = append(out, g.within(m, c, local).cycle(m))
			continue
		}
		for e := g.first[m[0]]; e < g.first[m[0]+1]; e++ {
			if g.head[e] == m[0] {
				step := CycleStep{g.dependency[e], m[0]}
				out = append(out, Cycle{Members: m, Shortest: []CycleStep{step}, Break: step, Exact: true})
				break
			}
		}
	}
	slices.SortFunc(out, func(x, y Cycle) int { return int(x.Members[0] - y.Members[0]) })
	return out
}

// within returns the part of g inside the component with the given members, without edges from a
// vertex to itself; vertex i is members[i].
func (g *digraph) within(members []int32, c *components, local []int32) *digraph {
	in := &digraph{first: make([]int32, 1, len(members)+1)}
	for _, v := range members {
		for e := g.first[v]; e < g.first[v+1]; e++ {
			if h := g.head[e]; h != v && c.of[h] == c.of[v] {
				in.head = append(in.head, local[h])
				in.dependency = append(in.dependency, g.dependency[e])
			}
		}
		in.first = append(in.first, int32(len(in.head)))
	}
	return in
}

// cycle describes g, which is strongly connected and whose vertices are members.
func (g *digraph) cycle(members []int32) Cycle {
	step := func(e int32) CycleStep { return CycleStep{g.dependency[e], members[g.head[e]]} }
	edges, exact := g.shortestCycle(searchLimit)
	c := Cycle{Members: members, Shortest: make([]CycleStep, len(edges))}
	for i, e := range edges {
		c.Shortest[i] = step(e)
	}
	best, left, alsoExact := g.bestBreak(edges, searchLimit)
	c.Break, c.Remaining, c.Exact = step(best), left, exact && alsoExact
	return c
}

// shortestCycle returns the edges of a shortest cycle of g, which is strongly connected, has two or
// more vertices and no edges from a vertex to itself, and whether it is certain that none is
// shorter. The cycle starts at its smallest vertex; of several, it is the one whose sequence of
// vertices comes first, and of parallel edges the first. The search gives up, with the best cycle
// until then, when it has looked at limit edges.
//
// For each vertex s in turn, a breadth-first search against the edges finds the shortest cycle of
// which s is the smallest vertex; it stops at the depth from which no shorter one than the best can
// come.
func (g *digraph) shortestCycle(limit int) (cycle []int32, exact bool) {
	r, _ := g.transposed()
	if pair := g.shortestPair(r); pair != nil {
		return pair, true
	}
	n := g.vertices()
	dist := make([]int32, n) // to s, valid where seen is s+1
	seen := make([]int32, n)
	near := make([]int32, n) // s+1 where an edge leads from s
	best := int32(n) + 1
	work := 0
	var queue []int32
	for s := range int32(n) {
		for _, v := range g.heads(s) {
			near[v] = s + 1
		}
		queue = append(queue[:0], s)
		seen[s], dist[s] = s+1, 0
		deepest := best - 2 // the depth of the vertices that s leads to on a shorter cycle
		found := false
		for i := 0; i < len(queue); i++ {
			v := queue[i]
			if dist[v] >= deepest {
				break
			}
			work += len(r.heads(v))
			for _, u := range r.heads(v) {
				if u <= s || seen[u] == s+1 {
					continue
				}
				seen[u], dist[u] = s+1, dist[v]+1
				queue = append(queue, u)
				if near[u] == s+1 && !found {
					found, deepest = true, dist[u]
				}
			}
		}
		if found {
			best = deepest + 1
			cycle = g.walk(cycle[:0], s, best, func(v, d int32) bool { return v == s && d == 0 || v > s && seen[v] == s+1 && dist[v] == d })
		}
		if best == 3 {
			return cycle, true // two is ruled out
		}
		if work > limit {
			return cycle, s == int32(n)-1
		}
	}
	return cycle, true
}

// walk appends to cycle the edges of a walk of the given length from s, each the first that leads
// to the smallest vertex v for which at(v, number of edges left) holds.
func (g *digraph) walk(cycle []int32, s, length int32, at func(v, d int32) bool) []int32 {
	v := s
	for d := length - 1; d >= 0; d-- {
		next := int32(-1)
		for e := g.first[v]; e < g.first[v+1]; e++ {
			if at(g.head[e], d) && (next < 0 || g.head[e] < g.head[next]) {
				next = e
			}
		}
		cycle = append(cycle, next)
		v = g.head[next]
	}
	return cycle
}

// shortestPair returns the first cycle of two edges, or nil. r is g transposed.
func (g *digraph) shortestPair(r *digraph) []int32 {
	from := make([]int32, g.vertices()) // u+1 where an edge leads to u
	for u := range int32(g.vertices()) {
		for _, v := range r.heads(u) {
			from[v] = u + 1
		}
		out := int32(-1)
		for e := g.first[u]; e < g.first[u+1]; e++ {
			if v := g.head[e]; v > u && from[v] == u+1 && (out < 0 || v < g.head[out]) {
				out = e
			}
		}
		if out < 0 {
			continue
		}
		for e := g.first[g.head[out]]; ; e++ {
			if g.head[e] == u {
				return []int32{out, e}
			}
		}
	}
	return nil
}

// bestBreak returns the edge of g, which is strongly connected, without which the fewest vertices
// lie in cycles, their number, and whether no edge was left untried. Ties are broken by order of the
// edges. When trying all would take more than limit steps, the edges of cycle are tried first.
func (g *digraph) bestBreak(cycle []int32, limit int) (best int32, left int, exact bool) {
	// An edge without which g stays strongly connected leaves all vertices in cycles.
	best, left = 0, g.vertices()
	candidates := g.breakCandidates()
	cost := g.vertices() + g.edges()
	if len(candidates)*cost > limit {
		first := slices.Sorted(slices.Values(cycle))
		rest := slices.DeleteFunc(candidates, func(e int32) bool {
			_, found := slices.BinarySearch(first, e)
			return found
		})
		candidates = append(first, rest...)
	}
	var t tarjan
	tried := 0
	for _, e := range candidates {
		if left == 0 && e > best {
			continue
		}
		if tried > 0 && tried*cost > limit {
			return best, left, false
		}
		tried++
		t.run(g, e)
		in := 0
		for _, size := range t.size {
			if size > 1 {
				in += int(size)
			}
		}
		if in < left || in == left && e < best {
			best, left = e, in
		}
	}
	return best, left, true
}

// breakCandidates returns, sorted, edges of g that include all those without which g is not
// strongly connected any more: they lie on a tree of paths from vertex 0 to all others, or on one of
// paths from all others to vertex 0, and are needed there.
func (g *digraph) breakCandidates() []int32 {
	r, order := g.transposed()
	out := g.neededFromRoot(r)
	for _, e := range r.neededFromRoot(g) {
		out = append(out, order[e])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// neededFromRoot returns edges of g that include all those without which some vertex cannot be
// reached from vertex 0 any more. r is g transposed. They are edges of a tree of paths from vertex
// 0; its edge to v is not needed if another edge leads to v from a vertex that is not below v in the
// tree.
func (g *digraph) neededFromRoot(r *digraph) []int32 {
	n := g.vertices()
	via, parent := make([]int32, n), make([]int32, n)
	for v := range via {
		via[v] = -1
	}
	order := append(make([]int32, 0, n), 0)
	for i := 0; i < len(order); i++ {
		v := order[i]
		for e := g.first[v]; e < g.first[v+1]; e++ {
			if h := g.head[e]; h != 0 && via[h] < 0 {
				via[h], parent[h] = e, v
				order = append(order, h)
			}
		}
	}
	// Number the tree so that the vertices below v are those from number[v] up to, without,
	// number[v]+below[v].
	below, number, next := make([]int32, n), make([]int32, n), make([]int32, n)
	for i := len(order) - 1; i > 0; i-- {
		below[order[i]]++
		below[parent[order[i]]] += below[order[i]]
	}
	next[0] = 1
	for _, v := range order[1:] {
		p := parent[v]
		number[v], next[v] = next[p], next[p]+1
		next[p] += below[v]
	}
	var out []int32
	for _, v := range order[1:] {
		ways := 0
		for _, u := range r.heads(v) {
			if number[u] < number[v] || number[u] >= number[v]+below[v] {
				ways++
			}
		}
		if ways == 1 {
			out = append(out, via[v])
		}
	}
	return out
}
