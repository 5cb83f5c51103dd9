package scene

import (
	"cmp"
	"slices"

	"lintel/internal/diagram/layout"
)

// company is what the label of a line must know of other lines between the same two nodes.
type company struct {
	near  float64 // where along the line its label best stands, from 0 to 1
	outer float64 // on which side of the line there is no other: 1 right of its way, -1 left; 0 where on both or none
}

// partLines leads lines that join the same two nodes, in whichever direction, side by side and clear of each other.
func (p *picture) partLines(ways []spline) {
	p.company = make([]company, len(ways))
	byEnds := map[[2]int][]int{}
	var order [][2]int
	for i, e := range p.d.Edges {
		p.company[i].near = 0.5
		if ways[i] == nil || e.From == e.To {
			continue
		}
		k := [2]int{min(e.From, e.To), max(e.From, e.To)}
		if byEnds[k] == nil {
			order = append(order, k)
		}
		byEnds[k] = append(byEnds[k], i)
	}
	for _, k := range order {
		if edges := byEnds[k]; len(edges) > 1 {
			p.partPair(k[0], edges, ways)
		}
	}
}

func (p *picture) partPair(from int, edges []int, ways []spline) {
	forth := func(i int) spline { // the line, seen as one from the first node
		if p.d.Edges[i].From == from {
			return ways[i]
		}
		return ways[i].reversed()
	}
	// From left to right, for one who goes from the first node to the second.
	first := forth(edges[0])
	start, end := first[0], first[len(first)-1]
	rightness := func(i int) float64 {
		m := forth(i).even(3)[1]
		return (end.X-start.X)*(m.Y-start.Y) - (end.Y-start.Y)*(m.X-start.X)
	}
	slices.SortStableFunc(edges, func(a, b int) int { return cmp.Compare(rightness(a), rightness(b)) })

	gap := pairGap
	for _, i := range edges {
		gap = max(gap, pairGap+0.6+strokeOf(p.d, p.d.Edges[i]).width)
	}
	apart := true
	for k := 1; k < len(edges); k++ {
		apart = apart && clear(forth(edges[k-1]), forth(edges[k]), gap)
	}
	if !apart {
		base := forth(edges[(len(edges)-1)/2])
		var best []spline
		least := -1
		for _, shift := range []float64{0, 0.5, -0.5, 1, -1} {
			beside := make([]spline, len(edges))
			hits := 0
			for k, i := range edges {
				beside[k] = base.beside(gap * (float64(k) - float64(len(edges)-1)/2 + shift))
				hits += p.hits(beside[k], p.d.Edges[i].From, p.d.Edges[i].To)
			}
			if least < 0 || hits < least {
				best, least = beside, hits
			}
			if hits == 0 {
				break
			}
		}
		for k, i := range edges {
			ways[i] = best[k]
			if p.d.Edges[i].From != from {
				ways[i] = best[k].reversed()
			}
		}
	}
	back := false
	for _, i := range edges {
		back = back || p.d.Edges[i].From != p.d.Edges[edges[0]].From
	}
	for k, i := range edges {
		c := company{near: 1.0 / 3}
		if !back && k%2 == 1 { // all lead the same way
			c.near = 2.0 / 3
		}
		switch k {
		case 0:
			c.outer = -1
		case len(edges) - 1:
			c.outer = 1
		}
		if p.d.Edges[i].From != from {
			c.outer = -c.outer
		}
		p.company[i] = c
	}
}

// clear says whether two lines are nowhere but near their ends closer than gap.
func clear(a, b spline, gap float64) bool {
	for _, p := range a.even(17)[4:13] {
		for _, q := range b.even(33) {
			if distance(p, q) < gap {
				return false
			}
		}
	}
	return true
}

// beside returns the spline d to the right of its way.
func (s spline) beside(d float64) spline {
	out := make(spline, len(s))
	for i := 0; i < len(s); i += 3 {
		a, b := s[max(i-1, 0)], s[min(i+1, len(s)-1)]
		l := distance(a, b)
		if l < 0.01 {
			a, b = s[0], s[len(s)-1]
			l = max(distance(a, b), 0.01)
		}
		by := pt(-(b.Y-a.Y)/l*d, (b.X-a.X)/l*d)
		for k := max(i-1, 0); k <= min(i+1, len(s)-1); k++ {
			out[k] = pt(s[k].X+by.X, s[k].Y+by.Y)
		}
	}
	return out
}

// hits returns how many nodes, those at its ends left out, a line runs through.
func (p *picture) hits(s spline, from, to int) int {
	var found []layout.Box
	for _, q := range s.samples() {
		for _, b := range p.taken.at(q) {
			if b != p.lay.Nodes[from] && b != p.lay.Nodes[to] && !slices.Contains(found, b) {
				found = append(found, b)
			}
		}
	}
	return len(found)
}
