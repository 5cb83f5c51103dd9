package scene

import (
	"math"

	"lintel/internal/diagram/layout"
)

// spline is a chain of cubic Bézier curves: a start, then three points for each piece.
type spline []layout.Point

func (s spline) pieces() int { return (len(s) - 1) / 3 }

// even returns n points, 2 or more, that divide the way into pieces of the same length.
func (s spline) even(n int) []layout.Point {
	points := s.samples()
	total := 0.0
	for i := 1; i < len(points); i++ {
		total += distance(points[i-1], points[i])
	}
	all := []layout.Point{s[0]}
	gone := 0.0
	for i := 1; i < len(points) && len(all) < n; i++ {
		l := distance(points[i-1], points[i])
		for len(all) < n-1 {
			want := total * float64(len(all)) / float64(n-1)
			if want > gone+l || l == 0 {
				break
			}
			all = append(all, mix(points[i-1], points[i], (want-gone)/l))
		}
		gone += l
	}
	for len(all) < n {
		all = append(all, s[len(s)-1])
	}
	return all
}

// reach is the length of the lines through all points of the spline, a little more than its own.
func (s spline) reach() float64 {
	l := 0.0
	for i := 1; i < len(s); i++ {
		l += distance(s[i-1], s[i])
	}
	return l
}

// nearest returns how far along the way, 0 to 1, the point is that is nearest to p.
func (s spline) nearest(p layout.Point) float64 {
	points := s.even(41)
	best := 0
	for i, q := range points {
		if distance(p, q) < distance(p, points[best]) {
			best = i
		}
	}
	return float64(best) / float64(len(points)-1)
}

// samples returns points along the spline, close enough to stand for it.
func (s spline) samples() []layout.Point {
	points := []layout.Point{s[0]}
	for i := 0; i < s.pieces(); i++ {
		a, b, c, d := s[3*i], s[3*i+1], s[3*i+2], s[3*i+3]
		for k := 1; k <= 8; k++ {
			points = append(points, cubic(a, b, c, d, float64(k)/8))
		}
	}
	return points
}

// reversed returns the spline from its end to its start.
func (s spline) reversed() spline {
	r := make(spline, len(s))
	for i, p := range s {
		r[len(s)-1-i] = p
	}
	return r
}

// heading returns the direction, of length 1, in which the spline arrives at its end.
func (s spline) heading() layout.Point {
	end := s[len(s)-1]
	for i := len(s) - 2; i >= 0; i-- {
		if l := distance(s[i], end); l > 0.01 {
			return pt((end.X-s[i].X)/l, (end.Y-s[i].Y)/l)
		}
	}
	return pt(0, 1)
}

// extended goes on from the end until it meets one of the outlines, straight on if that is within reach,
// else in a bend towards the middle of what they outline.
func (s spline) extended(outlines [][][]layout.Point, middle layout.Point, reach float64) spline {
	end, h := s[len(s)-1], s.heading()
	meet := func(dir layout.Point, reach float64) (layout.Point, bool) {
		for d := 0.0; d <= reach; d += 0.5 {
			p := pt(end.X+dir.X*d, end.Y+dir.Y*d)
			for _, o := range outlines {
				if contains(o, p) {
					return p, true
				}
			}
		}
		return end, false
	}
	if p, ok := meet(h, reach); ok {
		if p == end {
			return s
		}
		return append(append(spline(nil), s...), mix(end, p, 1.0/3), mix(end, p, 2.0/3), p)
	}
	l := distance(end, middle)
	if l == 0 {
		return s
	}
	p, ok := meet(pt((middle.X-end.X)/l, (middle.Y-end.Y)/l), l)
	if !ok {
		return s
	}
	k := distance(end, p) / 3
	return append(append(spline(nil), s...), pt(end.X+h.X*k, end.Y+h.Y*k), mix(end, p, 2.0/3), p)
}

// shortened returns the spline without its last d, measured as the crow flies from its end.
func (s spline) shortened(d float64) spline {
	end := s[len(s)-1]
	for n := s.pieces(); n > 0; n-- {
		i := 3 * (n - 1)
		if distance(s[i], end) <= d && n > 1 {
			continue
		}
		lo, hi := 0.0, 1.0
		for range 24 {
			mid := (lo + hi) / 2
			if distance(cubic(s[i], s[i+1], s[i+2], s[i+3], mid), end) > d {
				lo = mid
			} else {
				hi = mid
			}
		}
		if lo == 0 {
			return s
		}
		q := split(s[i], s[i+1], s[i+2], s[i+3], lo)
		return append(append(spline(nil), s[:i+1]...), q[1], q[2], q[3])
	}
	return s
}

// path returns the spline's segments.
func (s spline) path() []Segment {
	var o outline
	o.move(s[0].X, s[0].Y)
	for i := 0; i < s.pieces(); i++ {
		b, c, d := s[3*i+1], s[3*i+2], s[3*i+3]
		if straight(s[3*i], b, c, d) {
			o.line(d.X, d.Y)
		} else {
			o.curve(b.X, b.Y, c.X, c.Y, d.X, d.Y)
		}
	}
	return o
}

// straight says whether a curve can't be told from a line.
func straight(a, b, c, d layout.Point) bool {
	l := distance(a, d)
	if l < 0.01 {
		return false
	}
	off := func(p layout.Point) float64 {
		return math.Abs((d.X-a.X)*(a.Y-p.Y)-(a.X-p.X)*(d.Y-a.Y)) / l
	}
	return off(b) < 0.05 && off(c) < 0.05
}
