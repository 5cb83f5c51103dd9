package raster

import (
	"math"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

// glyphs keeps the outlines of the glyphs that were used, in pixels.
type glyphs map[glyphKey]*polygon

type glyphKey struct {
	face  int // typeset.Face.Index
	glyph uint16
	size  float64
	angle float64 // by which it is turned clockwise, in degrees
}

// outline returns the outline of a glyph of a size in pixels, turned about its origin.
func (g glyphs) outline(f *typeset.Face, glyph uint16, size, angle float64) *polygon {
	key := glyphKey{f.Index(), glyph, size, angle}
	if p, ok := g[key]; ok {
		return p
	}
	p := &polygon{}
	g[key] = p
	var ring []point
	sin, cos := math.Sincos(angle * math.Pi / 180)
	at := func(q typeset.Point) point {
		return point{(q.X*cos - q.Y*sin) * size, (q.X*sin + q.Y*cos) * size}
	}
	for _, s := range f.Outline(glyph) {
		switch s.Op {
		case typeset.Move:
			p.add(ring)
			ring = []point{at(s.P)}
		case typeset.Line:
			ring = append(ring, at(s.P))
		case typeset.Quad:
			// as the cubic curve that it is
			from, c, to := ring[len(ring)-1], at(s.C), at(s.P)
			c1 := point{from.x + (c.x-from.x)*2/3, from.y + (c.y-from.y)*2/3}
			c2 := point{to.x + (c.x-to.x)*2/3, to.y + (c.y-to.y)*2/3}
			ring = appendCurve(ring, from, c1, c2, to)
		}
	}
	p.add(ring)
	return p
}

// largestText is the size, in pixels, above which text is not drawn: no picture has room for it.
const largestText = maxSide

func (d *drawing) text(t *scene.Text) {
	size := t.Style.Size * d.scale
	if t.Ink == scene.None || !(size > 0 && size < largestText) {
		return
	}
	runs := typeset.Shape(t.String, t.Style)
	width := 0.0
	for _, r := range runs {
		width += r.Width
	}
	left := t.At.X
	switch t.Anchor {
	case scene.Middle:
		left -= width / 2
	case scene.End:
		left -= width
	}
	sin, cos := math.Sincos(t.Angle * math.Pi / 180)
	var shapes []shape
	for _, r := range runs {
		for _, g := range r.Glyphs {
			p := d.fonts.outline(r.Face, g.ID, size, t.Angle)
			dx, dy := left+g.X-t.At.X, g.Y
			if by, ok := pixel(layout.Point{X: t.At.X + dx*cos - dy*sin, Y: t.At.Y + dx*sin + dy*cos}, d.scale); ok && len(p.rings) > 0 {
				if t.Angle == 0 {
					// Letters of one line look alike where they stand on a whole row of pixels, as browsers set them.
					by.y = math.Floor(by.y + 0.5)
				}
				shapes = append(shapes, shape{p, by})
			}
		}
	}
	d.add(t.Ink, shapes...)
}
