package layout

import (
	"fmt"
	"math"

	"lintel/internal/diagram"
)

// faults are what a good drawing has none or few of.
type faults struct {
	overlaps   []string // nodes or sibling groups that overlap, nodes outside their groups, anything outside the whole
	through    []string // lines that run through a node that is not theirs
	aspect     float64  // width by height
	whitespace float64  // area of the whole by that of the nodes
}

func (f faults) String() string {
	return fmt.Sprintf("overlaps %d, lines through %d, aspect %.2f, whitespace %.1f",
		len(f.overlaps), len(f.through), f.aspect, f.whitespace)
}

func inspect(d *diagram.Diagram, s Sizes, l *Layout) faults {
	var f faults
	const slack = 0.5
	whole := Box{Point{}, l.Size}
	area := 0.0
	for i, b := range l.Nodes {
		area += (b.Max.X - b.Min.X) * (b.Max.Y - b.Min.Y)
		if !inside(b, whole, slack) {
			f.overlaps = append(f.overlaps, fmt.Sprintf("node %d is outside the drawing", i))
		}
		for k := range i {
			if overlap(b, l.Nodes[k]) > slack {
				f.overlaps = append(f.overlaps, fmt.Sprintf("nodes %d and %d overlap", k, i))
			}
		}
		for g, gb := range l.Groups {
			if gb == (Box{}) {
				continue
			}
			within := false
			for in := d.Nodes[i].Group; in >= 0; in = d.Groups[in].Parent {
				within = within || in == g
			}
			if within && !inside(b, gb, slack) {
				f.overlaps = append(f.overlaps, fmt.Sprintf("node %d is outside group %d", i, g))
			}
			if !within && overlap(b, gb) > slack {
				f.overlaps = append(f.overlaps, fmt.Sprintf("node %d overlaps group %d", i, g))
			}
			if within && overlap(b, groupLabel(gb, s.Groups[g])) > slack {
				f.overlaps = append(f.overlaps, fmt.Sprintf("node %d overlaps the label of group %d", i, g))
			}
		}
	}
	for g, b := range l.Groups {
		if b == (Box{}) {
			continue
		}
		if !inside(b, whole, slack) {
			f.overlaps = append(f.overlaps, fmt.Sprintf("group %d is outside the drawing", g))
		}
		for k := range g {
			if d.Groups[k].Parent == d.Groups[g].Parent && overlap(b, l.Groups[k]) > slack {
				f.overlaps = append(f.overlaps, fmt.Sprintf("groups %d and %d overlap", k, g))
			}
		}
		if p := d.Groups[g].Parent; p >= 0 && l.Groups[p] != (Box{}) && !inside(b, l.Groups[p], slack) {
			f.overlaps = append(f.overlaps, fmt.Sprintf("group %d is outside group %d", g, p))
		}
	}
	for i, r := range l.Edges {
		e := d.Edges[i]
		for _, p := range flatten(r.Curve) {
			if p.X < -slack || p.Y < -slack || p.X > l.Size.X+slack || p.Y > l.Size.Y+slack {
				f.overlaps = append(f.overlaps, fmt.Sprintf("edge %d leaves the drawing", i))
				break
			}
		}
		for n, b := range l.Nodes {
			if n != e.From && n != e.To && crosses(r.Curve, b, 2) {
				f.through = append(f.through, fmt.Sprintf("edge %d runs through node %d", i, n))
			}
		}
	}
	f.aspect = l.Size.X / l.Size.Y
	f.whitespace = l.Size.X * l.Size.Y / area
	return f
}

// groupLabel is where the label of a group stands: at the left of its top.
func groupLabel(b Box, size Point) Box {
	if b == (Box{}) {
		return b
	}
	at := Point{b.Min.X + 10, b.Min.Y + 8}
	return Box{at, Point{at.X + size.X, at.Y + size.Y}}
}

func inside(b, in Box, slack float64) bool {
	return b.Min.X >= in.Min.X-slack && b.Min.Y >= in.Min.Y-slack && b.Max.X <= in.Max.X+slack && b.Max.Y <= in.Max.Y+slack
}

// overlap is how deep two boxes lie in each other.
func overlap(a, b Box) float64 {
	return math.Min(math.Min(a.Max.X, b.Max.X)-math.Max(a.Min.X, b.Min.X), math.Min(a.Max.Y, b.Max.Y)-math.Max(a.Min.Y, b.Min.Y))
}

// crosses reports whether the curve comes further than slack into the box.
func crosses(curve []Point, b Box, slack float64) bool {
	if b == (Box{}) {
		return false
	}
	for _, p := range flatten(curve) {
		if p.X > b.Min.X+slack && p.X < b.Max.X-slack && p.Y > b.Min.Y+slack && p.Y < b.Max.Y-slack {
			return true
		}
	}
	return false
}

// flatten gives points along a curve.
func flatten(curve []Point) []Point {
	var list []Point
	for i := 0; i+3 < len(curve); i += 3 {
		a, b, c, d := curve[i], curve[i+1], curve[i+2], curve[i+3]
		for k := 0; k <= 32; k++ {
			t := float64(k) / 32
			u := 1 - t
			list = append(list, Point{
				u*u*u*a.X + 3*u*u*t*b.X + 3*u*t*t*c.X + t*t*t*d.X,
				u*u*u*a.Y + 3*u*u*t*b.Y + 3*u*t*t*c.Y + t*t*t*d.Y,
			})
		}
	}
	return list
}
