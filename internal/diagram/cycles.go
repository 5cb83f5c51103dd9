package diagram

import (
	"lintel/analyzer"
	"lintel/schema"
)

// couples reports whether d is part of a cycle as the rules CPL001 and CPL007 see it: needed to run or to
// start, in whatever mode and strength.
func couples(d *analyzer.Dependency) bool {
	return d.When == schema.Runtime || d.When == schema.Startup
}

// cycles tells which nodes are in a cycle with each other. A module is one part of it, in however many
// nodes it is drawn; a group drawn as one box is one, with all modules in it. Modules that are not drawn
// are parts, too: a cycle stays one where only some of it is shown.
type cycles struct {
	part      []int32 // by node; a fork is part of its caller
	component []int32 // by part
	old       *cycles // those before the changes, which are not marked; nil where none are told
}

func (c *cycles) both(u, v int) bool {
	x, y := c.part[u], c.part[v]
	return x != y && c.component[x] == c.component[y] && (c.old == nil || !c.old.both(u, v))
}

// findCycles finds the cycles without dependencies that were removed.
func (b *builder) findCycles() *cycles { return b.findCyclesOf(b.remains) }

// remains reports whether dependency k was not removed.
func (b *builder) remains(k int32) bool {
	return b.o.Changes == nil || b.dependencyChange(k) != WasRemoved
}

// findCyclesOf finds the cycles that the dependencies make which count.
func (b *builder) findCyclesOf(counts func(k int32) bool) *cycles {
	modules := int32(b.a.Modules())
	c := &cycles{part: make([]int32, len(b.d.Nodes))}
	for i, n := range b.d.Nodes {
		c.part[i] = n.Module
		if n.Role == SummaryNode {
			c.part[i] = modules + int32(i)
		}
	}
	for key, fork := range b.choices {
		c.part[fork] = c.part[key.node]
	}
	next := make([][]int32, int(modules)+len(b.d.Nodes))
	add := func(from, to int32) {
		if from != to {
			next[from] = append(next[from], to)
		}
	}
	cut := b.cut // nothing is drawn here
	deps := b.a.Dependencies()
	for k := range deps {
		d := &deps[k]
		if !couples(d) || !counts(int32(k)) {
			continue
		}
		for _, t := range d.Targets {
			for _, u := range b.boxesOf[d.From] {
				for _, v := range b.ends(u, t) {
					add(c.part[u], c.part[v])
				}
				if !b.shown[t] {
					add(c.part[u], t)
				}
			}
			if b.shown[d.From] {
				continue
			}
			for _, v := range b.boxesOf[t] {
				add(d.From, c.part[v])
			}
			if !b.shown[t] {
				add(d.From, t)
			}
		}
	}
	b.cut = cut
	c.component = analyzer.Components(next)
	return c
}

// rowCycles returns the component of each row of a matrix, as findCycles does of nodes, numbered so that
// what rows need has the lower number.
func (b *builder) rowCycles(rows int, rowOf []int32) []int32 {
	part := func(m int32) int32 {
		if rowOf[m] >= 0 {
			return rowOf[m]
		}
		return int32(rows) + m
	}
	next := make([][]int32, rows+b.a.Modules())
	deps := b.a.Dependencies()
	for k := range deps {
		d := &deps[k]
		if !couples(d) {
			continue
		}
		for _, t := range d.Targets {
			if from, to := part(d.From), part(t); from != to {
				next[from] = append(next[from], to)
			}
		}
	}
	of := analyzer.Components(next)
	// Without those that hold no row, in the same order.
	number := make([]int32, len(of))
	for _, c := range of[:rows] {
		number[c] = 1
	}
	count := int32(0)
	for c, holds := range number {
		number[c] = count
		count += holds
	}
	for r, c := range of[:rows] {
		of[r] = number[c]
	}
	return of[:rows]
}
