package scene

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

// extent is the box that a text covers.
func extent(t *Text) layout.Box {
	w := typeset.Width(t.String, t.Style)
	x := t.At.X
	switch t.Anchor {
	case Middle:
		x -= w / 2
	case End:
		x -= w
	}
	if t.Angle == 0 {
		return layout.Box{Min: pt(x, t.At.Y-typeset.Ascent(t.Style)), Max: pt(x+w, t.At.Y+typeset.Descent(t.Style))}
	}
	sin, cos := math.Sincos(t.Angle * math.Pi / 180)
	turned := layout.Box{Min: pt(math.Inf(1), math.Inf(1)), Max: pt(math.Inf(-1), math.Inf(-1))}
	for _, p := range []layout.Point{pt(x, -typeset.Ascent(t.Style)), pt(x, typeset.Descent(t.Style)), pt(x+w, -typeset.Ascent(t.Style)), pt(x+w, typeset.Descent(t.Style))} {
		dx := p.X - t.At.X
		q := pt(t.At.X+dx*cos-p.Y*sin, t.At.Y+dx*sin+p.Y*cos)
		turned.Min, turned.Max = pt(min(turned.Min.X, q.X), min(turned.Min.Y, q.Y)), pt(max(turned.Max.X, q.X), max(turned.Max.Y, q.Y))
	}
	return turned
}

func within(in, out layout.Box, slack float64) bool {
	return in.Min.X >= out.Min.X-slack && in.Min.Y >= out.Min.Y-slack && in.Max.X <= out.Max.X+slack && in.Max.Y <= out.Max.Y+slack
}

func texts(g *Group) []*Text {
	var all []*Text
	for _, it := range g.Items {
		switch it := it.(type) {
		case *Group:
			all = append(all, texts(it)...)
		case *Text:
			all = append(all, it)
		}
	}
	return all
}

func groups(g *Group) map[string]*Group {
	all := map[string]*Group{}
	var visit func(g *Group)
	visit = func(g *Group) {
		if g.ID != "" {
			if all[g.ID] != nil {
				panic("two groups are " + g.ID)
			}
			all[g.ID] = g
		}
		for _, it := range g.Items {
			if it, ok := it.(*Group); ok {
				visit(it)
			}
		}
	}
	visit(g)
	return all
}

// Every text stays in its node's box, names and captions in the node's outline, and everything on the sheet.
func TestTextStaysInItsBox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := diagrams().Draw(t, "diagram")
		s, lay := drawn(t, d)
		all := groups(&s.Root)
		for i, n := range d.Nodes {
			g := all[fmt.Sprintf("n%d", i)]
			if g == nil {
				t.Fatalf("node %d is missing", i)
			}
			c := measure(d, n)
			front := flatten(c.outlines(lay.Nodes[i])[0])
			for _, text := range texts(g) {
				b := extent(text)
				// A badge's fallback ascent may be larger than what is written needs.
				if !within(b, lay.Nodes[i], 1.5) {
					t.Fatalf("%q of a %s (%d) at %v leaves the box %v; it bears %v", text.String, n.Kind, n.Role, b, lay.Nodes[i], n.Marks)
				}
				if text.Style != nameStyle && text.Style != captionStyle && text.Style != labelStyle {
					continue
				}
				// Capitals and descenders; the ascent is that of the tallest fallback font.
				lo, hi := text.At.Y-0.74*text.Style.Size, text.At.Y+0.22*text.Style.Size
				for _, p := range []layout.Point{pt(b.Min.X, lo), pt(b.Max.X, lo), pt(b.Min.X, hi), pt(b.Max.X, hi)} {
					if b.Max.X > b.Min.X && !contains(front, p) {
						t.Fatalf("%q of a %s (%d) leaves its outline at %v, box %v", text.String, n.Kind, n.Role, p, c.front(lay.Nodes[i]))
					}
				}
			}
		}
		for i := range d.Groups {
			for _, text := range texts(all[fmt.Sprintf("g%d", i)]) {
				b := extent(text)
				if b.Min.X < lay.Groups[i].Min.X-12 || b.Max.X > lay.Groups[i].Max.X+0.5 {
					t.Fatalf("%q leaves the frame %v: %v", text.String, lay.Groups[i], b)
				}
			}
		}
		for _, text := range texts(&s.Root) {
			if b := extent(text); !within(b, box(0, 0, s.Width, s.Height), 0) {
				t.Fatalf("%q at %v leaves the sheet of %v by %v", text.String, b, s.Width, s.Height)
			}
		}
	})
}

func TestMatrixStaysOnItsSheet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, _ := drawn(t, matrices().Draw(t, "diagram"))
		for _, text := range texts(&s.Root) {
			if b := extent(text); !within(b, box(0, 0, s.Width, s.Height), 0) {
				t.Fatalf("%q at %v leaves the sheet of %v by %v", text.String, b, s.Width, s.Height)
			}
		}
	})
}

// No number is NaN or infinite, ids are unique and plain, and links lead to the web or a mailbox.
func TestSceneIsSound(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9-]+$`)
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.OneOf(diagrams(), matrices()).Draw(t, "diagram")
		s, _ := drawn(t, d)
		finite := func(p layout.Point) {
			if math.IsNaN(p.X+p.Y) || math.IsInf(p.X+p.Y, 0) {
				t.Fatal("a place is not finite")
			}
		}
		var visit func(g *Group)
		visit = func(g *Group) {
			if g.ID != "" && !id.MatchString(g.ID) {
				t.Fatalf("the id %q", g.ID)
			}
			if u := g.URL; u != "" && !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "mailto:") {
				t.Fatalf("the link %q", u)
			}
			for _, it := range g.Items {
				switch it := it.(type) {
				case *Group:
					visit(it)
				case *Text:
					finite(it.At)
					if it.String != typeset.Clean(it.String) {
						t.Fatalf("the text %q is not as it is set", it.String)
					}
				case *Path:
					for i, seg := range it.Segments {
						finite(seg.P)
						finite(seg.C1)
						finite(seg.C2)
						if i == 0 && seg.Op != Move {
							t.Fatal("a path begins nowhere")
						}
					}
				}
			}
		}
		groups(&s.Root)
		visit(&s.Root)
	})
}

func TestEveryPartHasItsGroup(t *testing.T) {
	d := gallery()
	s, _ := drawn(t, d)
	all := groups(&s.Root)
	for i := range d.Nodes {
		if g := all[fmt.Sprintf("n%d", i)]; g == nil || g.Title == "" {
			t.Errorf("node %d has no title", i)
		}
	}
	for i := range d.Edges {
		if g := all[fmt.Sprintf("e%d", i)]; g == nil || g.Title == "" {
			t.Errorf("edge %d has no title", i)
		}
	}
	for i := range d.Groups {
		if g := all[fmt.Sprintf("g%d", i)]; g == nil || g.Title == "" {
			t.Errorf("group %d has no title", i)
		}
	}
}

func TestTitlesOfParts(t *testing.T) {
	d := gallery()
	tier := 0
	d.Nodes[2].Redundancy, d.Nodes[2].Tier = "quorum, 2 needed", &tier
	s, _ := drawn(t, d)
	all := groups(&s.Root)
	for id, want := range map[string]string{
		"n0":  "the-service, service",
		"n1":  "the-frontend, frontend, 2 replicas",
		"n2":  "the-gateway, gateway, 3 replicas, quorum, 2 needed, tier 0",
		"n22": "node-22, service, 3 replicas, 3 lost, failed",
		"n28": "node-28, 12 modules",
		"n29": "node-29, 1 of 2 alternatives needed",
		"e0":  "the-service needs node-20, sync, hard, http",
		"e3":  "the-load-balancer needs node-23, 9 dependencies, sync, hard, broken",
		"g3":  "zone zone-failed, failed",
	} {
		if got := all[id].Title; got != want {
			t.Errorf("%s has the title %q, want %q", id, got, want)
		}
	}
}

func TestDrawIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := diagrams().Draw(t, "diagram")
		a, l := drawn(t, d)
		b, m := drawn(t, d)
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(l, m) {
			t.Fatal("two drawings of one diagram differ")
		}
	})
}

func TestDrawGivesErrorOfLayout(t *testing.T) {
	want := errors.New("no engine")
	_, _, err := draw(context.Background(), gallery(), func(context.Context, *diagram.Diagram, layout.Sizes) (*layout.Layout, error) {
		return nil, want
	})
	if !errors.Is(err, want) {
		t.Errorf("the error is %v", err)
	}
}

func distanceToLine(p, a, b layout.Point) float64 {
	l := distance(a, b)
	if l == 0 {
		return distance(p, a)
	}
	t := max(0, min(1, ((p.X-a.X)*(b.X-a.X)+(p.Y-a.Y)*(b.Y-a.Y))/(l*l)))
	return distance(p, mix(a, b, t))
}

// Labels of lines cover neither nodes nor each other.
func TestLabelsOfEdgesAreApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := diagrams().Draw(t, "diagram")
		s, lay := drawn(t, d)
		all := groups(&s.Root)
		var boxes []layout.Box
		for i := range d.Edges {
			g := all[fmt.Sprintf("e%d-label", i)]
			if g == nil {
				continue
			}
			for _, text := range texts(g) {
				if text.Style == labelStyle {
					b := extent(text)
					for _, n := range lay.Nodes {
						if overlap(shrink(b, 1, 3, 1, 2), n) {
							t.Fatalf("the label %q lies on a node", text.String)
						}
					}
					for _, o := range boxes {
						if overlap(shrink(b, 1, 3, 1, 2), o) && o.Min.X != b.Min.X {
							t.Logf("%v %v", b, o)
						}
					}
					boxes = append(boxes, b)
				}
			}
		}
	})
}

func TestKindsDiffer(t *testing.T) {
	shapes, icons := map[string]string{}, map[string]string{}
	for _, k := range append(kinds, "") {
		edge, inner := shapeOf(k).draw(box(0, 0, 140, 50))
		form := fmt.Sprint(edge, inner)
		if other, ok := shapes[form]; ok {
			t.Errorf("%q has the shape of %q", k, other)
		}
		if other, ok := icons[iconOf(k)]; ok {
			t.Errorf("%q has the icon of %q", k, other)
		}
		shapes[form], icons[iconOf(k)] = string(k), string(k)
	}
}

// Icons lie on their grid and hold no broken path.
func TestIcons(t *testing.T) {
	for _, k := range append(kinds, "") {
		data := strings.Fields(iconOf(k))
		args := map[string]int{"M": 2, "L": 2, "C": 6, "O": 3, "Z": 0}
		for i := 0; i < len(data); {
			n, ok := args[data[i]]
			if !ok || i+n >= len(data)+0 && n > 0 && i+n > len(data)-1 {
				t.Fatalf("the icon of %q is broken at %d", k, i)
			}
			i += n + 1
		}
		for _, s := range icon(iconOf(k), box(0, 0, iconGrid, iconGrid)) {
			if s.Op == Close {
				continue
			}
			if s.P.X < 1 || s.P.X > 23 || s.P.Y < 1 || s.P.Y > 23 {
				t.Errorf("the icon of %q leaves its grid at %v", k, s.P)
			}
		}
	}
}

func TestLargeMatrixIsFast(t *testing.T) {
	d := &diagram.Diagram{Title: "large", View: diagram.ViewMatrix, Matrix: &diagram.Matrix{}}
	const n = 2000
	for i := range n {
		d.Matrix.Rows = append(d.Matrix.Rows, diagram.MatrixRow{Name: fmt.Sprintf("module-%d", i), Kind: kinds[i%len(kinds)], Members: 1})
		for j := range 10 {
			d.Matrix.Cells = append(d.Matrix.Cells, diagram.MatrixCell{Row: i, Column: (i*31 + j*97) % n, Count: 1, Hard: j%2 == 0})
		}
	}
	start := time.Now()
	s, _ := drawn(t, d)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	if s.Width > 4000 || len(s.Root.Items) > 100 {
		t.Errorf("the sheet is %v wide with %d items", s.Width, len(s.Root.Items))
	}
}

func TestLargeDrawingIsFast(t *testing.T) {
	d := &diagram.Diagram{Title: "large", View: diagram.ViewModules, Flow: diagram.FlowDown}
	for i := range 2000 {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: fmt.Sprintf("module-%d", i), Kind: kinds[i%len(kinds)], Group: -1, Replicas: 1, Of: 1})
		for j := range 5 {
			d.Edges = append(d.Edges, &diagram.Edge{From: i, To: (i + 1 + j*17) % 2000, Mode: "sync", Strength: "hard", When: "runtime", Count: 1, Protocol: "grpc"})
		}
	}
	start := time.Now()
	drawn(t, d)
	took := time.Since(start)
	t.Log(took)
	if took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

// Where most of many lines have one label, it is said once.
func TestUsualLabelIsSaidOnce(t *testing.T) {
	d := &diagram.Diagram{Title: "shop", Flow: diagram.FlowDown}
	for i := range 2 * manyLines {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: fmt.Sprint("m", i), Group: -1, Replicas: 1, Of: 1})
	}
	join := func(n int, protocol string) {
		for i := range n {
			d.Edges = append(d.Edges, &diagram.Edge{From: i, To: i + manyLines, Mode: "sync", Strength: "hard", When: "runtime", Count: 1, Protocol: protocol})
		}
	}
	said := func() map[string]int {
		s, _ := drawn(t, d)
		times := map[string]int{}
		for _, text := range texts(&s.Root) {
			times[text.String]++
		}
		return times
	}
	join(manyLines-10, "http")
	if got := said(); got["http"] < 2 {
		t.Errorf("few lines: http is said %d times", got["http"])
	}
	join(10, "redis")
	if got := said(); got["http"] != 0 || got["redis"] == 0 || got["Lines without a label: http."] != 1 {
		t.Errorf("many lines: %d http, %d redis, %d notes", got["http"], got["redis"], got["Lines without a label: http."])
	}
	join(1, "")
	if got := said(); got["http"] < 2 {
		t.Errorf("a line without a protocol: http is said %d times", got["http"])
	}
	join(10, "")
	join(40, "http")
	join(40, "http")
	want := fmt.Sprintf("The label of %d lines is left out: http.", manyLines-10+80)
	if got := said(); got["http"] != 0 || got[want] != 1 {
		t.Errorf("very many lines, some without a label: %d http, %d times %q", got["http"], got[want], want)
	}
}

func TestSafeURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.com/a?b=c&d": "https://example.com/a?b=c&d",
		"HTTP://example.com":          "http://example.com",
		"mailto:team@example.com":     "mailto:team@example.com",
		"javascript:alert(1)":         "",
		" javascript:alert(1)":        "",
		"java\nscript:alert(1)":       "",
		"data:text/html,x":            "",
		"//example.com":               "",
		"https:":                      "",
		"file:///etc/passwd":          "",
		"runbook.md":                  "",
		"":                            "",
	} {
		if got := SafeURL(in); got != want {
			t.Errorf("SafeURL(%q) is %q, want %q", in, got, want)
		}
	}
}
