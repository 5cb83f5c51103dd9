package scene

import (
	"context"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
)

// picture is the part of a sheet that the engine lays out: frames, nodes and lines.
type picture struct {
	d      *diagram.Diagram
	cards  []card
	frames []frameLabel
	labels [][]string // of the edges
	usual  usual      // the label that is left out, as most lines would bear it
	crowd  int        // of labels that found no place
	lay    *layout.Layout

	silhouettes [][][][]layout.Point // of the nodes, where asked for
	taken       boxIndex             // where nodes, labels and signs are
	lines       *layout.Lines
	company     []company  // of the edges
	area        layout.Box // of the layout
}

func newPicture(d *diagram.Diagram) *picture {
	p := &picture{d: d, taken: boxIndex{}, silhouettes: make([][][][]layout.Point, len(d.Nodes))}
	for _, n := range d.Nodes {
		p.cards = append(p.cards, measure(d, n))
	}
	for _, g := range d.Groups {
		p.frames = append(p.frames, measureFrame(g))
	}
	p.usual = usualLabel(d)
	for _, e := range d.Edges {
		var lines []string
		if p.usual.label == "" || e.Label() != p.usual.label {
			lines = edgeLabel(e)
		}
		p.labels = append(p.labels, lines)
	}
	return p
}

// sizes tells the layout how much room each part needs.
func (p *picture) sizes() layout.Sizes {
	var s layout.Sizes
	for _, c := range p.cards {
		s.Nodes = append(s.Nodes, pt(c.width, c.height))
	}
	for _, f := range p.frames {
		s.Groups = append(s.Groups, pt(f.width, frameHeight))
	}
	for i, l := range p.labels {
		s.Edges = append(s.Edges, labelSize(l, p.d.Edges[i].Change))
	}
	return s
}

// arrange finds the places of the parts.
func (p *picture) arrange(ctx context.Context, place placer) error {
	lay, err := place(ctx, p.d, p.sizes())
	if err != nil {
		return err
	}
	p.lay = lay
	return nil
}

// shift moves all of the layout.
func (p *picture) shift(dx, dy float64) {
	p.area = box(dx, dy, p.lay.Size.X, p.lay.Size.Y)
	move := func(q *layout.Point) { q.X, q.Y = q.X+dx, q.Y+dy }
	for _, list := range [][]layout.Box{p.lay.Nodes, p.lay.Groups} {
		for i := range list {
			move(&list[i].Min)
			move(&list[i].Max)
		}
	}
	for i := range p.lay.Edges {
		e := &p.lay.Edges[i]
		for j := range e.Curve {
			move(&e.Curve[j])
		}
		if e.Label != (layout.Box{}) {
			move(&e.Label.Min)
			move(&e.Label.Max)
		}
	}
}

func (p *picture) draw() *Group {
	g := &Group{Class: "picture"}
	frames, titles := &Group{Class: "groups"}, &Group{Class: "group-labels"}
	for i := range p.d.Groups {
		if width(p.lay.Groups[i]) > 0 { // some layouts draw no frames
			p.taken.add(p.labelBox(i))
		}
	}
	nodes := &Group{Class: "nodes"}
	for i := range p.cards {
		nodes.Items = append(nodes.Items, p.cards[i].draw(p.d, i, p.lay.Nodes[i]))
		p.taken.add(p.lay.Nodes[i])
	}
	lines, labels := p.drawEdges()
	for i := range p.d.Groups {
		if width(p.lay.Groups[i]) <= 0 {
			continue
		}
		left, crossed := p.labelStart(i)
		frame, label := p.drawFrame(i, left)
		if crossed {
			titles.Items = append(titles.Items, p.raisedLabel(i, left, label))
		} else {
			frame.Items = append(frame.Items, label...)
		}
		frames.Items = append(frames.Items, frame)
	}
	for _, part := range []*Group{frames, lines, titles, nodes, labels} {
		if len(part.Items) > 0 {
			g.Items = append(g.Items, part)
		}
	}
	return g
}
