package scene

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

// inRows stands in for the engine: it puts the nodes of each frame, and those of none, side by side in rows
// one above the other, and draws edges straight from the bottom of a node to the top of the other.
func inRows(_ context.Context, d *diagram.Diagram, s layout.Sizes) (*layout.Layout, error) {
	l := &layout.Layout{Nodes: make([]layout.Box, len(d.Nodes)), Groups: make([]layout.Box, len(d.Groups)), Edges: make([]layout.Route, len(d.Edges))}
	y := 10.0
	row := func(group int) {
		x, h := 40.0, 0.0
		for i, n := range d.Nodes {
			if n.Group != group {
				continue
			}
			if x > 1000 {
				x, y, h = 40, y+h+30, 0
			}
			l.Nodes[i] = box(x, y, s.Nodes[i].X, s.Nodes[i].Y)
			x += s.Nodes[i].X + 40
			l.Size.X = max(l.Size.X, x)
			h = max(h, s.Nodes[i].Y)
		}
		y += h + 60
	}
	for g := range d.Groups {
		top := y
		y += 40
		row(g)
		l.Groups[g] = box(10, top, s.Groups[g].X, y-top-30)
		l.Size.X = max(l.Size.X, s.Groups[g].X+20)
	}
	row(-1)
	l.Size.Y = y
	for i := range l.Groups {
		l.Groups[i].Max.X = max(l.Groups[i].Max.X, l.Size.X-10)
	}
	for i, e := range d.Edges {
		a, b := l.Nodes[e.From], l.Nodes[e.To]
		from, to := pt(center(a).X, a.Max.Y), pt(center(b).X, b.Min.Y)
		l.Edges[i].Curve = []layout.Point{from, pt(from.X, from.Y+20), pt(to.X, to.Y-20), to}
		if s.Edges[i].X > 0 {
			l.Edges[i].Label = around(mix(from, to, 0.5), s.Edges[i])
		}
	}
	return l, nil
}

var kinds = []schema.Kind{
	schema.Service, schema.Frontend, schema.Gateway, schema.LoadBalancer, schema.Worker, schema.Job, schema.Function,
	schema.Database, schema.Cache, schema.Queue, schema.ObjectStore, schema.Search, schema.Discovery, schema.Configuration,
	schema.DNS, schema.Identity, schema.Monitoring, schema.Network, schema.External,
}

// hostile names try to leave their box, or the file.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"orders", "a", "", " ", "\"'<&>", "]]>", "-->", "</style><script>", "</title>", "line\nbreak\r\n\ttab", "\x00\x01\x1f\x7f",
			"\xff\xfe", "\u202Eevil\u202C", "\u2066x", "אבג דהו", "مرحبا بالعالم", "订单服务订单服务订单服务", "🚀🚀👩‍👩‍👧", "e\u0301\u0301\u0301",
			strings.Repeat("x", 500), strings.Repeat("W", 500), strings.Repeat("orders-", 80), strings.Repeat("订", 500), strings.Repeat("\u0301", 500),
			"a  b", "  lead", "trail ", "\uFEFF\uFFFE\uFFFF", "\\N\\L", "%s%d", "${x}", "{{x}}",
		}),
		rapid.StringN(0, 60, 200),
	)
}

// diagrams generates diagrams of any content.
func diagrams() *rapid.Generator[*diagram.Diagram] {
	return rapid.Custom(func(t *rapid.T) *diagram.Diagram {
		name := hostile()
		d := &diagram.Diagram{System: name.Draw(t, "system"), Title: name.Draw(t, "title"), Subtitle: name.Draw(t, "subtitle"),
			Description: name.Draw(t, "description"), Stamp: name.Draw(t, "stamp"), View: diagram.ViewModules,
			Flow:  rapid.SampledFrom([]diagram.Flow{diagram.FlowDown, diagram.FlowRight}).Draw(t, "flow"),
			Notes: rapid.SliceOfN(name, 0, 2).Draw(t, "notes")}
		severities := rapid.SampledFrom([]string{"error", "warning", "info"})
		for i := range rapid.IntRange(0, 12).Draw(t, "findings") {
			d.Findings = append(d.Findings, &diagram.Finding{Number: i + 1, Rule: "RES001", Severity: severities.Draw(t, "severity"),
				Subject: name.Draw(t, "subject"), Message: name.Draw(t, "message"), Place: name.Draw(t, "place"), Hint: name.Draw(t, "hint")})
		}
		marks := func() []int {
			if len(d.Findings) == 0 {
				return nil
			}
			return rapid.SliceOfN(rapid.IntRange(1, len(d.Findings)), 0, 6).Draw(t, "marks")
		}
		states := rapid.SampledFrom([]diagram.State{diagram.Works, diagram.Works, diagram.Degraded, diagram.Down, diagram.Failed})
		changes := rapid.Just(diagram.NotChanged)
		if d.Changed = rapid.Bool().Draw(t, "changed"); d.Changed {
			changes = rapid.SampledFrom([]diagram.Change{diagram.NotChanged, diagram.WasAdded, diagram.WasRemoved, diagram.WasChanged})
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "groups") {
			d.Groups = append(d.Groups, &diagram.Group{Name: name.Draw(t, "group"), Kind: "zone", Parent: rapid.IntRange(-1, i-1).Draw(t, "parent"),
				State: states.Draw(t, "state"), Faded: rapid.Bool().Draw(t, "faded"), Change: changes.Draw(t, "change"), Marks: marks()})
		}
		for range rapid.IntRange(0, 8).Draw(t, "nodes") {
			tier := 1
			n := &diagram.Node{Role: rapid.SampledFrom([]diagram.Role{diagram.ModuleNode, diagram.ModuleNode, diagram.SummaryNode, diagram.ChoiceNode}).Draw(t, "role"),
				Name: name.Draw(t, "name"), Group: rapid.IntRange(-1, len(d.Groups)-1).Draw(t, "in"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				Technology: name.Draw(t, "technology"), Description: name.Draw(t, "about"), Team: name.Draw(t, "team"), Tier: &tier,
				Links: []schema.Link{{Label: "x", URL: name.Draw(t, "url")}}, Tags: []string{name.Draw(t, "tag")},
				Entry: rapid.Bool().Draw(t, "entry"), State: states.Draw(t, "state"), Replicas: rapid.IntRange(0, 1000).Draw(t, "replicas"),
				Redundancy: name.Draw(t, "redundancy"), Members: rapid.IntRange(0, 3000).Draw(t, "members"), Need: 1, Alternatives: rapid.IntRange(1, 300).Draw(t, "alternatives"),
				Faded: rapid.Bool().Draw(t, "faded"), Change: changes.Draw(t, "change"), Marks: marks(), OnPath: marks()}
			if n.Change != diagram.NotChanged {
				n.ChangeNote = name.Draw(t, "note")
			}
			n.Of = n.Replicas
			n.DownBefore = n.State == diagram.Down && rapid.Bool().Draw(t, "before")
			n.Lost = rapid.IntRange(0, n.Replicas).Draw(t, "lost")
			d.Nodes = append(d.Nodes, n)
		}
		if len(d.Nodes) > 0 {
			node := rapid.IntRange(0, len(d.Nodes)-1)
			for range rapid.IntRange(0, 8).Draw(t, "edges") {
				d.Edges = append(d.Edges, &diagram.Edge{From: node.Draw(t, "from"), To: node.Draw(t, "to"), Mode: rapid.SampledFrom([]schema.Mode{schema.Sync, schema.Async}).Draw(t, "mode"),
					Strength: rapid.SampledFrom([]schema.Strength{schema.Hard, schema.Soft}).Draw(t, "strength"),
					When:     rapid.SampledFrom([]schema.Phase{schema.Runtime, schema.Runtime, schema.Startup, schema.Deploys, schema.Recovery}).Draw(t, "when"),
					Protocol: name.Draw(t, "protocol"), Count: rapid.IntRange(1, 4000).Draw(t, "count"), State: states.Draw(t, "state"),
					Faded: rapid.Bool().Draw(t, "faded"), InCycle: rapid.Bool().Draw(t, "cycle"), Marks: marks(), OnPath: marks(), Change: changes.Draw(t, "change")})
				if e := d.Edges[len(d.Edges)-1]; e.Change != diagram.NotChanged {
					e.ChangeNote = name.Draw(t, "note")
				}
			}
		}
		if rapid.Bool().Draw(t, "fails") {
			names := rapid.SliceOfN(name, 0, 3)
			d.Failure = &diagram.Failure{Events: names.Draw(t, "events"), Down: 3, Degraded: 1, Lost: names.Draw(t, "lost"), Limping: names.Draw(t, "limping"), Journeys: 6}
		}
		return d
	})
}

// matrices generates diagrams that are matrices.
func matrices() *rapid.Generator[*diagram.Diagram] {
	return rapid.Custom(func(t *rapid.T) *diagram.Diagram {
		d := &diagram.Diagram{Title: "matrix", View: diagram.ViewMatrix, Matrix: &diagram.Matrix{},
			Findings: []*diagram.Finding{{Number: 1, Rule: "DEP001", Severity: "warning", Message: "mutual"}}}
		n := rapid.SampledFrom([]int{0, 1, 2, 9, 40, 100, 180, 300, 700}).Draw(t, "rows")
		changes := rapid.SampledFrom([]diagram.Change{diagram.NotChanged, diagram.WasAdded, diagram.WasRemoved, diagram.WasChanged})
		d.Changed = true
		for range n {
			d.Matrix.Rows = append(d.Matrix.Rows, diagram.MatrixRow{Name: hostile().Draw(t, "name"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Members: 1,
				State: rapid.SampledFrom([]diagram.State{diagram.Works, diagram.Degraded, diagram.Down, diagram.Failed}).Draw(t, "state"), Marks: []int{1}, Change: changes.Draw(t, "change")})
			if r := &d.Matrix.Rows[len(d.Matrix.Rows)-1]; r.Change != diagram.NotChanged {
				r.ChangeNote = hostile().Draw(t, "note")
			}
		}
		for r := range n {
			c := (r*7 + 3) % n
			d.Matrix.Cells = append(d.Matrix.Cells, diagram.MatrixCell{Row: r, Column: c, Count: 1 + r*r, Hard: r%3 != 0, InCycle: r%5 == 0, Marks: []int{1}, Change: diagram.Change(r / 2 % 4)})
		}
		if n > 4 {
			d.Matrix.Bands = []diagram.MatrixBand{{Kind: "group", Name: hostile().Draw(t, "band"), First: 0, End: 3}, {Kind: "cycle", Name: "cycle", First: 2, End: 4}}
		}
		return d
	})
}

func drawn(t interface{ Fatal(...any) }, d *diagram.Diagram) (*Scene, *layout.Layout) {
	s, l, err := draw(context.Background(), d, inRows)
	if err != nil {
		t.Fatal(err)
	}
	return s, l
}

// gallery is one diagram with every kind of module and every sign.
func gallery() *diagram.Diagram {
	d := &diagram.Diagram{System: "gallery", Title: "Gallery", Subtitle: "every kind", View: diagram.ViewModules, Flow: diagram.FlowDown}
	for _, sev := range []string{"error", "warning", "info"} {
		d.Findings = append(d.Findings, &diagram.Finding{Number: len(d.Findings) + 1, Rule: "RES001", Severity: sev, Message: "A message.", Place: "a.cue:3", Hint: "Do this."})
	}
	for i, k := range kinds {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: "the-" + string(k), Kind: k, Group: -1, Replicas: 1 + i%4, Of: 1 + i%4, Technology: "Go 1.25"})
	}
	add := func(change func(n *diagram.Node)) {
		n := &diagram.Node{Name: fmt.Sprintf("node-%d", len(d.Nodes)), Kind: schema.Service, Group: -1, Replicas: 1, Of: 1}
		change(n)
		d.Nodes = append(d.Nodes, n)
	}
	add(func(n *diagram.Node) { n.Replicas, n.Of = 0, 0 })
	add(func(n *diagram.Node) { n.Entry = true })
	add(func(n *diagram.Node) { n.Faded = true })
	add(func(n *diagram.Node) { n.State, n.Replicas, n.Of, n.Lost = diagram.Failed, 3, 3, 3 })
	add(func(n *diagram.Node) { n.State = diagram.Down })
	add(func(n *diagram.Node) { n.State, n.Replicas, n.Of, n.Lost = diagram.Degraded, 3, 3, 1 })
	for i := range d.Findings {
		add(func(n *diagram.Node) { n.Marks = []int{i + 1} })
	}
	add(func(n *diagram.Node) { n.Role, n.Members, n.Kind = diagram.SummaryNode, 12, "" })
	add(func(n *diagram.Node) { n.Role, n.Need, n.Alternatives, n.Kind = diagram.ChoiceNode, 1, 2, "" })
	for _, s := range []diagram.State{diagram.Works, diagram.Degraded, diagram.Down, diagram.Failed} {
		d.Groups = append(d.Groups, &diagram.Group{Name: "zone-" + conditionOf(s).word, Kind: "zone", Parent: len(d.Groups) - 1, State: s})
	}
	for i := range d.Groups {
		add(func(n *diagram.Node) { n.Group = i })
	}
	d.Edges = []*diagram.Edge{
		{From: 0, To: 20, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Count: 1, Protocol: "http"},
		{From: 1, To: 21, Mode: schema.Async, Strength: schema.Soft, When: schema.Runtime, Count: 1, InCycle: true},
		{From: 2, To: 22, Mode: schema.Sync, Strength: schema.Hard, When: schema.Startup, Count: 1, Faded: true, Protocol: "x"},
		{From: 3, To: 23, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Count: 9, State: diagram.Down, Marks: []int{1}},
		{From: 4, To: 24, Mode: schema.Sync, Strength: schema.Soft, When: schema.Runtime, Count: 1, State: diagram.Degraded, OnPath: []int{2, 3}},
	}
	d.Changed = true
	for c := diagram.WasAdded; c <= diagram.WasChanged; c++ {
		for _, role := range []diagram.Role{diagram.ModuleNode, diagram.ChoiceNode, diagram.SummaryNode} {
			add(func(n *diagram.Node) {
				n.Role, n.Change, n.ChangeNote, n.Need, n.Alternatives = role, c, "replicas 3 → 1", 1, 2
			})
		}
		add(func(n *diagram.Node) { n.Change, n.Faded = c, true })
		d.Groups = append(d.Groups, &diagram.Group{Name: "zone-" + c.String(), Kind: "zone", Parent: -1, Change: c})
		add(func(n *diagram.Node) { n.Group, n.Change = len(d.Groups)-1, c })
		d.Edges = append(d.Edges,
			&diagram.Edge{From: 0, To: len(d.Nodes) - 1, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Count: 1, Protocol: "http", Change: c},
			&diagram.Edge{From: 1, To: len(d.Nodes) - 1, Mode: schema.Sync, Strength: schema.Soft, When: schema.Runtime, Count: 1, Change: c, ChangeNote: "hard → soft"},
			&diagram.Edge{From: 2, To: len(d.Nodes) - 1, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Count: 1, Change: c})
	}
	d.Failure = &diagram.Failure{Events: []string{"zone-a"}, Down: 2, Degraded: 1, Lost: []string{"checkout"}, Limping: []string{"browse"}, Journeys: 3}
	d.Notes = []string{"Something was left out."}
	d.Stamp = "today"
	return d
}

func TestDrawGallery(t *testing.T) {
	s, l := drawn(t, gallery())
	if len(l.Nodes) != len(gallery().Nodes) || s.Width < 100 {
		t.Fatal("not all is drawn")
	}
}
