package scene

import (
	"slices"
	"strconv"

	"lintel/internal/diagram"
	"lintel/internal/diagram/typeset"
)

// findings lists the findings beneath the picture, in two columns where the sheet is wide.
func (s *sheet) findings(d *diagram.Diagram) {
	if len(d.Findings) == 0 {
		return
	}
	g := &Group{Class: "findings"}
	s.heading(g, "Findings")
	const between, column, widest = 36.0, 480.0, 940.0
	columns := min(max(1, int((s.width+between)/(column+between))), 4, (len(d.Findings)+1)/2)
	w := min((s.width-between*float64(columns-1))/float64(columns), widest)
	indent := 30.0
	for i, f := range d.Findings {
		indent = max(indent, badgeWidth(f.Severity, strconv.Itoa(i+1))+12)
	}
	items := make([]*Group, len(d.Findings))
	heights := make([]float64, len(d.Findings))
	for i, f := range d.Findings {
		items[i], heights[i] = findingText(f, w-indent)
	}
	x, y, bottom := margin, s.y, s.y
	begins := balance(heights, columns)
	for i, f := range d.Findings {
		if i > 0 && slices.Contains(begins, i) {
			x, y = x+w+between, s.y
		}
		move(items[i], x+indent, y)
		sev, text := f.Severity, strconv.Itoa(f.Number)
		items[i].Items = append(badge(pt(x+badgeWidth(sev, text)/2+1, y+bodyLead/2), sev, text), items[i].Items...)
		g.Items = append(g.Items, items[i])
		y += heights[i]
		bottom = max(bottom, y)
	}
	s.y = bottom - 8
	s.root.Items = append(s.root.Items, g)
}

// balance divides things of these heights, in order, over at most this many columns so that the longest is as short as
// can be, the first ones as full as that allows. It returns the first of each column.
func balance(heights []float64, columns int) []int {
	divide := func(most float64) (begins []int) {
		used := 0.0
		for i, h := range heights {
			if i == 0 || used+h > most {
				begins, used = append(begins, i), 0
			}
			used += h
		}
		return begins
	}
	lo, hi := 0.0, 0.0
	for _, h := range heights {
		lo, hi = max(lo, h), hi+h
	}
	for range 40 {
		if mid := (lo + hi) / 2; len(divide(mid)) <= columns {
			hi = mid
		} else {
			lo = mid
		}
	}
	return divide(hi + 0.01)
}

// findingText sets one finding at the origin and returns its height.
func findingText(f *diagram.Finding, w float64) (*Group, float64) {
	g := &Group{ID: "f" + strconv.Itoa(f.Number), Class: "finding"}
	y := 0.0
	head := cut(f.Rule, strongStyle, w*0.5)
	g.Items = append(g.Items, write([]string{head}, 0, y, bodyLead, Start, strongStyle, Foreground)...)
	x := typeset.Width(head, strongStyle) + 8
	rest := f.Severity
	if f.Place != "" {
		rest += " · " + f.Place
	}
	g.Items = append(g.Items, write([]string{cut(rest, captionStyle, w-x)}, x, y, bodyLead, Start, captionStyle, Muted)...)
	y += bodyLead
	lines := fill(f.Message, bodyStyle, w, 8)
	g.Items = append(g.Items, prose(lines, 0, y, bodyLead, bodyStyle, Foreground)...)
	y += float64(len(lines)) * bodyLead
	if f.Hint != "" {
		hint := fill(f.Hint, captionStyle, w-14, 4)
		g.Items = append(g.Items, write([]string{"→"}, 0, y, captionLead+1, Start, captionStyle, Muted)...)
		g.Items = append(g.Items, prose(hint, 14, y, captionLead+1, captionStyle, Muted)...)
		y += float64(len(hint)) * (captionLead + 1)
	}
	return g, y + 12
}
