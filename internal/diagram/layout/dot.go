package layout

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"lintel/internal/diagram"
)

// plan is a diagram as it is put to the engine.
type plan struct {
	d *diagram.Diagram
	s Sizes

	layout string
}

func newPlan(d *diagram.Diagram, s Sizes, e Engine) *plan {
	p := &plan{d: d, s: s, layout: e.Layout}
	if p.layout == "" {
		p.layout = "dot"
	}
	return p
}

// dot writes the graph for the engine. Nothing that a user wrote is in it: nodes are n0, n1, …, groups
// cluster0, cluster1, …; labels are blank tables of the measured size.
func (p *plan) dot() []byte {
	var b bytes.Buffer
	b.WriteString("digraph {\n")
	rankdir := "TB"
	if p.d.Flow == diagram.FlowRight {
		rankdir = "LR"
	}
	fmt.Fprintf(&b, "rankdir=%s; nodesep=0.45; ranksep=0.55; splines=true; start=1; overlap=false; sep=\"+16\"; newrank=true;\n", rankdir)
	b.WriteString("node [shape=box, fixedsize=true, label=\"\"];\nedge [arrowhead=none];\n")

	children := make([][]int, len(p.d.Groups)+1) // by parent + 1
	for i, g := range p.d.Groups {
		children[g.Parent+1] = append(children[g.Parent+1], i)
	}
	members := make([][]int, len(p.d.Groups)+1) // by group + 1
	for i, n := range p.d.Nodes {
		members[n.Group+1] = append(members[n.Group+1], i)
	}
	var write func(group int)
	write = func(group int) {
		for _, i := range members[group+1] {
			size := p.s.Nodes[i]
			fmt.Fprintf(&b, "n%d [width=%s, height=%s];\n", i, inches(size.X), inches(size.Y))
		}
		for _, g := range children[group+1] {
			fmt.Fprintf(&b, "subgraph cluster%d {\nmargin=14; labeljust=l; label=%s;\n", g, blank(p.s.Groups[g]))
			write(g)
			b.WriteString("}\n")
		}
	}
	write(-1)
	for i, e := range p.d.Edges {
		fmt.Fprintf(&b, "n%d -> n%d [i=%d", e.From, e.To, i)
		if l := p.s.Edges[i]; l.X > 0 && l.Y > 0 {
			b.WriteString(", label=" + blank(l))
		}
		b.WriteString("];\n")
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// inches writes a length in units as the engine wants it; it takes a unit for a point, 1/72 inch.
func inches(units float64) string { return strconv.FormatFloat(units/72, 'f', 6, 64) }

// blank is a label without text of the given size.
func blank(size Point) string {
	return fmt.Sprintf("<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\" ><TR><TD FIXEDSIZE=\"TRUE\" WIDTH=\"%.0f\" HEIGHT=\"%.0f\"></TD></TR></TABLE>>",
		math.Ceil(size.X), math.Ceil(size.Y))
}
