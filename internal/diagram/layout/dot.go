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
	d      *diagram.Diagram
	s      Sizes
	engine string // the layout

	children   [][]int // groups by parent + 1
	members    [][]int // nodes by group + 1
	components [][]int // nodes that are tied by lines or groups, in order
	filled     []bool  // groups with nodes in them or theirs
	shape      shape
	bands      int     // into which frames are put; less than 2 for none
	squeeze    float64 // how much narrower pieces must be than they seem, since they turned out so much wider
}

func newPlan(d *diagram.Diagram, s Sizes, e Engine) *plan {
	p := &plan{squeeze: 1, d: d, s: s, engine: e.layout(), children: make([][]int, len(d.Groups)+1), members: make([][]int, len(d.Groups)+1)}
	for i, g := range d.Groups {
		p.children[g.Parent+1] = append(p.children[g.Parent+1], i)
	}
	for i, n := range d.Nodes {
		p.members[n.Group+1] = append(p.members[n.Group+1], i)
	}
	p.filled = make([]bool, len(d.Groups))
	for _, n := range d.Nodes {
		for g := n.Group; g >= 0; g = d.Groups[g].Parent {
			p.filled[g] = true
		}
	}
	p.components = tied(d)
	p.shape = p.foldWide()
	return p
}

// Distances, in units.
const (
	nodeGap  = 32.0 // between neighbours in a rank
	lineGap  = 10.0 // between a line that passes a rank and its neighbours; the engine takes twice that for a line
	rankGap  = 50.0 // between ranks without labels
	groupGap = 14.0 // between a frame and what is in it
	pieceGap = 36.0 // between pieces of the drawing that nothing ties
)

// rankGap is the room between ranks: lines need it to turn, and labels to be read.
func (p *plan) rankGap() float64 {
	along := 0.0
	for _, l := range p.s.Edges {
		if p.d.Flow == diagram.FlowRight {
			along = max(along, min(l.X, 130))
		} else {
			along = max(along, min(l.Y, 40))
		}
	}
	return max(rankGap, along+38)
}

// Above these numbers of lines the engine is told to take shortcuts, for its time grows faster than
// anything else: where ranks are folded lines pass many of them (1,000 lines: 50 s, not 1.6 s); then come the order
// in the ranks, and the bends of lines around nodes.
const (
	tooManyToTry   = 100 // twice
	tooManyToHold  = 150 // in columns
	tooManyToFold  = 300
	tooManyToOrder = 600
	tooManyToBend  = 2500
)

// dot writes the graph for the engine. Nothing that a user wrote is in it: nodes are n0, n1, …, groups
// cluster0, cluster1, …, their labels blank tables of the measured size. Lines have no labels there: put on
// the lines afterwards they take no room of their own, and half the ranks.
func (p *plan) dot() []byte {
	var b bytes.Buffer
	b.WriteString("digraph {\n")
	if p.engine == "dot" {
		rankdir := "TB"
		if p.d.Flow == diagram.FlowRight {
			rankdir = "LR"
		}
		fmt.Fprintf(&b, "rankdir=%s; nodesep=%s; ranksep=%s; pack=16; packmode=\"graph\";\n",
			rankdir, inches(lineGap), inches(p.rankGap()))
	} else {
		b.WriteString("start=1; overlap=false; sep=\"+18\"; esep=\"+8\"; model=shortpath;\n")
	}
	switch lines := len(p.d.Edges); {
	case lines > tooManyToBend:
		b.WriteString("splines=polyline; nslimit=0.5; nslimit1=0.5; mclimit=0.05; searchsize=10; maxiter=50;\n")
	case lines > tooManyToOrder:
		b.WriteString("splines=polyline; nslimit=2; nslimit1=2; mclimit=0.3; maxiter=200;\n")
	case lines > tooManyToTry:
		b.WriteString("splines=true; mclimit=0.5; remincross=false;\n")
	default:
		b.WriteString("splines=true;\n")
	}
	b.WriteString("node [shape=box, fixedsize=true, label=\"\"];\nedge [arrowhead=none];\n")
	p.writeGroup(&b, -1)
	for i, e := range p.d.Edges {
		from, to := e.From, e.To
		if p.shape.reversed(i) {
			from, to = to, from
		}
		fmt.Fprintf(&b, "n%d -> n%d [i=%d", from, to, i)
		if n := p.shape.length(p.d.Edges[i]); n > 1 {
			fmt.Fprintf(&b, ", minlen=%d", n)
		}
		if p.shape.free != nil && p.shape.free[i] {
			b.WriteString(", constraint=false")
		}
		b.WriteString("];\n")
	}
	for _, s := range p.shape.stays {
		from := "n" + strconv.Itoa(s.from)
		if s.from == ceiling {
			from = "ceiling"
		}
		fmt.Fprintf(&b, "%s -> n%d [style=invis, minlen=%d, weight=%d];\n", from, s.to, s.length, s.weight)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

func (p *plan) writeGroup(b *bytes.Buffer, group int) {
	for _, i := range p.members[group+1] {
		size := p.padded(i)
		fmt.Fprintf(b, "n%d [width=%s, height=%s];\n", i, inches(size.X), inches(size.Y))
	}
	for _, row := range p.shape.rows {
		if len(row) < 2 || p.d.Nodes[row[0]].Group != group {
			continue
		}
		b.WriteString("{rank=same;")
		for _, i := range row {
			fmt.Fprintf(b, " n%d;", i)
		}
		b.WriteString("}\n")
	}
	for _, g := range p.children[group+1] {
		if !p.filled[g] {
			continue // the engine can't rank it
		}
		fmt.Fprintf(b, "subgraph cluster%d {\nmargin=%.0f; labeljust=l; label=%s;\n", g, groupGap, blank(p.s.Groups[g]))
		p.writeGroup(b, g)
		b.WriteString("}\n")
	}
}

// padded is the size of a node as the engine knows it: with what it lacks of room to its neighbours in
// the rank, since the engine keeps the same distance between lines as between nodes.
func (p *plan) padded(node int) Point {
	size := p.s.Nodes[node]
	switch {
	case p.engine != "dot":
	case p.d.Flow == diagram.FlowRight:
		size.Y = bound(size.Y) + nodeGap - lineGap
	default:
		size.X = bound(size.X) + nodeGap - lineGap
	}
	return size
}

// inches writes a length in units as the engine wants it; it takes a unit for a point, 1/72 inch.
func inches(units float64) string { return strconv.FormatFloat(bound(units)/72, 'f', 6, 64) }

// bound keeps lengths to what can be drawn.
func bound(units float64) float64 {
	if !(units > 1) {
		return 1
	}
	return min(units, 20_000)
}

// blank is a label without text of the given size. The cell has the size, not the table: the engine
// refuses tables whose cells, with all that belongs to an empty one, are larger than they.
func blank(size Point) string {
	return fmt.Sprintf("<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\"><TR><TD FIXEDSIZE=\"TRUE\" WIDTH=\"%.0f\" HEIGHT=\"%.0f\"></TD></TR></TABLE>>",
		math.Ceil(bound(size.X)), math.Ceil(bound(size.Y)))
}
