// Package scene draws a diagram: it gives every part its shape, icon, text and ink, as a tree of paths
// and texts that the writers (svg, raster, pdf, page) only print. Colours are named by their role, so one scene
// serves every theme.
//
// Lengths are in units of the picture, 1/96 inch; y grows downwards.
package scene

import (
	"context"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

// Scene is a drawing that is ready to be written.
type Scene struct {
	Width, Height      float64
	Title, Description string
	Root               Group
}

// Item is a *Group, a *Path or a *Text.
type Item interface{ item() }

// Group is a part of the drawing that belongs together. Items are in the order of painting.
type Group struct {
	ID          string // unique, made of a-z, 0-9 and -: "n12" a node, "e3" an edge's line, "e3-label" its label and signs, "g1" a frame, by index in the diagram, "f2" finding 2 in the list; or ""
	Class       string // "node", "edge", "group", "legend", "findings", … ; or ""
	Title       string // for screen readers and as a tooltip; or ""
	Description string
	URL         string  // the whole group is a link; http, https and mailto only; or ""
	Opacity     float64 // 0 stands for 1
	Items       []Item
}

// Path is a filled and stroked outline. Areas are filled by the nonzero rule; strokes are painted over the
// filling, and their ends, dashes and corners are round.
type Path struct {
	Segments []Segment
	Fill     Ink // None for no filling
	Stroke   Ink
	Width    float64   // of the stroke
	Dash     []float64 // lengths of strokes and gaps in turn; nil for a solid line
}

// Segment is one step of a path. Line and Move use P, Curve (a cubic Bézier) uses all.
type Segment struct {
	Op     Op
	C1, C2 layout.Point
	P      layout.Point
}

// Op is the kind of a segment.
type Op uint8

// The kinds of segments.
const (
	Move Op = iota
	Line
	Curve
	Close
)

// Text is one line of text.
type Text struct {
	At     layout.Point // of the baseline's start, middle or end
	Anchor Anchor
	Style  typeset.Style
	Ink    Ink
	String string
	Angle  float64 // by which the line is turned clockwise about At, in degrees
}

// Anchor says which point of a text lies at its place.
type Anchor uint8

// The anchors.
const (
	Start Anchor = iota
	Middle
	End
)

func (*Group) item() {}
func (*Path) item()  {}
func (*Text) item()  {}

// Draw measures d, has it laid out and draws it, with title, legend and findings. The layout's lengths are
// those of the scene. A matrix needs no engine. An error is that of layout.Compute.
func Draw(ctx context.Context, d *diagram.Diagram, e layout.Engine) (*Scene, *layout.Layout, error) {
	return draw(ctx, d, func(ctx context.Context, d *diagram.Diagram, s layout.Sizes) (*layout.Layout, error) {
		return layout.Compute(ctx, d, s, e)
	})
}

// placer finds the places of a diagram's parts.
type placer func(context.Context, *diagram.Diagram, layout.Sizes) (*layout.Layout, error)
