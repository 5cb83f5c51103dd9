package layout

import (
	"cmp"
	"math"
	"slices"
)

// place returns where on a line its label may stand, by the part of the way; the best first.
func place(k int) float64 {
	const step = 0.025
	if k%2 == 1 {
		return 0.5 - float64(k+1)/2*step
	}
	return 0.5 + float64(k)/2*step
}

const places = 31

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
	curves := make([][]Point, len(l.Edges))
	for i, e := range l.Edges {
		curves[i] = e.Curve
	}
	lines := NewLines(curves)
	// Short lines leave less choice.
	order := make([]int, len(l.Edges))
	lengths := make([]float64, len(l.Edges))
	for i, c := range curves {
		order[i] = i
		for k := 1; k < len(c); k++ {
			lengths[i] += dist(c[k-1], c[k])
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lengths[a], lengths[b]) })
	var way way
	for _, i := range order {
		size := p.s.Edges[i]
		if len(l.Edges[i].Curve) == 0 || !(size.X > 0) || !(size.Y > 0) {
			continue
		}
		way.follow(l.Edges[i].Curve)
		best, score := Box{}, math.Inf(1)
		for k := range places {
			b := around(way.at(place(k)), size)
			cost := float64(k) * 0.2
			if cost >= score {
				break
			}
			taken.in(b.grown(2), func(o Box) {
				if o.meets(b.grown(2)) {
					cost += 100
				}
			})
			if cost < score {
				cost += 5 * float64(lines.Crossing(b, i))
			}
			if cost < score {
				best, score = b, cost
			}
		}
		l.Edges[i].Label = best
		taken.addBox(best, best)
	}
}

// way is a curve as a chain of short straight lines.
type way struct {
	points []Point
	gone   []float64 // the length up to each
}

func (w *way) follow(curve []Point) {
	w.points, w.gone = append(w.points[:0], curve[0]), append(w.gone[:0], 0)
	for i := 0; i+3 < len(curve); i += 3 {
		a, b, c, d := curve[i], curve[i+1], curve[i+2], curve[i+3]
		n := piecesOf(a, b, c, d)
		for k := 1; k <= n; k++ {
			p := cubic(a, b, c, d, float64(k)/float64(n))
			w.gone = append(w.gone, w.gone[len(w.gone)-1]+dist(p, w.points[len(w.points)-1]))
			w.points = append(w.points, p)
		}
	}
}

// at is the point after a part of the way.
func (w *way) at(part float64) Point {
	length := part * w.gone[len(w.gone)-1]
	k, _ := slices.BinarySearch(w.gone, length)
	if k == 0 {
		return w.points[0]
	}
	a, b := w.points[k-1], w.points[k]
	t := (length - w.gone[k-1]) / (w.gone[k] - w.gone[k-1])
	return Point{a.X + (b.X-a.X)*t, a.Y + (b.Y-a.Y)*t}
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
