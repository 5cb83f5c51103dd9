package raster

import (
	"math"

	"lintel/internal/diagram/scene"
)

// drawing is a scene in pixels: what to do, in turn.
type drawing struct {
	theme   scene.Theme
	scale   float64
	fonts   glyphs
	actions []action
}

// action fills an area, or begins or ends a layer that is laid over what is below it with some opacity.
type action struct {
	kind     actionKind
	ink      uint32
	shapes   []shape
	opacity  uint32 // of a layer, 0 to 255
	end      int    // of the beginning of a layer: the index of its end
	min, max point  // bounds of what is painted
}

type actionKind uint8

const (
	fill actionKind = iota
	beginLayer
	endLayer
)

// shape is a polygon, moved.
type shape struct {
	polygon *polygon
	by      point
}

// include widens the bounds of a to hold a shape.
func (a *action) include(s shape) {
	if len(s.polygon.rings) == 0 {
		return
	}
	lo := point{s.polygon.min.x + s.by.x, s.polygon.min.y + s.by.y}
	hi := point{s.polygon.max.x + s.by.x, s.polygon.max.y + s.by.y}
	if len(a.shapes) == 0 {
		a.min, a.max = lo, hi
	}
	a.min = point{min(a.min.x, lo.x), min(a.min.y, lo.y)}
	a.max = point{max(a.max.x, hi.x), max(a.max.y, hi.y)}
	a.shapes = append(a.shapes, s)
}

func (d *drawing) color(ink scene.Ink) uint32 {
	if int(ink) >= len(d.theme.Colors) {
		return 0xff << 24
	}
	return opaque(d.theme.Colors[ink])
}

func (d *drawing) group(g *scene.Group) {
	opacity := uint32(255)
	if g.Opacity > 0 && g.Opacity < 1 {
		opacity = uint32(g.Opacity*255 + 0.5)
	}
	begin := len(d.actions)
	if opacity < 255 {
		d.actions = append(d.actions, action{kind: beginLayer, opacity: opacity})
	}
	for _, item := range g.Items {
		switch item := item.(type) {
		case *scene.Group:
			if item != nil {
				d.group(item)
			}
		case *scene.Path:
			if item != nil {
				d.path(item)
			}
		case *scene.Text:
			if item != nil {
				d.text(item)
			}
		}
	}
	if opacity < 255 {
		d.endLayer(begin)
	}
}

// endLayer ends the layer that begins at an index of actions, and computes its bounds.
func (d *drawing) endLayer(begin int) {
	b := &d.actions[begin]
	first := true
	for _, a := range d.actions[begin+1:] {
		if a.kind != fill {
			continue
		}
		if first {
			b.min, b.max, first = a.min, a.max, false
		}
		b.min = point{min(b.min.x, a.min.x), min(b.min.y, a.min.y)}
		b.max = point{max(b.max.x, a.max.x), max(b.max.y, a.max.y)}
	}
	b.end = len(d.actions)
	d.actions = append(d.actions, action{kind: endLayer})
}

func (d *drawing) add(ink scene.Ink, shapes ...shape) {
	a := action{kind: fill, ink: d.color(ink)}
	for _, s := range shapes {
		a.include(s)
	}
	if len(a.shapes) > 0 {
		d.actions = append(d.actions, a)
	}
}

func (d *drawing) path(p *scene.Path) {
	lines := flatten(p.Segments, d.scale)
	if p.Fill != scene.None {
		area := &polygon{}
		for _, l := range lines {
			area.add(l.points)
		}
		d.add(p.Fill, shape{polygon: area})
	}
	if width := p.Width * d.scale; p.Stroke != scene.None && width > 0 && !math.IsInf(width, 0) {
		if len(p.Dash) > 0 {
			pattern := make([]float64, len(p.Dash))
			for i, l := range p.Dash {
				pattern[i] = l * d.scale
			}
			lines = dash(lines, pattern)
		}
		outline := &polygon{}
		pen{half: min(width, farthest) / 2}.stroke(outline, lines)
		d.add(p.Stroke, shape{polygon: outline})
	}
}
