package scene

import (
	"math"

	"lintel/internal/diagram/layout"
)

func pt(x, y float64) layout.Point { return layout.Point{X: x, Y: y} }

// outline collects the segments of a path.
type outline []Segment

func (o *outline) move(x, y float64) { *o = append(*o, Segment{Op: Move, P: pt(x, y)}) }
func (o *outline) line(x, y float64) { *o = append(*o, Segment{Op: Line, P: pt(x, y)}) }
func (o *outline) curve(x1, y1, x2, y2, x, y float64) {
	*o = append(*o, Segment{Op: Curve, C1: pt(x1, y1), C2: pt(x2, y2), P: pt(x, y)})
}
func (o *outline) close() { *o = append(*o, Segment{Op: Close}) }

// kappa places the control points of a cubic curve that is nearly a quarter of a circle.
const kappa = 0.5522847498

// quarter goes from where the outline is to (x, y) by a quarter of an ellipse. horizontal says that it leaves sideways.
func (o *outline) quarter(x, y float64, horizontal bool) {
	s := (*o)[len(*o)-1].P
	if horizontal {
		o.curve(s.X+(x-s.X)*kappa, s.Y, x, y-(y-s.Y)*kappa, x, y)
	} else {
		o.curve(s.X, s.Y+(y-s.Y)*kappa, x-(x-s.X)*kappa, y, x, y)
	}
}

func (o *outline) ellipse(cx, cy, rx, ry float64) {
	o.move(cx-rx, cy)
	o.quarter(cx, cy-ry, false)
	o.quarter(cx+rx, cy, true)
	o.quarter(cx, cy+ry, false)
	o.quarter(cx-rx, cy, true)
	o.close()
}

func (o *outline) rounded(b layout.Box, r float64) {
	x0, y0, x1, y1 := b.Min.X, b.Min.Y, b.Max.X, b.Max.Y
	r = max(0, min(r, (x1-x0)/2, (y1-y0)/2))
	o.move(x0+r, y0)
	o.line(x1-r, y0)
	o.quarter(x1, y0+r, true)
	o.line(x1, y1-r)
	o.quarter(x1-r, y1, false)
	o.line(x0+r, y1)
	o.quarter(x0, y1-r, true)
	o.line(x0, y0+r)
	o.quarter(x0+r, y0, false)
	o.close()
}

// polygon joins points, its corners cut round by r.
func (o *outline) polygon(r float64, points ...layout.Point) {
	n := len(points)
	for i, p := range points {
		a := towards(p, points[(i+n-1)%n], r)
		b := towards(p, points[(i+1)%n], r)
		if i == 0 {
			o.move(a.X, a.Y)
		} else {
			o.line(a.X, a.Y)
		}
		c1, c2 := mix(a, p, 2.0/3), mix(b, p, 2.0/3)
		o.curve(c1.X, c1.Y, c2.X, c2.Y, b.X, b.Y)
	}
	o.close()
}

// towards returns the point at distance d from p on the way to q, at most half the way.
func towards(p, q layout.Point, d float64) layout.Point {
	l := distance(p, q)
	if l == 0 {
		return p
	}
	return mix(p, q, min(d/l, 0.5))
}

func mix(p, q layout.Point, t float64) layout.Point {
	return pt(p.X+(q.X-p.X)*t, p.Y+(q.Y-p.Y)*t)
}

func distance(p, q layout.Point) float64 { return math.Hypot(q.X-p.X, q.Y-p.Y) }

func box(x, y, w, h float64) layout.Box {
	return layout.Box{Min: pt(x, y), Max: pt(x+w, y+h)}
}

func shrink(b layout.Box, l, t, r, bottom float64) layout.Box {
	return layout.Box{Min: pt(b.Min.X+l, b.Min.Y+t), Max: pt(b.Max.X-r, b.Max.Y-bottom)}
}

func width(b layout.Box) float64       { return b.Max.X - b.Min.X }
func height(b layout.Box) float64      { return b.Max.Y - b.Min.Y }
func center(b layout.Box) layout.Point { return mix(b.Min, b.Max, 0.5) }
func overlap(a, b layout.Box) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

// cubic returns the point of a Bézier curve at t.
func cubic(a, b, c, d layout.Point, t float64) layout.Point {
	u := 1 - t
	k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return pt(k0*a.X+k1*b.X+k2*c.X+k3*d.X, k0*a.Y+k1*b.Y+k2*c.Y+k3*d.Y)
}

// split cuts a Bézier curve at t and returns both parts, seven points, the fourth of them shared.
func split(a, b, c, d layout.Point, t float64) [7]layout.Point {
	ab, bc, cd := mix(a, b, t), mix(b, c, t), mix(c, d, t)
	abc, bcd := mix(ab, bc, t), mix(bc, cd, t)
	return [7]layout.Point{a, ab, abc, mix(abc, bcd, t), bcd, cd, d}
}

// flatten turns a path into polygons that are nowhere far from it.
func flatten(segs []Segment) [][]layout.Point {
	var all [][]layout.Point
	var cur []layout.Point
	for _, s := range segs {
		switch s.Op {
		case Move:
			if len(cur) > 1 {
				all = append(all, cur)
			}
			cur = []layout.Point{s.P}
		case Line:
			cur = append(cur, s.P)
		case Curve:
			if len(cur) == 0 {
				continue
			}
			a := cur[len(cur)-1]
			for i := 1; i <= 8; i++ {
				cur = append(cur, cubic(a, s.C1, s.C2, s.P, float64(i)/8))
			}
		}
	}
	if len(cur) > 1 {
		all = append(all, cur)
	}
	return all
}

// contains says whether p lies within the polygons, by the even-odd rule.
func contains(polygons [][]layout.Point, p layout.Point) bool {
	in := false
	for _, poly := range polygons {
		for i, a := range poly {
			b := poly[(i+1)%len(poly)]
			if (a.Y > p.Y) != (b.Y > p.Y) && p.X < a.X+(p.Y-a.Y)/(b.Y-a.Y)*(b.X-a.X) {
				in = !in
			}
		}
	}
	return in
}
