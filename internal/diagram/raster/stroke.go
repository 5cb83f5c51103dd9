package raster

import "math"

// pen strokes lines, with round ends and corners.
type pen struct {
	half float64 // of the width, in pixels
}

// stroke adds the outline of lines to the polygon. All its parts wind in one direction, so that parts
// that overlap don't cancel each other out.
func (p pen) stroke(into *polygon, lines []line) {
	for _, l := range lines {
		pts := distinct(l)
		switch {
		case len(pts) == 1:
			// As in SVG, a line of no length is a dot, and a place alone is nothing.
			if len(l.points) > 1 || l.closed {
				into.add(p.dot(pts[0]))
			}
		case l.closed && len(pts) > 2:
			into.add(p.side(nil, pts, true))
			reverse(pts)
			into.add(p.side(nil, pts, true))
		case len(pts) > 1:
			ring := p.side(make([]point, 0, 2*len(pts)+24), pts, false)
			ring = p.cap(ring, pts[len(pts)-2], pts[len(pts)-1])
			reverse(pts)
			ring = p.side(ring, pts, false)
			ring = p.cap(ring, pts[len(pts)-2], pts[len(pts)-1])
			into.add(ring)
		}
	}
}

// distinct returns the points of l without those that lie on the one before them.
func distinct(l line) []point {
	pts := make([]point, 0, len(l.points))
	for _, q := range l.points {
		if n := len(pts); n == 0 || math.Hypot(q.x-pts[n-1].x, q.y-pts[n-1].y) > 1e-6 {
			pts = append(pts, q)
		}
	}
	if n := len(pts); l.closed && n > 1 && math.Hypot(pts[0].x-pts[n-1].x, pts[0].y-pts[n-1].y) <= 1e-6 {
		pts = pts[:n-1]
	}
	return pts
}

func reverse(pts []point) {
	for i, j := 0, len(pts)-1; i < j; i, j = i+1, j-1 {
		pts[i], pts[j] = pts[j], pts[i]
	}
}

// direction returns the unit vector from a to b.
func direction(a, b point) point {
	d := math.Hypot(b.x-a.x, b.y-a.y)
	return point{(b.x - a.x) / d, (b.y - a.y) / d}
}

// side appends the line that runs along pts on one side of them, at half the width.
func (p pen) side(out, pts []point, closed bool) []point {
	n := len(pts)
	at := func(i int, d point) point { return point{pts[i].x - d.y*p.half, pts[i].y + d.x*p.half} }
	if !closed {
		out = append(out, at(0, direction(pts[0], pts[1])))
	}
	first, last := 1, n-1
	if closed {
		first, last = 0, n
	}
	for i := first; i < last; i++ {
		before, after := pts[(i+n-1)%n], pts[(i+1)%n]
		out = p.corner(out, before, pts[i], after)
	}
	if !closed {
		out = append(out, at(n-1, direction(pts[n-2], pts[n-1])))
	}
	return out
}

// corner appends the way around the corner at b.
func (p pen) corner(out []point, a, b, c point) []point {
	u, v := direction(a, b), direction(b, c)
	from := point{b.x - u.y*p.half, b.y + u.x*p.half}
	to := point{b.x - v.y*p.half, b.y + v.x*p.half}
	cross, dot := u.x*v.y-u.y*v.x, u.x*v.x+u.y*v.y
	if math.Abs(cross) < 1e-9 && dot > 0 {
		return append(out, to)
	}
	// tip is where the two sides meet, as an offset from b; its length is half/cos(angle/2).
	var tip point
	if 1+dot > 1e-9 {
		k := p.half / (1 + dot)
		tip = point{(-u.y - v.y) * k, (u.x + v.x) * k}
	}
	if cross > 0 { // the inner side
		reach := p.half * math.Sqrt(max(0, 1-dot)/max(1e-9, 1+dot)) // half·tan(angle/2)
		if reach <= math.Hypot(b.x-a.x, b.y-a.y) && reach <= math.Hypot(c.x-b.x, c.y-b.y) && dot > 0 {
			return append(out, point{b.x + tip.x, b.y + tip.y})
		}
		return append(out, from, b, to)
	}
	if dot > 0.999 { // a chord of a curve
		return append(out, point{b.x + tip.x, b.y + tip.y})
	}
	return p.turn(out, b, from, to, -math.Acos(max(-1, min(dot, 1))))
}

// turn appends points from one to another, by an angle around b.
func (p pen) turn(out []point, b, from, to point, angle float64) []point {
	out = append(out, from)
	step := 2 * math.Acos(max(0, 1-flatness/max(p.half, flatness)))
	n := int(math.Ceil(math.Abs(angle) / max(step, 0.05)))
	for i := 1; i < n; i++ {
		sin, cos := math.Sincos(angle * float64(i) / float64(n))
		dx, dy := from.x-b.x, from.y-b.y
		out = append(out, point{b.x + dx*cos - dy*sin, b.y + dx*sin + dy*cos})
	}
	return append(out, to)
}

// cap appends the end of a stroke from a to b, from one of its sides to the other.
func (p pen) cap(out []point, a, b point) []point {
	d := direction(a, b)
	from := point{b.x - d.y*p.half, b.y + d.x*p.half}
	to := point{b.x + d.y*p.half, b.y - d.x*p.half}
	return p.turn(out, b, from, to, -math.Pi)
}

func (p pen) dot(at point) []point {
	from := point{at.x + p.half, at.y}
	ring := p.turn(nil, at, from, from, -2*math.Pi)
	return ring[:len(ring)-1]
}

// mostDashes bounds the work for one path.
const mostDashes = 100_000

// dash cuts lines into dashes of the lengths in pattern, in pixels: strokes and gaps in turn, from the
// start of every line. As in SVG, a pattern of an odd length counts twice, and one that is not made of
// positive numbers gives a solid line.
func dash(lines []line, pattern []float64) []line {
	total := 0.0
	for _, d := range pattern {
		if !(d >= 0) || math.IsInf(d, 0) {
			return lines
		}
		total += d
	}
	if len(pattern)%2 == 1 {
		pattern = append(pattern[:len(pattern):len(pattern)], pattern...)
		total *= 2
	}
	length := 0.0
	for _, l := range lines {
		length += l.length()
	}
	if !(total > 0) || math.IsInf(total, 0) || length/total*float64(len(pattern)) > mostDashes {
		return lines
	}
	var out []line
	for _, l := range lines {
		out = l.dash(out, pattern)
	}
	return out
}

func (l line) length() float64 {
	sum := 0.0
	for i := range l.points {
		if i == 0 && !l.closed {
			continue
		}
		a, b := l.points[(i+len(l.points)-1)%len(l.points)], l.points[i]
		sum += math.Hypot(b.x-a.x, b.y-a.y)
	}
	return sum
}

func (l line) dash(out []line, pattern []float64) []line {
	pts := l.points
	if l.closed {
		pts = append(pts[:len(pts):len(pts)], pts[0])
	}
	i, left := 0, pattern[0]
	current := []point{pts[0]}
	// next ends the dash or gap at p. Steps of no length are passed at once.
	next := func(p point) {
		for {
			if i%2 == 0 {
				out = append(out, line{points: append(current, p)})
			}
			i = (i + 1) % len(pattern)
			left = pattern[i]
			current = []point{p}
			if left > 0 {
				return
			}
		}
	}
	if left == 0 {
		next(pts[0])
	}
	for k := 1; k < len(pts); k++ {
		a, b := pts[k-1], pts[k]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		done := 0.0
		for length-done > left {
			done += left
			t := done / length
			next(point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t})
		}
		left -= length - done
		if i%2 == 0 {
			current = append(current, b)
		}
	}
	if i%2 == 0 && len(current) > 1 {
		out = append(out, line{points: current})
	}
	return out
}
