package scene

import (
	"math"
	"testing"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

// The sign of an entry stands over the middle of the side where calls arrive, 18 long, and ends at the outline;
// beside lines that end there it stands apart.
func TestSignOfAnEntry(t *testing.T) {
	for _, k := range kinds {
		for _, flow := range []diagram.Flow{diagram.FlowDown, diagram.FlowRight} {
			for _, called := range []bool{false, true} {
				n := &diagram.Node{Name: "orders", Kind: k, Group: -1, Replicas: 1, Of: 1, Entry: true}
				d := &diagram.Diagram{Flow: flow, Nodes: []*diagram.Node{n, {Name: "other", Group: -1}}}
				if called {
					d.Edges = []*diagram.Edge{{From: 1, To: 0, Mode: schema.Sync, Strength: schema.Hard, Count: 1}}
				}
				c := measure(d, n)
				b := box(100, 100, c.width, c.height)
				f := c.front(b)
				outline := c.outlines(b)[0]
				items := entrySign(outline, c.entryAt(f), flow, EdgeLine)
				lo, hi := pt(math.Inf(1), math.Inf(1)), pt(math.Inf(-1), math.Inf(-1))
				for _, it := range items {
					for _, poly := range flatten(it.(*Path).Segments) {
						for _, p := range poly {
							lo, hi = pt(min(lo.X, p.X), min(lo.Y, p.Y)), pt(max(hi.X, p.X), max(hi.Y, p.Y))
						}
					}
				}
				length, middle, side := hi.Y-lo.Y, (lo.X+hi.X)/2, center(f).X
				if flow == diagram.FlowRight {
					length, middle, side = hi.X-lo.X, (lo.Y+hi.Y)/2, center(f).Y
				}
				if length < 18 {
					t.Errorf("%s, %s: it is %v long", k, flow, length)
				}
				if aside := math.Abs(middle-side) > 1; aside != called {
					t.Errorf("%s, %s, called %v: it stands at %v of a side with its middle at %v", k, flow, called, middle, side)
				}
				if !within(layout.Box{Min: lo, Max: lo}, b, 0.5) {
					t.Errorf("%s, %s: it leaves the box %v at %v", k, flow, b, lo)
				}
				tip := pt((lo.X+hi.X)/2, hi.Y)
				if flow == diagram.FlowRight {
					tip = pt(hi.X, (lo.Y+hi.Y)/2)
				}
				near := math.Inf(1)
				for _, poly := range flatten(outline) {
					for i, a := range poly {
						near = min(near, distanceToLine(tip, a, poly[(i+1)%len(poly)]))
					}
				}
				if near > 1.5 {
					t.Errorf("%s, %s: its tip is %v from the outline", k, flow, near)
				}
			}
		}
	}
}

func TestNodesTellWhatWasDownBefore(t *testing.T) {
	d := &diagram.Diagram{Flow: diagram.FlowDown}
	for i := range 2 {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: "orders", Kind: schema.Service, Group: -1, Replicas: 1, Of: 1, State: diagram.Down, DownBefore: i == 1})
	}
	s, _ := drawn(t, d)
	for id, want := range map[string]string{"n0": "down", "n1": "down before"} {
		found := false
		for _, text := range texts(groups(&s.Root)[id]) {
			found = found || text.String == want
		}
		if !found {
			t.Errorf("%s does not say %q", id, want)
		}
	}
}
