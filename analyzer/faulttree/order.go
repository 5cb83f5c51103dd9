package faulttree

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// heuristic is one way to order the variables of a module. No single one wins: each is the best for some trees and
// hopeless for others.
type heuristic struct {
	name  string
	order func(m *module, stop *atomic.Bool) []int32 // own numbers of variables, the first to be tested first
}

// heuristics gives the portfolio, in the order in which they are tried.
func heuristics(written []int32) []heuristic {
	return []heuristic{
		{"written", func(m *module, _ *atomic.Bool) []int32 { return m.asWritten(written) }},
		{"force-smallest", func(m *module, stop *atomic.Bool) []int32 { return m.force(m.depthFirst(smallestFirst), stop) }},
		{"force-weights", func(m *module, stop *atomic.Bool) []int32 { return m.force(m.byWeight(stop), stop) }},
		{"shared-first", func(m *module, _ *atomic.Bool) []int32 { return m.depthFirst(sharedFirst) }},
		{"reversed", func(m *module, _ *atomic.Bool) []int32 { return m.depthFirst(reversed) }},
		{"force", func(m *module, stop *atomic.Bool) []int32 { return m.force(m.depthFirst(asStated), stop) }},
		{"force-written", func(m *module, stop *atomic.Bool) []int32 { return m.force(m.asWritten(written), stop) }},
		{"depth-first", func(m *module, _ *atomic.Bool) []int32 { return m.depthFirst(asStated) }},
	}
}

type childOrder uint8

const (
	asStated childOrder = iota
	reversed
	smallestFirst
	sharedFirst
)

// depthFirst orders variables as a walk from the root meets them, the inputs of a gate in one of several orders.
func (m *module) depthFirst(how childOrder) []int32 {
	nv := int32(len(m.variables))
	var key []float64
	switch how {
	case smallestFirst:
		key = m.walks()
	case sharedFirst:
		key = m.sharing()
	}
	out := make([]int32, 0, nv)
	seen := make([]bool, m.size())
	stack := []int32{int32(m.size() - 1)}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[v] {
			continue
		}
		seen[v] = true
		if v < nv {
			out = append(out, v)
			continue
		}
		in := slices.Clone(m.below[v-nv])
		switch how {
		case reversed:
			slices.Reverse(in)
		case smallestFirst:
			slices.SortStableFunc(in, func(a, b int32) int { return cmp.Compare(key[a], key[b]) })
		case sharedFirst:
			slices.SortStableFunc(in, func(a, b int32) int { return cmp.Compare(key[b], key[a]) })
		}
		slices.Reverse(in) // the last to be pushed is the first to be visited
		stack = append(stack, in...)
	}
	return out
}

// walks counts, by own number, the variables that a walk without memory would meet below.
func (m *module) walks() []float64 {
	out := make([]float64, m.size())
	for v := range m.variables {
		out[v] = 1
	}
	for i, list := range m.below {
		for _, in := range list {
			out[len(m.variables)+i] += out[in]
		}
	}
	return out
}

// sharing tells, by own number, in how many places a variable stands, and of a gate the mean of that of its inputs.
func (m *module) sharing() []float64 {
	out := make([]float64, m.size())
	for _, list := range m.below {
		for _, in := range list {
			if int(in) < len(m.variables) {
				out[in]++
			}
		}
	}
	for i, list := range m.below {
		sum := 0.0
		for _, in := range list {
			sum += out[in]
		}
		out[len(m.variables)+i] = sum / float64(len(list))
	}
	return out
}

// weighings bounds how often byWeight hands weights down.
const weighings = 500

// byWeight orders variables by how much they decide: the root has the weight 1, each gate hands its own down in equal parts,
// the variable that gets most comes first, and the rest is weighed again without it, or of many variables, without some at once
// (S. Minato, N. Ishiura, S. Yajima, Shared binary decision diagram with attributed edges for efficient Boolean function
// manipulation, DAC 1990). What it orders last means nothing where stop is set.
func (m *module) byWeight(stop *atomic.Bool) []int32 {
	nv := len(m.variables)
	out := make([]int32, 0, nv)
	left := make([]int32, nv)
	for v := range left {
		left[v] = int32(v)
	}
	gone := make([]bool, m.size())
	weight := make([]float64, m.size())
	for len(left) > 0 && !stopped(stop) {
		clear(weight)
		weight[m.size()-1] = 1
		for i := len(m.below) - 1; i >= 0; i-- {
			parts := 0
			for _, in := range m.below[i] {
				if !gone[in] {
					parts++
				}
			}
			for _, in := range m.below[i] {
				if !gone[in] {
					weight[in] += weight[nv+i] / float64(parts)
				}
			}
		}
		at := nv/weighings + 1
		if at == 1 {
			most := 0
			for i, v := range left {
				if weight[v] > weight[left[most]] {
					most = i
				}
			}
			left[0], left[most] = left[most], left[0]
			slices.Sort(left[1:])
		} else {
			slices.SortStableFunc(left, func(a, b int32) int { return cmp.Or(cmp.Compare(weight[b], weight[a]), cmp.Compare(a, b)) })
		}
		at = min(at, len(left))
		for _, v := range left[:at] {
			gone[v] = true
		}
		out, left = append(out, left[:at]...), left[at:]
		for i, list := range m.below {
			gone[nv+i] = !slices.ContainsFunc(list, func(in int32) bool { return !gone[in] })
		}
	}
	return append(out, left...)
}

// force brings variables that meet in gates near to each other, starting from an order (F. A. Aloul, I. L. Markov,
// K. A. Sakallah, FORCE: a fast and easy-to-implement variable-ordering heuristic, GLSVLSI 2003). Variables and gates
// are moved, each to the mean of the centers of the gates in which it takes part, until the sum of the gates' spans
// falls no more, or stop is set.
func (m *module) force(start []int32, stop *atomic.Bool) []int32 {
	const rounds, patience = 300, 10
	nv, n := len(m.variables), m.size()
	position := make([]float64, n)
	for i, v := range start {
		position[v] = float64(i)
	}
	for i, list := range m.below {
		for _, in := range list {
			position[nv+i] += position[in]
		}
		position[nv+i] /= float64(len(list))
	}
	order, rank := make([]int32, n), make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	settle := func() (span int) {
		slices.SortStableFunc(order, func(a, b int32) int {
			return cmp.Or(cmp.Compare(position[a], position[b]), cmp.Compare(a, b))
		})
		for r, v := range order {
			rank[v], position[v] = int32(r), float64(r)
		}
		for i, list := range m.below {
			lo, hi := rank[nv+i], rank[nv+i]
			for _, v := range list {
				lo, hi = min(lo, rank[v]), max(hi, rank[v])
			}
			span += int(hi - lo)
		}
		return span
	}
	bestSpan := settle()
	best := slices.Clone(order)
	sum, count := make([]float64, n), make([]float64, n)
	for round, idle := 0, 0; round < rounds && idle < patience && !stopped(stop); round++ {
		clear(sum)
		clear(count)
		for i, list := range m.below {
			center := position[nv+i]
			for _, v := range list {
				center += position[v]
			}
			center /= float64(len(list) + 1)
			sum[nv+i] += center
			count[nv+i]++
			for _, v := range list {
				sum[v] += center
				count[v]++
			}
		}
		for v := range position {
			position[v] = sum[v] / count[v]
		}
		idle++
		if span := settle(); span < bestSpan {
			bestSpan, idle = span, 0
			copy(best, order)
		}
	}
	return slices.DeleteFunc(best, func(v int32) bool { return v >= int32(nv) })
}

// asWritten orders variables by rank, which is by node of the graph.
func (m *module) asWritten(rank []int32) []int32 {
	out := make([]int32, len(m.variables))
	for i := range out {
		out[i] = int32(i)
	}
	slices.SortStableFunc(out, func(a, b int32) int { return cmp.Compare(rank[m.variables[a]], rank[m.variables[b]]) })
	return out
}

// written ranks the nodes of a graph by the place where a walk through the tree as it is written meets the first of
// their events.
func (g *graph) written(t *Tree) []int32 {
	rank := make([]int32, g.size())
	for i := range rank {
		rank[i] = 1<<31 - 1
	}
	seen := make([]bool, len(t.Gates))
	stack := []Ref{t.Top}
	next := int32(0)
	for len(stack) > 0 {
		r := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch {
		case r.isEvent():
			if rank[r.event()] > next {
				rank[r.event()] = next
				next++
			}
		case r.isGate() && !seen[r]:
			seen[r] = true
			in := t.Gates[r].In
			for i := len(in) - 1; i >= 0; i-- {
				stack = append(stack, in[i])
			}
		}
	}
	for i := range g.gates {
		for _, in := range g.gates[i].below() {
			rank[g.number(i)] = min(rank[g.number(i)], rank[in])
		}
	}
	return rank
}
