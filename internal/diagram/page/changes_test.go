package page

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/rules"
	"lintel/schema"
)

// changedDesign is web → orders → cache, which is removed with the dependency that leads to it.
func changedDesign() (*analyzer.Analysis, *diagram.Changes) {
	d := &schema.Design{System: "shop", Modules: []*schema.Module{
		{Name: "web", Kind: schema.Frontend, Entry: true, Replicas: 2, DependsOn: []*schema.Dependency{{Key: "orders"}}},
		{Name: "orders", Replicas: 1, DependsOn: []*schema.Dependency{{Key: "cache"}}},
		{Name: "cache", Kind: schema.Cache, Replicas: 1},
	}}
	d.Normalize()
	return analyzer.New(d), &diagram.Changes{
		Title:        "main → the working tree",
		Modules:      map[string]diagram.Change{"orders": diagram.WasChanged, "cache": diagram.WasRemoved},
		Dependencies: map[string]diagram.Change{"orders -> cache": diagram.WasRemoved, "web -> orders": diagram.WasAdded},
		Notes:        map[string]string{"orders": "replicas 3 → 1"},
	}
}

func TestSimulationLeavesOutWhatWasRemoved(t *testing.T) {
	a, changes := changedDesign()
	before, now := newData(a, nil, nil), newData(a, nil, changes)
	cache, _ := a.ModuleIndex("cache")
	orders, _ := a.ModuleIndex("orders")
	if got := before.Modules[cache].Takes; got != 2 {
		t.Fatalf("the cache took %d modules down, want 2", got)
	}
	if got := now.Modules[cache]; got.Takes != 0 || got.Loses != 0 {
		t.Errorf("the cache that was removed takes %d modules and %d journeys down", got.Takes, got.Loses)
	}
	if got := now.Modules[orders].Takes; got != 1 {
		t.Errorf("orders takes %d modules down, want 1", got)
	}
	for k, d := range now.Dependencies {
		if gone := a.Dependencies()[k].Key == "cache"; (d.When == removed) != gone {
			t.Errorf("dependency %d is needed at %q", k, d.When)
		}
	}
	if got := now.Modules[orders].Facts[0]; got != [2]string{"Change", "changed: replicas 3 → 1"} {
		t.Errorf("the first fact about orders is %q", got)
	}
	if got := before.Modules[orders].Facts; len(got) > 0 && got[0][0] == "Change" {
		t.Errorf("without changes, it says %q", got)
	}
}

func TestSimulationLeavesOutAlternativesThatWent(t *testing.T) {
	d := &schema.Design{System: "shop", Modules: []*schema.Module{
		{Name: "web", Entry: true, Replicas: 2, DependsOn: []*schema.Dependency{{Key: "store", AnyOf: []schema.Ref{{Name: "a"}, {Name: "b"}}}, {Key: "nowhere"}}},
		{Name: "a", Replicas: 1}, {Name: "b", Replicas: 1},
	}}
	d.Normalize()
	of := analyzer.New(d)
	a, _ := of.ModuleIndex("a")
	changes := &diagram.Changes{Dependencies: map[string]diagram.Change{"web -> store": diagram.WasChanged},
		Targets: map[string]diagram.Change{"web -> store -> b": diagram.WasRemoved}}
	now := newData(of, nil, changes)
	if got := now.Modules[a].Takes; got != 1 {
		t.Errorf("a takes %d modules down, want web", got)
	}
	for k, dep := range now.Dependencies {
		want := []int32{a}
		if of.Dependencies()[k].Key == "nowhere" {
			want = []int32{}
		}
		if dep.Targets == nil || !slices.Equal(dep.Targets, want) {
			t.Errorf("%s leads to %#v, want %v", of.Dependencies()[k].Key, dep.Targets, want)
		}
	}
}

func TestPageOfChanges(t *testing.T) {
	a, changes := changedDesign()
	r := rules.Run(a, rules.Settings{}, time.Time{})
	if len(r.Findings) < 2 {
		t.Fatal("too few findings")
	}
	changes.NewFindings = map[string]bool{r.Findings[0].Fingerprint(): true}
	if got := len(newData(a, r, changes).Findings); got != 1 {
		t.Errorf("%d findings are listed, want the new one", got)
	}
	var b bytes.Buffer
	if err := Write(t.Context(), &b, a, r, Options{Diagram: diagram.Options{Changes: changes, Findings: true}}, engine(t)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Changes: main → the working tree.", "replicas 3 → 1", "<span>removed</span>", "<span>added</span>", "<span>changed</span>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
