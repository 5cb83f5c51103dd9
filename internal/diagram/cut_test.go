package diagram_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/schema"
)

// TestCutDependencies: a dependency that fails is drawn as failed where its caller needs it, and its target as it is.
func TestCutDependencies(t *testing.T) {
	d := &schema.Design{System: "s", Modules: []*schema.Module{
		{Name: "web", Entry: true, Replicas: 1, DependsOn: []*schema.Dependency{
			{Key: "ads", To: schema.Ref{Name: "ads"}, Strength: schema.Soft},
			{Key: "orders", To: schema.Ref{Name: "orders"}},
			{Key: "pay", AnyOf: []schema.Ref{{Name: "bank-a"}, {Name: "bank-b"}}, Need: 1},
		}},
		{Name: "ads", Replicas: 1}, {Name: "orders", Replicas: 1}, {Name: "bank-a", Replicas: 1}, {Name: "bank-b", Replicas: 1},
	}}
	d.Normalize()
	for events, want := range map[string]string{
		"web -> ads":                            "web=degraded ads=degraded",
		"web -> orders":                         "web=down orders=failed",
		"web -> bank-a":                         "web=works bank-a=degraded",
		"web -> pay":                            "web=down bank-a=failed bank-b=failed pay=failed",
		"web -> bank-a, web -> pay, web -> pay": "web=down bank-a=failed bank-b=failed pay=failed",
		"bank-b, web -> bank-a":                 "web=down bank-a=down bank-b=down pay=down",
	} {
		failing, err := diagram.ParseFailures(analyzer.New(d), strings.Split(events, ", ")...)
		if err != nil {
			t.Fatalf("%s: %v", events, err)
		}
		drawn, err := diagram.Build(analyzer.New(d), nil, diagram.Options{View: diagram.ViewModules, Fail: failing})
		if err != nil {
			t.Fatal(err)
		}
		name := func(s diagram.State) string {
			return [...]string{diagram.Works: "works", diagram.Degraded: "degraded", diagram.Down: "down", diagram.Failed: "failed"}[s]
		}
		var got []string
		for _, n := range drawn.Nodes {
			switch {
			case n.Name == "web":
				got = append(got, "web="+name(n.State))
			case n.Role == diagram.ModuleNode && n.State != diagram.Works && !strings.HasPrefix(events, n.Name):
				t.Errorf("%s: %s is %s", events, n.Name, name(n.State))
			}
		}
		for _, e := range drawn.Edges {
			if e.State != diagram.Works {
				got = append(got, fmt.Sprintf("%s=%s", drawn.Nodes[e.To].Name, name(e.State)))
			}
		}
		slices.Sort(got)
		expected := strings.Fields(want)
		slices.Sort(expected)
		if !slices.Equal(got, expected) {
			t.Errorf("%s: %v, want %v", events, got, expected)
		}
	}
}
