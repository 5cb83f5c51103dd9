// Package layout gives the parts of a diagram their places, with the help of lintel-graphviz, a program
// of its own: see docs/architecture.md.
package layout

import (
	"context"
	"math"
	"time"

	"lintel/internal/diagram"
)

// Point is a place or a size, in units of the picture (1/96 inch); y grows downwards.
type Point struct{ X, Y float64 }

// Box is an upright rectangle.
type Box struct{ Min, Max Point }

// Layout is where the parts of a diagram lie. The lists have one element for each of the diagram's, by index.
type Layout struct {
	Size   Point // of the whole; everything lies between the origin and Size
	Nodes  []Box
	Groups []Box // with room for the label at their top; the zero Box where it is not drawn: without nodes, or by a layout that knows no groups
	Edges  []Route
}

// Route is the way of a line. Curve holds a cubic Bézier spline: the start, then two control points and
// an end for each piece. It ends at the tip of the arrow. Label is the box of the text on it, which whoever draws it
// finds; empty where it has none.
type Route struct {
	Curve []Point
	Label Box
}

// Sizes are what the parts of a diagram need, by index.
type Sizes struct {
	Nodes  []Point
	Groups []Point // of the label
	Edges  []Point // of the label; zero for none
}

// Engine says how to lay out.
type Engine struct {
	Program string        // the path of lintel-graphviz; found beside the executable, then on PATH, where ""
	Layout  string        // dot, neato, fdp, sfdp, circo, twopi or osage; dot where ""
	Timeout time.Duration // 30 s where 0

	ahead *ahead // the program that was started for the first drawing; or nil
}

// Compute lays d out. It starts no program for a diagram without nodes.
func Compute(ctx context.Context, d *diagram.Diagram, s Sizes, e Engine) (*Layout, error) {
	if len(d.Nodes) == 0 {
		return &Layout{Groups: make([]Box, len(d.Groups))}, nil
	}
	p := newPlan(d, s.sane(), e)
	l, err := p.best(ctx, e)
	if err != nil {
		return nil, err
	}
	l.settle(p.labelRoom(l))
	return l, nil
}

// best returns the better of one or two layouts.
func (p *plan) best(ctx context.Context, e Engine) (*Layout, error) {
	tolerated := 1.5
	if len(p.d.Edges) > tooManyToTry {
		// A second try takes long. Where frames will lie side by side, better see to it at once.
		tolerated = 2.5
		if p.shape.foreseen > 1.2 && p.framesTied() {
			p.squeeze = 1.4 * p.shape.foreseen // lines between frames take room, too
			if p.bands = p.bandsFor(p.squeeze); p.bands > 1 {
				p.squeeze = max(1, 2*p.shape.foreseen/float64(p.bands*p.bands)) // the more so where they pass other bands
			}
			p.shape = p.foldWide()
		}
	}
	l, err := p.compute(ctx, e)
	if err != nil || p.engine != "dot" || len(p.d.Edges) > tooManyToFold {
		return l, err
	}
	first := p.excess(l)
	if first <= tolerated {
		return l, nil
	}
	p.squeeze *= first
	demanded := p.shape
	if p.shape = p.foldWide(); p.shape.same(demanded) {
		return l, nil
	}
	second, err := p.compute(ctx, e)
	if err != nil {
		return nil, err
	}
	// A better shape is no good if it comes from empty room.
	grown := second.Size.X * second.Size.Y / (l.Size.X * l.Size.Y)
	if math.Abs(math.Log(p.excess(second)))+0.8*math.Log(grown) < math.Log(first) {
		return second, nil
	}
	p.shape = demanded
	return l, nil
}

func (p *plan) compute(ctx context.Context, e Engine) (*Layout, error) {
	out, err := e.run(ctx, p.dot())
	if err != nil {
		return nil, err
	}
	return p.read(out)
}

// excess is how much wider (or, where it flows to the right, higher) than ideal a drawing is.
func (p *plan) excess(l *Layout) float64 {
	if p.d.Flow == diagram.FlowRight {
		return l.Size.Y / l.Size.X * idealAspect
	}
	return l.Size.X / l.Size.Y / idealAspect
}

// sane returns sizes that can be drawn: at least one unit, and no larger than a wall. Labels of no size stay so.
func (s Sizes) sane() Sizes {
	each := func(list []Point, least float64) []Point {
		sane := make([]Point, len(list))
		for i, p := range list {
			if least == 0 && !(p.X > 0 && p.Y > 0) {
				continue
			}
			sane[i] = Point{bound(p.X), bound(p.Y)}
		}
		return sane
	}
	return Sizes{Nodes: each(s.Nodes, 1), Groups: each(s.Groups, 1), Edges: each(s.Edges, 0)}
}
