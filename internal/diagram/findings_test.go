package diagram_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/rules"
	"lintel/schema"
)

func rule(t *testing.T, id string) *rules.Rule {
	t.Helper()
	r, ok := rules.Find(id)
	if !ok {
		t.Fatalf("no rule %s", id)
	}
	return r
}

// marks lists what of d carries a number: "1 node web", "1 on edge web -> orders".
func marks(d *diagram.Diagram) []string {
	var out []string
	add := func(what string, culprit, path []int) {
		for _, n := range culprit {
			out = append(out, fmt.Sprintf("%d %s", n, what))
		}
		for _, n := range path {
			out = append(out, fmt.Sprintf("%d on %s", n, what))
		}
	}
	for _, n := range d.Nodes {
		add("node "+n.Name, n.Marks, n.OnPath)
	}
	for _, e := range d.Edges {
		add("edge "+d.Nodes[e.From].Name+" -> "+d.Nodes[e.To].Name, e.Marks, e.OnPath)
	}
	for _, g := range d.Groups {
		add("group "+g.Name, g.Marks, nil)
	}
	if m := d.Matrix; m != nil {
		for _, r := range m.Rows {
			add("row "+r.Name, r.Marks, nil)
		}
		for _, c := range m.Cells {
			add("cell "+m.Rows[c.Row].Name+" -> "+m.Rows[c.Column].Name, c.Marks, nil)
		}
	}
	slices.Sort(out)
	return out
}

func TestFindingsMark(t *testing.T) {
	finding := func(kind rules.SubjectKind, name string, path ...string) rules.Finding {
		return rules.Finding{Subject: rules.Subject{Kind: kind, Name: name}, Path: path}
	}
	for _, c := range []struct {
		name    string
		finding rules.Finding
		o       diagram.Options
		want    []string // nil: not listed
	}{
		{"a module and the way to it", finding(rules.OfModule, "orders-db", "web", "orders", "orders-db"), diagram.Options{},
			[]string{"1 node orders-db", "1 on edge orders -> orders-db", "1 on edge web -> orders", "1 on node orders", "1 on node orders-db", "1 on node web"}},
		{"the way through a fork", finding(rules.OfModule, "psp-one", "web", "psp-one"), diagram.Options{},
			[]string{"1 node psp-one", "1 on edge pay -> psp-one", "1 on edge web -> pay", "1 on node pay", "1 on node psp-one", "1 on node web"}},
		{"a dependency by its target", finding(rules.OfDependency, "web -> orders"), diagram.Options{}, []string{"1 edge web -> orders"}},
		{"a dependency by its key", finding(rules.OfDependency, "orders -> read"), diagram.Options{}, []string{"1 edge orders -> orders-db"}},
		{"alternatives", finding(rules.OfDependency, "web -> pay"), diagram.Options{}, []string{"1 edge web -> pay"}},
		{"one alternative", finding(rules.OfDependency, "web -> psp-two"), diagram.Options{}, []string{"1 edge pay -> psp-two"}},
		{"a target that is not there", finding(rules.OfDependency, "web -> gone"), diagram.Options{}, []string{"1 node web"}},
		{"a target that is not drawn", finding(rules.OfDependency, "web -> search"), diagram.Options{Hide: []diagram.Selector{{Field: "name", Values: []string{"search"}}}}, []string{"1 node web"}},
		{"a dependency inside a box", finding(rules.OfDependency, "orders -> orders-db"), diagram.Options{View: diagram.ViewOverview}, []string{"1 node ordering"}},
		{"a dependency between boxes", finding(rules.OfDependency, "web -> orders"), diagram.Options{View: diagram.ViewOverview}, []string{"1 edge edge -> ordering"}},
		{"a domain that is drawn", finding(rules.OfFailureDomain, "zone-a"), diagram.Options{View: diagram.ViewDeployment}, []string{"1 group zone-a"}},
		{"a domain as a box", finding(rules.OfFailureDomain, "zone-a"), diagram.Options{View: diagram.ViewDeployment, Collapse: []string{"zone-a"}}, []string{"1 node zone-a"}},
		{"a domain inside a box", finding(rules.OfFailureDomain, "host-1"), diagram.Options{View: diagram.ViewDeployment, Collapse: []string{"zone-a"}}, []string{"1 node zone-a"}},
		{"a domain that is not drawn", finding(rules.OfFailureDomain, "zone-a"), diagram.Options{}, []string{"1 node orders-db"}},
		{"a domain with a way", finding(rules.OfFailureDomain, "zone-a", "web", "orders"), diagram.Options{},
			[]string{"1 node orders", "1 on edge web -> orders", "1 on node orders", "1 on node web"}},
		{"a journey", finding(rules.OfJourney, "buy"), diagram.Options{}, []string{"1 node web"}},
		{"a group", finding(rules.OfGroup, "ordering"), diagram.Options{}, []string{"1 group ordering"}},
		{"a group as a box", finding(rules.OfGroup, "ordering"), diagram.Options{View: diagram.ViewOverview}, []string{"1 node ordering"}},
		{"a group that is not framed", finding(rules.OfGroup, "ordering"), diagram.Options{GroupBy: diagram.GroupByTeam}, []string{}},
		{"a team", finding(rules.OfTeam, "back"), diagram.Options{GroupBy: diagram.GroupByTeam}, []string{"1 group back"}},
		{"the system", finding(rules.OfSystem, "shop"), diagram.Options{Journey: "browse"}, []string{}},
		{"a module that is not drawn", finding(rules.OfModule, "orders-db", "orders", "orders-db"), diagram.Options{Journey: "browse"}, nil},
		{"a way that is drawn in part", finding(rules.OfModule, "orders-db", "web", "orders", "orders-db"), diagram.Options{Hide: []diagram.Selector{{Field: "name", Values: []string{"orders-db"}}}},
			[]string{"1 on edge web -> orders", "1 on node orders", "1 on node web"}},
		{"a way of which no line is drawn", finding(rules.OfModule, "orders-db", "web", "orders", "orders-db"), diagram.Options{Journey: "browse"}, nil},
		{"a row", finding(rules.OfModule, "web"), diagram.Options{View: diagram.ViewMatrix}, []string{"1 row web"}},
		{"a cell", finding(rules.OfDependency, "web -> orders"), diagram.Options{View: diagram.ViewMatrix}, []string{"1 cell web -> orders"}},
		{"a row of a group", finding(rules.OfDependency, "orders -> orders-db"), diagram.Options{View: diagram.ViewMatrix, Collapse: []string{"*"}}, []string{"1 row ordering"}},
		{"a group as a row", finding(rules.OfGroup, "ordering"), diagram.Options{View: diagram.ViewMatrix, Collapse: []string{"*"}}, []string{"1 row ordering"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.finding.Rule, c.finding.Severity = rule(t, "RES001"), rules.Error
			c.finding.Message, c.finding.Suggestions = "it is wrong", []string{"first", "second"}
			c.finding.Location = schema.Range{File: "shop.cue", StartLine: 7, StartColumn: 1, EndLine: 7, EndColumn: 2}
			c.o.Findings = true
			d, err := diagram.Build(analyzer.New(shop()), &rules.Result{Findings: []rules.Finding{c.finding}}, c.o)
			if err != nil {
				t.Fatal(err)
			}
			consistent(t, d)
			if c.want == nil {
				if len(d.Findings) != 0 || !slices.Contains(d.Notes, "1 more finding about what is not drawn.") {
					t.Errorf("listed are %v, noted %q", marks(d), d.Notes)
				}
				return
			}
			want := []*diagram.Finding{{Number: 1, Rule: "RES001", Severity: "error", Subject: c.finding.Subject.Name, Message: "it is wrong", Place: "shop.cue:7", Hint: "first"}}
			if diff := cmp.Diff(want, d.Findings); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if got := marks(d); !slices.Equal(got, c.want) {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

// The gravest come first, waived ones are left out, and of very many the first are marked.
func TestFindingsOrder(t *testing.T) {
	r := &rules.Result{}
	for i, s := range []rules.Severity{rules.Info, rules.Error, rules.Warning, rules.Error} {
		r.Findings = append(r.Findings, rules.Finding{
			Rule: rule(t, "RES001"), Severity: s, Subject: rules.Subject{Kind: rules.OfModule, Name: "web"},
			Location: schema.Range{File: "a.cue", StartLine: 9 - i, StartColumn: 1, EndLine: 9 - i, EndColumn: 2},
		})
	}
	r.Findings = append(r.Findings, rules.Finding{Rule: rule(t, "RES001"), Severity: rules.Error, Subject: rules.Subject{Kind: rules.OfModule, Name: "web"}, Waiver: &schema.Waiver{}})
	list := func(d *diagram.Diagram) (out []string) {
		for _, f := range d.Findings {
			out = append(out, f.Severity+" "+f.Place)
		}
		return out
	}
	d, err := diagram.Build(analyzer.New(shop()), r, diagram.Options{Findings: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"error a.cue:6", "error a.cue:8", "warning a.cue:7", "info a.cue:9"}; !slices.Equal(list(d), want) {
		t.Errorf("got %q, want %q", list(d), want)
	}
	signs := ""
	for _, e := range d.Legend() {
		if strings.HasPrefix(e.Text, "cause") {
			signs += string(e.Sign) + " "
		}
	}
	if signs != "error warning info " {
		t.Errorf("the legend explains %s", signs)
	}

	for len(r.Findings) < 100 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	d, err = diagram.Build(analyzer.New(shop()), r, diagram.Options{Findings: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Findings) != 40 || !slices.Contains(d.Notes, "Marked are 40 of 99 findings, the gravest.") {
		t.Errorf("%d listed, noted %q", len(d.Findings), d.Notes)
	}

	d, err = diagram.Build(analyzer.New(shop()), r, diagram.Options{})
	if err != nil || len(d.Findings) != 0 || len(marks(d)) != 0 {
		t.Errorf("unasked, %d findings are marked (%v)", len(d.Findings), err)
	}
	if _, err := diagram.Build(analyzer.New(shop()), nil, diagram.Options{Findings: true}); err != nil {
		t.Errorf("without a result: %v", err)
	}
}
