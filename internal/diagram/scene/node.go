package scene

import (
	"slices"
	"strconv"
	"strings"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
	"lintel/schema"
)

// Lengths within a node.
// EntryReach is the room that the sign of an entry takes of its node's box, above it or, where lines flow to the
// right, left of it.
const EntryReach = 21.0

const (
	nodePadX   = 10.0
	nodePadY   = 9.0
	tileSize   = 26.0
	tileGap    = 9.0
	nameWidth  = 156.0 // most of a name's line
	lineWidth  = 176.0 // most of a caption's line
	nodeWidth  = 124.0 // least
	stackStep  = 3.5   // between the outlines of replicas
	entryInset = 26.0  // of the sign of an entry, from the left, where lines end beside it
	signRise   = 3.0   // room within the outline for signs at its bottom
	overhang   = 7.0   // of badges over the outline
	choiceSign = 7.1   // the room of the sign of a change at the tip of a choice
)

// card is a node that is measured.
type card struct {
	node    *diagram.Node
	form    shape
	name    []string
	caption []string
	change  []string // what changed
	badge   string   // "×3"
	stack   int      // outlines behind the front one
	aside   bool     // the sign of an entry makes room for lines that end beside it
	flow    diagram.Flow
	links   []schema.Link

	left, top, right, bottom float64 // what the node's box has around the front outline
	width, height            float64 // of the node's box
}

func measure(d *diagram.Diagram, n *diagram.Node) card {
	flow := d.Flow
	c := card{node: n, flow: flow}
	if n.Role == diagram.ChoiceNode {
		c.name = []string{choiceText(n)}
		c.width = typeset.Width(c.name[0], labelStyle)*1.35 + 30
		c.height = 34
		if len(n.Marks) > 0 {
			c.top = overhang + 1
			c.height += c.top
		}
		if n.Change != diagram.NotChanged { // its sign stands on the tip where no line ends
			if flow == diagram.FlowRight {
				c.bottom = choiceSign
				c.height += c.bottom
			} else {
				c.right = choiceSign
				c.width += c.right
			}
		}
		return c
	}
	c.form = shapeOf(n.Kind)
	if n.Role == diagram.SummaryNode {
		c.form = shapeOf("")
	}
	c.name = wrap(n.Name, nameStyle, nameWidth, 3)
	lines := n.Caption()
	if c.badge = replicaBadge(n); c.badge != "" {
		c.stack = min(max(n.Replicas-1, 0), 2)
	}
	for _, l := range lines {
		if c.badge != "" && strings.HasPrefix(l, "×") { // the badge says it
			_, l, _ = strings.Cut(l, " · ")
		}
		if l = strings.TrimSpace(l); l != "" {
			c.caption = append(c.caption, wrap(l, captionStyle, lineWidth, 2)...)
		}
	}
	if n.Role == diagram.SummaryNode && n.Members > 1 {
		c.stack = 1
	}
	if n.Change != diagram.NotChanged && n.ChangeNote != "" {
		c.change = wrap(n.ChangeNote, changeStyle, lineWidth, 4)
	}

	if c.links = shownLinks(n); len(c.links) > 0 {
		c.form.top += linkRise
	}
	text := max(widest(c.name, nameStyle), widest(c.caption, captionStyle), widest(c.change, changeStyle))
	pilled := n.State != diagram.Works || n.Change != diagram.NotChanged
	if pilled || c.badge != "" { // they reach into the outline
		c.form.bottom += signRise
	}
	inner := max(tileSize, c.textHeight())
	w := c.form.left + c.form.right + 2*nodePadX + tileSize + tileGap + text + 2
	h := c.form.top + c.form.bottom + 2*nodePadY + inner
	w = max(w, nodeWidth)
	if pilled {
		room := 18.0
		if n.State != diagram.Works {
			room += stateWidth(nodeWord(n))
		}
		if n.Change != diagram.NotChanged {
			room += changePillWidth(n.Change.String()) + 4
		}
		if c.badge != "" {
			room += pillWidth(c.badge, badgeStyle) + 4
		}
		w = max(w, room)
	}

	if len(n.Marks) > 0 {
		c.top = overhang
	}
	if n.Entry {
		c.aside = slices.ContainsFunc(d.Edges, func(e *diagram.Edge) bool { return d.Nodes[e.To] == n && d.Nodes[e.From] != n })
		if flow == diagram.FlowRight {
			c.left = EntryReach
		} else {
			c.top = EntryReach
		}
	}
	if flow != diagram.FlowRight {
		shown, rest := badgeColumn(d, n.Marks, badgeSlots(h))
		for _, k := range shown {
			c.left = max(c.left, badgeWidth(d.Findings[k-1].Severity, strconv.Itoa(k))-overhang+2)
		}
		if rest > 0 {
			c.left = max(c.left, pillWidth("+"+strconv.Itoa(rest), badgeStyle)-overhang+2)
		}
	}
	off := float64(c.stack) * stackStep
	c.right, c.bottom = off, off
	if pilled || c.badge != "" {
		c.bottom = max(c.bottom, overhang)
	}
	c.width, c.height = c.left+w+c.right, c.top+h+c.bottom
	return c
}

// badgeSlots is the number of badges that find room one above the other beside an outline.
func badgeSlots(height float64) int { return int((height-12)/badgeStep) + 1 }

// marks draws the badges of a node's findings: down its left side, where few lines arrive, or
// along its top where those come from the left.
func (c *card) marks(d *diagram.Diagram, edge []Segment, f layout.Box) []Item {
	n := c.node
	if c.flow == diagram.FlowRight {
		return badges(d, n.Marks, f.Min.X+4, f.Min.Y, width(f)-8-linkStep*float64(len(c.links)))
	}
	var items []Item
	polygons := flatten(edge)
	place := func(slot int, w float64) layout.Point {
		y := f.Min.Y + 3 + badgeStep*float64(slot)
		x := f.Min.X
		for x < f.Min.X+20 && !contains(polygons, pt(x+0.5, max(y, f.Min.Y+1))) {
			x += 0.5
		}
		return pt(min(x+overhang-1, f.Min.X+c.form.left+nodePadX-3)-w/2, y) // clear of the icon
	}
	shown, rest := badgeColumn(d, n.Marks, badgeSlots(height(f)))
	for i, k := range shown {
		sev, text := d.Findings[k-1].Severity, strconv.Itoa(k)
		items = append(items, badge(place(i, badgeWidth(sev, text)), sev, text)...)
	}
	if rest > 0 {
		text := "+" + strconv.Itoa(rest)
		w := pillWidth(text, badgeStyle)
		p := place(len(shown), w)
		items = append(items, pill(pt(p.X-w/2, p.Y), text, badgeStyle, Surface, Foreground, FrameLine)...)
	}
	return items
}

// replicaBadge says how many replicas a node shows, of how many, or how many of them are up; "" for one alone.
func replicaBadge(n *diagram.Node) string {
	if n.Role != diagram.ModuleNode || n.Replicas == 1 && n.Of <= 1 && n.ScalesTo <= 1 {
		return ""
	}
	s := "×" + strconv.Itoa(n.Replicas)
	switch {
	case n.Lost > 0:
		s = strconv.Itoa(n.Replicas-n.Lost) + " of " + strconv.Itoa(n.Replicas) + " up"
	case n.Of > n.Replicas:
		s += " of " + strconv.Itoa(n.Of)
	case n.ScalesTo > n.Replicas:
		s += "–" + strconv.Itoa(n.ScalesTo)
	}
	return s
}

func choiceText(n *diagram.Node) string {
	return n.Caption()[0]
}

func (c *card) textHeight() float64 {
	return float64(len(c.name))*nameLead + float64(len(c.caption)+len(c.change))*captionLead
}

// front returns the bounding box of the outline of a node whose box is b.
func (c *card) front(b layout.Box) layout.Box { return shrink(b, c.left, c.top, c.right, c.bottom) }

// outlines returns the outlines of a node whose box is b, the front one first.
func (c *card) outlines(b layout.Box) [][]Segment {
	if c.node.Role == diagram.ChoiceNode {
		edge, _ := rhombus(c.front(b))
		return [][]Segment{edge}
	}
	var all [][]Segment
	for i := 0; i <= c.stack; i++ {
		f := c.front(b)
		off := float64(i) * stackStep
		f.Min.X, f.Min.Y, f.Max.X, f.Max.Y = f.Min.X+off, f.Min.Y+off, f.Max.X+off, f.Max.Y+off
		draw := c.form.draw
		if i > 0 && c.form.back != nil {
			draw = c.form.back
		}
		edge, _ := draw(f)
		all = append(all, edge)
	}
	return all
}

// look is the inks of a node.
type look struct {
	family
	fill, name, caption Ink
	width               float64
	dash                []float64
}

func (c *card) look(d *diagram.Diagram) look {
	n := c.node
	l := look{family: familyOf(n.Kind), fill: Surface, name: Foreground, caption: Muted, width: 1.4}
	if n.Role != diagram.ModuleNode {
		l.family = familyOf("")
	}
	if n.Role == diagram.SummaryNode {
		l.family = family{GroupLine, GroupTile, GroupIcon}
	}
	if n.Kind == "external" {
		l.dash = []float64{6, 3.5}
	}
	if n.Role == diagram.ModuleNode && n.Replicas == 0 {
		l.dash, l.fill, l.line, l.name = []float64{2, 4}, None, Muted, Muted
	}
	if len(n.OnPath) > 0 {
		l.width = 2
	}
	if n.Faded {
		l = look{family: family{FadedLine, FadedTile, FadedIcon}, fill: l.fill, name: FadedText, caption: FadedText, width: 1.2, dash: l.dash}
	}
	if d.Changed && n.State == diagram.Works && n.Change == diagram.NotChanged && !n.Faded {
		l.family, l.width = unchangedFamily, 1.2 // lest it seem to be added or removed
	}
	if n.Change != diagram.NotChanged {
		a := alterationOf(n.Change)
		l.line, l.fill, l.width, l.name, l.caption = a.line, a.tint, a.width, Foreground, Foreground
		if n.Change == diagram.WasRemoved {
			l.dash = a.dash
		}
	}
	if s := conditionOf(n.State); s.word != "" {
		l.line, l.fill, l.width = s.line, s.tint, 1.8
		if n.State != diagram.Degraded {
			l.tile, l.icon = s.fill, s.on
		}
		l.name, l.caption = Foreground, Foreground
	}
	switch sev := gravest(d, n.Marks); {
	case sev == "" || n.Change != diagram.NotChanged:
	case d.Changed:
		l.line, l.width = EdgeLine, 2.4
	default:
		l.line, l.width = severityOf(sev).line, 2.6
	}
	return l
}

// draw draws the node in its box.
func (c *card) draw(d *diagram.Diagram, index int, b layout.Box) *Group {
	n := c.node
	g := &Group{ID: "n" + strconv.Itoa(index), Class: "node", Title: nodeTitle(n), Description: nodeDescription(d, n), URL: nodeURL(n)}
	l := c.look(d)
	outlines := c.outlines(b)
	if n.Role == diagram.ChoiceNode {
		f := c.front(b)
		m := center(f)
		g.Items = append(g.Items,
			&Path{Segments: outlines[0], Fill: l.fill, Stroke: pick(n.Faded && n.Change == diagram.NotChanged, FadedLine, l.line), Width: l.width, Dash: l.dash},
			&Text{At: pt(m.X, baseline(m.Y, labelStyle)), Anchor: Middle, Style: labelStyle, Ink: l.name, String: c.name[0]})
		g.Items = append(g.Items, badges(d, n.Marks, f.Min.X, f.Min.Y+2, width(f))...)
		if n.Change != diagram.NotChanged {
			tip := pt(f.Max.X, m.Y)
			if c.flow == diagram.FlowRight {
				tip = pt(m.X, f.Max.Y)
			}
			g.Items = append(g.Items, changeSign(n.Change, tip, choiceSign-0.6)...)
		}
		return g
	}

	f := c.front(b)
	for i := c.stack; i > 0; i-- {
		back := &Path{Segments: outlines[i], Fill: l.fill, Stroke: l.line, Width: 1.1, Dash: l.dash}
		if n.Lost > 0 && c.stack-i < n.Lost && n.Lost < n.Replicas {
			back.Stroke, back.Dash = DownLine, []float64{2.5, 3}
		}
		if back.Fill == None {
			back.Fill = Surface
		}
		g.Items = append(g.Items, back)
	}
	edge, inner := c.form.draw(f)
	g.Items = append(g.Items, &Path{Segments: edge, Fill: l.fill})
	if s := conditionOf(n.State); s.hatch != None {
		lines := hatch(edge, 7, false)
		if s.crossed {
			lines = append(lines, hatch(edge, 7, true)...)
		}
		g.Items = append(g.Items, &Path{Segments: lines, Stroke: s.hatch, Width: 1})
	}
	if len(inner) > 0 {
		g.Items = append(g.Items, &Path{Segments: inner, Stroke: l.line, Width: min(l.width, 1.4)})
	}
	g.Items = append(g.Items, &Path{Segments: edge, Stroke: l.line, Width: l.width, Dash: l.dash})
	if n.Entry {
		g.Items = append(g.Items, entrySign(edge, c.entryAt(f), c.flow, pick(n.Faded, FadedLine, EdgeLine))...)
	}

	in := shrink(f, c.form.left+nodePadX, c.form.top+nodePadY, c.form.right+nodePadX, c.form.bottom+nodePadY)
	mid := (in.Min.Y + in.Max.Y) / 2
	tile := box(in.Min.X, mid-tileSize/2, tileSize, tileSize)
	g.Items = append(g.Items, tileAndIcon(tile, iconFor(n), l.family)...)

	x, y := tile.Max.X+tileGap, mid-c.textHeight()/2
	g.Items = append(g.Items, write(c.name, x, y, nameLead, Start, nameStyle, l.name)...)
	if n.Change == diagram.WasRemoved {
		g.Items = append(g.Items, strike(c.name, x, y, nameLead, nameStyle, l.name))
	}
	y += float64(len(c.name)) * nameLead
	g.Items = append(g.Items, write(c.caption, x, y, captionLead, Start, captionStyle, l.caption)...)
	y += float64(len(c.caption)) * captionLead
	g.Items = append(g.Items, write(c.change, x, y, captionLead, Start, changeStyle, l.name)...)

	g.Items = append(g.Items, c.marks(d, edge, f)...)
	// At the bottom, where no arrow ends.
	x, y = f.Max.X-6, f.Max.Y-max(0, c.form.bottom-signRise)/2
	if c.badge != "" {
		fill, ink, line := Surface, l.name, l.line
		if n.Lost > 0 && n.Lost < n.Replicas {
			fill, ink, line = DegradedTint, Foreground, DegradedLine
		}
		x -= pillWidth(c.badge, badgeStyle)
		g.Items = append(g.Items, pill(pt(x, y), c.badge, badgeStyle, fill, ink, line)...)
		x -= 4
	}
	if n.State != diagram.Works {
		g.Items = append(g.Items, statePill(pt(x, y), n.State, nodeWord(n))...)
		x -= stateWidth(nodeWord(n)) + 4
	}
	if n.Change != diagram.NotChanged {
		g.Items = append(g.Items, changePill(pt(x, y), n.Change, n.Change.String())...)
	}
	for i := range c.links {
		g.Items = append(g.Items, c.linkSign(i, f, l))
	}
	return g
}

func iconFor(n *diagram.Node) string {
	if n.Role == diagram.SummaryNode {
		return iconOf("")
	}
	if n.Kind == "" {
		return iconOf("service")
	}
	return iconOf(n.Kind)
}

// tileAndIcon draws an icon on its tile.
func tileAndIcon(b layout.Box, data string, f family) []Item {
	var o outline
	o.rounded(b, width(b)*0.23)
	m := width(b) * 0.15
	return []Item{
		&Path{Segments: o, Fill: f.tile},
		&Path{Segments: icon(data, shrink(b, m, m, m, m)), Stroke: f.icon, Width: width(b) / 18},
	}
}

// entryAt returns where the sign of an entry meets the box of an outline: in the middle of its upper or left side, or
// to one side of that.
func (c *card) entryAt(f layout.Box) layout.Point {
	switch {
	case c.flow == diagram.FlowRight && c.aside:
		return pt(f.Min.X, f.Min.Y+height(f)*0.7)
	case c.flow == diagram.FlowRight:
		return pt(f.Min.X, center(f).Y)
	case c.aside:
		return pt(f.Min.X+entryInset, f.Min.Y)
	}
	return pt(center(f).X, f.Min.Y)
}

// entrySign is an arrow from a dot into an outline, which it reaches near a point of its box.
func entrySign(edge []Segment, near layout.Point, flow diagram.Flow, ink Ink) []Item {
	start, h := pt(near.X, near.Y-EntryReach+3), pt(0, 1)
	if flow == diagram.FlowRight {
		start, h = pt(near.X-EntryReach+3, near.Y), pt(1, 0)
	}
	polygons := flatten(edge)
	d := EntryReach - 3
	for d < EntryReach+20 && !contains(polygons, pt(start.X+h.X*(d+0.5), start.Y+h.Y*(d+0.5))) {
		d += 0.5
	}
	at := func(d float64) layout.Point { return pt(start.X+h.X*d, start.Y+h.Y*d) }
	var dot, line outline
	dot.ellipse(start.X, start.Y, 3, 3)
	line.move(start.X, start.Y)
	line.line(at(d-5).X, at(d-5).Y)
	return []Item{&Path{Segments: line, Stroke: ink, Width: 1.6}, &Path{Segments: dot, Fill: ink}, &Path{Segments: arrow(at(d), h, 0.95, false), Fill: ink}}
}

func pick(yes bool, a, b Ink) Ink {
	if yes {
		return a
	}
	return b
}
