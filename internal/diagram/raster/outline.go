package raster

import (
	"math"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
)

// point is a place in pixels; y grows downwards.
type point struct{ x, y float64 }

// line is one run of straight strokes.
type line struct {
	points []point
	closed bool // the last point leads back to the first; it is not repeated
}

const (
	// flatness is how far, in pixels, a chord may lie off its curve: less than an eye sees through anti-aliasing.
	flatness = 0.1
	// farthest is how far off, in pixels, anything may lie: float32 still tells pixels apart there.
	farthest = 1 << 21
	// mostChords bounds the work for one curve.
	mostChords = 500
)

// flatten turns the segments of a path into straight lines, scale pixels for a unit. Points that are no
// numbers are left out; others are brought within farthest.
func flatten(segments []scene.Segment, scale float64) []line {
	var lines []line
	var at line
	end := func(closed bool) {
		if n := len(at.points); closed && n > 1 && at.points[0] == at.points[n-1] {
			at.points = at.points[:n-1]
		}
		if len(at.points) > 0 {
			at.closed = closed
			lines = append(lines, at)
		}
		at = line{}
	}
	var last, first point // of the current subpath
	begin := func() {
		if len(at.points) == 0 {
			at.points = append(at.points, last)
			first = last
		}
	}
	for _, s := range segments {
		if s.Op == scene.Close {
			end(true)
			last = first
			continue
		}
		p, ok := pixel(s.P, scale)
		if !ok {
			continue
		}
		switch s.Op {
		case scene.Move:
			end(false)
		case scene.Line:
			begin()
			at.points = append(at.points, p)
		case scene.Curve:
			c1, ok1 := pixel(s.C1, scale)
			c2, ok2 := pixel(s.C2, scale)
			begin()
			if ok1 && ok2 {
				at.points = appendCurve(at.points, last, c1, c2, p)
			} else {
				at.points = append(at.points, p)
			}
		}
		last = p
		if s.Op == scene.Move {
			first = p
		}
	}
	end(false)
	return lines
}

// pixel turns units into pixels, and says whether p is a place at all.
func pixel(p layout.Point, scale float64) (point, bool) {
	x, y := p.X*scale, p.Y*scale
	if math.IsNaN(x) || math.IsNaN(y) || math.IsInf(x, 0) || math.IsInf(y, 0) {
		return point{}, false
	}
	return point{max(-farthest, min(x, farthest)), max(-farthest, min(y, farthest))}, true
}

// appendCurve appends the chords of a cubic Bézier without its start. Their number follows from the
// largest second difference of the control points, which bounds the distance of a chord (Wang's formula).
func appendCurve(points []point, p0, p1, p2, p3 point) []point {
	d1 := math.Hypot(p0.x-2*p1.x+p2.x, p0.y-2*p1.y+p2.y)
	d2 := math.Hypot(p1.x-2*p2.x+p3.x, p1.y-2*p2.y+p3.y)
	n := int(math.Ceil(math.Sqrt(0.75 * max(d1, d2) / flatness)))
	n = max(1, min(n, mostChords))
	for i := 1; i < n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		points = append(points, point{a*p0.x + b*p1.x + c*p2.x + d*p3.x, a*p0.y + b*p1.y + c*p2.y + d*p3.y})
	}
	return append(points, p3)
}

// polygon is an area to fill, by the non-zero winding rule: closed rings of points.
type polygon struct {
	rings    [][]point
	pieces   []piece
	min, max point
}

// piece is a part of a ring, which need not be looked at where its rows are not drawn.
type piece struct {
	points   []point // the last is the first of the next piece
	min, max float64 // y
}

// pieceSize is the number of sides in a piece.
const pieceSize = 32

// add adds a ring. Fewer than three points enclose nothing.
func (p *polygon) add(ring []point) {
	if len(ring) < 3 {
		return
	}
	if len(p.rings) == 0 {
		p.min, p.max = ring[0], ring[0]
	}
	n := len(ring)
	ring = append(ring, ring[0])
	for from := 0; from < n; from += pieceSize {
		points := ring[from : min(from+pieceSize, n)+1]
		lo, hi := points[0], points[0]
		for _, q := range points[1:] {
			if q.x < lo.x {
				lo.x = q.x
			} else if q.x > hi.x {
				hi.x = q.x
			}
			if q.y < lo.y {
				lo.y = q.y
			} else if q.y > hi.y {
				hi.y = q.y
			}
		}
		p.pieces = append(p.pieces, piece{points, lo.y, hi.y})
		p.min = point{min(p.min.x, lo.x), min(p.min.y, lo.y)}
		p.max = point{max(p.max.x, hi.x), max(p.max.y, hi.y)}
	}
	ring = ring[:n]
	p.rings = append(p.rings, ring)
}
