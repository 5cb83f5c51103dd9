package typeset

// Point is a place in the plane.
type Point struct{ X, Y float64 }

// Op is the kind of a segment.
type Op uint8

// The kinds of segments. Every Move starts a contour, and the contour before it is closed.
const (
	Move Op = iota // to P
	Line           // to P
	Quad           // a quadratic Bézier curve with the control point C, to P
)

// Segment is one step of an outline.
type Segment struct {
	Op   Op
	C, P Point
}

// Outline returns the outline of a glyph, to be filled by the nonzero rule, in em: 1 is the font size. The
// origin is the pen's place on the baseline, and y grows downwards. Every contour is closed: it ends where
// it began. A blank glyph, or one that the font has not, has no segments.
func (f *Face) Outline(glyph uint16) []Segment {
	o := outliner{font: f.font, scale: 1 / float64(f.font.unitsPerEm)}
	o.glyph(glyph, transform{xx: 1, yy: 1}, 0)
	return o.out
}

type transform struct{ xx, xy, yx, yy, dx, dy float64 }

func (t transform) apply(x, y float64) (float64, float64) {
	return t.xx*x + t.yx*y + t.dx, t.xy*x + t.yy*y + t.dy
}

// deepest is how many levels of composite glyphs are followed. Real fonts have two or three.
const deepest = 8

type outliner struct {
	font  *sfnt
	scale float64
	out   []Segment
}

func (o *outliner) point(t transform, x, y float64) Point {
	x, y = t.apply(x, y)
	return Point{X: x * o.scale, Y: -y * o.scale}
}

func (o *outliner) glyph(g uint16, t transform, depth int) {
	d := o.font.description(g)
	if d == nil || depth > deepest {
		return
	}
	if i16(d, 0) >= 0 {
		o.simple(d, t)
		return
	}
	parts, _ := components(d)
	for _, c := range parts {
		// Points that are matched by number instead of an offset occur in none of our fonts.
		u := transform{
			xx: t.xx*c.xx + t.yx*c.xy, xy: t.xy*c.xx + t.yy*c.xy,
			yx: t.xx*c.yx + t.yx*c.yy, yy: t.xy*c.yx + t.yy*c.yy,
		}
		if c.flags&argsAreXY != 0 {
			u.dx, u.dy = t.apply(float64(c.dx), float64(c.dy))
		} else {
			u.dx, u.dy = t.dx, t.dy
		}
		o.glyph(c.glyph, u, depth+1)
	}
}

// Flags of the points of a simple glyph.
const (
	onCurve = 1 << 0
	xByte   = 1 << 1
	yByte   = 1 << 2
	repeats = 1 << 3
	xSame   = 1 << 4 // or, with xByte, positive
	ySame   = 1 << 5
)

type curvePoint struct {
	x, y float64
	on   bool
}

func (o *outliner) simple(d []byte, t transform) {
	contours := i16(d, 0)
	if contours == 0 {
		return
	}
	n := u16(d, 10+2*(contours-1)) + 1
	at := 10 + 2*contours
	at += 2 + u16(d, at)
	next := func() int {
		if at >= len(d) {
			return 0
		}
		at++
		return int(d[at-1])
	}
	flags := make([]int, 0, n)
	for len(flags) < n && at < len(d) {
		f := next()
		times := 1
		if f&repeats != 0 {
			times += next()
		}
		for ; times > 0 && len(flags) < n; times-- {
			flags = append(flags, f)
		}
	}
	points := make([]curvePoint, len(flags))
	coordinates := func(short, same int, set func(p *curvePoint, v int)) {
		v := 0
		for i, f := range flags {
			switch {
			case f&short != 0 && f&same != 0:
				v += next()
			case f&short != 0:
				v -= next()
			case f&same == 0:
				v += i16(d, at)
				at += 2
			}
			set(&points[i], v)
		}
	}
	coordinates(xByte, xSame, func(p *curvePoint, v int) { p.x = float64(v) })
	coordinates(yByte, ySame, func(p *curvePoint, v int) { p.y = float64(v) })
	for i, f := range flags {
		points[i].on = f&onCurve != 0
	}
	first := 0
	for c := range contours {
		end := u16(d, 10+2*c) + 1
		if first < end && end <= len(points) {
			o.contour(points[first:end], t)
			first = end
		}
	}
}

// contour adds one closed contour. Between two control points lies a point of the curve that the font leaves out.
func (o *outliner) contour(p []curvePoint, t transform) {
	middle := func(a, b curvePoint) curvePoint {
		return curvePoint{x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, on: true}
	}
	start, rest := p[0], p[1:]
	if !start.on {
		if last := p[len(p)-1]; last.on {
			start, rest = last, p[:len(p)-1]
		} else {
			start, rest = middle(last, start), p
		}
	}
	o.out = append(o.out, Segment{Op: Move, P: o.point(t, start.x, start.y)})
	var control *curvePoint
	to := func(q curvePoint) {
		s := Segment{Op: Line, P: o.point(t, q.x, q.y)}
		if control != nil {
			s.Op, s.C = Quad, o.point(t, control.x, control.y)
		}
		o.out = append(o.out, s)
		control = nil
	}
	for i := range rest {
		q := rest[i]
		switch {
		case q.on:
			to(q)
		case control != nil:
			to(middle(*control, q))
			control = &rest[i]
		default:
			control = &rest[i]
		}
	}
	to(start)
}
