package scene

import (
	"fmt"
	"strconv"
	"strings"

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
	total := 0.0
	for i, f := range d.Findings {
		items[i], heights[i] = findingText(f, w-indent)
		total += heights[i]
	}
	// Each column takes what fills its share of the height.
	x, y, bottom, share, used := margin, s.y, s.y, 1.0, 0.0
	for i, f := range d.Findings {
		if used+heights[i]/2 > total*share/float64(columns) && y > s.y {
			share++
			x, y = x+w+between, s.y
		}
		used += heights[i]
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

// move shifts all items of a group.
func move(g *Group, dx, dy float64) {
	for _, it := range g.Items {
		switch it := it.(type) {
		case *Group:
			move(it, dx, dy)
		case *Text:
			it.At.X, it.At.Y = it.At.X+dx, it.At.Y+dy
		case *Path:
			transform(it.Segments, 1, dx, dy)
		}
	}
}

// transform scales segments and then shifts them.
func transform(segs []Segment, k, dx, dy float64) {
	for i := range segs {
		s := &segs[i]
		s.C1.X, s.C1.Y = s.C1.X*k+dx, s.C1.Y*k+dy
		s.C2.X, s.C2.Y = s.C2.X*k+dx, s.C2.Y*k+dy
		s.P.X, s.P.Y = s.P.X*k+dx, s.P.Y*k+dy
	}
}

// failure tells above the picture what the chosen failures bring down.
func (s *sheet) failure(d *diagram.Diagram) {
	f := d.Failure
	if f == nil {
		return
	}
	g := &Group{Class: "failure"}
	const pad = 14.0
	x, w := margin+pad+4, s.width-2*pad-4
	y := s.y + 11
	put := func(text string, st typeset.Style, ink Ink, most int) {
		lines := fill(text, st, w, most)
		g.Items = append(g.Items, prose(lines, x, y, bodyLead+1, st, ink)...)
		y += float64(len(lines)) * (bodyLead + 1)
	}
	put("What happens when "+series(f.Events)+verb(len(f.Events)), strongStyle, Foreground, 3)
	if f.Down == 0 && f.Degraded == 0 {
		put("No module stops working.", bodyStyle, Foreground, 1)
	} else {
		put(fmt.Sprintf("%s down, %d degraded.", count(f.Down, "module"), f.Degraded), bodyStyle, Foreground, 1)
	}
	switch {
	case f.Journeys == 0:
	case len(f.Lost) == 0 && len(f.Limping) == 0:
		put("All journeys still work.", bodyStyle, Foreground, 1)
	default:
		if len(f.Lost) > 0 {
			put(fmt.Sprintf("Lost: %d of %s: %s.", len(f.Lost), count(f.Journeys, "journey"), series(f.Lost)), bodyStyle, Foreground, 3)
		} else {
			put("No journey is lost.", bodyStyle, Foreground, 1)
		}
		if len(f.Limping) > 0 {
			put("Degraded: "+series(f.Limping)+".", bodyStyle, Foreground, 3)
		}
	}
	y += 11
	line, fill := DownLine, DownTint
	switch {
	case f.Down == 0 && f.Degraded == 0 && len(f.Limping) == 0:
		line, fill = DataLine, Panel
	case f.Down == 0:
		line, fill = DegradedLine, DegradedTint
	}
	var area, bar outline
	area.rounded(box(margin, s.y, s.width, y-s.y), 8)
	bar.rounded(box(margin, s.y, 5, y-s.y), 2.5)
	g.Items = append([]Item{&Path{Segments: area, Fill: fill}, &Path{Segments: bar, Fill: line}}, g.Items...)
	s.root.Items = append(s.root.Items, g)
	s.y = y + gap
}

func verb(n int) string {
	if n == 1 {
		return " fails"
	}
	return " fail"
}

// series joins names: "a, b and c".
func series(names []string) string {
	clean := make([]string, len(names))
	for i, n := range names {
		clean[i] = strings.TrimSpace(plainText(n))
	}
	if len(clean) < 2 {
		return strings.Join(clean, "")
	}
	return strings.Join(clean[:len(clean)-1], ", ") + " and " + clean[len(clean)-1]
}
