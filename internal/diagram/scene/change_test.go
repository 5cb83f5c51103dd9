package scene

import (
	"testing"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

// Where changes are told, colours tell them: findings have signs, unchanged parts are grey, and nothing else is red.
func TestColoursTellChanges(t *testing.T) {
	d := &diagram.Diagram{Changed: true, Findings: []*diagram.Finding{{Number: 1, Severity: "error"}}}
	line := func(e diagram.Edge) Ink { return strokeOf(d, &e).ink }
	if got := line(diagram.Edge{OnPath: []int{1}}); got != EdgeLine {
		t.Errorf("a line to a cause is %v", got)
	}
	if got := line(diagram.Edge{Marks: []int{1}, Change: diagram.WasAdded}); got != AddedLine {
		t.Errorf("a line that was added, with a finding, is %v", got)
	}
	if got := line(diagram.Edge{}); got != FrameLine {
		t.Errorf("a line that did not change is %v", got)
	}
	d.Changed = false
	if got := line(diagram.Edge{OnPath: []int{1}}); got != ErrorLine {
		t.Errorf("without changes, a line to a cause is %v", got)
	}
	d.Changed = true
	for _, c := range []struct {
		node       diagram.Node
		line, tile Ink
	}{
		{diagram.Node{Kind: schema.Database, Replicas: 1}, FrameLine, FadedTile},
		{diagram.Node{Kind: schema.Database, Replicas: 1, Marks: []int{1}}, EdgeLine, FadedTile},
		{diagram.Node{Kind: schema.Database, Replicas: 1, Marks: []int{1}, Change: diagram.WasChanged}, ChangedLine, DataTile},
	} {
		k := measure(d, &c.node)
		if l := k.look(d); l.line != c.line || l.tile != c.tile {
			t.Errorf("%+v has a line of %v and a tile of %v, want %v and %v", c.node, l.line, l.tile, c.line, c.tile)
		}
	}
	for _, sign := range []diagram.Sign{diagram.SignError, diagram.SignPath} {
		for _, grey := range []bool{false, true} {
			framed := false
			for _, it := range sample(diagram.LegendEntry{Sign: sign, Grey: grey}, box(0, 0, sampleWidth, sampleHeight)) {
				if p, ok := it.(*Path); ok && p.Stroke == ErrorLine && p.Width > 1 {
					framed = true
				}
			}
			if framed == grey {
				t.Errorf("the sample of %s, grey %v, has a red line: %v", sign, grey, framed)
			}
		}
	}
}

// The sign of a change stands clear of the text of a choice, and within its box.
func TestSignOfChangedChoice(t *testing.T) {
	for _, flow := range []diagram.Flow{diagram.FlowDown, diagram.FlowRight} {
		d := &diagram.Diagram{Flow: flow, Changed: true}
		n := &diagram.Node{Role: diagram.ChoiceNode, Need: 2, Alternatives: 2, Change: diagram.WasChanged}
		k := measure(d, n)
		b := box(0, 0, k.width, k.height)
		items := k.draw(d, 0, b).Items
		text := extent(items[1].(*Text))
		disc := items[2].(*Path)
		var lo, hi layout.Point
		for i, p := range flatten(disc.Segments)[0] {
			if i == 0 {
				lo, hi = p, p
			}
			lo, hi = pt(min(lo.X, p.X), min(lo.Y, p.Y)), pt(max(hi.X, p.X), max(hi.Y, p.Y))
		}
		if of := (layout.Box{Min: lo, Max: hi}); overlap(of, text) || hi.X > b.Max.X+1 || hi.Y > b.Max.Y+1 {
			t.Errorf("%s: the sign is at %v, the text at %v, the box %v", flow, of, text, b)
		}
	}
}
