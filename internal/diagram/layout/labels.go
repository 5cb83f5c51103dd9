package layout

import "math"

// places are where on a line its label may stand, by the part of the way; the best first.
var places = [...]float64{0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8}

// placeLabels puts the labels on their lines, each where it covers no node, no other label, and as few
// other lines as can be.
func (p *plan) placeLabels(l *Layout) {
	any := false
	for _, s := range p.s.Edges {
		any = any || s.X > 0 && s.Y > 0
	}
	if !any {
		return
	}
	taken := newGrid[Box]()
	for _, b := range l.Nodes {
		taken.addBox(b, b)
	}
	for g, b := range l.Groups {
		if b != (Box{}) {
			at := Point{b.Min.X + groupGap/2, b.Min.Y}
			label := Box{at, Point{at.X + p.s.Groups[g].X, at.Y + p.s.Groups[g].Y + groupGap/2}}
			taken.addBox(label, label)
		}
	}
	type pass struct {
		edge int
		at   Point
	}
	lines := newGrid[pass]()
	ways := make([][]Point, len(l.Edges))
	for i, e := range l.Edges {
		ways[i] = steps(e.Curve, 6)
		for _, q := range ways[i] {
			lines.add(q, pass{i, q})
		}
	}
	for i := range l.Edges {
		size := p.s.Edges[i]
		if len(ways[i]) == 0 || !(size.X > 0) || !(size.Y > 0) {
			continue
		}
		best, score := Box{}, math.Inf(1)
		for k, part := range places {
			at := ways[i][int(part*float64(len(ways[i])-1)+0.5)]
			b := around(at, size)
			cost := float64(k) * 0.4
			taken.in(b.grown(2), func(o Box) {
				if o.meets(b.grown(2)) {
					cost += 100
				}
			})
			crossed := -1
			lines.in(b, func(q pass) {
				if q.edge != i && q.edge != crossed && b.meets(around(q.at, Point{0.1, 0.1})) {
					cost += 5
					crossed = q.edge
				}
			})
			if cost < score {
				best, score = b, cost
			}
		}
		l.Edges[i].Label = best
		taken.addBox(best, best)
	}
}

// steps returns points on a curve, about the given length apart.
func steps(curve []Point, length float64) []Point {
	var fine []Point
	for i := 0; i+3 < len(curve); i += 3 {
		a, b, c, d := curve[i], curve[i+1], curve[i+2], curve[i+3]
		n := int(min(400, 1+(dist(a, b)+dist(b, c)+dist(c, d))/2))
		for k := range n {
			fine = append(fine, cubic(a, b, c, d, float64(k)/float64(n)))
		}
	}
	if len(curve) == 0 {
		return nil
	}
	fine = append(fine, curve[len(curve)-1])
	list := fine[:1:1]
	gone := 0.0
	for k := 1; k < len(fine); k++ {
		gone += dist(fine[k-1], fine[k])
		if gone >= length {
			list = append(list, fine[k])
			gone = 0
		}
	}
	return list
}

func dist(a, b Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

func cubic(a, b, c, d Point, t float64) Point {
	u := 1 - t
	return Point{
		u*u*u*a.X + 3*u*u*t*b.X + 3*u*t*t*c.X + t*t*t*d.X,
		u*u*u*a.Y + 3*u*u*t*b.Y + 3*u*t*t*c.Y + t*t*t*d.Y,
	}
}

// grid finds what is near a place.
type grid[T any] map[[2]int][]T

const cell = 64

func newGrid[T any]() grid[T] { return grid[T]{} }

func cellOf(p Point) [2]int { return [2]int{int(math.Floor(p.X / cell)), int(math.Floor(p.Y / cell))} }

func (g grid[T]) add(at Point, v T) {
	c := cellOf(at)
	g[c] = append(g[c], v)
}

func (g grid[T]) addBox(b Box, v T) {
	g.cells(b, func(c [2]int) { g[c] = append(g[c], v) })
}

// in calls see for all that may be in b; for a box that fills several cells more than once.
func (g grid[T]) in(b Box, see func(T)) {
	g.cells(b, func(c [2]int) {
		for _, v := range g[c] {
			see(v)
		}
	})
}

func (grid[T]) cells(b Box, see func([2]int)) {
	low, high := cellOf(b.Min), cellOf(b.Max)
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			see([2]int{x, y})
		}
	}
}
