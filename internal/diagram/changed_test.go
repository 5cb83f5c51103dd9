package diagram_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/rules"
	"lintel/schema"
)

// changesOf lists what of d is said to have come, gone or changed.
func changesOf(d *diagram.Diagram) []string {
	var out []string
	add := func(what string, c diagram.Change, note string) {
		if c != diagram.NotChanged || note != "" {
			out = append(out, what+": "+c.Words(note))
		}
	}
	for _, n := range d.Nodes {
		add([...]string{"", "box ", "fork "}[n.Role]+n.Name, n.Change, n.ChangeNote)
	}
	for _, e := range d.Edges {
		add(d.Nodes[e.From].Name+" -> "+d.Nodes[e.To].Name, e.Change, e.ChangeNote)
	}
	for _, g := range d.Groups {
		add("frame "+g.Name, g.Change, "")
	}
	if m := d.Matrix; m != nil {
		for _, r := range m.Rows {
			add("row "+r.Name, r.Change, r.ChangeNote)
		}
		for _, c := range m.Cells {
			add("cell "+m.Rows[c.Row].Name+" -> "+m.Rows[c.Column].Name, c.Change, "")
		}
	}
	slices.Sort(out)
	return out
}

// shopChanges tell of the shop: search was added, psp-two removed, orders and a line to its database changed.
func shopChanges() *diagram.Changes {
	return &diagram.Changes{
		Title:   "main → the working tree",
		Modules: map[string]diagram.Change{"search": diagram.WasAdded, "psp-two": diagram.WasRemoved, "orders": diagram.WasChanged},
		Dependencies: map[string]diagram.Change{
			"web -> search": diagram.WasAdded, "web -> pay": diagram.WasChanged, "orders -> read": diagram.WasChanged, "mail -> orders": diagram.WasRemoved,
		},
		FailureDomains: map[string]diagram.Change{"zone-b": diagram.WasChanged, "host-1": diagram.WasAdded},
		Notes:          map[string]string{"orders": "replicas 2 → 3", "orders -> read": "strength hard → soft", "psp-two": "not told"},
	}
}

func TestChangesAreMarked(t *testing.T) {
	for _, c := range []struct {
		name    string
		options diagram.Options
		want    string
		title   string
	}{
		{"modules", diagram.Options{GroupBy: diagram.GroupByGroup}, `
			fork pay: ~ changed
			mail -> orders: − removed
			orders -> orders-db: ~ strength hard → soft
			orders: ~ replicas 2 → 3
			psp-two: − removed: not told
			search: + added
			web -> pay: ~ changed
			web -> search: + added`, "changes: main → the working tree"},
		{"boxes of groups", diagram.Options{GroupBy: diagram.GroupByGroup, Collapse: []string{"*"}}, `
			box ordering: ~ 1 changed
			edge -> psp-one: ~ changed
			edge -> psp-two: ~ changed
			edge -> search: + added
			mail -> ordering: − removed
			psp-two: − removed: not told
			search: + added`, "changes: main → the working tree"},
		{"kinds", diagram.Options{View: diagram.ViewOverview, GroupBy: diagram.GroupByKind}, `
			box external: ~ 1 removed
			box search: + added
			box service: ~ 1 changed
			gateway -> external: ~ changed
			gateway -> search: + added
			queue -> service: − removed
			service -> database: ~ strength hard → soft`, "overview by kind · changes: main → the working tree"},
		{"domains", diagram.Options{View: diagram.ViewDeployment}, `
			fork pay: ~ changed
			fork pay: ~ changed
			frame host-1: + added
			frame zone-b: ~ changed
			mail -> orders: − removed
			mail -> orders: − removed
			orders -> orders-db: ~ strength hard → soft
			orders -> orders-db: ~ strength hard → soft
			orders: ~ replicas 2 → 3
			orders: ~ replicas 2 → 3
			psp-two: − removed: not told
			search: + added
			web -> pay: ~ changed
			web -> pay: ~ changed
			web -> search: + added
			web -> search: + added`, "deployment · changes: main → the working tree"},
		{"matrix", diagram.Options{View: diagram.ViewMatrix}, `
			cell mail -> orders: − removed
			cell orders -> orders-db: ~ changed
			cell web -> psp-one: ~ changed
			cell web -> psp-two: ~ changed
			cell web -> search: + added
			row orders: ~ replicas 2 → 3
			row psp-two: − removed: not told
			row search: + added`, "dependency matrix · changes: main → the working tree"},
		{"matrix of groups", diagram.Options{View: diagram.ViewMatrix, GroupBy: diagram.GroupByTeam, Collapse: []string{"*"}}, `
			cell front -> psp-one: ~ changed
			cell front -> psp-two: ~ changed
			cell front -> search: + added
			cell mail -> back: − removed
			cell back -> orders-db: ~ changed
			row back: ~ 1 changed
			row psp-two: − removed: not told
			row search: + added`, "dependency matrix · changes: main → the working tree"},
		{"none", diagram.Options{Only: []diagram.Selector{{Field: "name", Values: []string{"orders-db"}}}}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.options.Changes = shopChanges()
			d := draw(t, shop(), c.options)
			var want []string
			for _, l := range strings.Split(c.want, "\n") {
				if l = strings.TrimSpace(l); l != "" {
					want = append(want, l)
				}
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, changesOf(d)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if c.title != "" && d.Subtitle != c.title {
				t.Errorf("it is headed %q", d.Subtitle)
			}
			if !d.Changed || !strings.Contains(d.Description, "Changed: 1 module added, 1 removed, 1 changed; 1 dependency added, 1 removed, 2 changed.") {
				t.Errorf("it says %q", d.Description)
			}
			if c.name == "none" && !slices.Contains(d.LeftOut, "Not drawn: 3 of the 3 modules that were added, removed or changed.") {
				t.Errorf("left out: %q", d.LeftOut)
			}
		})
	}
}

func TestBoxesTellOfDependenciesWithin(t *testing.T) {
	d := draw(t, shop(), diagram.Options{GroupBy: diagram.GroupByGroup, Collapse: []string{"ordering"}, Changes: &diagram.Changes{
		Dependencies: map[string]diagram.Change{"orders -> read": diagram.WasAdded}}})
	if got := changesOf(d); !slices.Equal(got, []string{"box ordering: ~ 1 dependency added"}) {
		t.Errorf("%q", got)
	}
}

func TestGroupsThatCameAndWent(t *testing.T) {
	d := draw(t, shop(), diagram.Options{GroupBy: diagram.GroupByGroup, Changes: &diagram.Changes{
		Modules: map[string]diagram.Change{"orders": diagram.WasRemoved, "orders-db": diagram.WasRemoved}}})
	got := changesOf(d)
	// What leads from a module that was removed was removed as well.
	for _, want := range []string{"frame ordering: − removed", "orders -> orders-db: − removed", "orders -> mail: − removed"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	if slices.Contains(got, "frame edge: − removed") || slices.Contains(got, "web -> orders: − removed") {
		t.Errorf("%q", got)
	}
}

func TestLinesOfSeveralChanges(t *testing.T) {
	d := draw(t, shop(), diagram.Options{GroupBy: diagram.GroupByGroup, Collapse: []string{"*"}, Changes: &diagram.Changes{
		Dependencies: map[string]diagram.Change{"orders -> mail": diagram.WasAdded},
		Modules:      map[string]diagram.Change{"mail": diagram.WasAdded}}})
	for _, e := range d.Edges {
		if d.Nodes[e.From].Name == "ordering" && e.Change != diagram.WasAdded {
			t.Errorf("the one line of ordering is %q", e.Change)
		}
	}
	for _, c := range []struct {
		of   map[string]diagram.Change
		want string
	}{
		{map[string]diagram.Change{"orders -> read": diagram.WasRemoved}, "~ 1 removed"},
		{map[string]diagram.Change{"orders -> read": diagram.WasRemoved, "orders -> orders-db": diagram.WasAdded}, "~ 1 added, 1 removed"},
		{map[string]diagram.Change{"orders -> read": diagram.WasRemoved, "orders -> orders-db": diagram.WasRemoved}, "− removed"},
		{map[string]diagram.Change{"orders -> read": diagram.WasChanged}, "~ changed"},
	} {
		d := draw(t, shop(), diagram.Options{View: diagram.ViewOverview, GroupBy: diagram.GroupByKind, Changes: &diagram.Changes{Dependencies: c.of}})
		for _, e := range d.Edges {
			if d.Nodes[e.To].Name == "database" && e.Change.Words(e.ChangeNote) != c.want {
				t.Errorf("%v: the line says %q, want %q", c.of, e.Change.Words(e.ChangeNote), c.want)
			}
		}
	}
}

func TestOnlyNewFindingsAreMarked(t *testing.T) {
	design := shop()
	r := rules.Run(analyzer.New(design), rules.Settings{}, time.Time{})
	if len(r.Findings) < 3 {
		t.Fatal("too few findings")
	}
	fresh := r.Findings[1].Fingerprint()
	o := diagram.Options{Findings: true, Changes: &diagram.Changes{NewFindings: map[string]bool{fresh: true}}}
	d, err := diagram.Build(analyzer.New(design), r, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Findings) != 1 || d.Findings[0].Message != r.Findings[1].Message {
		t.Errorf("marked are %d findings", len(d.Findings))
	}
	for _, e := range d.Legend() {
		if e.Sign == diagram.SignError && e.Text != "cause of a new error" {
			t.Errorf("the legend says %q", e.Text)
		}
	}
	o.Changes.NewFindings = nil
	if d, err = diagram.Build(analyzer.New(design), r, o); err != nil || len(d.Findings) != 0 {
		t.Errorf("without new ones, marked are %d (%v)", len(d.Findings), err)
	}
}

// Of a choice that lost and gained alternatives, the fork tells what changed, and the lines from there which came and went.
func TestAlternativesThatCameAndWent(t *testing.T) {
	changes := func() *diagram.Changes {
		return &diagram.Changes{
			Dependencies: map[string]diagram.Change{"web -> pay": diagram.WasChanged},
			Targets:      map[string]diagram.Change{"web -> pay -> psp-two": diagram.WasRemoved, "web -> pay -> psp-one": diagram.WasAdded},
			Notes:        map[string]string{"web -> pay": "need 1 → 2"},
		}
	}
	for _, c := range []struct {
		name    string
		options diagram.Options
		want    []string
	}{
		{"modules", diagram.Options{GroupBy: diagram.GroupByNone},
			[]string{"fork pay: ~ need 1 → 2", "pay -> psp-one: + added", "pay -> psp-two: − removed", "web -> pay: ~ need 1 → 2"}},
		{"boxes", diagram.Options{GroupBy: diagram.GroupByGroup, Collapse: []string{"edge"}},
			[]string{"edge -> psp-one: + added: need 1 → 2", "edge -> psp-two: − removed: need 1 → 2"}},
		{"matrix", diagram.Options{View: diagram.ViewMatrix, GroupBy: diagram.GroupByNone},
			[]string{"cell web -> psp-one: + added", "cell web -> psp-two: − removed"}},
	} {
		c.options.Changes = changes()
		d := draw(t, shop(), c.options)
		if diff := cmp.Diff(c.want, changesOf(d)); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
		for _, n := range d.Nodes {
			if n.Role == diagram.ChoiceNode && n.Alternatives != 1 {
				t.Errorf("%s: %d alternatives are left, want 1", c.name, n.Alternatives)
			}
		}
	}
	whole := changes()
	whole.Dependencies["web -> pay"] = diagram.WasRemoved
	for _, e := range draw(t, shop(), diagram.Options{GroupBy: diagram.GroupByNone, Changes: whole}).Edges {
		if e.Protocol == "" && e.Change == diagram.WasAdded {
			t.Error("an alternative of a dependency that was removed is said to be added")
		}
	}
}

// A cycle is marked where it came, not where it was before or went.
func TestOnlyNewCyclesAreMarked(t *testing.T) {
	design := func() *schema.Design {
		d := &schema.Design{System: "s", Modules: []*schema.Module{
			{Name: "a", Replicas: 1, DependsOn: []*schema.Dependency{{Key: "b"}}},
			{Name: "b", Replicas: 1, DependsOn: []*schema.Dependency{{Key: "c"}, {Key: "a"}}},
			{Name: "c", Replicas: 1, DependsOn: []*schema.Dependency{{Key: "b"}}},
		}}
		d.Normalize()
		return d
	}
	for _, c := range []struct {
		of   map[string]diagram.Change
		want string
	}{
		{map[string]diagram.Change{}, ""},
		{map[string]diagram.Change{"b -> a": diagram.WasAdded}, "a-b b-a"},
		{map[string]diagram.Change{"b -> a": diagram.WasRemoved}, ""},
		{map[string]diagram.Change{"b -> a": diagram.WasChanged}, ""},
		{map[string]diagram.Change{"b -> a": diagram.WasAdded, "c -> b": diagram.WasAdded}, "a-b b-a b-c c-b"},
		{map[string]diagram.Change{"b -> a": diagram.WasAdded, "c -> b": diagram.WasRemoved}, "a-b b-a"},
	} {
		d := draw(t, design(), diagram.Options{Changes: &diagram.Changes{Dependencies: c.of}})
		var got []string
		for _, e := range d.Edges {
			if e.InCycle {
				got = append(got, d.Nodes[e.From].Name+"-"+d.Nodes[e.To].Name)
			}
		}
		slices.Sort(got)
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%v: marked are %q, want %q", c.of, text, c.want)
		}
	}
}

// What has no place in the picture is named, before the picture.
func TestChangesThatAreNotDrawnAreTold(t *testing.T) {
	for _, c := range []struct {
		name    string
		view    diagram.View
		changes diagram.Changes
		want    string
	}{
		{"domains and others", diagram.ViewModules, diagram.Changes{
			FailureDomains: map[string]diagram.Change{"zone-b": diagram.WasChanged}, Elsewhere: []string{"journey buy (added)", "transaction pay (removed)"}},
			"3 changes are not drawn: failure domain zone-b (changed), journey buy (added) and transaction pay (removed)."},
		{"domains that are drawn", diagram.ViewDeployment, diagram.Changes{
			FailureDomains: map[string]diagram.Change{"zone-b": diagram.WasChanged}, Elsewhere: []string{"journey buy (added)"}},
			"1 change is not drawn: journey buy (added)."},
		{"with changed modules", diagram.ViewModules, diagram.Changes{
			Modules: map[string]diagram.Change{"web": diagram.WasChanged}, Elsewhere: []string{"journey buy (added)"}},
			"1 change is not drawn: journey buy (added)."},
		{"all are drawn", diagram.ViewModules, diagram.Changes{Modules: map[string]diagram.Change{"web": diagram.WasChanged}}, ""},
	} {
		got := strings.Join(draw(t, shop(), diagram.Options{View: c.view, Changes: &c.changes}).LeftOut, " ")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The cause of a finding about a transaction is what it spans.
func TestTransactionsAreMarked(t *testing.T) {
	design := shop()
	design.Transactions = []*schema.Transaction{{Name: "pay", Spans: []schema.Ref{{Name: "orders"}, {Name: "mail"}}}}
	a := analyzer.New(design)
	r := &rules.Result{Design: design, Analysis: a, Findings: []rules.Finding{
		{Rule: &rules.Rule{ID: "TXN001"}, Severity: rules.Error, Subject: rules.Subject{Kind: rules.OfTransaction, Name: "pay"}}}}
	d, err := diagram.Build(a, r, diagram.Options{Findings: true})
	if err != nil {
		t.Fatal(err)
	}
	var marked []string
	for _, n := range d.Nodes {
		if slices.Equal(n.Marks, []int{1}) {
			marked = append(marked, n.Name)
		}
	}
	if slices.Sort(marked); !slices.Equal(marked, []string{"mail", "orders"}) {
		t.Errorf("marked are %q", marked)
	}
}

// someChanges tell of some parts of the design that a analyses.
func someChanges(c chooser, a *analyzer.Analysis) *diagram.Changes {
	out := &diagram.Changes{Modules: map[string]diagram.Change{}, Dependencies: map[string]diagram.Change{}, FailureDomains: map[string]diagram.Change{}, Notes: map[string]string{}}
	some := func() diagram.Change { return diagram.Change(max(0, c("change", 7)-3)) }
	for _, m := range a.Design.Modules {
		out.Modules[m.Name] = some()
		if c.oneIn("note", 3) {
			out.Notes[m.Name] = "note of " + m.Name
		}
		for _, d := range m.DependsOn {
			out.Dependencies[m.Name+" -> "+d.Key] = some()
		}
	}
	for _, f := range a.Design.FailureDomains {
		out.FailureDomains[f.Name] = some()
	}
	return out
}

// Every part says what became of it, whatever is drawn; the legend explains just what is there; nothing else of the
// picture differs.
func TestChangesInEveryView(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		a := analyzer.New(someDesign(c))
		o := someOptions(t, c, a)
		plain := build(t, a, nil, o)
		o.Changes = someChanges(c, a)
		d := build(t, a, nil, o)
		consistent(t, d)
		want := map[diagram.Change]bool{}
		see := func(ch diagram.Change) { want[ch] = true }
		for _, n := range d.Nodes {
			see(n.Change)
			if n.Role == diagram.ModuleNode && n.Change != o.Changes.Modules[n.Name] {
				t.Fatalf("%s was %s, not %s", n.Name, o.Changes.Modules[n.Name], n.Change)
			}
			if n.ChangeNote != "" && n.Change == diagram.NotChanged {
				t.Fatalf("%s says %q but did not change", n.Name, n.ChangeNote)
			}
		}
		for _, e := range d.Edges {
			see(e.Change)
			of := map[diagram.Change]bool{}
			for _, k := range e.Dependencies {
				dep := &a.Dependencies()[k]
				m := a.Module(dep.From).Name
				own := o.Changes.Dependencies[m+" -> "+dep.Key]
				if whole := o.Changes.Modules[m]; own == diagram.NotChanged && whole != diagram.WasChanged {
					own = whole
				}
				of[own] = true
			}
			switch list := slices.Collect(maps.Keys(of)); {
			case d.Nodes[e.From].Role == diagram.ChoiceNode && slices.Equal(list, []diagram.Change{diagram.WasChanged}):
				if e.Change != diagram.NotChanged { // the fork tells it
					t.Fatalf("an alternative is %q", e.Change)
				}
			case len(list) == 1 && e.Change != list[0], len(list) > 1 && e.Change != diagram.WasChanged:
				t.Fatalf("a line of %v is %q", list, e.Change)
			}
		}
		for _, g := range d.Groups {
			see(g.Change)
		}
		if d.Matrix != nil {
			for _, r := range d.Matrix.Rows {
				see(r.Change)
				if r.Module >= 0 && r.Change != o.Changes.Modules[r.Name] {
					t.Fatalf("row %s was %s, not %s", r.Name, o.Changes.Modules[r.Name], r.Change)
				}
			}
			for _, cell := range d.Matrix.Cells {
				see(cell.Change)
			}
		}
		for sign, ch := range map[diagram.Sign]diagram.Change{diagram.SignAdded: diagram.WasAdded, diagram.SignRemoved: diagram.WasRemoved, diagram.SignChanged: diagram.WasChanged} {
			if explained := slices.ContainsFunc(d.Legend(), func(e diagram.LegendEntry) bool { return e.Sign == sign }); explained != want[ch] {
				t.Fatalf("%s: drawn is %v, explained is %v", sign, want[ch], explained)
			}
		}
		if len(d.Nodes) != len(plain.Nodes) || len(d.Groups) != len(plain.Groups) {
			t.Fatalf("%d nodes and %d groups, without changes %d and %d", len(d.Nodes), len(d.Groups), len(plain.Nodes), len(plain.Groups))
		}
	})
}

// The neighbourhood is what lies so many dependencies before or behind a change, told slowly.
func TestNeighbourhoodOfChanges(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		a := analyzer.New(someDesign(c))
		changes := someChanges(c, a)
		for _, of := range []map[string]diagram.Change{changes.Modules, changes.Dependencies} { // few, lest all is near
			for _, name := range slices.Sorted(maps.Keys(of)) {
				if c("keeps", 4) > 0 {
					delete(of, name)
				}
			}
		}
		changes.Neighbourhood = 1 + c("steps", 3)
		near := map[string]bool{}
		for i := range int32(a.Modules()) {
			m := a.Module(i)
			near[m.Name] = changes.Modules[m.Name] != diagram.NotChanged
			for _, d := range m.DependsOn {
				near[m.Name] = near[m.Name] || changes.Dependencies[m.Name+" -> "+d.Key] != diagram.NotChanged
			}
		}
		spread := func(set map[string]bool, forward bool) map[string]bool {
			out := maps.Clone(set)
			for _, d := range a.Dependencies() {
				for _, target := range d.Targets {
					from, to := a.Module(d.From).Name, a.Module(target).Name
					if forward && set[from] {
						out[to] = true
					}
					if !forward && set[to] {
						out[from] = true
					}
				}
			}
			return out
		}
		needs, needed := near, near
		for range changes.Neighbourhood {
			needs, needed = spread(needs, true), spread(needed, false)
		}
		want := map[string]bool{}
		any := false
		for name := range near {
			any = any || near[name]
			if needs[name] || needed[name] {
				want[name] = true
			}
		}
		if !any {
			for name := range near {
				want[name] = true
			}
		}
		got := map[string]bool{}
		for _, n := range build(t, a, nil, diagram.Options{View: diagram.ViewModules, GroupBy: diagram.GroupByNone, Changes: changes}).Nodes {
			if n.Role == diagram.ModuleNode {
				got[n.Name] = true
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("-want +got\n%s%s", diff, fmt.Sprint(changes))
		}
	})
}
