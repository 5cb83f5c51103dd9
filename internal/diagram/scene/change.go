package scene

import (
	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

// alteration is how what was added, removed or changed looks. Beside its colour each has a sign, and what was removed
// is broken: a reader who sees no colours can tell them.
type alteration struct {
	line, tint, fill, on Ink
	dash                 []float64 // of outlines
	width                float64
}

func alterationOf(c diagram.Change) alteration {
	switch c {
	case diagram.WasAdded:
		return alteration{AddedLine, AddedTint, AddedFill, OnAdded, nil, 2.6}
	case diagram.WasRemoved:
		return alteration{RemovedLine, RemovedTint, RemovedFill, OnRemoved, []float64{7, 5}, 1.8}
	case diagram.WasChanged:
		return alteration{ChangedLine, ChangedTint, ChangedFill, OnChanged, nil, 2.6}
	}
	return alteration{}
}

// removedLine is the dash of lines that were removed, which neither soft ones nor those of a phase have.
var removedLine = []float64{10, 4.5, 0.1, 4.5}

// changeGlyph is a plus, a minus or a wave of half width r around c.
func changeGlyph(change diagram.Change, c layout.Point, r float64) []Segment {
	var o outline
	switch change {
	case diagram.WasAdded:
		o.move(c.X, c.Y-r)
		o.line(c.X, c.Y+r)
		fallthrough
	case diagram.WasRemoved:
		o.move(c.X-r, c.Y)
		o.line(c.X+r, c.Y)
	case diagram.WasChanged:
		h := r * 0.95
		o.move(c.X-r, c.Y+r*0.3)
		o.curve(c.X-r*0.35, c.Y-h-r*0.35, c.X+r*0.35, c.Y+h+r*0.35, c.X+r, c.Y-r*0.3)
	}
	return o
}

// changeSign draws the sign of a change in a disc of radius r around c.
func changeSign(change diagram.Change, c layout.Point, r float64) []Item {
	a := alterationOf(change)
	var disc outline
	disc.ellipse(c.X, c.Y, r, r)
	return []Item{
		&Path{Segments: disc, Fill: a.fill, Stroke: a.line, Width: 1.2},
		&Path{Segments: changeGlyph(change, c, r*0.52), Stroke: a.on, Width: r * 0.26},
	}
}

// changePillWidth is the width of what changePill draws.
func changePillWidth(word string) float64 { return typeset.Width(word, badgeStyle) + 24 }

// changePill draws the word for a change with its sign in a capsule, its right end at p.
func changePill(p layout.Point, change diagram.Change, word string) []Item {
	a := alterationOf(change)
	w, h := changePillWidth(word), badgeHeight
	x := p.X - w
	var o outline
	o.rounded(box(x, p.Y-h/2, w, h), h/2)
	return []Item{
		&Path{Segments: o, Fill: a.fill, Stroke: a.line, Width: 1},
		&Path{Segments: changeGlyph(change, pt(x+9, p.Y), 3), Stroke: a.on, Width: 1.7},
		&Text{At: pt(x+16, baseline(p.Y, badgeStyle)), Style: badgeStyle, Ink: a.on, String: word},
	}
}

// strike crosses out lines of text that begin at x, the first below top.
func strike(lines []string, x, top, lead float64, st typeset.Style, ink Ink) *Path {
	var o outline
	for i, l := range lines {
		y := baseline(top+lead*(float64(i)+0.5), st) - 0.3*st.Size
		o.move(x-1.5, y)
		o.line(x+typeset.Width(l, st)+1.5, y)
	}
	return &Path{Segments: o, Stroke: ink, Width: 1.2}
}
