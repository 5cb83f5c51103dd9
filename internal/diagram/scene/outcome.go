package scene

import (
	"fmt"
	"strings"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

// outcome is how the panel about failures looks: by what users of the system lose, its journeys, or where it states
// none, by its modules.
type outcome struct {
	line, tint, on Ink
	mark           []Segment // around (0, 0)
}

func outcomeOf(f *diagram.Failure) outcome {
	var mark outline
	switch {
	case len(f.Lost) > 0 || f.Journeys == 0 && f.Down > 0:
		return outcome{DownLine, DownTint, Surface, cross(pt(0, 0), 3)}
	case len(f.Limping) > 0 || f.Journeys == 0 && f.Degraded > 0:
		mark.move(-3.6, -1.8)
		mark.line(0, 2.4)
		mark.line(3.6, -1.8)
		return outcome{DegradedLine, DegradedTint, Surface, mark}
	}
	if len(f.LostBefore)+len(f.LimpingBefore) > 0 { // no worse, but not well
		mark.move(-3.6, 0)
		mark.line(3.6, 0)
		return outcome{PlatformLine, Panel, Surface, mark}
	}
	mark.move(-3.8, 0.4)
	mark.line(-1.2, 3)
	mark.line(3.8, -2.8)
	return outcome{DataLine, Panel, Surface, mark}
}

// sign draws the outcome's mark in a disc around c: a tick, a bar, a wedge that points down, or a cross.
func (o outcome) sign(c layout.Point) []Item {
	var disc outline
	disc.ellipse(c.X, c.Y, 8, 8)
	transform(o.mark, 1, c.X, c.Y)
	return []Item{&Path{Segments: disc, Fill: o.line}, &Path{Segments: o.mark, Stroke: o.on, Width: 1.8}}
}

// failure tells above the picture what the chosen failures bring down.
func (s *sheet) failure(d *diagram.Diagram) {
	f := d.Failure
	if f == nil {
		return
	}
	g := &Group{Class: "failure"}
	const pad, signed = 14.0, 26.0
	x, w := margin+pad+4+signed, s.width-2*pad-4-signed
	y := s.y + 11
	put := func(text string, st typeset.Style, ink Ink, most int) {
		lines := fill(text, st, w, most)
		g.Items = append(g.Items, prose(lines, x, y, bodyLead+1, st, ink)...)
		y += float64(len(lines)) * (bodyLead + 1)
	}
	put("What happens when "+series(f.Events)+verb(len(f.Events)), strongStyle, Foreground, 3)
	if f.Down == 0 && f.Degraded == 0 {
		put(none(f.DownBefore, "module")+" stops working.", bodyStyle, Foreground, 1)
	} else {
		put(fmt.Sprintf("%s down, %d degraded.", count(f.Down, "module"), f.Degraded), bodyStyle, Foreground, 1)
	}
	switch {
	case f.Journeys == 0:
	case len(f.Lost) == 0 && len(f.Limping) == 0 && len(f.LostBefore) == 0:
		put("All journeys still work.", bodyStyle, Foreground, 1)
	default:
		if len(f.Lost) > 0 {
			put(fmt.Sprintf("Lost: %d of %s: %s.", len(f.Lost), count(f.Journeys, "journey"), series(f.Lost)), bodyStyle, Foreground, 3)
		} else {
			put(none(len(f.LostBefore), "journey")+" is lost.", bodyStyle, Foreground, 1)
		}
		if len(f.Limping) > 0 {
			put("Degraded: "+series(f.Limping)+".", bodyStyle, Foreground, 3)
		}
	}
	if text := outcomeBefore(f); text != "" {
		put(text, bodyStyle, Foreground, 3)
	}
	y += 11
	l := outcomeOf(f)
	var area, bar outline
	area.rounded(box(margin, s.y, s.width, y-s.y), 8)
	bar.rounded(box(margin, s.y, 5, y-s.y), 2.5)
	g.Items = append([]Item{&Path{Segments: area, Fill: l.tint}, &Path{Segments: bar, Fill: l.line}}, g.Items...)
	g.Items = append(g.Items, l.sign(pt(margin+pad+4+8, s.y+11+(bodyLead+1)/2))...)
	s.root.Items = append(s.root.Items, g)
	s.y = y + gap
}

// outcomeBefore tells what was so before any failure: "Already before: 2 modules down; lost: c."
func outcomeBefore(f *diagram.Failure) string {
	var parts []string
	if f.DownBefore > 0 {
		parts = append(parts, count(f.DownBefore, "module")+" down")
	}
	if f.DegradedBefore > 0 {
		parts = append(parts, count(f.DegradedBefore, "module")+" degraded")
	}
	if len(f.LostBefore) > 0 {
		parts = append(parts, "journeys lost: "+series(f.LostBefore))
	}
	if len(f.LimpingBefore) > 0 {
		parts = append(parts, "journeys degraded: "+series(f.LimpingBefore))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Already before: " + strings.Join(parts, "; ") + "."
}

// none says that nothing was added to what was so before.
func none(before int, what string) string {
	if before > 0 {
		return "No further " + what
	}
	return "No " + what
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
