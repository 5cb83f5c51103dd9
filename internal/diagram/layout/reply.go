package layout

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lintel/internal/diagram"
)

// reply is what is read of the engine's json0 format. Lengths are in points, y grows upwards.
type reply struct {
	Objects []struct {
		Name string `json:"name"`
		BB   string `json:"bb"`
		Pos  string `json:"pos"`
	} `json:"objects"`
	Edges []struct {
		I   string `json:"i"`
		Pos string `json:"pos"`
	} `json:"edges"`
}

// margin is the room around the drawing, in units.
const margin = 8

// read makes the layout, without labels on lines, of what the engine says.
func (p *plan) read(out []byte) (*Layout, error) {
	l, err := p.parse(out)
	if err != nil {
		return nil, &EngineError{Program: "lintel-graphviz", Detail: "its output is no drawing: " + oneLine(err.Error())}
	}
	if p.engine == "dot" {
		p.pack(l)
	}
	l.settle(emptyBox())
	return l, nil
}

func (p *plan) parse(out []byte) (*Layout, error) {
	var r reply
	if err := json.Unmarshal(out, &r); err != nil {
		return nil, err
	}
	l := &Layout{
		Nodes:  make([]Box, len(p.d.Nodes)),
		Groups: make([]Box, len(p.d.Groups)),
		Edges:  make([]Route, len(p.d.Edges)),
	}
	placed := make([]bool, len(l.Nodes))
	for _, o := range r.Objects {
		if g, ok := index(o.Name, "cluster", len(l.Groups)); ok {
			// Layouts that know no clusters give them no box.
			if b, err := numbers(o.BB); err == nil && len(b) == 4 && b[0] < b[2] && b[1] < b[3] && p.drawsGroups() {
				l.Groups[g] = Box{Point{b[0], -b[3]}, Point{b[2], -b[1]}}
			}
		} else if n, ok := index(o.Name, "n", len(l.Nodes)); ok {
			c, err := numbers(o.Pos)
			if err != nil || len(c) != 2 {
				return nil, fmt.Errorf("the place of node %d is %q", n, o.Pos)
			}
			l.Nodes[n] = around(Point{c[0], -c[1]}, p.s.Nodes[n])
			placed[n] = true
		}
	}
	if n := slices.Index(placed, false); n >= 0 {
		return nil, fmt.Errorf("node %d has no place", n)
	}
	for _, e := range r.Edges {
		i, ok := index(e.I, "", len(l.Edges))
		if !ok {
			continue // one of those that only hold nodes in place
		}
		curve, err := route(e.Pos)
		if err != nil {
			return nil, fmt.Errorf("edge %d: %w", i, err)
		}
		if p.shape.reversed(i) {
			slices.Reverse(curve)
		}
		l.Edges[i].Curve = curve
		p.meet(l, i)
	}
	for i, e := range l.Edges {
		if len(e.Curve) == 0 {
			// The engine found no way, which happens among crowded nodes of some layouts: straight on.
			l.Edges[i].Curve = p.straight(l, i)
		}
	}
	return l, nil
}

// meet moves the ends of a line that arrives beside a node, in the room that was added to it, onto its border.
func (p *plan) meet(l *Layout, i int) {
	curve := l.Edges[i].Curve
	if len(curve) == 0 || p.engine != "dot" {
		return
	}
	last := len(curve) - 1
	for _, end := range []struct{ at, control, node int }{{0, 1, p.d.Edges[i].From}, {last, last - 1, p.d.Edges[i].To}} {
		b := l.Nodes[end.node]
		// Not at the very corner, which many shapes round.
		by := b.grown(-min(6, b.width()/4, b.height()/4)).nearest(curve[end.at], p.d.Flow == diagram.FlowRight)
		if by == (Point{}) {
			continue
		}
		curve[end.at] = curve[end.at].plus(by)
		curve[end.control] = curve[end.control].plus(by)
	}
}

// drawsGroups reports whether the layout keeps the nodes of a group together.
func (p *plan) drawsGroups() bool {
	return p.engine == "dot" || p.engine == "fdp" || p.engine == "osage"
}

// straight is a line between the borders of the ends of an edge.
func (p *plan) straight(l *Layout, i int) []Point {
	from, to := l.Nodes[p.d.Edges[i].From], l.Nodes[p.d.Edges[i].To]
	a, b := from.border(to.middle()), to.border(from.middle())
	third := Point{(b.X - a.X) / 3, (b.Y - a.Y) / 3}
	return []Point{a, a.plus(third), a.plus(third).plus(third), b}
}

// route reads a spline: "s,x,y e,x,y x,y x,y x,y x,y …", where the first two say where arrowheads end.
func route(pos string) ([]Point, error) {
	var curve []Point
	for at := range strings.FieldsSeq(strings.SplitN(pos, ";", 2)[0]) {
		if at[0] == 'e' || at[0] == 's' {
			continue
		}
		c, err := numbers(at)
		if err != nil || len(c) < 2 {
			return nil, fmt.Errorf("a point is %q", at)
		}
		curve = append(curve, Point{c[0], -c[1]})
	}
	if len(curve) > 0 && (len(curve) < 4 || len(curve)%3 != 1) {
		return nil, fmt.Errorf("%d points make no spline", len(curve))
	}
	return curve, nil
}

// settle moves everything to where it lies between the margins, with that room, and sets the size.
func (l *Layout) settle(room Box) {
	whole := emptyBox()
	for _, list := range [][]Box{l.Nodes, l.Groups} {
		for _, b := range list {
			if b != (Box{}) {
				whole.include(b.Min, b.Max)
			}
		}
	}
	for _, e := range l.Edges {
		for i := 0; i+3 < len(e.Curve); i += 3 {
			for k := range 9 {
				whole.include(cubic(e.Curve[i], e.Curve[i+1], e.Curve[i+2], e.Curve[i+3], float64(k)/8))
			}
		}
	}
	if room.width() > 0 {
		whole.include(room.Min, room.Max)
	}
	by := Point{margin - whole.Min.X, margin - whole.Min.Y}
	for _, list := range [][]Box{l.Nodes, l.Groups} {
		for i := range list {
			if list[i] != (Box{}) {
				list[i].move(by)
				list[i].round()
			}
		}
	}
	for i := range l.Edges {
		e := &l.Edges[i]
		for k := range e.Curve {
			e.Curve[k] = e.Curve[k].plus(by).rounded()
		}
	}
	l.Size = Point{whole.width() + 2*margin, whole.height() + 2*margin}.rounded()
}

// index reads the number after prefix in name, less than n.
func index(name, prefix string, n int) (int, bool) {
	digits, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(digits)
	return i, err == nil && i >= 0 && i < n
}

// numbers reads finite numbers between commas.
func numbers(s string) ([]float64, error) {
	var list []float64
	for part := range strings.SplitSeq(s, ",") {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(f) || math.Abs(f) > 1e7 {
			return nil, fmt.Errorf("%q is no length", part)
		}
		list = append(list, f)
	}
	return list, nil
}
