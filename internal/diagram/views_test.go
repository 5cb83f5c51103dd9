package diagram_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lintel/internal/diagram"
)

var update = flag.Bool("update", false, "write the expected outputs anew")

// The views of one small design, each written as text, are what testdata/sketches holds.
func TestViews(t *testing.T) {
	d := shop()
	for name, o := range map[string]diagram.Options{
		"modules":          {},
		"by-team":          {GroupBy: diagram.GroupByTeam},
		"ungrouped":        {GroupBy: diagram.GroupByNone, Flow: diagram.FlowRight, Title: "The shop"},
		"overview":         {View: diagram.ViewOverview},
		"overview-by-kind": {View: diagram.ViewOverview, GroupBy: diagram.GroupByKind},
		"collapse":         {Collapse: []string{"ord*"}},
		"deployment":       {View: diagram.ViewDeployment},
		"by-zone":          {GroupBy: diagram.GroupByZone},
		"by-region":        {GroupBy: diagram.GroupByRegion},
		"collapsed-zone":   {View: diagram.ViewDeployment, Collapse: []string{"zone-a"}},
		"journey":          {Journey: "browse"},
		"journey-faded":    {Journey: "browse", Rest: diagram.FadeRest},
		"focus":            {Focus: []string{"orders"}},
		"focus-up":         {Focus: []string{"orders-db"}, Depth: 2, Direction: diagram.Up},
		"focus-down":       {Focus: []string{"web", "mail"}, Direction: diagram.Deep},
		"only":             {Only: []diagram.Selector{{Field: "kind", Values: []string{"gateway", "external"}}}},
		"hide":             {Hide: []diagram.Selector{{Field: "tag", Values: []string{"p*"}}, {Field: "name", Values: []string{"*-two"}}}},
		"matrix":           {View: diagram.ViewMatrix},
		"matrix-of-groups": {View: diagram.ViewMatrix, Collapse: []string{"*"}},
		"fail-zone":        {Fail: failing(t, d, "zone-a")},
		"fail-deployment":  {View: diagram.ViewDeployment, Fail: failing(t, d, "zone-a")},
		"fail-replica":     {Fail: failing(t, d, "orders/2")},
		"fail-alternative": {Fail: failing(t, d, "psp-one")},
		"fail-both":        {Fail: failing(t, d, "psp-two", "psp-one"), View: diagram.ViewOverview},
		"fail-soft":        {Fail: failing(t, d, "search:2"), Journey: "buy"},
		"fail-matrix":      {Fail: failing(t, d, "orders"), View: diagram.ViewMatrix},
	} {
		t.Run(name, func(t *testing.T) {
			drawn := draw(t, d, o)
			var s strings.Builder
			for _, line := range []string{drawn.Title, drawn.Subtitle, drawn.Description, string(drawn.View) + " " + string(drawn.GroupBy) + " " + string(drawn.Flow)} {
				s.WriteString(line + "\n")
			}
			s.WriteString("\n" + sketch(drawn) + "\n")
			for _, e := range drawn.Legend() {
				s.WriteString("legend: " + string(e.Sign) + " " + e.Text + "\n")
			}
			for _, n := range drawn.Notes {
				s.WriteString("note: " + n + "\n")
			}
			if f := drawn.Failure; f != nil {
				fmt.Fprintf(&s, "failure: %q, %d down, %d degraded, of %d journeys %q lost and %q limping\n", f.Events, f.Down, f.Degraded, f.Journeys, f.Lost, f.Limping)
			}
			golden(t, filepath.Join("testdata", "sketches", name+".txt"), s.String())
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got (-update writes it)\n%s", diff)
	}
}
