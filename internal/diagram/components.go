package diagram

// components returns the strongly connected component of each vertex, numbered so that every edge
// between two of them leads to the lower number. It costs linear time.
//
// Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM Journal on Computing 1 (1972),
// with a stack of its own, since a chain can be as long as the graph.
func components(next [][]int32) []int32 {
	n := len(next)
	of := make([]int32, n)
	index, low, edge := make([]int32, n), make([]int32, n), make([]int, n)
	const finished = -1
	var path, open []int32
	seen, count := int32(0), int32(0)
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		for path = append(path, root); len(path) > 0; {
			v := path[len(path)-1]
			if index[v] == 0 {
				seen++
				index[v], low[v] = seen, seen
				open = append(open, v)
			}
			descend := false
			for edge[v] < len(next[v]) {
				w := next[v][edge[v]]
				if index[w] == 0 {
					path = append(path, w)
					descend = true
					break
				}
				edge[v]++
				if index[w] != finished {
					low[v] = min(low[v], low[w])
				}
			}
			if descend {
				continue
			}
			path = path[:len(path)-1]
			if low[v] != index[v] {
				continue
			}
			for {
				w := open[len(open)-1]
				open = open[:len(open)-1]
				of[w], index[w] = count, finished
				if w == v {
					break
				}
			}
			count++
		}
	}
	return of
}
