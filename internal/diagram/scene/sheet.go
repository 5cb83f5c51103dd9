package scene

import (
	"context"
	"math"
	"slices"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

const (
	margin      = 28.0
	gap         = 20.0
	leastSheet  = 420.0 // width of what lies within the margins
	leastListed = 720.0 // the same, where findings are listed
	leastPanel  = 560.0 // the same, where failures are told
)

// sheet is the page that grows downwards part by part.
type sheet struct {
	root  Group
	width float64 // within the margins
	y     float64 // where the next part begins
}

func draw(ctx context.Context, d *diagram.Diagram, place placer) (*Scene, *layout.Layout, error) {
	var pic *picture
	var mat *matrix
	least := leastSheet
	if d.Failure != nil {
		least = leastPanel
	}
	if len(d.Findings) > 0 {
		least = leastListed
	}
	s := &sheet{width: least}
	lay := &layout.Layout{}
	if d.Matrix != nil {
		mat = measureMatrix(d)
		s.width = max(s.width, mat.width)
	} else {
		pic = newPicture(d)
		if err := pic.arrange(ctx, place); err != nil {
			return nil, nil, err
		}
		lay = pic.lay
		s.width = max(s.width, lay.Size.X)
	}
	s.y = margin

	s.scaled(func(in *sheet) {
		in.header(d)
		in.failure(d)
	})
	if mat != nil {
		s.root.Items = append(s.root.Items, mat.draw(d, margin, s.y))
		s.y += mat.height
		lay.Size = pt(mat.width, mat.height)
	} else if len(d.Nodes) == 0 && len(d.Groups) == 0 {
		s.root.Items = append(s.root.Items, &Group{Class: "empty",
			Items: write([]string{"There is nothing to draw."}, margin, s.y, bodyLead, Start, bodyStyle, Muted)})
		s.y += bodyLead
	} else {
		pic.shift(margin+max(0, (s.width-lay.Size.X)/2), s.y)
		s.root.Items = append(s.root.Items, pic.draw())
		s.y += lay.Size.Y
	}
	var left []string
	if pic != nil {
		left = pic.leftOut()
	}
	s.scaled(func(in *sheet) {
		in.legend(d)
		in.findings(d)
		in.notes(d, left)
	})

	sc := &Scene{Width: s.width + 2*margin, Height: s.y + margin, Title: plainText(d.Title), Description: plainText(d.Description)}
	if sc.Title == "" {
		sc.Title = plainText(d.System)
	}
	if d.Subtitle != "" {
		sc.Title += ": " + plainText(d.Subtitle)
	}
	var paper outline
	paper.rounded(box(0, 0, sc.Width, sc.Height), 0)
	sc.Root = Group{Items: append([]Item{&Group{Class: "paper", Items: []Item{&Path{Segments: paper, Fill: Paper}}}}, s.root.Items...)}
	lay.Size = pt(sc.Width, sc.Height)
	return sc, lay, nil
}

// scale is how much larger than a picture's own text is what stands above and below it: a wide sheet is shown smaller.
func (s *sheet) scale() float64 {
	// In quarters: text of odd sizes is set by browsers a little longer or shorter than it is.
	return math.Round(4*min(max(1, (s.width+2*margin)/1400), 2.5)) / 4
}

// scaled adds parts to the sheet in a larger scale.
func (s *sheet) scaled(parts func(in *sheet)) {
	k := s.scale()
	in := &sheet{width: s.width / k}
	parts(in)
	move(&in.root, -margin, 0)
	resize(&in.root, k)
	move(&in.root, margin, s.y)
	s.root.Items = append(s.root.Items, in.root.Items...)
	s.y += in.y * k
}

// header names the picture and says what of it is left out.
func (s *sheet) header(d *diagram.Diagram) {
	g := &Group{Class: "header"}
	y := s.y
	put := func(text string, st typeset.Style, ink Ink) {
		lines := fill(text, st, s.width, 3)
		g.Items = append(g.Items, write(lines, margin, y, st.Size*1.3, Start, st, ink)...)
		y += float64(len(lines)) * st.Size * 1.3
	}
	put(d.Title, titleStyle, Foreground)
	put(d.Subtitle, subtitleStyle, Muted)
	for i, n := range d.LeftOut {
		if i == 0 {
			y += 5
		}
		lines := fill(n, bodyStyle, min(s.width, 900), 4)
		g.Items = append(g.Items, prose(lines, margin, y, bodyLead, bodyStyle, Muted)...)
		y += float64(len(lines)) * bodyLead
	}
	if len(g.Items) > 0 {
		s.root.Items = append(s.root.Items, g)
		s.y = y + gap
	}
}

// heading opens a part beneath the picture with a line and its name.
func (s *sheet) heading(g *Group, text string) {
	s.y += gap
	var rule outline
	rule.move(margin, s.y)
	rule.line(margin+s.width, s.y)
	g.Items = append(g.Items, &Path{Segments: rule, Stroke: Rule, Width: 1})
	s.y += 14
	g.Items = append(g.Items, write([]string{text}, margin, s.y, 14, Start, headStyle, Muted)...)
	s.y += 14 + 10
}

// notes closes the sheet. left tells which labels are left out.
func (s *sheet) notes(d *diagram.Diagram, left []string) {
	g := &Group{Class: "notes"}
	y := s.y + gap
	notes := left
	for _, n := range d.Notes {
		if !slices.Contains(d.LeftOut, n) { // they stand above
			notes = append(notes, n)
		}
	}
	for _, n := range notes {
		lines := fill(n, captionStyle, min(s.width, 900), 6)
		g.Items = append(g.Items, prose(lines, margin, y, captionLead, captionStyle, Muted)...)
		y += float64(len(lines))*captionLead + 3
	}
	if d.Stamp != "" {
		lines := []string{cut(d.Stamp, captionStyle, s.width)}
		g.Items = append(g.Items, write(lines, margin+s.width, y, captionLead, End, captionStyle, Muted)...)
		y += captionLead
	}
	if len(g.Items) > 0 {
		s.root.Items = append(s.root.Items, g)
		s.y = y
	}
}
