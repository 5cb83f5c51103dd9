package raster

import "math"

// layer returns a canvas for a part of the picture that is laid over c as a whole. It holds nothing yet, and
// may only be painted within the bounds of a.
func (c *canvas) layer(a *action) *canvas {
	if c.spare == nil {
		l := *c
		l.stretches = newStretches(c.width, len(c.from))
		c.spare = &l
	}
	l := c.spare
	l.top, l.height = c.top, c.height
	from, to, y0, y1 := c.within(a)
	for y := y0; y < y1; y++ {
		l.row(y).clear(0, from, to)
	}
	return l
}

// merge lays l over c, with the opacity of a.
func (c *canvas) merge(l *canvas, a *action) {
	from, to, y0, y1 := c.within(a)
	for y := y0; y < y1; y++ {
		over, under := l.row(y), c.row(y)
		for b := from; b < to; b++ {
			under.lay(over, b, a.opacity)
		}
	}
}

// within returns the blocks and rows of c that a paints.
func (c *canvas) within(a *action) (from, to, y0, y1 int) {
	clamp := func(v float64, limit int) int { return int(max(0, min(v, float64(limit)))) }
	from = clamp(math.Floor(a.min.x), c.width) / blockSize
	to = (clamp(math.Ceil(a.max.x)+1, c.width) + blockSize - 1) / blockSize
	y0 = clamp(math.Floor(a.min.y)-float64(c.top), c.height)
	y1 = clamp(math.Ceil(a.max.y)+1-float64(c.top), c.height)
	return from, to, y0, y1
}
