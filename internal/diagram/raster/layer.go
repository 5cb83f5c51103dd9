package raster

import "math"

// layer returns a canvas for a part of the picture that is laid over c as a whole. It holds nothing yet, and
// may only be painted within the bounds of a.
func (c *canvas) layer(a *action) *canvas {
	if c.spare == nil {
		l := *c
		l.pixels = make([]uint32, len(c.pixels))
		c.spare = &l
	}
	l := c.spare
	l.top, l.height = c.top, c.height
	x0, y0, x1, y1 := c.within(a)
	for y := y0; y < y1; y++ {
		clear(l.pixels[y*c.width+x0 : y*c.width+x1])
	}
	return l
}

// merge lays l over c, with the opacity of a.
func (c *canvas) merge(l *canvas, a *action) {
	x0, y0, x1, y1 := c.within(a)
	for y := y0; y < y1; y++ {
		from, to := l.pixels[y*c.width+x0:y*c.width+x1], c.pixels[y*c.width+x0:y*c.width+x1]
		for x, p := range from {
			if p != 0 {
				p = times(p, a.opacity)
				to[x] = p + times(to[x], 255-p>>24)
			}
		}
	}
}

// within returns the bounds of a within c, in pixels of c.
func (c *canvas) within(a *action) (x0, y0, x1, y1 int) {
	clamp := func(v float64, limit int) int { return int(max(0, min(v, float64(limit)))) }
	x0, x1 = clamp(math.Floor(a.min.x), c.width), clamp(math.Ceil(a.max.x)+1, c.width)
	y0 = clamp(math.Floor(a.min.y)-float64(c.top), c.height)
	y1 = clamp(math.Ceil(a.max.y)+1-float64(c.top), c.height)
	return x0, y0, x1, y1
}
