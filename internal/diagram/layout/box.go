package layout

import "math"

func (p Point) plus(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// emptyBox holds nothing yet.
func emptyBox() Box {
	return Box{Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}}
}

func (b *Box) include(points ...Point) {
	for _, p := range points {
		b.Min = Point{min(b.Min.X, p.X), min(b.Min.Y, p.Y)}
		b.Max = Point{max(b.Max.X, p.X), max(b.Max.Y, p.Y)}
	}
}

func (b *Box) move(by Point) { b.Min, b.Max = b.Min.plus(by), b.Max.plus(by) }

func (b Box) width() float64  { return b.Max.X - b.Min.X }
func (b Box) height() float64 { return b.Max.Y - b.Min.Y }

// grown is b with more room on all sides.
func (b Box) grown(by float64) Box {
	return Box{Point{b.Min.X - by, b.Min.Y - by}, Point{b.Max.X + by, b.Max.Y + by}}
}

// around is the box of the given size with c in its middle.
func around(c, size Point) Box {
	return Box{Point{c.X - size.X/2, c.Y - size.Y/2}, Point{c.X + size.X/2, c.Y + size.Y/2}}
}

func (b Box) middle() Point { return Point{(b.Min.X + b.Max.X) / 2, (b.Min.Y + b.Max.Y) / 2} }

// border is where the line from the middle of b towards p leaves b.
func (b Box) border(p Point) Point {
	m := b.middle()
	dx, dy := p.X-m.X, p.Y-m.Y
	part := math.Inf(1)
	if dx != 0 {
		part = b.width() / 2 / math.Abs(dx)
	}
	if dy != 0 {
		part = min(part, b.height()/2/math.Abs(dy))
	}
	if math.IsInf(part, 1) {
		return m
	}
	return Point{m.X + dx*part, m.Y + dy*part}
}

// rounded is p to the hundredth of a unit, more than can be seen.
func (p Point) rounded() Point { return Point{math.Round(p.X*100) / 100, math.Round(p.Y*100) / 100} }

func (b *Box) round() { b.Min, b.Max = b.Min.rounded(), b.Max.rounded() }

// nearest is how far p must go, up and down or else to the sides, to be level with b.
func (b Box) nearest(p Point, upright bool) Point {
	if upright {
		return Point{0, min(max(p.Y, b.Min.Y), b.Max.Y) - p.Y}
	}
	return Point{min(max(p.X, b.Min.X), b.Max.X) - p.X, 0}
}
