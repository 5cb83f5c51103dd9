package analyzer

import "math/bits"

// closureWords is the number of words of a block of columns of the reachability matrix: all rows of
// one block stay in the processor's cache.
const closureWords = 8

// reachable returns, for each vertex of g, the number of vertices that it reaches, itself included.
// c holds the components of g.
//
// The reachability matrix has a row for each component and a column, one bit, for each vertex. It is
// computed by blocks of columns, each in one pass over the components from the last to the first, so
// the time is that of n/64 passes over the graph, the memory linear, with no pass dearer than the
// graph is large.
func (g *digraph) reachable(c *components, members [][]int32) []int {
	// The edges between components, each once.
	n := len(c.size)
	first := make([]int32, 1, n+1)
	next := make([]int32, 0, g.edges())
	seen := make([]int32, n)
	for i := range seen {
		seen[i] = -1
	}
	for i, vertices := range members {
		seen[i] = int32(i)
		for _, v := range vertices {
			for _, h := range g.heads(v) {
				if k := c.of[h]; seen[k] != int32(i) {
					seen[k] = int32(i)
					next = append(next, k)
				}
			}
		}
		first = append(first, int32(len(next)))
	}

	type row = [closureWords]uint64
	rows := make([]row, n)
	counts := make([]int, n)
	// Columns are in order of component, and edges lead to lower components: the components before
	// the first one of a block reach nothing in it.
	for start, offset := 0, 0; start < n; {
		stop, columns, at := start, 0, offset
		for ; stop < n; stop++ {
			take := min(int(c.size[stop])-at, closureWords*64-columns)
			rows[stop] = row{}
			for b := columns; b < columns+take; b++ {
				rows[stop][b/64] |= 1 << (b % 64)
			}
			columns += take
			if at += take; at < int(c.size[stop]) {
				break // the rest of a large component falls into the next block
			}
			at = 0
		}
		for i := start; i < n; i++ {
			r := rows[i]
			if i > stop {
				r = row{}
			}
			for _, k := range next[first[i]:first[i+1]] {
				if k < int32(start) {
					continue
				}
				for w, word := range &rows[k] {
					r[w] |= word
				}
			}
			rows[i] = r
			for _, word := range r {
				counts[i] += bits.OnesCount64(word)
			}
		}
		start, offset = stop, at
	}
	out := make([]int, g.vertices())
	for v, i := range c.of {
		out[v] = counts[i]
	}
	return out
}

// reversedOrder returns the same components numbered for the reversed graph.
func (c *components) reversedOrder() *components {
	n := int32(len(c.size))
	r := &components{of: make([]int32, len(c.of)), size: make([]int32, n)}
	for v, i := range c.of {
		r.of[v] = n - 1 - i
	}
	for i, size := range c.size {
		r.size[n-1-int32(i)] = size
	}
	return r
}
