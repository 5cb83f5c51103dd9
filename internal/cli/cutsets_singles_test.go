package cli

import (
	"testing"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
	"lintel/internal/report/cutsets"
	"lintel/schema"
)

// TestSinglesByCountingEvents: where no diagram could be made, the single points of failure are still counted as the fault tree
// counts them.
func TestSinglesByCountingEvents(t *testing.T) {
	for _, path := range []string{"../../testdata/designs/sock-shop", "../../testdata/designs/train-ticket", "../../testdata/generated/t1.cue"} {
		designs, err := schema.Load(schema.LoadOptions{}, path)
		if err != nil {
			t.Fatal(err)
		}
		a := analyzer.New(designs[0])
		trees, err := a.FaultTrees()
		if err != nil {
			t.Fatal(err)
		}
		for j := range a.Journeys() {
			target := analyzer.OfJourney(int32(j))
			got := &cutsets.Target{}
			countSingles(a, target, got, 1)
			tree := trees.Of(target, func(analyzer.Event) float64 { return 0 })
			m, err := faulttree.New(tree.Tree)
			if err != nil {
				t.Fatal(err)
			}
			want, ok := m.CountByOrder(1, faulttree.Budget{})
			if !ok || tree.Orders < 1 {
				t.Fatalf("%s: the tree does not tell", path)
			}
			if len(want) != 2 || len(got.ByOrder) != 2 || got.ByOrder[1].Cmp(want[1]) != 0 {
				t.Errorf("%s, %s: %v, want %v", path, a.Journeys()[j].Name, got.ByOrder, want)
			}
		}
	}
}
