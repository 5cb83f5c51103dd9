package scene

import (
	"math"
	"slices"
	"strconv"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

// matrix is a dependency structure matrix that is measured.
type matrix struct {
	cell          float64
	labels        []string // of the rows; none where the cells are too small for text
	style         typeset.Style
	signs         float64  // width of the column of signs
	heads         []string // names above the columns; none where these are too narrow
	bands         []bandLabel
	left, top     float64 // of the cells
	width, height float64
}

// headAngle is how far the names above the columns are turned.
const headAngle = -60

// leastHead is the width of a column from which its name stands above it.
const leastHead = 14

// bandLabel names a run of rows of one group, on the right of the cells.
type bandLabel struct {
	first, end int
	text       string
}

// bandInset is where the names of bands begin, from the right of the cells.
const bandInset = 14.0

func measureMatrix(d *diagram.Diagram) *matrix {
	n := len(d.Matrix.Rows)
	m := &matrix{cell: 20}
	switch {
	case n > 600:
		m.cell = max(1.25, 2400/float64(n))
	case n > 220:
		m.cell = 4
	case n > 120:
		m.cell = 12
	case n > 60:
		m.cell = 15
	}
	m.style = typeset.Style{Size: min(11.5, m.cell*0.72)}
	if m.cell >= 12 {
		for i, r := range d.Matrix.Rows {
			name := cut(r.Name, m.style, 200)
			m.labels = append(m.labels, name)
			m.left = max(m.left, typeset.Width(name, m.style)+typeset.Width(strconv.Itoa(i+1), m.style)+m.cell+24)
		}
		for _, r := range d.Matrix.Rows {
			m.signs = max(m.signs, m.sign(d, r, pt(0, 0)).width)
		}
		m.left += m.signs
		m.top = m.cell + 4
	}
	side := float64(n) * m.cell
	right, bottom := 2.0, 2.0
	if m.cell >= leastHead {
		sin, cos := math.Sincos(-headAngle * math.Pi / 180)
		high := 0.0
		for i, r := range d.Matrix.Rows {
			m.heads = append(m.heads, cut(r.Name, m.style, 130))
			w := typeset.Width(m.heads[i], m.style) + m.style.Size
			high = max(high, w*sin)
			right = max(right, (float64(i)+0.5)*m.cell+w*cos-side)
		}
		m.top += high
		bottom = m.cell + 2
	}
	for _, b := range d.Matrix.Bands {
		if text := cut(b.Name, captionStyle, 160); b.Kind != "cycle" && text != "" && float64(b.End-b.First)*m.cell > captionLead {
			m.bands = append(m.bands, bandLabel{b.First, b.End, text})
			right = max(right, bandInset+typeset.Width(text, captionStyle)+2)
		}
	}
	m.width = m.left + side + right
	m.height = m.top + side + bottom
	return m
}

// cellInks are those of the cells outside of cycles: grey where others tell what changed.
type cellInks struct{ hard, soft, on Ink }

func cellInksOf(grey bool) cellInks {
	if grey {
		return cellInks{PlatformLine, FrameLine, Surface}
	}
	return cellInks{CellHard, CellSoft, OnCellHard}
}

// softCells draws the cells of soft dependencies: as frames, or smaller than the others where they are tiny.
func softCells(cells []Segment, framed bool, inks cellInks) *Path {
	if framed {
		return &Path{Segments: cells, Fill: Surface, Stroke: inks.hard, Width: 1.2}
	}
	return &Path{Segments: cells, Fill: inks.soft}
}

func rowFamily(r diagram.MatrixRow) family {
	if r.Kind == "" {
		return family{GroupLine, GroupTile, GroupIcon}
	}
	return familyOf(r.Kind)
}

// rowSign is what stands before the name of a row.
type rowSign struct {
	items []Item
	width float64
}

// sign draws the findings and the state of a row, from p to the left.
func (m *matrix) sign(d *diagram.Diagram, r diagram.MatrixRow, p layout.Point) rowSign {
	var s rowSign
	scale := min(1, (m.cell-1)/badgeHeight)
	for _, n := range slices.Backward(r.Marks) { // from the right
		if n < 1 || n > len(d.Findings) {
			continue
		}
		sev, text := d.Findings[n-1].Severity, strconv.Itoa(n)
		w := badgeWidth(sev, text)
		s.width += w*scale + 5
		g := &Group{Items: badge(pt(0, 0), sev, text)}
		resize(g, scale)
		move(g, p.X-s.width+w*scale/2, p.Y)
		s.items = append(s.items, g.Items...)
	}
	if c := conditionOf(r.State); c.word != "" {
		word := stateWord(r.State, r.DownBefore)
		w := stateWidth(word)
		s.width += w*scale + 5
		g := &Group{Items: statePill(pt(w, 0), r.State, word)}
		resize(g, scale)
		move(g, p.X-s.width, p.Y)
		s.items = append(s.items, g.Items...)
	}
	if r.Change != diagram.NotChanged {
		word := r.Change.String()
		if r.ChangeNote != "" {
			word = cut(r.ChangeNote, badgeStyle, 150)
		}
		w := changePillWidth(word)
		s.width += w*scale + 5
		g := &Group{Items: changePill(pt(w, 0), r.Change, word)}
		resize(g, scale)
		move(g, p.X-s.width, p.Y)
		s.items = append(s.items, g.Items...)
	}
	return s
}

// changedCell draws a cell that came, went or changed, with its corner at (x, y): filled where it is hard, framed where it
// is soft, with the sign of its change, and its number where there is room. Cells too small for that get a sign that is
// larger than they are.
func (m *matrix) changedCell(c diagram.MatrixCell, x, y float64) []Item {
	a := alterationOf(c.Change)
	b := box(x, y, m.cell, m.cell)
	mid := center(b)
	if m.cell < 12 {
		return changeSign(c.Change, mid, max(4.5, m.cell*0.75))
	}
	var o outline
	o.rounded(shrink(b, 1.5, 1.5, 1.5, 1.5), 2)
	cell, on := &Path{Segments: o, Fill: a.line}, Surface
	if !c.Hard {
		cell, on = &Path{Segments: o, Fill: Surface, Stroke: a.line, Width: 1.4}, a.line
	}
	st := typeset.Style{Size: min(9.5, m.cell*0.55), Bold: true}
	if text := c.Change.Sign() + strconv.Itoa(c.Count); c.Count > 1 && typeset.Width(text, st) < m.cell-3 {
		return []Item{cell, &Text{At: pt(mid.X, baseline(mid.Y, st)), Anchor: Middle, Style: st, Ink: on, String: text}}
	}
	return []Item{cell, &Path{Segments: changeGlyph(c.Change, mid, m.cell*0.24), Stroke: on, Width: m.cell * 0.1}}
}

// draw draws the matrix with its corner at (x, y).
func (m *matrix) draw(d *diagram.Diagram, x, y float64) *Group {
	g := &Group{Class: "matrix"}
	mx := d.Matrix
	n := len(mx.Rows)
	x0, y0 := x+m.left, y+m.top
	side := float64(n) * m.cell
	at := func(i int) float64 { return float64(i) * m.cell }

	var area outline
	area.rounded(box(x0, y0, side, side), 0)
	g.Items = append(g.Items, &Path{Segments: area, Fill: Surface})
	var diagonal, grid, fifths outline
	for i := range mx.Rows {
		diagonal.rounded(box(x0+at(i), y0+at(i), m.cell, m.cell), 0)
		if m.cell >= 8 {
			grid := &grid
			if i%5 == 0 {
				grid = &fifths
			}
			grid.move(x0, y0+at(i))
			grid.line(x0+side, y0+at(i))
			grid.move(x0+at(i), y0)
			grid.line(x0+at(i), y0+side)
		}
	}
	var bands, cycles outline
	for _, b := range mx.Bands {
		r := box(x0+at(b.First), y0+at(b.First), at(b.End-b.First), at(b.End-b.First))
		if b.Kind == "cycle" {
			cycles.rounded(r, 0)
		} else {
			bands.rounded(r, 0)
		}
	}
	g.Items = append(g.Items, &Path{Segments: bands, Fill: Band}, &Path{Segments: diagonal, Fill: Diagonal},
		&Path{Segments: grid, Stroke: Rule, Width: 0.5}, &Path{Segments: fifths, Stroke: Rule, Width: 1.2})

	pad := 0.0
	if m.cell >= 8 {
		pad = 1.5
	}
	var hard, soft, cyclic, softCyclic outline
	var texts []Item
	inks := cellInksOf(d.Changed)
	for _, c := range mx.Cells {
		if c.Change != diagram.NotChanged {
			texts = append(texts, m.changedCell(c, x0+at(c.Column), y0+at(c.Row))...)
			continue
		}
		b := shrink(box(x0+at(c.Column), y0+at(c.Row), m.cell, m.cell), pad, pad, pad, pad)
		ink := inks.on
		switch {
		case c.InCycle && (c.Hard || pad == 0):
			cyclic.rounded(b, pad*1.4)
			ink = OnCellCycle
		case c.Hard:
			hard.rounded(b, pad*1.4)
		case pad > 0:
			soft := &soft
			if c.InCycle {
				soft = &softCyclic
			}
			soft.rounded(shrink(b, 0.6, 0.6, 0.6, 0.6), pad*1.4)
			ink = Foreground
		default:
			q := m.cell / 4
			soft.rounded(shrink(b, q, q, q, q), 0)
		}
		st := typeset.Style{Size: min(9.5, m.cell*0.55), Bold: true}
		if text := strconv.Itoa(c.Count); c.Count > 1 && m.cell >= 12 && typeset.Width(text, st) < m.cell-3 {
			texts = append(texts, &Text{At: pt((b.Min.X+b.Max.X)/2, baseline((b.Min.Y+b.Max.Y)/2, st)), Anchor: Middle, Style: st, Ink: ink, String: text})
		}
	}
	g.Items = append(g.Items, &Path{Segments: hard, Fill: inks.hard}, softCells(soft, pad > 0, inks), &Path{Segments: cyclic, Fill: CellCycle},
		&Path{Segments: softCyclic, Fill: Surface, Stroke: CellCycle, Width: 1.2})
	g.Items = append(g.Items, texts...)
	g.Items = append(g.Items, &Path{Segments: bands, Stroke: FrameLine, Width: 1}, &Path{Segments: cycles, Stroke: CycleLine, Width: 2},
		&Path{Segments: area, Stroke: FrameLine, Width: 1})
	numbers := typeset.Width(strconv.Itoa(n), m.style)
	for i, l := range m.labels {
		mid := y0 + at(i) + m.cell/2
		number := strconv.Itoa(i + 1)
		g.Items = append(g.Items,
			&Text{At: pt(x0-8, baseline(mid, m.style)), Anchor: End, Style: m.style, Ink: Muted, String: number},
			&Path{Segments: icon(iconOf(mx.Rows[i].Kind), around(pt(x0-14-numbers-m.cell*0.4, mid), pt(m.cell*0.75, m.cell*0.75))),
				Stroke: rowFamily(mx.Rows[i]).line, Width: m.cell / 20},
			&Text{At: pt(x0-19-numbers-m.cell*0.8, baseline(mid, m.style)), Anchor: End, Style: m.style, Ink: Foreground, String: l})
		g.Items = append(g.Items, m.sign(d, mx.Rows[i], pt(x+m.signs, mid)).items...)
		st := typeset.Style{Size: min(m.style.Size, m.cell*0.5)}
		column := x0 + at(i) + m.cell/2
		g.Items = append(g.Items, &Text{At: pt(column, baseline(y0-m.cell/2, st)), Anchor: Middle, Style: st, Ink: Muted, String: number})
		if m.heads != nil {
			g.Items = append(g.Items,
				&Text{At: pt(column, baseline(y0+side+m.cell/2, st)), Anchor: Middle, Style: st, Ink: Muted, String: number},
				&Text{At: pt(column+m.style.Size*0.3, y0-m.cell-2), Style: m.style, Ink: Foreground, String: m.heads[i], Angle: headAngle})
		}
	}
	for _, b := range m.bands {
		var bracket outline
		bracket.move(x0+side+4, y0+at(b.first)+2)
		bracket.line(x0+side+8, y0+at(b.first)+2)
		bracket.line(x0+side+8, y0+at(b.end)-2)
		bracket.line(x0+side+4, y0+at(b.end)-2)
		g.Items = append(g.Items, &Path{Segments: bracket, Stroke: FrameLine, Width: 1},
			&Text{At: pt(x0+side+bandInset, baseline(y0+(at(b.first)+at(b.end))/2, captionStyle)), Style: captionStyle, Ink: Muted, String: b.text})
	}
	return g
}
