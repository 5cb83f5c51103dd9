package scene

import (
	"fmt"
	"math"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
)

const (
	// manyLines is the number of lines from which the label that most of them bear is said once.
	manyLines = 40
	// crowdedLines is the number of lines above which that label need be that of two in five lines only, and
	// labels that other lines cross are left out.
	crowdedLines = 100

	leaderReach  = 34.0 // most from a line to the label that a leader ties to it
	narrowLabel  = 64.0 // most of a label's line where wider ones find no room
	labelPlaces  = 41   // that are tried along a line
	lineRoom     = 2.0  // from a label to the middle of another line: half a stroke
	besideLine   = 2.0  // from a line to a label beside it
	besidePrice  = 1.1  // what a place beside the line costs more than one on it
	leaderPrice  = 2.4
	crossedPrice = 1.5 // for each other line
	borderPrice  = 2.0 // for each border of a frame
	wayPrice     = 3.0 // for all of the line between a place and the best one
)

// usual is a label that many lines bear.
type usual struct {
	label string // "" for none
	lines int
	all   bool // all other lines have labels
}

// usualLabel returns the label that is to be left out of the lines and said once instead.
func usualLabel(d *diagram.Diagram) usual {
	if len(d.Edges) < manyLines {
		return usual{}
	}
	times := map[string]int{}
	all := true
	for _, e := range d.Edges {
		l := e.Label()
		all = all && (l != "" || d.Nodes[e.From].Role == diagram.ChoiceNode)
		times[l]++
	}
	best := usual{all: all}
	for l, n := range times {
		if l != "" && (n > best.lines || n == best.lines && l < best.label) {
			best.label, best.lines = l, n
		}
	}
	n := len(d.Edges)
	if all && 2*best.lines > n || n > crowdedLines && 5*best.lines > 2*n {
		return best
	}
	return usual{}
}

// leftOut returns notes on the labels that are not drawn.
func (p *picture) leftOut() []string {
	var notes []string
	if u := p.usual; u.label != "" {
		if u.all && p.crowd == 0 {
			notes = append(notes, "Lines without a label: "+u.label+".")
		} else {
			notes = append(notes, fmt.Sprintf("The label of %d lines is left out: %s.", u.lines, u.label))
		}
	}
	switch {
	case p.crowd == 1:
		notes = append(notes, "1 label is left out for want of room.")
	case p.crowd > 1:
		notes = append(notes, fmt.Sprintf("%d labels are left out for want of room.", p.crowd))
	}
	return notes
}

// edgeLabel is the text of an edge, in lines.
func edgeLabel(e *diagram.Edge) []string {
	return wrap(e.Label(), labelStyle, edgeLabelWidth, 2)
}

// spot is a place for a label or sign: its centre, and where on the line it belongs.
type spot struct {
	at, on layout.Point
	beside float64 // the distance from the line; 0 on it
}

// drawLabel draws the label of an edge, and returns its box: on its line, or beside it, or tied to it by a leader,
// or nowhere, and then it is counted.
func (p *picture) drawLabel(i int, way spline) ([]Item, layout.Box) {
	lines := p.labels[i]
	if len(lines) == 0 {
		return nil, layout.Box{}
	}
	crowded := len(p.d.Edges) > crowdedLines
	change := p.d.Edges[i].Change
	place, ok := p.placeLabel(i, way, labelSize(lines, change), crowded)
	if !ok {
		if narrow := wrap(p.d.Edges[i].Label(), labelStyle, narrowLabel, 3); widest(narrow, labelStyle) < widest(lines, labelStyle)-4 {
			lines = narrow
			place, ok = p.placeLabel(i, way, labelSize(lines, change), crowded)
		}
	}
	if !ok {
		p.crowd++
		return nil, layout.Box{}
	}
	b := around(place.at, labelSize(lines, change))
	p.taken.add(b)
	ink, line := EdgeText, EdgeLine
	if p.d.Edges[i].Faded {
		ink, line = FadedText, FadedLine
	} else if p.d.Changed && change == diagram.NotChanged {
		ink, line = Muted, FrameLine
	}
	var items []Item
	if place.beside > besideLine {
		var leader outline
		near := pt(max(b.Min.X+3, min(b.Max.X-3, place.on.X)), max(b.Min.Y+2, min(b.Max.Y-2, place.on.Y)))
		leader.move(place.on.X, place.on.Y)
		leader.line(near.X, near.Y)
		items = append(items, &Path{Segments: leader, Stroke: line, Width: 0.8})
	}
	var o outline
	o.rounded(b, 4)
	items = append(items, &Path{Segments: o, Fill: p.ground(place.at)})
	x := place.at.X
	if change != diagram.NotChanged {
		items = append(items, changeSign(change, pt(b.Min.X+labelSign/2, place.at.Y), labelSign/2-2)...)
		x += labelSign / 2
	}
	return append(items, write(lines, x, b.Min.Y+2, labelLead, Middle, labelStyle, ink)...), b
}

// placeLabel finds a place for the label of an edge. uncrossed says that no other line may run through it.
func (p *picture) placeLabel(edge int, way spline, size layout.Point, uncrossed bool) (spot, bool) {
	c := p.company[edge]
	if p.d.Edges[edge].From == p.d.Edges[edge].To { // on the loop it would hide most of it
		mid := way.even(5)
		node := center(p.lay.Nodes[p.d.Edges[edge].From])
		outer := 1.0
		if (mid[3].X-mid[1].X)*(mid[2].Y-node.Y)-(mid[3].Y-mid[1].Y)*(mid[2].X-node.X) < 0 {
			outer = -1
		}
		return p.placeOn(edge, way, size, 0.5, []float64{besideLine, 12, leaderReach}, outer, uncrossed)
	}
	if c.outer != 0 {
		return p.placeOn(edge, way, size, c.near, []float64{besideLine, 12, leaderReach}, c.outer, uncrossed)
	}
	return p.placeOn(edge, way, size, c.near, []float64{0, besideLine, 12, leaderReach}, 0, uncrossed)
}

// placeSign finds the centre of a place for a sign of an edge.
func (p *picture) placeSign(edge int, way spline, size layout.Point) (layout.Point, bool) {
	s, ok := p.placeOn(edge, way, size, 0.5, []float64{0, besideLine}, 0, false)
	return s.at, ok
}

// placeOn finds the best place that is free for something of a size on the line of an edge, or off it by one of the distances, which ascend: one
// near a point of the way that is given from 0 to 1, where few other lines run. outer says on which side: 1 on the right of the way, -1 on the left, 0 on either.
func (p *picture) placeOn(edge int, way spline, size layout.Point, near float64, off []float64, outer float64, uncrossed bool) (best spot, ok bool) {
	points := way.even(labelPlaces)
	least := math.Inf(1)
	for k, d := range off {
		price := 0.0
		if d > 0 {
			price = besidePrice
		}
		if d > besideLine {
			price = leaderPrice + d/leaderReach
		}
		if k == 0 {
			price = 0
		}
		if price >= least {
			break
		}
		for i, on := range points {
			t := float64(i) / float64(len(points)-1)
			basic := price + math.Abs(t-near)*wayPrice
			if t < 0.08 || t > 0.92 || basic >= least {
				continue
			}
			sides := []float64{0}
			if d > 0 {
				if sides = []float64{1, -1}; outer != 0 {
					sides = []float64{outer}
				}
			}
			for _, s := range sides {
				at := on
				if s != 0 {
					a, b := points[max(i-1, 0)], points[min(i+1, len(points)-1)]
					l := distance(a, b)
					if l < 0.01 {
						continue
					}
					n := pt(-(b.Y-a.Y)/l*s, (b.X-a.X)/l*s)
					far := math.Abs(n.X)*size.X/2 + math.Abs(n.Y)*size.Y/2 + d
					at = pt(on.X+n.X*far, on.Y+n.Y*far)
				}
				b := around(at, size)
				if !p.within(b) || !p.taken.free(b) || d > besideLine && !p.reaches(on, at) {
					continue
				}
				bordered := basic + borderPrice*float64(p.borders(b))
				if bordered >= least {
					continue
				}
				enough := 1
				if !uncrossed {
					enough = int(min((least-bordered)/crossedPrice, 1000)) + 1
				}
				crossing := p.lines.Crossing(around(at, pt(size.X+2*lineRoom, size.Y+2*lineRoom)), edge, enough)
				if uncrossed && crossing > 0 {
					continue
				}
				if cost := bordered + crossedPrice*float64(crossing); cost < least {
					best, least, ok = spot{at, on, d}, cost, true
				}
			}
		}
	}
	return best, ok
}

// reaches says whether a leader from on to at runs through nothing.
func (p *picture) reaches(on, at layout.Point) bool {
	const steps = 8
	for k := range steps {
		if len(p.taken.at(mix(on, at, float64(k)/steps))) > 0 {
			return false
		}
	}
	return true
}

// within says whether b lies on the picture.
func (p *picture) within(b layout.Box) bool {
	const slack = 6
	return b.Min.X > p.area.Min.X-slack && b.Min.Y > p.area.Min.Y-slack && b.Max.X < p.area.Max.X+slack && b.Max.Y < p.area.Max.Y+slack
}
