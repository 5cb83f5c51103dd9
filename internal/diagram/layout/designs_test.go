package layout

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"lintel/internal/diagram"
	"lintel/internal/generate"
	"lintel/schema"
)

// picture makes a diagram of a design, plainly: what matters here is its shape.
func picture(d *schema.Design, grouped bool) *diagram.Diagram {
	p := &diagram.Diagram{System: d.System, Title: d.System}
	index, groups := map[string]int{}, map[string]int{}
	for i, m := range d.Modules {
		n := &diagram.Node{Name: m.Name, Module: int32(i), Group: -1, Kind: m.Kind, Replicas: m.Replicas, Of: m.Replicas}
		name := m.Group
		if name == "" {
			name = m.Team
		}
		if grouped && name != "" {
			if _, ok := groups[name]; !ok {
				groups[name] = len(p.Groups)
				p.Groups = append(p.Groups, &diagram.Group{Name: name, Kind: "group", Parent: -1})
			}
			n.Group = groups[name]
		}
		index[m.Name] = i
		p.Nodes = append(p.Nodes, n)
	}
	for i, m := range d.Modules {
		for _, dep := range m.DependsOn {
			to, from := dep.AnyOf, i
			if len(to) == 0 {
				to = []schema.Ref{dep.To}
			} else {
				from = len(p.Nodes)
				p.Nodes = append(p.Nodes, &diagram.Node{Role: diagram.ChoiceNode, Name: dep.Key, Group: p.Nodes[i].Group, Module: -1})
				p.Edges = append(p.Edges, &diagram.Edge{From: i, To: from, Count: 1})
			}
			for _, r := range to {
				if t, ok := index[r.Name]; ok {
					p.Edges = append(p.Edges, &diagram.Edge{From: from, To: t, Protocol: dep.Protocol, Count: 1})
				}
			}
		}
	}
	sort.SliceStable(p.Edges, func(i, k int) bool {
		a, b := p.Edges[i], p.Edges[k]
		return a.From < b.From || a.From == b.From && a.To < b.To
	})
	return p
}

// measure gives the parts of d sizes such as they have in pictures.
func measure(d *diagram.Diagram) Sizes {
	var s Sizes
	for _, n := range d.Nodes {
		size := Point{max(112, 40+7.5*float64(min(len(n.Name), 20))), 58}
		if n.Role == diagram.ChoiceNode {
			size = Point{26, 26}
		}
		s.Nodes = append(s.Nodes, size)
	}
	for _, g := range d.Groups {
		s.Groups = append(s.Groups, Point{7 * float64(len(g.Name)), 16})
	}
	for _, e := range d.Edges {
		size := Point{}
		if e.Protocol != "" {
			size = Point{6*float64(len(e.Protocol)) + 4, 14}
		}
		s.Edges = append(s.Edges, size)
	}
	return s
}

// sketch draws a layout for the eye of a developer.
func sketch(d *diagram.Diagram, s Sizes, l *Layout) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" font-family="sans-serif"><rect width="100%%" height="100%%" fill="white"/>`, l.Size.X, l.Size.Y)
	for i, g := range l.Groups {
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#0080ff" fill-opacity=".07" stroke="#888"/>`, g.Min.X, g.Min.Y, g.Max.X-g.Min.X, g.Max.Y-g.Min.Y)
		t := groupLabel(g, s.Groups[i])
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" font-size="12">%s</text>`, t.Min.X, t.Max.Y-3, d.Groups[i].Name)
	}
	for _, e := range l.Edges {
		if len(e.Curve) == 0 {
			continue
		}
		fmt.Fprintf(&b, `<path fill="none" stroke="#345" d="M%.1f %.1fC`, e.Curve[0].X, e.Curve[0].Y)
		for _, p := range e.Curve[1:] {
			fmt.Fprintf(&b, "%.1f %.1f ", p.X, p.Y)
		}
		end := e.Curve[len(e.Curve)-1]
		fmt.Fprintf(&b, `"/><circle cx="%.1f" cy="%.1f" r="3"/>`, end.X, end.Y)
	}
	for i, n := range l.Nodes {
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="white" stroke="#000"/><text x="%.1f" y="%.1f" font-size="12" text-anchor="middle">%s</text>`,
			n.Min.X, n.Min.Y, n.Max.X-n.Min.X, n.Max.Y-n.Min.Y, (n.Min.X+n.Max.X)/2, (n.Min.Y+n.Max.Y)/2+4, d.Nodes[i].Name)
	}
	b.WriteString("</svg>")
	return b.Bytes()
}

func designs(t *testing.T) []*schema.Design {
	var list []*schema.Design
	paths, _ := filepath.Glob("../../../testdata/designs/*")
	more, _ := filepath.Glob("../../../testdata/outages/*/before.cue")
	for _, path := range append(paths, more...) {
		ds, err := schema.Load(schema.LoadOptions{}, path)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, ds...)
	}
	for seed := range uint64(2) {
		list = append(list, generate.Design(generate.T1, seed))
	}
	return list
}

func TestDesigns(t *testing.T) {
	folder := os.Getenv("SKETCHES")
	for i, d := range designs(t) {
		for _, grouped := range []bool{true, false} {
			for _, flow := range []diagram.Flow{diagram.FlowDown, diagram.FlowRight} {
				p := picture(d, grouped)
				p.Flow = flow
				if grouped && len(p.Groups) == 0 {
					continue
				}
				s := measure(p)
				start := time.Now()
				l, err := Compute(t.Context(), p, s, Engine{Program: engine})
				if err != nil {
					t.Fatal(err)
				}
				took := time.Since(start)
				f := inspect(p, s, l)
				name := fmt.Sprintf("%02d-%s-%v-%s", i, strings.ReplaceAll(d.System, " ", "-"), map[bool]string{true: "groups", false: "plain"}[grouped], flow)
				t.Logf("%-50s %3d nodes %3d edges %4.0fx%-4.0f %v  %v", name, len(p.Nodes), len(p.Edges), l.Size.X, l.Size.Y, f, took.Round(time.Millisecond))
				if folder != "" { // for the eye: SKETCHES=folder go test -run TestDesigns
					os.WriteFile(filepath.Join(folder, name+".svg"), sketch(p, s, l), 0o644)
				}
				if len(f.overlaps) > 0 {
					t.Errorf("%s: %q", name, f.overlaps)
				}
				if strings.HasPrefix(d.System, "generated") {
					continue // as dense as no picture should be
				}
				if len(f.through) > len(p.Edges)/7 {
					t.Errorf("%s: %q", name, f.through)
				}
				if len(p.Nodes) > 8 && (f.aspect < 0.6 || f.aspect > 3.3) || f.whitespace > 13 {
					t.Errorf("%s: %v", name, f)
				}
			}
		}
	}
}

// The full drawing of a large design is no pleasure, but it comes within the standard time limit.
func TestLargeDesigns(t *testing.T) {
	for _, spec := range []generate.Spec{
		{Name: "large", Modules: 500, Dependencies: 1000, Journeys: 3, Regions: 1},
		{Name: "huge", Modules: 2000, Dependencies: 4000, Journeys: 3, Regions: 1},
	} {
		if spec.Modules > 1000 && testing.Short() {
			continue
		}
		p := picture(generate.Design(spec, 1), false)
		start := time.Now()
		if _, err := Compute(t.Context(), p, measure(p), Engine{Program: engine}); err != nil {
			t.Errorf("%d nodes: %v", len(p.Nodes), err)
		}
		t.Logf("%d nodes, %d edges: %v", len(p.Nodes), len(p.Edges), time.Since(start))
	}
}
