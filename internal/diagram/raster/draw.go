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
	paths   []pendingPath
}

// pendingPath is a path whose outlines are still to be made, and the actions that they are for, or -1.
type pendingPath struct {
	path         *scene.Path
	fill, stroke int
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

// prepare makes the actions that draw a group. What it takes most of the time for, the outlines of paths, is made on
// all processors.
func (d *drawing) prepare(g *scene.Group) {
	d.group(g)
	share(len(d.paths), func() func(int) { return func(i int) { d.outlines(d.paths[i]) } })
	for i := range d.actions {
		if a := &d.actions[i]; a.kind == beginLayer {
			a.contain(d.actions[i+1 : a.end])
		}
	}
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
		d.actions[begin].end = len(d.actions)
		d.actions = append(d.actions, action{kind: endLayer})
	}
}

// contain makes the bounds of a hold what actions paint.
func (a *action) contain(actions []action) {
	first := true
	for _, b := range actions {
		if len(b.shapes) == 0 {
			continue
		}
		if first {
			a.min, a.max, first = b.min, b.max, false
		}
		a.min = point{min(a.min.x, b.min.x), min(a.min.y, b.min.y)}
		a.max = point{max(a.max.x, b.max.x), max(a.max.y, b.max.y)}
	}
}

// add adds an action that fills shapes, and returns its index.
func (d *drawing) add(ink scene.Ink, shapes ...shape) int {
	a := action{kind: fill, ink: d.color(ink)}
	for _, s := range shapes {
		a.include(s)
	}
	d.actions = append(d.actions, a)
	return len(d.actions) - 1
}

func (d *drawing) path(p *scene.Path) {
	pending := pendingPath{p, -1, -1}
	if p.Fill != scene.None {
		pending.fill = d.add(p.Fill)
	}
	if width := p.Width * d.scale; p.Stroke != scene.None && width > 0 && !math.IsInf(width, 0) {
		pending.stroke = d.add(p.Stroke)
	}
	d.paths = append(d.paths, pending)
}

// outlines gives the actions of a path their shapes.
func (d *drawing) outlines(p pendingPath) {
	lines := flatten(p.path.Segments, d.scale)
	if p.fill >= 0 {
		area := &polygon{}
		for _, l := range lines {
			area.add(l.points)
		}
		d.actions[p.fill].include(shape{polygon: area})
	}
	if p.stroke >= 0 {
		if len(p.path.Dash) > 0 {
			pattern := make([]float64, len(p.path.Dash))
			for i, l := range p.path.Dash {
				pattern[i] = l * d.scale
			}
			lines = dash(lines, pattern)
		}
		outline := &polygon{}
		pen{half: min(p.path.Width*d.scale, farthest) / 2}.stroke(outline, lines)
		d.actions[p.stroke].include(shape{polygon: outline})
	}
}
