package diagram_test

import (
	"slices"
	"testing"

	"lintel/analyzer"
	"lintel/internal/diagram"
)

// TestPartlyDown: a group as one box says that a part of it is down, and what failed inside.
func TestPartlyDown(t *testing.T) {
	a := analyzer.New(shop())
	failing, err := diagram.ParseFailures(a, "orders-db")
	if err != nil {
		t.Fatal(err)
	}
	d, err := diagram.Build(a, nil, diagram.Options{View: diagram.ViewOverview, Fail: failing})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, n := range d.Nodes {
		if !slices.Contains(n.Caption(), "orders-db failed inside") {
			continue
		}
		found = true
		if n.State != diagram.Down && !n.PartlyDown() {
			t.Errorf("%s: %v", n.Name, n.State)
		}
	}
	if !found {
		t.Error("no box says that orders-db failed inside")
	}
}
