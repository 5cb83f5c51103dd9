package scene

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

// Lines start and end on the outlines of their nodes, of whatever shape: heads are seen whole.
func TestEdgesMeetOutlines(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, d *diagram.Diagram) {
		p := newPicture(d)
		if err := p.arrange(context.Background(), inRows); err != nil {
			t.Fatalf("%v", err)
		}
		for i, w := range p.routes() {
			if w == nil {
				continue
			}
			e := d.Edges[i]
			for _, at := range []struct {
				node int
				end  layout.Point
			}{{e.From, w[0]}, {e.To, w[len(w)-1]}} {
				off := math.Inf(1)
				for _, o := range p.silhouette(at.node) {
					for _, poly := range o {
						for k, a := range poly {
							off = min(off, distanceToLine(at.end, a, poly[(k+1)%len(poly)]))
						}
					}
				}
				if off > 1 {
					t.Fatalf("edge %d (%d to %d) ends at %v, %.1f off the outline of a %s", i, e.From, e.To, at.end, off, d.Nodes[at.node].Kind)
				}
			}
		}
	}
	check(t, gallery())
	rapid.Check(t, func(t *rapid.T) { check(t, diagrams().Draw(t, "diagram")) })
}

func linked(kind schema.Kind, ends ...[2]int) *diagram.Diagram {
	d := &diagram.Diagram{Title: "t", Flow: diagram.FlowDown}
	most := 0
	for _, e := range ends {
		most = max(most, e[0], e[1])
		d.Edges = append(d.Edges, &diagram.Edge{From: e[0], To: e[1], Mode: "sync", Strength: "hard", When: "runtime", Count: 1})
	}
	for i := range most + 1 {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: fmt.Sprint("module-with-a-name", i), Kind: kind, Group: -1, Replicas: 1, Of: 1})
	}
	return d
}

// Heads that arrive on one side stand apart, in the order in which the lines come.
func TestHeadsAreSpread(t *testing.T) {
	for _, kind := range kinds {
		var ends [][2]int
		for i := range 6 {
			ends = append(ends, [2]int{i, 6})
		}
		d := linked(kind, ends...)
		_, lay, err := draw(context.Background(), d, starPlacer)
		if err != nil {
			t.Fatal(err)
		}
		var last layout.Point
		for i, e := range lay.Edges {
			tip := e.Curve[len(e.Curve)-1]
			if i > 0 && tip.X-last.X < 9.9 {
				t.Errorf("heads %d and %d at a %s are %.1f apart", i-1, i, kind, tip.X-last.X)
			}
			last = tip
			if before := e.Curve[len(e.Curve)-2]; math.Abs(before.X-tip.X) > 0.35*math.Abs(before.Y-tip.Y) {
				t.Errorf("line %d arrives at a %s from %v at %v, not upright", i, kind, before, tip)
			}
		}
	}
}

// starPlacer puts all nodes but the last in a row and that beneath; all lines end in the middle of its top.
func starPlacer(_ context.Context, d *diagram.Diagram, s layout.Sizes) (*layout.Layout, error) {
	l := &layout.Layout{Edges: make([]layout.Route, len(d.Edges))}
	x := 0.0
	for _, n := range s.Nodes[:len(s.Nodes)-1] {
		l.Nodes = append(l.Nodes, box(x, 0, n.X, n.Y))
		x += n.X + 30
	}
	last := s.Nodes[len(s.Nodes)-1]
	l.Nodes = append(l.Nodes, box((x-last.X)/2, 300, last.X, last.Y))
	for i, e := range d.Edges {
		from, to := pt(center(l.Nodes[e.From]).X, l.Nodes[e.From].Max.Y), pt(center(l.Nodes[e.To]).X, 300)
		l.Edges[i].Curve = []layout.Point{from, mix(from, to, 1.0/3), mix(from, to, 2.0/3), to}
	}
	l.Size = pt(x, 300+last.Y)
	return l, nil
}

// Lines between the same two nodes run clear of each other, and their labels and signs cover only their own line.
func TestPairsAreParted(t *testing.T) {
	for _, ends := range [][][2]int{{{0, 1}, {1, 0}}, {{0, 1}, {0, 1}}, {{0, 1}, {0, 1}, {1, 0}}} {
		d := linked("service", ends...)
		for i, e := range d.Edges {
			e.Protocol = "grpc" + strings.Repeat("x", i)
			e.InCycle = true
		}
		s, lay, err := draw(context.Background(), d, columnPlacer)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range lay.Edges {
			if len(groups(&s.Root)[fmt.Sprintf("e%d-label", i)].Items) < 3 {
				t.Errorf("%v: line %d has no label or no sign of its cycle", ends, i)
			}
			if a.Label == (layout.Box{}) {
				t.Fatalf("%v: line %d has no label", ends, i)
			}
			for k, b := range lay.Edges {
				if i == k {
					continue
				}
				for _, p := range spline(a.Curve).even(21) {
					for _, q := range spline(b.Curve).even(41) {
						if distance(p, q) < pairGap+1.4 {
							t.Fatalf("%v: lines %d and %d are %.1f apart", ends, i, k, distance(p, q))
						}
					}
				}
				if len(ends) == 2 {
					for _, q := range spline(b.Curve).even(41) {
						if overlap(around(q, pt(0.1, 0.1)), a.Label) {
							t.Errorf("%v: the label of line %d lies on line %d", ends, i, k)
						}
					}
				}
			}
		}
	}
}

// columnPlacer puts nodes one above the other, and all lines between their middles.
func columnPlacer(_ context.Context, d *diagram.Diagram, s layout.Sizes) (*layout.Layout, error) {
	l := &layout.Layout{Edges: make([]layout.Route, len(d.Edges)), Size: pt(500, 400)}
	for i, n := range s.Nodes {
		l.Nodes = append(l.Nodes, box(250-n.X/2, float64(i)*(n.Y+90), n.X, n.Y))
	}
	for i, e := range d.Edges {
		a, b := l.Nodes[e.From], l.Nodes[e.To]
		from, to := pt(250, a.Max.Y), pt(250, b.Min.Y)
		if e.From > e.To {
			from, to = pt(250, a.Min.Y), pt(250, b.Max.Y)
		}
		if e.From == e.To {
			from, to = pt(a.Max.X, 18), pt(a.Max.X, 26)
			l.Edges[i].Curve = []layout.Point{from, pt(a.Max.X+25, 10), pt(a.Max.X+25, 34), to}
			continue
		}
		l.Edges[i].Curve = []layout.Point{from, mix(from, to, 1.0/3), mix(from, to, 2.0/3), to}
	}
	return l, nil
}

// The layout that is returned has the boxes of the labels that are drawn, and of no others; what finds no place is counted.
func TestLabelBoxesAreThoseDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := diagrams().Draw(t, "diagram")
		s, lay := drawn(t, d)
		all := groups(&s.Root)
		missing := 0
		for i, e := range d.Edges {
			b := lay.Edges[i].Label
			n := 0
			if g := all[fmt.Sprintf("e%d-label", i)]; g != nil {
				for _, text := range texts(g) {
					if text.Style != labelStyle {
						continue
					}
					n++
					if x := extent(text); b.Min.X > x.Min.X+1 || b.Max.X < x.Max.X-1 || text.At.Y < b.Min.Y || text.At.Y > b.Max.Y {
						t.Fatalf("the label %q is at %v, not in %v", text.String, x, b)
					}
				}
			}
			if (n > 0) != (b != layout.Box{}) {
				t.Fatalf("edge %d has %d lines of text in %v", i, n, b)
			}
			if n == 0 && len(edgeLabel(e)) > 0 {
				missing++
			}
		}
		said := ""
		for _, text := range texts(&s.Root) {
			if strings.HasSuffix(text.String, "left out for want of room.") {
				said = text.String
			}
		}
		if (missing > 0) != (said != "") || missing > 1 && !strings.HasPrefix(said, fmt.Sprint(missing)) {
			t.Fatalf("%d labels are missing; the notes say %q", missing, said)
		}
	})
}

// A line from a node to itself is a bend beside it, with its label outside.
func TestLoop(t *testing.T) {
	d := linked("database", [2]int{0, 0}, [2]int{0, 1})
	d.Edges[0].Protocol = "replication"
	_, lay, err := draw(context.Background(), d, columnPlacer)
	if err != nil {
		t.Fatal(err)
	}
	e := lay.Edges[0]
	if e.Label == (layout.Box{}) || overlap(e.Label, lay.Nodes[0]) {
		t.Errorf("the label is at %v, the node at %v", e.Label, lay.Nodes[0])
	}
	for _, q := range spline(e.Curve).even(41) {
		if overlap(around(q, pt(0.1, 0.1)), e.Label) {
			t.Errorf("the label lies on the loop, at %v", q)
		}
	}
	if far := spline(e.Curve).even(3)[1].X - lay.Nodes[0].Max.X; far < 15 {
		t.Errorf("the loop reaches %.1f beyond the node", far)
	}
}

// Dashes tell how much a dependency is needed, heads whether its caller waits.
func TestStrokesTellStrengthAndMode(t *testing.T) {
	for _, strength := range []schema.Strength{schema.Hard, schema.Soft} {
		for _, mode := range []schema.Mode{schema.Sync, schema.Async} {
			s := strokeOf(&diagram.Diagram{}, &diagram.Edge{Count: 1, Strength: strength, Mode: mode, When: schema.Runtime})
			if (len(s.dash) > 0) != (strength == schema.Soft) || s.open != (mode == schema.Async) {
				t.Errorf("%s %s: dashes %v, open head %v", strength, mode, s.dash, s.open)
			}
		}
	}
}
