package scene

import (
	"slices"
	"strconv"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

// severity is how findings of one severity look.
type severity struct {
	line, fill, on Ink
	rank           int // the graver, the higher
}

func severityOf(name string) severity {
	switch name {
	case "error":
		return severity{ErrorLine, ErrorFill, OnError, 3}
	case "warning":
		return severity{WarningLine, WarningFill, OnWarning, 2}
	}
	return severity{InfoLine, InfoFill, OnInfo, 1}
}

// gravest returns the severity name of the gravest of the findings with these numbers.
func gravest(d *diagram.Diagram, numbers ...[]int) string {
	name, rank := "", 0
	for _, list := range numbers {
		for _, n := range list {
			if n < 1 || n > len(d.Findings) {
				continue
			}
			s := d.Findings[n-1].Severity
			if r := severityOf(s).rank; r > rank {
				name, rank = s, r
			}
		}
	}
	return name
}

const badgeHeight = 16.0

// badgeWidth is the width of the badge of a finding's number.
func badgeWidth(sev string, text string) float64 {
	w := typeset.Width(text, badgeStyle)
	if sev == "warning" {
		return max(19, w+12)
	}
	return max(badgeHeight, w+8)
}

// badge draws the number of a finding around c: an octagon for an error, a triangle for a warning and a
// circle for an info.
func badge(c layout.Point, sev, text string) []Item {
	s := severityOf(sev)
	w, h := badgeWidth(sev, text), badgeHeight
	b := box(c.X-w/2, c.Y-h/2, w, h)
	var o outline
	y := c.Y
	switch sev {
	case "error":
		x0, y0, x1, y1 := corners(b)
		const k = 4.7
		o.polygon(0.5, pt(x0+k, y0), pt(x1-k, y0), pt(x1, y0+k), pt(x1, y1-k), pt(x1-k, y1), pt(x0+k, y1), pt(x0, y1-k), pt(x0, y0+k))
	case "warning":
		x0, y0, x1, y1 := corners(b)
		k := typeset.Width(text, badgeStyle)/2 - 2
		o.polygon(1.5, pt(c.X-k, y0-1.5), pt(c.X+k, y0-1.5), pt(x1+1.5, y1), pt(x0-1.5, y1))
		y += 1.6
	default:
		o.rounded(b, h/2)
	}
	return []Item{
		&Path{Segments: o, Fill: s.fill, Stroke: s.line, Width: 1},
		&Text{At: pt(c.X, baseline(y, badgeStyle)), Anchor: Middle, Style: badgeStyle, Ink: s.on, String: text},
	}
}

// badges draws the numbers of findings in a row from x to the right, at most room long.
func badges(d *diagram.Diagram, numbers []int, x, y, room float64) []Item {
	var items []Item
	const gap = 4.0
	end := x + room
	for i, n := range numbers {
		if n < 1 || n > len(d.Findings) {
			continue
		}
		sev, text := d.Findings[n-1].Severity, strconv.Itoa(n)
		w := badgeWidth(sev, text)
		left := len(numbers) - i
		if rest := "+" + strconv.Itoa(left); left > 1 && x+w+gap+typeset.Width(rest, badgeStyle)+8 > end && i > 0 {
			return append(items, pill(pt(x, y), rest, badgeStyle, Surface, Foreground, FrameLine)...)
		}
		items = append(items, badge(pt(x+w/2, y), sev, text)...)
		x += w + gap
	}
	return items
}

// badgeStep is the distance of badges in a column.
const badgeStep = 18.0

// badgeColumn returns what a column of badges shows of numbers, in slots places: the numbers, and how many are left over.
func badgeColumn(d *diagram.Diagram, numbers []int, slots int) (shown []int, rest int) {
	for _, n := range numbers {
		if n >= 1 && n <= len(d.Findings) {
			shown = append(shown, n)
		}
	}
	if slots = max(slots, 1); len(shown) > slots {
		keep := max(slots-1, 1)
		return shown[:keep], len(shown) - keep
	}
	return shown, 0
}

// pill draws text in a capsule whose left end is at p, centred on p's height.
func pill(p layout.Point, text string, st typeset.Style, fill, ink, line Ink) []Item {
	w, h := pillWidth(text, st), st.Size+5.5
	var o outline
	o.rounded(box(p.X, p.Y-h/2, w, h), h/2)
	path := &Path{Segments: o, Fill: fill}
	if line != None {
		path.Stroke, path.Width = line, 1
	}
	return []Item{path, &Text{At: pt(p.X+w/2, baseline(p.Y, st)), Anchor: Middle, Style: st, Ink: ink, String: text}}
}

func pillWidth(text string, st typeset.Style) float64 { return typeset.Width(text, st) + 10 }

// cross is a saltire of half width r around c.
func cross(c layout.Point, r float64) []Segment {
	var o outline
	o.move(c.X-r, c.Y-r)
	o.line(c.X+r, c.Y+r)
	o.move(c.X+r, c.Y-r)
	o.line(c.X-r, c.Y+r)
	return o
}

// condition is how a state looks, and what it is called.
type condition struct {
	word                        string
	line, tint, hatch, fill, on Ink
	crossed                     bool // hatched both ways
}

func conditionOf(s diagram.State) condition {
	switch s {
	case diagram.Failed:
		return condition{"failed", FailedLine, FailedTint, FailedHatch, FailedFill, OnFailed, true}
	case diagram.Down:
		return condition{"down", DownLine, DownTint, DownHatch, DownFill, OnDown, false}
	case diagram.Degraded:
		return condition{"degraded", DegradedLine, DegradedTint, None, DegradedFill, OnDegraded, false}
	}
	return condition{}
}

// stateWord is what a part is called that fares so, and did before any failure that was chosen or not.
func stateWord(s diagram.State, before bool) string {
	w := conditionOf(s).word
	if s == diagram.Down && before {
		w += " before"
	}
	return w
}

// nodeWord is the word for the state of a node.
func nodeWord(n *diagram.Node) string {
	if n.PartlyDown() {
		return "partly down"
	}
	return stateWord(n.State, n.DownBefore)
}

// stateWidth is the width of the sign that statePill draws.
func stateWidth(word string) float64 {
	return typeset.Width(word, badgeStyle) + 24
}

// statePill draws the word for a state with the sign of that state, its right end at p.
func statePill(p layout.Point, s diagram.State, word string) []Item {
	c := conditionOf(s)
	w, h := stateWidth(word), badgeHeight
	x := p.X - w
	var o, sign outline
	o.rounded(box(x, p.Y-h/2, w, h), h/2)
	if s == diagram.Degraded {
		sign.move(x+6.5, p.Y-2)
		sign.line(x+9.5, p.Y+2)
		sign.line(x+12.5, p.Y-2)
	} else {
		sign = cross(pt(x+9.5, p.Y), 2.8)
	}
	return []Item{
		&Path{Segments: o, Fill: c.fill, Stroke: c.line, Width: 1},
		&Path{Segments: sign, Stroke: c.on, Width: 1.8},
		&Text{At: pt(x+16, baseline(p.Y, badgeStyle)), Style: badgeStyle, Ink: c.on, String: word},
	}
}

// hatch fills a shape with slanting lines, step apart; falling says which way they slant.
func hatch(edge []Segment, step float64, falling bool) []Segment {
	polygons := flatten(edge)
	if falling {
		for _, poly := range polygons {
			for i := range poly {
				poly[i].X = -poly[i].X
			}
		}
	}
	// In the coordinates u = x+y and v = x-y the lines are those of constant u.
	lo, hi := 0.0, 0.0
	for i, poly := range polygons {
		for j, p := range poly {
			u := p.X + p.Y
			if i == 0 && j == 0 {
				lo, hi = u, u
			}
			lo, hi = min(lo, u), max(hi, u)
		}
	}
	var o outline
	n := 0
	for u := lo + step/2; u < hi && n < 2000; u += step {
		n++
		var cuts []float64
		for _, poly := range polygons {
			for i, a := range poly {
				b := poly[(i+1)%len(poly)]
				ua, ub := a.X+a.Y, b.X+b.Y
				if (ua > u) == (ub > u) {
					continue
				}
				t := (u - ua) / (ub - ua)
				cuts = append(cuts, a.X-a.Y+t*((b.X-b.Y)-(a.X-a.Y)))
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			if cuts[i+1]-cuts[i] < 3 {
				continue
			}
			for j, v := range []float64{cuts[i] + 1.5, cuts[i+1] - 1.5} {
				x, y := (u+v)/2, (u-v)/2
				if falling {
					x = -x
				}
				if j == 0 {
					o.move(x, y)
				} else {
					o.line(x, y)
				}
			}
		}
	}
	return o
}
