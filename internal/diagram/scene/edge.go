package scene

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

const (
	edgeLabelWidth = 118.0 // most of a label's line
	arrowLength    = 8.5
	arrowHalf      = 3.9
	labelSign      = 15.0 // the room of the sign before a label's text
)

// stroke is how the line of an edge is drawn.
type stroke struct {
	ink   Ink
	width float64
	dash  []float64
	open  bool // the arrowhead
}

func strokeOf(d *diagram.Diagram, e *diagram.Edge) stroke {
	s := stroke{ink: EdgeLine, width: 1.4, open: e.Mode == schema.Async}
	if e.Count > 1 {
		s.width = min(1.4+math.Log2(float64(e.Count))*0.6, 4)
	}
	switch {
	case e.When != "" && e.When != schema.Runtime:
		s.dash, s.width = []float64{0.1, 3.6}, s.width+0.3
	case e.Strength == schema.Soft:
		s.dash = []float64{5.5, 4.5}
	}
	switch {
	case e.State == diagram.Down || e.State == diagram.Failed:
		s.ink, s.width = DownLine, s.width+0.4
	case e.State == diagram.Degraded:
		s.ink, s.width = DegradedLine, s.width+0.4
	case e.Change != diagram.NotChanged:
		s.ink = alterationOf(e.Change).line
		s.width += 1.2
		if e.Change == diagram.WasRemoved {
			s.width, s.dash = 1.8, removedLine
		}
	case d.Changed && len(e.Marks)+len(e.OnPath) > 0:
		s.ink = EdgeLine // colours tell what changed
		s.width += 1.4
	case len(e.Marks) > 0 || len(e.OnPath) > 0:
		s.ink = severityOf(gravest(d, e.Marks, e.OnPath)).line
		s.width += 1.4
	case e.Faded:
		s.ink = FadedLine
	case e.InCycle:
		s.ink = CycleLine
	case d.Changed:
		s.ink, s.width = FrameLine, s.width-0.2
	}
	return s
}

// labelSize is the size of the label of an edge, with the sign of what became of it.
func labelSize(lines []string, change diagram.Change) layout.Point {
	if len(lines) == 0 {
		return layout.Point{}
	}
	if change != diagram.NotChanged {
		return pt(widest(lines, labelStyle)+9+labelSign, float64(len(lines))*labelLead+4)
	}
	return pt(widest(lines, labelStyle)+9, float64(len(lines))*labelLead+4)
}

// arrow returns the head of an edge that ends at tip, heading h; scale makes it larger.
func arrow(tip, h layout.Point, scale float64, open bool) []Segment {
	l, w := arrowLength*scale, arrowHalf*scale
	back := pt(tip.X-h.X*l, tip.Y-h.Y*l)
	a, b := pt(back.X-h.Y*w, back.Y+h.X*w), pt(back.X+h.Y*w, back.Y-h.X*w)
	var o outline
	if open {
		o.move(a.X, a.Y)
		o.line(tip.X, tip.Y)
		o.line(b.X, b.Y)
		return o
	}
	o.move(tip.X, tip.Y)
	o.line(a.X, a.Y)
	o.line(b.X, b.Y)
	o.close()
	return o
}

// drawLine returns the line of an edge with its head.
func drawLine(s stroke, way spline) []Item {
	scale := 1 + (s.width-1.4)*0.16
	tip, h := way[len(way)-1], way.heading()
	if s.open {
		tip = pt(tip.X-h.X*0.8, tip.Y-h.Y*0.8)
		return []Item{
			&Path{Segments: way.shortened(1.5).path(), Stroke: s.ink, Width: s.width, Dash: s.dash},
			&Path{Segments: arrow(tip, h, scale, true), Stroke: s.ink, Width: max(1.5, s.width*0.8)},
		}
	}
	line := way.shortened(arrowLength*scale - 1)
	base := line[len(line)-1]
	if l := distance(base, tip); l > 1 {
		h = pt((tip.X-base.X)/l, (tip.Y-base.Y)/l)
	}
	return []Item{
		&Path{Segments: line.path(), Stroke: s.ink, Width: s.width, Dash: s.dash},
		&Path{Segments: arrow(tip, h, scale, false), Fill: s.ink},
	}
}

// routes returns the lines as they are drawn, from the outlines of their starts to those of their ends; nil for those
// that have no way.
func (p *picture) routes() []spline {
	ways := make([]spline, len(p.d.Edges))
	for i := range ways {
		if s := p.lay.Edges[i].Curve; len(s) >= 4 && (len(s)-1)%3 == 0 {
			ways[i] = s
		}
	}
	p.partLines(ways)
	p.dockLines(ways)
	return ways
}

// silhouette returns the outlines of a node as polygons.
func (p *picture) silhouette(node int) [][][]layout.Point {
	if p.silhouettes[node] == nil {
		for _, o := range p.cards[node].outlines(p.lay.Nodes[node]) {
			p.silhouettes[node] = append(p.silhouettes[node], flatten(o))
		}
	}
	return p.silhouettes[node]
}

// drawEdges returns the lines, and above them the labels and signs. It notes in the layout what it draws.
func (p *picture) drawEdges() (lines, labels *Group) {
	lines, labels = &Group{Class: "edges"}, &Group{Class: "edge-labels"}
	ways := p.routes()
	curves := make([][]layout.Point, len(ways))
	for i, e := range p.d.Edges {
		curves[i] = ways[i]
		p.lay.Edges[i] = layout.Route{Curve: ways[i]}
		if ways[i] == nil {
			continue
		}
		g := &Group{ID: "e" + strconv.Itoa(i), Class: "edge", Title: edgeTitle(p.d, e), Description: findingTexts(p.d, e.Marks)}
		g.Items = drawLine(strokeOf(p.d, e), ways[i])
		lines.Items = append(lines.Items, g)
		for _, end := range []layout.Point{ways[i][0], ways[i][len(ways[i])-1]} {
			p.taken.add(around(end, pt(2*arrowLength, 2*arrowLength)))
		}
	}
	p.lines = layout.NewLines(curves)
	// All labels first: signs can do with any place. Short lines leave less choice.
	groups := make([]*Group, len(p.d.Edges))
	order := make([]int, len(p.d.Edges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ways[a].reach(), ways[b].reach()) })
	for _, i := range order {
		groups[i] = &Group{ID: "e" + strconv.Itoa(i) + "-label", Class: "edge-label"}
		if ways[i] != nil {
			groups[i].Items, p.lay.Edges[i].Label = p.drawLabel(i, ways[i])
		}
	}
	for i := range p.d.Edges {
		if ways[i] != nil {
			groups[i].Items = append(groups[i].Items, p.drawSigns(i, ways[i])...)
		}
		if len(groups[i].Items) > 0 {
			labels.Items = append(labels.Items, groups[i])
		}
	}
	return lines, labels
}

// drawSigns draws the signs that an edge bears: its findings, a cross where it is broken, what became of it, a turn
// for a cycle.
func (p *picture) drawSigns(i int, way spline) []Item {
	e := p.d.Edges[i]
	var items []Item
	numbers := append(append([]int(nil), e.Marks...), e.OnPath...)
	if len(numbers) > 0 {
		const most = 3
		w := 0.0
		var shown []int
		for k, n := range numbers {
			if n < 1 || n > len(p.d.Findings) || contained(shown, n) {
				continue
			}
			if len(shown) == most {
				w += 24
				shown = append(shown, numbers[k:]...)
				break
			}
			shown = append(shown, n)
			w += badgeWidth(p.d.Findings[n-1].Severity, strconv.Itoa(n)) + 4
		}
		size := pt(w, badgeHeight+2)
		c, ok := p.placeSign(i, way, size)
		if !ok && len(e.Marks) > 0 { // a cause that is not marked could not be found
			s, far := p.placeOn(i, way, size, 0.5, []float64{6, 12, 20}, 0, false)
			c, ok = s.at, far
		}
		if ok {
			p.taken.add(around(c, size))
			items = append(items, badges(p.d, shown, c.X-w/2+2, c.Y, w)...)
		}
	}
	size := pt(15, 15) // of the signs
	sign := func(fill, on Ink, lines func(c layout.Point) []Segment) {
		c, ok := p.placeSign(i, way, size)
		if !ok {
			return
		}
		p.taken.add(around(c, size))
		var o outline
		o.ellipse(c.X, c.Y, 6.5, 6.5)
		items = append(items, &Path{Segments: o, Fill: fill, Stroke: on, Width: 1.2}, &Path{Segments: lines(c), Stroke: on, Width: 1.5})
	}
	switch {
	case e.State == diagram.Down || e.State == diagram.Failed:
		sign(Surface, DownLine, func(c layout.Point) []Segment { return cross(c, 2.6) })
	case e.State == diagram.Degraded:
		sign(Surface, DegradedLine, func(c layout.Point) []Segment { return cross(c, 2.6) })
	}
	if e.Change != diagram.NotChanged && p.lay.Edges[i].Label == (layout.Box{}) { // else its label bears it
		c, ok := p.placeSign(i, way, size)
		if !ok {
			c, ok = p.offNodes(way, size)
		}
		if ok {
			p.taken.add(around(c, size))
			items = append(items, changeSign(e.Change, c, 6.5)...)
		}
	}
	if e.InCycle && !e.Faded {
		sign(Surface, CycleLine, turn)
	}
	return items
}

// offNodes finds a place on a line where all places are taken, over labels and signs if need be: without its sign, a line
// that came or changed would not be told from others in black and white.
func (p *picture) offNodes(way spline, size layout.Point) (best layout.Point, ok bool) {
	points := way.even(labelPlaces)
	for k := range points {
		i := len(points)/2 + (k+1)/2*(1-k%2*2) // from the middle
		if i < 0 || i >= len(points) {
			continue
		}
		b := around(points[i], size)
		if !slices.ContainsFunc(p.lay.Nodes, func(n layout.Box) bool { return overlap(n, b) }) {
			return points[i], true
		}
	}
	return best, false
}

// turn is an arrow that comes back to its start.
func turn(c layout.Point) []Segment {
	var o outline
	const r = 3.2
	o.move(c.X+r*0.5, c.Y-r*0.87)
	o.curve(c.X-r*0.6, c.Y-r*1.5, c.X-r*1.5, c.Y-r*0.3, c.X-r*0.87, c.Y+r*0.5)
	o.curve(c.X-r*0.3, c.Y+r*1.4, c.X+r*1.2, c.Y+r*1.2, c.X+r, c.Y)
	o.move(c.X+r+1.4, c.Y+1.6)
	o.line(c.X+r, c.Y-0.2)
	o.line(c.X+r-1.9, c.Y+1.2)
	return o
}

func contained(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

// borders returns how many frames have b neither within nor outside.
func (p *picture) borders(b layout.Box) int {
	n := 0
	for _, f := range p.lay.Groups {
		if overlap(f, b) && (b.Min.X < f.Min.X || b.Min.Y < f.Min.Y || b.Max.X > f.Max.X || b.Max.Y > f.Max.Y) {
			n++
		}
	}
	return n
}

func around(c, size layout.Point) layout.Box {
	return box(c.X-size.X/2, c.Y-size.Y/2, size.X, size.Y)
}

// ground returns the ink of the area beneath c: of the innermost frame, or the paper.
func (p *picture) ground(c layout.Point) Ink {
	ink := Paper
	for i, b := range p.lay.Groups {
		if c.X > b.Min.X && c.X < b.Max.X && c.Y > b.Min.Y && c.Y < b.Max.Y {
			ink = p.frameFill(i)
		}
	}
	return ink
}
