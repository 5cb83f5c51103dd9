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
