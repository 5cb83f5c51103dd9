package scene

import (
	"slices"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
	"lintel/schema"
)

const (
	sampleWidth  = 40.0
	sampleHeight = 22.0
	legendLead   = 30.0
	legendText   = 230.0
	legendGap    = 28.0
)

// legend explains the signs that occur, in columns beneath the picture.
func (s *sheet) legend(d *diagram.Diagram) {
	entries := legendEntries(d)
	if len(entries) == 0 {
		return
	}
	g := &Group{Class: "legend"}
	s.heading(g, "Legend")
	texts := make([][]string, len(entries))
	widths := make([]float64, len(entries))
	for i, e := range entries {
		texts[i] = wrap(e.Text, captionStyle, legendText, 2)
		widths[i] = sampleWidth + 10 + widest(texts[i], captionStyle)
	}
	rows, columns := legendColumns(widths, s.width)
	x := margin
	for i, e := range entries {
		if i > 0 && i%rows == 0 {
			x += columns[i/rows-1] + legendGap
		}
		y := s.y + float64(i%rows)*legendLead
		g.Items = append(g.Items, sample(e, box(x, y, sampleWidth, sampleHeight))...)
		top := y + sampleHeight/2 - float64(len(texts[i]))*captionLead/2
		g.Items = append(g.Items, write(texts[i], x+sampleWidth+10, top, captionLead, Start, captionStyle, Foreground)...)
	}
	s.y += float64(rows)*legendLead - (legendLead - sampleHeight)
	s.root.Items = append(s.root.Items, g)
}

// tinyDrawing is the number of modules up to which a legend leaves out what goes without saying, as it would else be as
// large as the drawing.
const tinyDrawing = 3

// legendEntries returns what the legend of d explains. Of a tiny drawing it leaves out the kinds of modules, which say
// theirs in their captions, and the most usual line where there is no other.
func legendEntries(d *diagram.Diagram) []diagram.LegendEntry {
	entries := d.Legend()
	if d.Matrix != nil || len(d.Nodes) > tinyDrawing {
		return entries
	}
	otherLines := slices.ContainsFunc(entries, func(e diagram.LegendEntry) bool {
		return slices.Contains([]diagram.Sign{diagram.SignAsync, diagram.SignSoft, diagram.SignPhase}, e.Sign)
	})
	return slices.DeleteFunc(entries, func(e diagram.LegendEntry) bool {
		return e.Sign == diagram.SignKind || e.Sign == diagram.SignSync && !otherLines
	})
}

// legendColumns finds the fewest rows in which entries of these widths fit, one column after the other, into a
// width, and how wide the columns are then.
func legendColumns(widths []float64, width float64) (rows int, columns []float64) {
	for rows = 1; ; rows++ {
		columns = nil
		total := -legendGap
		for i := 0; i < len(widths); i += rows {
			w := slices.Max(widths[i:min(i+rows, len(widths))])
			columns = append(columns, w)
			total += w + legendGap
		}
		if total <= width && rows >= leastRows(len(widths)) || rows >= len(widths) {
			return rows, columns
		}
	}
}

// leastRows keeps a legend from becoming one long line.
func leastRows(entries int) int {
	if entries > 4 {
		return 2
	}
	return 1
}

// sample draws a sign of the legend within b.
func sample(e diagram.LegendEntry, b layout.Box) []Item {
	m := center(b)
	line := func(s stroke) []Item {
		return drawLine(s, spline{pt(b.Min.X, m.Y), mix(pt(b.Min.X, m.Y), pt(b.Max.X, m.Y), 1.0/3), mix(pt(b.Min.X, m.Y), pt(b.Max.X, m.Y), 2.0/3), pt(b.Max.X, m.Y)})
	}
	e1 := diagram.Edge{Count: 1, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime}
	none := &diagram.Diagram{Changed: e.Grey}
	plainBox := func(fill, ink Ink, w float64, dash []float64) *Path {
		var o outline
		o.rounded(shrink(b, 4, 2, 4, 2), 5)
		return &Path{Segments: o, Fill: fill, Stroke: ink, Width: w, Dash: dash}
	}
	switch e.Sign {
	case diagram.SignKind:
		return kindSample(schema.Kind(e.Kind), e.Grey, b)
	case diagram.SignSummary:
		return kindSample("", e.Grey, b)
	case diagram.SignReplicas:
		var items []Item
		for i := 2; i >= 0; i-- {
			var o outline
			off := float64(i) * 2.5
			o.rounded(box(b.Min.X+4+off, b.Min.Y+1+off, sampleWidth-13, sampleHeight-7), 4)
			items = append(items, &Path{Segments: o, Fill: Surface, Stroke: PlatformLine, Width: 1.1})
		}
		return items
	case diagram.SignChoice:
		edge, _ := rhombus(shrink(b, 6, 1, 6, 1))
		return []Item{&Path{Segments: edge, Fill: Surface, Stroke: FrameLine, Width: 1.4}}
	case diagram.SignEntry:
		f := shrink(b, EntryReach+1, 3, 0, 3)
		half := plainHalf(f)
		return append([]Item{half}, entrySign(half.Segments, pt(f.Min.X, center(f).Y), diagram.FlowRight, EdgeLine)...)
	case diagram.SignSync:
		return line(strokeOf(none, &e1))
	case diagram.SignAsync:
		e1.Mode = schema.Async
		return line(strokeOf(none, &e1))
	case diagram.SignSoft:
		e1.Strength = schema.Soft
		return line(strokeOf(none, &e1))
	case diagram.SignPhase:
		e1.When = schema.Startup
		return line(strokeOf(none, &e1))
	case diagram.SignCycle:
		e1.InCycle = true
		var o outline
		o.ellipse(m.X-4, m.Y, 6.5, 6.5)
		return append(line(strokeOf(none, &e1)),
			&Path{Segments: o, Fill: Surface, Stroke: CycleLine, Width: 1.2}, &Path{Segments: turn(pt(m.X-4, m.Y)), Stroke: CycleLine, Width: 1.5})
	case diagram.SignError, diagram.SignWarning, diagram.SignInfo:
		if e.Grey {
			return badge(m, string(e.Sign), "1")
		}
		return append([]Item{plainBox(Surface, severityOf(string(e.Sign)).line, 2.4, nil)}, badge(pt(b.Min.X+11, b.Min.Y+9), string(e.Sign), "1")...)
	case diagram.SignPath:
		s := strokeOf(none, &e1)
		s.width, s.ink = 2.8, pick(e.Grey, EdgeLine, ErrorLine)
		return append(line(s), badge(pt(m.X-4, m.Y), "error", "1")...)
	case diagram.SignFailed, diagram.SignDown:
		state := diagram.Down
		if e.Sign == diagram.SignFailed {
			state = diagram.Failed
		}
		c := conditionOf(state)
		p := plainBox(c.tint, None, 0, nil)
		lines := hatch(p.Segments, 5, false)
		if c.crossed {
			lines = append(lines, hatch(p.Segments, 5, true)...)
		}
		var o outline
		o.ellipse(m.X, m.Y, 6.5, 6.5)
		return []Item{p, &Path{Segments: lines, Stroke: c.hatch, Width: 1}, plainBox(None, c.line, 1.8, nil),
			&Path{Segments: o, Fill: c.fill}, &Path{Segments: cross(m, 2.6), Stroke: c.on, Width: 1.6}}
	case diagram.SignDegraded:
		c := conditionOf(diagram.Degraded)
		var o, v outline
		o.ellipse(m.X, m.Y, 6.5, 6.5)
		v.move(m.X-3, m.Y-1.5)
		v.line(m.X, m.Y+2)
		v.line(m.X+3, m.Y-1.5)
		return []Item{plainBox(c.tint, c.line, 1.8, nil), &Path{Segments: o, Fill: c.fill, Stroke: c.line, Width: 1}, &Path{Segments: v, Stroke: c.on, Width: 1.6}}
	case diagram.SignFaded:
		return []Item{plainBox(Surface, FadedLine, 1.2, nil)}
	case diagram.SignAdded, diagram.SignRemoved, diagram.SignChanged:
		change := map[diagram.Sign]diagram.Change{
			diagram.SignAdded: diagram.WasAdded, diagram.SignRemoved: diagram.WasRemoved, diagram.SignChanged: diagram.WasChanged}[e.Sign]
		a := alterationOf(change)
		return append([]Item{plainBox(a.tint, a.line, min(a.width, 2), a.dash)}, changeSign(change, m, 6.5)...)
	case diagram.SignCell:
		return []Item{cellSample(m, cellInksOf(e.Grey).hard)}
	case diagram.SignSoftCell:
		var o outline
		o.rounded(around(m, pt(15, 15)), 2)
		return []Item{softCells(o, true, cellInksOf(e.Grey))}
	case diagram.SignCellCount:
		inks := cellInksOf(e.Grey)
		return []Item{cellSample(m, inks.hard),
			&Text{At: pt(m.X, baseline(m.Y, badgeStyle)), Anchor: Middle, Style: badgeStyle, Ink: inks.on, String: "3"}}
	case diagram.SignCellCycle:
		var frame outline
		frame.rounded(around(m, pt(22, 22)), 0)
		return []Item{cellSample(m, CellCycle), &Path{Segments: frame, Stroke: CycleLine, Width: 2}}
	case diagram.SignBand:
		var area, bracket outline
		area.rounded(box(b.Min.X+4, b.Min.Y+1, 24, sampleHeight-2), 0)
		x := b.Min.X + 32
		bracket.move(x, b.Min.Y+2)
		bracket.line(x+4, b.Min.Y+2)
		bracket.line(x+4, b.Max.Y-2)
		bracket.line(x, b.Max.Y-2)
		return []Item{&Path{Segments: area, Fill: Band, Stroke: FrameLine, Width: 1}, &Path{Segments: bracket, Stroke: FrameLine, Width: 1}}
	case diagram.SignDiagonal:
		var rule outline
		rule.rounded(around(m, pt(18, 18)), 0)
		return []Item{&Path{Segments: rule, Fill: Diagonal, Stroke: Rule, Width: 1}}
	case diagram.SignBroken, diagram.SignWeakened:
		e1.State = diagram.Down
		if e.Sign == diagram.SignWeakened {
			e1.State = diagram.Degraded
		}
		s := strokeOf(none, &e1)
		var o outline
		o.ellipse(m.X-4, m.Y, 6.5, 6.5)
		return append(line(s), &Path{Segments: o, Fill: Surface, Stroke: s.ink, Width: 1.2},
			&Path{Segments: cross(pt(m.X-4, m.Y), 2.6), Stroke: s.ink, Width: 1.5})
	case diagram.SignCount:
		e1.Count = 5
		text := "×5"
		var ground outline
		ground.rounded(around(pt(m.X-4, m.Y), pt(typeset.Width(text, labelStyle)+4, labelLead)), 3)
		return append(line(strokeOf(none, &e1)), &Path{Segments: ground, Fill: Paper},
			&Text{At: pt(m.X-4, baseline(m.Y, labelStyle)), Anchor: Middle, Style: labelStyle, Ink: EdgeText, String: text})
	case diagram.SignLost:
		var items []Item
		for i := 2; i >= 0; i-- {
			var o outline
			off := float64(i) * 2.5
			o.rounded(box(b.Min.X+2+off, b.Min.Y+off, sampleWidth-11, sampleHeight-8), 4)
			p := &Path{Segments: o, Fill: Surface, Stroke: DegradedLine, Width: 1.1}
			if i == 2 {
				p.Stroke, p.Dash = DownLine, []float64{2.5, 3}
			}
			items = append(items, p)
		}
		g := &Group{Items: pill(pt(0, 0), "2 of 3 up", badgeStyle, DegradedTint, Foreground, DegradedLine)}
		k := (sampleWidth - 2) / pillWidth("2 of 3 up", badgeStyle)
		resize(g, k)
		move(g, b.Min.X+2, b.Min.Y+13.5)
		return append(items, g.Items...)
	}
	return nil
}

// cellSample draws a cell of a matrix around c.
func cellSample(c layout.Point, fill Ink) *Path {
	var o outline
	o.rounded(around(c, pt(16, 16)), 2)
	return &Path{Segments: o, Fill: fill}
}

func plainHalf(b layout.Box) *Path {
	var o outline
	o.rounded(b, 4)
	return &Path{Segments: o, Fill: Surface, Stroke: FrameLine, Width: 1.2}
}

// kindSample draws the shape and icon of a kind, small.
func kindSample(k schema.Kind, grey bool, b layout.Box) []Item {
	const scale = 0.42
	w, h := sampleWidth/scale, sampleHeight/scale
	form := shapeOf(k)
	edge, inner := form.draw(box(0, 0, w, h))
	transform(edge, scale, b.Min.X, b.Min.Y)
	transform(inner, scale, b.Min.X, b.Min.Y)
	f := familyOf(k)
	if k == "" {
		f.line = GroupLine
	}
	if grey {
		f.line = Muted
	}
	c := center(shrink(b, form.left*scale, form.top*scale, form.right*scale, form.bottom*scale))
	var dash []float64
	if k == schema.External {
		dash = []float64{3, 2.4}
	}
	items := []Item{&Path{Segments: edge, Fill: Surface, Stroke: f.line, Width: 1.1, Dash: dash}}
	if len(inner) > 0 {
		items = append(items, &Path{Segments: inner, Stroke: f.line, Width: 0.8})
	}
	return append(items, &Path{Segments: icon(iconOf(k), around(c, pt(14, 14))), Stroke: f.line, Width: 1.1})
}
