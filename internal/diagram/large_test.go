package diagram_test

import (
	"strings"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/schema"
)

// A large design is drawn by its groups unless all of it is asked for.
func TestLargeDesign(t *testing.T) {
	a := analyzer.New(generate.Design(generate.T2, 1))
	r := rules.Run(a, rules.Settings{}, time.Time{})
	journey := a.Journeys()[0].Name
	for _, c := range []struct {
		name        string
		o           diagram.Options
		view        diagram.View
		by          diagram.GroupBy
		reduced     string
		nodes, rows int // at most
	}{
		{"auto", diagram.Options{}, diagram.ViewOverview, diagram.GroupByGroup, "2,000 modules: drew the overview; --view modules draws all of them", 150, 0},
		{"overview", diagram.Options{View: diagram.ViewOverview}, diagram.ViewOverview, diagram.GroupByGroup, "", 150, 0},
		{"by team", diagram.Options{View: diagram.ViewOverview, GroupBy: diagram.GroupByTeam}, diagram.ViewOverview, diagram.GroupByTeam, "", 250, 0},
		{"modules", diagram.Options{View: diagram.ViewModules}, diagram.ViewModules, diagram.GroupByGroup, "", 3000, 0},
		{"matrix", diagram.Options{View: diagram.ViewMatrix}, diagram.ViewMatrix, diagram.GroupByGroup, "2,000 modules: drew the matrix of their groups; --group-by none draws all of them", 0, 150},
		{"whole matrix", diagram.Options{View: diagram.ViewMatrix, GroupBy: diagram.GroupByNone}, diagram.ViewMatrix, diagram.GroupByNone, "", 0, 2000},
		{"journey", diagram.Options{View: diagram.ViewJourney, Journey: journey}, diagram.ViewJourney, diagram.GroupByGroup, "the journey leads over 1,262 modules: drew its groups; --view modules draws all of them", 150, 0},
		{"focus", diagram.Options{Focus: []string{a.Module(1500).Name}, Direction: diagram.Deep}, diagram.ViewModules, diagram.GroupByGroup, "", 150, 0},
		{"collapse", diagram.Options{Collapse: []string{"*"}}, diagram.ViewModules, diagram.GroupByGroup, "", 150, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Findings = true
			d, err := diagram.Build(a, r, c.o)
			if err != nil {
				t.Fatal(err)
			}
			consistent(t, d)
			if d.View != c.view || d.GroupBy != c.by || d.Reduced != c.reduced {
				t.Errorf("got view %s by %s, reduced %q", d.View, d.GroupBy, d.Reduced)
			}
			rows := 0
			if d.Matrix != nil {
				rows = len(d.Matrix.Rows)
			}
			if len(d.Nodes) > c.nodes || rows > c.rows || len(d.Nodes)+rows == 0 {
				t.Errorf("%d nodes, %d rows", len(d.Nodes), rows)
			}
		})
	}
}

// A large overview leaves out the lines of boxes that most others use, or that use most others, and
// keeps of the rest the heaviest from and to each box.
func TestThinnedLines(t *testing.T) {
	a := analyzer.New(generate.Design(generate.T2, 1))
	d, err := diagram.Build(a, nil, diagram.Options{})
	if err != nil {
		t.Fatal(err)
	}
	type pair struct{ from, to string }
	drawn := map[pair]int{}
	for _, e := range d.Edges {
		drawn[pair{d.Nodes[e.From].Name, d.Nodes[e.To].Name}] = e.Count
	}
	all := map[pair]int{}
	for _, dep := range a.Dependencies() {
		seen := map[pair]bool{}
		for _, target := range dep.Targets {
			p := pair{a.Module(dep.From).Group, a.Module(target).Group}
			if p.from != p.to && !seen[p] {
				seen[p] = true
				all[p]++
			}
		}
	}
	users, used := map[string]int{}, map[string]int{}
	for p := range all {
		users[p.to]++
		used[p.from]++
	}
	half := (len(d.Nodes) - 1) / 2
	hub := func(name string) bool { return users[name] >= half || used[name] >= half }
	heaviestFrom, heaviestTo := map[string]int{}, map[string]int{}
	for p, n := range all {
		if hub(p.from) != hub(p.to) && (users[p.to] >= half || used[p.from] >= half) {
			if drawn[p] != 0 {
				t.Errorf("the line from %s to %s is drawn", p.from, p.to)
			}
			continue
		}
		heaviestFrom[p.from] = max(heaviestFrom[p.from], n)
		heaviestTo[p.to] = max(heaviestTo[p.to], n)
	}
	drawnFrom, drawnTo := map[string]int{}, map[string]int{}
	for p, n := range drawn {
		if n != all[p] {
			t.Errorf("the line from %s to %s stands for %d dependencies, want %d", p.from, p.to, n, all[p])
		}
		drawnFrom[p.from] = max(drawnFrom[p.from], n)
		drawnTo[p.to] = max(drawnTo[p.to], n)
	}
	hubs := 0
	for _, n := range d.Nodes {
		if drawnFrom[n.Name] != heaviestFrom[n.Name] || drawnTo[n.Name] != heaviestTo[n.Name] {
			t.Errorf("%s: the heaviest lines drawn stand for %d from it and %d to it, want %d and %d",
				n.Name, drawnFrom[n.Name], drawnTo[n.Name], heaviestFrom[n.Name], heaviestTo[n.Name])
		}
		if want := users[n.Name]; want < half && n.UsedBy != 0 || want >= half && n.UsedBy != want {
			t.Errorf("%s: used by %d, want %d", n.Name, n.UsedBy, want)
		}
		if want := used[n.Name]; want < half && n.Uses != 0 || want >= half && n.Uses != want {
			t.Errorf("%s: uses %d, want %d", n.Name, n.Uses, want)
		}
		if hub(n.Name) {
			hubs++
		}
	}
	if hubs == 0 || hubs > len(d.Nodes)/4 {
		t.Errorf("%d of %d boxes are used by, or use, most others", hubs, len(d.Nodes))
	}
	if len(d.Edges) >= len(all) || len(d.Edges) > 2*len(d.Nodes) {
		t.Errorf("%d of %d lines between %d boxes are drawn", len(d.Edges), len(all), len(d.Nodes))
	}
	if note := strings.Join(d.Notes, " "); !strings.Contains(note, "lines the 266 that tell the most are drawn") || !strings.Contains(note, "group-000") {
		t.Errorf("noted: %s", note)
	}
}

// The largest design is drawn, or refused, in well under the time that reading it takes.
func TestHugeDesign(t *testing.T) {
	if testing.Short() {
		t.Skip("18,571 modules")
	}
	a := analyzer.New(generate.Design(generate.T3, 1))
	a.Simulate(analyzer.Scenario{}) // prepares the failure model, which is not measured here
	f, err := diagram.ParseFailures(a, "region-1a")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []diagram.Options{
		{}, {View: diagram.ViewMatrix}, {View: diagram.ViewMatrix, GroupBy: diagram.GroupByNone}, {View: diagram.ViewModules},
		{View: diagram.ViewJourney, Journey: a.Journeys()[0].Name}, {View: diagram.ViewOverview, GroupBy: diagram.GroupByGroup},
	} {
		o.Fail = f
		start := time.Now()
		d, err := diagram.Build(a, nil, o)
		took := time.Since(start)
		if err != nil {
			t.Fatal(err)
		}
		consistent(t, d)
		t.Logf("%s by %s: %v", d.View, d.GroupBy, took)
		if took > 5*time.Second { // ten times of what it takes, for slow machines
			t.Errorf("%s by %s took %v", d.View, d.GroupBy, took)
		}
	}
}

// A module of a million replicas costs about as much as they are named events.
func TestManyReplicas(t *testing.T) {
	design := &schema.Design{
		System:         "s",
		FailureDomains: []*schema.FailureDomain{{Name: "a", Kind: schema.Zone}, {Name: "b", Kind: schema.Zone}},
		Modules: []*schema.Module{{Name: "m", Replicas: 1_000_000, Placement: &schema.Placement{Counts: []schema.PlacementCount{
			{Domain: schema.Ref{Name: "a"}, Count: 400_000}, {Domain: schema.Ref{Name: "b"}, Count: 500_000},
		}}}},
	}
	design.Normalize()
	start := time.Now()
	d := draw(t, design, diagram.Options{View: diagram.ViewDeployment, Fail: failing(t, design, "m:499999", "b")})
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	want := `[zone a]
[zone b] failed
m @a failed | ×400,000 of 1,000,000, 400,000 lost
m @b failed | ×500,000 of 1,000,000, 500,000 lost
m | ×100,000 of 1,000,000, 99,999 lost
`
	if got := sketch(d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
