package faulttree

import "slices"

// modules tells of each gate whether what is below it is used nowhere else, so that it can be computed alone and then
// counts as one variable: two depth-first passes (Y. Dutuit, A. Rauzy, A linear-time algorithm to find modules of fault
// trees, IEEE Transactions on Reliability 45 (3), 1996). The top is one.
func (g *graph) modules() []bool {
	n := g.size()
	first, second, last := make([]int32, n), make([]int32, n), make([]int32, n)
	var clock int32
	type frame struct {
		node  int32
		below []int32
	}
	var stack []frame
	visit := func(v int32) {
		clock++
		last[v] = clock
		if first[v] != 0 {
			return
		}
		first[v], second[v] = clock, clock
		if !g.isEvent(v) {
			stack = append(stack, frame{v, g.gate(v).below()})
		}
	}
	visit(g.top)
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		if len(f.below) == 0 {
			clock++
			second[f.node], last[f.node] = clock, clock
			stack = stack[:len(stack)-1]
			continue
		}
		v := f.below[0]
		f.below = f.below[1:]
		visit(v)
	}
	low, high := make([]int32, n), make([]int32, n) // the first and last visits to what is below
	out := make([]bool, len(g.gates))
	for i := range g.gates {
		v := g.number(i)
		low[v] = 1<<31 - 1
		for _, in := range g.gates[i].below() {
			low[v], high[v] = min(low[v], first[in]), max(high[v], last[in])
			if !g.isEvent(in) {
				low[v], high[v] = min(low[v], low[in]), max(high[v], high[in])
			}
		}
		out[i] = low[v] > first[v] && high[v] < second[v]
	}
	return out
}

// split gives gates of their own to those inputs of an And or Or that share nothing with its other inputs, so that
// more modules are found.
func (g *graph) split() *graph {
	is := g.modules()
	b := newBuilder(g.events)
	to := make([]int32, g.size())
	for i := range g.events {
		to[i] = int32(i)
	}
	owner := make([]int32, g.size()) // by node below the gate at hand: the place of the input that it belongs to
	mark := make([]int32, g.size())  // the gate for which owner is
	for i := range mark {
		mark[i] = -1
	}
	no := func(int32) bool { return false }
	for i := range g.gates {
		n := &g.gates[i]
		m := n.mapped(to)
		if !is[i] || n.op > Or || len(n.in) < 3 {
			to[g.number(i)], _ = b.add(m.op, m.k, m.in, m.rest)
			continue
		}
		parent := make([]int32, len(n.in))
		for j := range parent {
			parent[j] = int32(j)
		}
		find := func(x int32) int32 {
			for parent[x] != x {
				parent[x] = parent[parent[x]]
				x = parent[x]
			}
			return x
		}
		for j, in := range n.in {
			stack := []int32{in}
			for len(stack) > 0 {
				v := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if mark[v] == int32(i) {
					x, y := find(owner[v]), find(int32(j))
					parent[max(x, y)] = min(x, y)
					continue
				}
				mark[v], owner[v] = int32(i), int32(j)
				if !g.isEvent(v) && !is[v-int32(g.events)] {
					stack = append(stack, g.gate(v).below()...)
				}
			}
		}
		members := make([][]int32, len(n.in))
		var roots []int32
		for j := range n.in {
			r := find(int32(j))
			if members[r] == nil {
				roots = append(roots, r)
			}
			members[r] = append(members[r], m.in[j])
		}
		ins := make([]int32, len(roots))
		for j, r := range roots {
			ins[j], _ = b.join(n.op, members[r], no)
		}
		to[g.number(i)], _ = b.join(n.op, ins, no)
	}
	return b.finish(to[g.top])
}

// module is a gate that is computed alone, and what is below it down to its variables: events, groups and other modules.
// Its own numbers are those of its variables, from 0, and behind them those of its gates.
type module struct {
	root      int32
	variables []int32   // nodes of the graph, ascending
	gates     []int32   // nodes of the graph, inputs first, the root last
	below     [][]int32 // by gate: own numbers of what is below it, what stands for whole groups first
}

func (m *module) size() int { return len(m.variables) + len(m.gates) }

// isVariable tells of a node below a module whether it counts as one variable there.
func (g *graph) isVariable(n int32, is []bool) bool {
	return g.isEvent(n) || is[n-int32(g.events)] || g.gate(n).op == group
}

// listModules lists the modules, those that others need first. Groups are among them; they have no gates.
func (g *graph) listModules(is []bool) []module {
	var out []module
	mark := make([]int32, g.size())
	own := make([]int32, g.size())
	for i := range mark {
		mark[i] = -1
	}
	for i := range g.gates {
		root := g.number(i)
		if g.gates[i].op == group {
			out = append(out, module{root: root, variables: g.gates[i].in})
			continue
		}
		if !is[i] {
			continue
		}
		m := module{root: root}
		stack := []int32{root}
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			m.gates = append(m.gates, v)
			for _, in := range g.gate(v).below() {
				if mark[in] == root {
					continue
				}
				mark[in] = root
				if g.isVariable(in, is) {
					m.variables = append(m.variables, in)
				} else {
					stack = append(stack, in)
				}
			}
		}
		slices.Sort(m.gates)
		slices.Sort(m.variables)
		for j, v := range m.variables {
			own[v] = int32(j)
		}
		for j, v := range m.gates {
			own[v] = int32(len(m.variables) + j)
		}
		m.below = make([][]int32, len(m.gates))
		for j, v := range m.gates {
			list := g.gate(v).below()
			m.below[j] = make([]int32, len(list))
			for k, in := range list {
				m.below[j][k] = own[in]
			}
		}
		out = append(out, m)
	}
	return out
}
