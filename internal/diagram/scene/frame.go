package scene

import (
	"strconv"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

const (
	framePadX   = 12.0
	framePadTop = 8.0
	frameWidth  = 240.0 // most of a label
	frameHeight = 24.0  // of a label
)

// frameLabel is the label of a frame: its name, what it is, and how it fares.
type frameLabel struct {
	name, kind string
	width      float64
}

func measureFrame(g *diagram.Group) frameLabel {
	l := frameLabel{name: cut(g.Name, frameStyle, frameWidth), kind: cut(g.Kind, captionStyle, 120)}
	l.width = 2*framePadX + typeset.Width(l.name, frameStyle)
	if l.kind != "" {
		l.width += 7 + typeset.Width(l.kind, captionStyle)
	}
	if g.State != diagram.Works {
		l.width += 10 + stateWidth(stateWord(g.State, false))
	}
	if g.Change != diagram.NotChanged {
		l.width += 10 + changePillWidth(g.Change.String())
	}
	if len(g.Marks) > 0 {
		l.width += 30
	}
	return l
}

// depth is the number of frames around a frame.
func (p *picture) depth(group int) int {
	n := 0
	for q := p.d.Groups[group].Parent; q >= 0 && q < group; q = p.d.Groups[q].Parent {
		n, group = n+1, q
	}
	return n
}

func (p *picture) frameFill(group int) Ink {
	switch p.d.Groups[group].State {
	case diagram.Failed:
		return FailedTint
	case diagram.Down:
		return DownTint
	}
	if p.depth(group)%2 == 1 {
		return FrameFillDeep
	}
	return FrameFill
}

// labelBox is where the label of a frame stands.
func (p *picture) labelBox(group int) layout.Box {
	b := p.lay.Groups[group]
	return box(b.Min.X, b.Min.Y, min(p.frames[group].width, width(b)), framePadTop+frameHeight-6)
}

// drawFrame returns a frame and, apart from it, what its label is made of, which begins at left.
func (p *picture) drawFrame(i int, left float64) (frame *Group, label []Item) {
	gr, b, l := p.d.Groups[i], p.lay.Groups[i], p.frames[i]
	title := plainText(gr.Name)
	if gr.Kind != "" {
		title = plainText(gr.Kind) + " " + title
	}
	g := &Group{ID: "g" + strconv.Itoa(i), Class: "group", Title: title, Description: findingTexts(p.d, gr.Marks)}
	var o outline
	o.rounded(b, 10)
	line, w, name, kind := FrameLine, 1.0, Foreground, Muted
	var dash []float64
	if gr.Faded {
		line, name, kind = FadedLine, FadedText, FadedText
	}
	if gr.Change != diagram.NotChanged {
		a := alterationOf(gr.Change)
		g.Title += ", " + gr.Change.String()
		line, w, name, kind, dash = a.line, a.width, Foreground, Foreground, a.dash
	}
	if s := conditionOf(gr.State); s.word != "" {
		g.Title += ", " + s.word
		line, w, name, kind = s.line, 1.8, Foreground, Foreground
		if gr.State == diagram.Degraded {
			dash = []float64{6, 4}
		}
	}
	switch sev := gravest(p.d, gr.Marks); {
	case sev == "" || gr.Change != diagram.NotChanged:
	case p.d.Changed:
		line, w = EdgeLine, 2.2
	default:
		line, w = severityOf(sev).line, 2.4
	}
	g.Items = append(g.Items, &Path{Segments: o, Fill: p.frameFill(i), Stroke: line, Width: w, Dash: dash})
	x, y := left, b.Min.Y+framePadTop+8
	label = append(label, &Text{At: pt(x, baseline(y, frameStyle)), Style: frameStyle, Ink: name, String: l.name})
	x += typeset.Width(l.name, frameStyle) + 7
	if l.kind != "" {
		label = append(label, &Text{At: pt(x, baseline(y, frameStyle)), Style: captionStyle, Ink: kind, String: l.kind})
		x += typeset.Width(l.kind, captionStyle) + 10
	}
	if gr.State != diagram.Works {
		sw := stateWidth(stateWord(gr.State, false))
		label = append(label, statePill(pt(x+sw, y), gr.State, stateWord(gr.State, false))...)
		x += sw + 6
	}
	if gr.Change != diagram.NotChanged {
		label = append(label, changePill(pt(x+changePillWidth(gr.Change.String()), y), gr.Change, gr.Change.String())...)
	}
	label = append(label, badges(p.d, gr.Marks, b.Min.X+8, b.Min.Y, width(b)-20)...)
	return g, label
}

// labelPlate is what a label of a frame covers that begins at left.
func (p *picture) labelPlate(i int, left float64) layout.Box {
	b := p.lay.Groups[i]
	return box(left-4, b.Min.Y+framePadTop-4, min(p.frames[i].width, width(b))-2*framePadX+8, frameHeight)
}

// labelStart is where the label of a frame begins: at its left or, where lines run through it there, at its right,
// if nothing is in its way there. It also says whether lines run through it all the same.
func (p *picture) labelStart(i int) (left float64, crossed bool) {
	b, l := p.lay.Groups[i], p.frames[i]
	left = b.Min.X + framePadX
	if p.lines.Crossing(p.labelPlate(i, left), -1, 1) == 0 {
		return left, false
	}
	right := b.Max.X - l.width + framePadX
	if there := p.labelPlate(i, right); right > left && p.lines.Crossing(there, -1, 1) == 0 && p.taken.free(there) {
		p.taken.add(there)
		return right, false
	}
	return left, true
}

// raisedLabel is the label of a frame for a place above the lines that run through it, on a plate in the colour of the
// frame.
func (p *picture) raisedLabel(i int, left float64, label []Item) *Group {
	var plate outline
	plate.rounded(p.labelPlate(i, left), 5)
	return &Group{ID: "g" + strconv.Itoa(i) + "-label", Class: "group-label", Items: append([]Item{&Path{Segments: plate, Fill: p.frameFill(i)}}, label...)}
}
