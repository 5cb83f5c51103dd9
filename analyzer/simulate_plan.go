package analyzer

import "slices"

// plan is the order of evaluation of the nodes that work before anything fails. What is down before
// is folded away: a dead target is no alternative, and a gate that needs all targets it has left
// is as many plain edges.
//
// Nodes that need each other by plain hard edges, whichever way round, fail together; they share a
// row. Rows are numbered so that a row needs only rows of smaller number, except inside a component,
// where alternatives close a cycle: there the engine repeats until nothing changes.
type plan struct {
	row    []int32 // by node; -1 where it is down before anything fails
	rows   int
	weight []int32 // by row: the modules in it

	plain      digraph // rows that the row needs, each
	gates      gates   // of hard dependencies with something to spare
	components []span  // of more than one row, in order
	within     digraph // by row of a component: rows of the same component that read it

	// For degraded journeys. A row's way goes on to each target of its runtime dependencies.
	soft          digraph // targets of soft dependencies with nothing to spare
	softGates     gates
	wayTargets    digraph // targets of hard and soft gates: the way leads there while they work
	softBefore    []int32 // rows with a soft dependency that is not satisfied before anything fails
	wayOrder      []int32 // rows, so that a way leads only to rows before, except inside a component
	wayComponents []span  // in wayOrder
	wayWithin     digraph // as within

	// The dependencies with alternatives, of whatever strength and phase.
	choices           []choice
	unsatisfiedBefore []int32 // those that are not satisfied before anything fails, by index
}

// choice is a dependency with alternatives that is satisfied before anything fails.
type choice struct {
	dependency int32
	gate       planGate // fatal 1 to len(targets)
}

// gates holds a list of gates for each row.
type gates struct {
	at   []int32
	list []planGate
}

func (g *gates) of(i int32) []planGate { return g.list[g.at[i]:g.at[i+1]] }

// planGate is not satisfied when fatal or more of its targets fail.
type planGate struct {
	targets []int32 // rows
	fatal   int32   // 2 to len(targets)
}

// span is a range of places in an order.
type span struct{ from, to int32 }

func (m *failureModel) makePlan() plan {
	var p plan
	bunch, bunches := m.bunch()

	// The rows' order: components of bunches over all hard edges, dependencies first.
	edges := collect(bunches, func(add func(from, to int32)) {
		m.eachLiveTarget(func(g *gate, live int, t int32) {
			if g.hard {
				add(bunch[g.owner], bunch[t])
			}
		})
	})
	components := edges.components()
	component := components.of
	// Within a component, the bunches keep their own order, which follows the plain edges.
	order := components.order()
	rowOf := make([]int32, bunches)
	for r, b := range order {
		rowOf[b] = int32(r)
	}
	p.rows = bunches
	p.row = bunch
	p.weight = make([]int32, bunches)
	for n, b := range bunch {
		if b >= 0 {
			p.row[n] = rowOf[b]
			if n < m.analysis.Modules() {
				p.weight[rowOf[b]]++
			}
		}
	}
	p.components = spans(order, component)

	together(len(m.gates),
		func() {
			m.planHard(&p)
			m.planChoices(&p)
		},
		func() { m.planSoft(&p) })
	p.planWays()
	return p
}

// planHard finds what the rows need.
func (m *failureModel) planHard(p *plan) {
	p.plain = collect(p.rows, func(add func(from, to int32)) {
		m.eachLiveTarget(func(g *gate, live int, t int32) {
			if g.hard && live == int(g.need) {
				add(p.row[g.owner], p.row[t])
			}
		})
	})
	p.gates = m.planGates(p, true)
	inside := insideOf(p.components, nil, p.rows)
	p.within = collect(p.rows, func(add func(from, to int32)) {
		p.eachHardEdge(func(from, to int32) {
			if inside[from] >= 0 && inside[from] == inside[to] {
				add(to, from)
			}
		})
	})
}

// planSoft finds what the ways of the rows meet besides.
func (m *failureModel) planSoft(p *plan) {
	p.soft = collect(p.rows, func(add func(from, to int32)) {
		m.eachLiveTarget(func(g *gate, live int, t int32) {
			if !g.hard && live == int(g.need) {
				add(p.row[g.owner], p.row[t])
			}
		})
	})
	p.softGates = m.planGates(p, false)
	p.wayTargets = collect(p.rows, func(add func(from, to int32)) {
		m.eachLiveTarget(func(g *gate, live int, t int32) {
			if live != int(g.need) {
				add(p.row[g.owner], p.row[t])
			}
		})
	})
	for g := range m.gates {
		if gate := &m.gates[g]; !gate.hard && !m.down[gate.owner] && m.working[g] < gate.need {
			p.softBefore = append(p.softBefore, p.row[gate.owner])
		}
	}
}

// planWays orders the rows for the search of ways.
func (p *plan) planWays() {
	ways := collect(p.rows, func(add func(from, to int32)) { p.eachWay(add) })
	components := ways.components()
	p.wayOrder = components.order()
	p.wayComponents = spans(p.wayOrder, components.of)
	inside := insideOf(p.wayComponents, p.wayOrder, p.rows)
	p.wayWithin = collect(p.rows, func(add func(from, to int32)) {
		p.eachWay(func(from, to int32) {
			if inside[from] >= 0 && inside[from] == inside[to] {
				add(to, from)
			}
		})
	})
}

func (m *failureModel) planChoices(p *plan) {
	for k := range m.analysis.dependencies {
		d := &m.analysis.dependencies[k]
		if !d.choice || len(d.Targets) == 0 {
			continue
		}
		var targets []int32
		for _, t := range m.targetsOf(int32(k)) {
			if !m.down[t] {
				targets = append(targets, p.row[t])
			}
		}
		if spare := int32(len(targets)) - d.need; spare >= 0 {
			p.choices = append(p.choices, choice{int32(k), planGate{targets, spare + 1}})
		} else {
			p.unsatisfiedBefore = append(p.unsatisfiedBefore, int32(k))
		}
	}
}

// bunch groups the live nodes that need each other by plain hard edges, and numbers the bunches so
// that plain edges lead to smaller numbers. Dead nodes have -1.
func (m *failureModel) bunch() (bunch []int32, bunches int) {
	edges := collect(m.nodes(), func(add func(from, to int32)) {
		m.eachLiveTarget(func(g *gate, live int, t int32) {
			if g.hard && live == int(g.need) {
				add(g.owner, t)
			}
		})
	})
	found := edges.components()
	component, count := found.of, len(found.size)
	renumber := make([]int32, count)
	for n, c := range component {
		if !m.down[n] {
			renumber[c] = 1
		}
	}
	for c, live := range renumber {
		renumber[c] = -1
		if live == 1 {
			renumber[c] = int32(bunches)
			bunches++
		}
	}
	for n, c := range component {
		component[n] = renumber[c]
	}
	return component, bunches
}

// eachLiveTarget visits the gates of nodes that are not down before anything fails, with their
// number of targets that work then, and each such target.
func (m *failureModel) eachLiveTarget(visit func(g *gate, live int, target int32)) {
	for i := range m.gates {
		g := &m.gates[i]
		if m.down[g.owner] {
			continue
		}
		for _, t := range g.targets {
			if !m.down[t] {
				visit(g, int(m.working[i]), t)
			}
		}
	}
}

// planGates gathers the hard or soft gates that have something to spare. A node that is an
// alternative of its own gate is left out: it can't be down while its own failure is in question.
func (m *failureModel) planGates(p *plan, hard bool) gates {
	out := gates{at: make([]int32, p.rows+1)}
	keep := func(i int) (fatal, targets int) {
		g := &m.gates[i]
		if m.down[g.owner] || g.hard != hard || m.working[i] <= g.need {
			return 0, 0
		}
		fatal = int(m.working[i]-g.need) + 1
		for _, t := range g.targets {
			if !m.down[t] && p.row[t] != p.row[g.owner] {
				targets++
			}
		}
		if targets < fatal {
			return 0, 0
		}
		return fatal, targets
	}
	for i := range m.gates {
		if _, n := keep(i); n > 0 {
			out.at[p.row[m.gates[i].owner]+1]++
		}
	}
	sums(out.at)
	out.list = make([]planGate, out.at[p.rows])
	next := slices.Clone(out.at)
	for i := range m.gates {
		fatal, n := keep(i)
		if n == 0 {
			continue
		}
		g := &m.gates[i]
		pg := planGate{make([]int32, 0, n), int32(fatal)}
		own := p.row[g.owner]
		for _, t := range g.targets {
			if !m.down[t] && p.row[t] != own {
				pg.targets = append(pg.targets, p.row[t])
			}
		}
		out.list[next[own]] = pg
		next[own]++
	}
	return out
}

func (p *plan) eachHardEdge(visit func(from, to int32)) {
	for r := int32(0); int(r) < p.rows; r++ {
		for _, t := range p.plain.heads(r) {
			visit(r, t)
		}
		for _, g := range p.gates.of(r) {
			for _, t := range g.targets {
				visit(r, t)
			}
		}
	}
}

func (p *plan) eachWay(visit func(from, to int32)) {
	for r := int32(0); int(r) < p.rows; r++ {
		for _, l := range []*digraph{&p.plain, &p.soft, &p.wayTargets} {
			for _, t := range l.heads(r) {
				visit(r, t)
			}
		}
	}
}

// collect gathers the edges that each tells it into a graph: sorted, without repetition, without
// edges from a row to itself. each is called twice.
func collect(rows int, each func(add func(from, to int32))) digraph {
	count := make([]int32, rows+1)
	each(func(from, to int32) {
		if from != to {
			count[from+1]++
		}
	})
	g := digraph{first: sums(count)}
	g.head = make([]int32, g.first[rows])
	next := slices.Clone(g.first)
	each(func(from, to int32) {
		if from != to {
			g.head[next[from]] = to
			next[from]++
		}
	})
	kept := int32(0)
	for r := range rows {
		own := g.head[g.first[r]:g.first[r+1]]
		slices.Sort(own)
		own = slices.Compact(own)
		g.first[r] = kept
		kept += int32(copy(g.head[kept:], own))
	}
	g.first[rows] = kept
	g.head = g.head[:kept]
	return g
}

// spans returns the ranges of order, longer than one, with the same component.
func spans(order, component []int32) []span {
	var out []span
	for i := 0; i < len(order); {
		k := i + 1
		for k < len(order) && component[order[k]] == component[order[i]] {
			k++
		}
		if k-i > 1 {
			out = append(out, span{int32(i), int32(k)})
		}
		i = k
	}
	return out
}

// insideOf tells for each row which of the spans it lies in, or -1. order nil stands for the rows
// in order of number.
func insideOf(spans []span, order []int32, rows int) []int32 {
	out := make([]int32, rows)
	for i := range out {
		out[i] = -1
	}
	for k, s := range spans {
		for i := s.from; i < s.to; i++ {
			r := i
			if order != nil {
				r = order[i]
			}
			out[r] = int32(k)
		}
	}
	return out
}
