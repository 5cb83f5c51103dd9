package scene

import (
	"fmt"
	"testing"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

// Each of a node's first links has its own sign, within the outline and clear of the name.
func TestLinksHaveSigns(t *testing.T) {
	for _, k := range kinds {
		for _, flow := range []diagram.Flow{diagram.FlowDown, diagram.FlowRight} {
			n := &diagram.Node{Name: "orders-and-more-orders", Kind: k, Technology: "Go", Group: -1, Replicas: 1, Of: 1, Marks: []int{1, 2, 3}, Links: []schema.Link{
				{Label: "evil", URL: "javascript:alert(1)"}, {Label: "Runbook", URL: "https://example.com/a"}, {URL: "mailto:team@example.com"},
				{Label: "Code", URL: "https://example.com/c"}, {Label: "more", URL: "https://example.com/d"}}}
			d := &diagram.Diagram{Flow: flow, Nodes: []*diagram.Node{n}}
			for i := range 3 {
				d.Findings = append(d.Findings, &diagram.Finding{Number: i + 1, Rule: "RES001", Severity: "error", Message: "m"})
			}
			s, lay := drawn(t, d)
			g := groups(&s.Root)["n0"]
			if g.URL != "https://example.com/a" {
				t.Errorf("%s: the box leads to %q", k, g.URL)
			}
			c := measure(d, n)
			outline := flatten(c.outlines(lay.Nodes[0])[0])
			got := ""
			var signs []layout.Box
			for _, it := range g.Items {
				if it, ok := it.(*Group); ok && it.Class == "link" {
					got += fmt.Sprintln(it.Title, it.URL)
					sign := flatten(it.Items[1].(*Path).Segments)
					b := layout.Box{Min: sign[0][1], Max: sign[0][1]}
					for _, poly := range sign {
						for _, p := range poly {
							if !contains(outline, p) {
								t.Errorf("%s, %s: a sign leaves the outline at %v of %v", k, flow, p, c.front(lay.Nodes[0]))
							}
							b.Min, b.Max = pt(min(b.Min.X, p.X), min(b.Min.Y, p.Y)), pt(max(b.Max.X, p.X), max(b.Max.Y, p.Y))
						}
					}
					signs = append(signs, b)
				}
			}
			if want := "Runbook https://example.com/a\nmailto:team@example.com mailto:team@example.com\nCode https://example.com/c\n"; got != want {
				t.Errorf("%s: got\n%swant\n%s", k, got, want)
			}
			for i, b := range signs {
				for _, text := range texts(g) {
					e := extent(text)
					e.Min.Y = text.At.Y - 0.74*text.Style.Size
					if overlap(e, b) {
						t.Errorf("%s, %s: sign %d lies on %q", k, flow, i, text.String)
					}
				}
				if i > 0 && overlap(signs[i-1], b) {
					t.Errorf("%s: sign %d lies on another", k, i)
				}
			}
		}
	}
}
