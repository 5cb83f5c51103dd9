package scene

import (
	"fmt"
	"slices"
	"testing"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

var signs = []diagram.Sign{diagram.SignReplicas, diagram.SignSummary, diagram.SignChoice, diagram.SignEntry, diagram.SignSync, diagram.SignAsync,
	diagram.SignSoft, diagram.SignPhase, diagram.SignCycle, diagram.SignError, diagram.SignWarning, diagram.SignInfo, diagram.SignPath, diagram.SignFailed,
	diagram.SignDown, diagram.SignDegraded, diagram.SignFaded, diagram.SignCell, diagram.SignSoftCell, diagram.SignBroken, diagram.SignWeakened,
	diagram.SignLost, diagram.SignCount, diagram.SignCellCount, diagram.SignCellCycle, diagram.SignBand, diagram.SignDiagonal,
	diagram.SignAdded, diagram.SignRemoved, diagram.SignChanged}

// Each sign has a sample of its own, which keeps to its place.
func TestSamplesOfTheLegend(t *testing.T) {
	forms := map[string]diagram.Sign{}
	for _, sign := range signs {
		g := LegendSample(diagram.LegendEntry{Sign: sign})
		if len(g.Items) == 0 {
			t.Errorf("%s has no sample", sign)
		}
		form := ""
		for _, it := range g.Items {
			switch it := it.(type) {
			case *Path:
				form += fmt.Sprint(*it)
				for _, poly := range flatten(it.Segments) {
					for _, p := range poly {
						if !within(layout.Box{Min: p, Max: p}, box(0, 0, sampleWidth, sampleHeight), 1) {
							t.Errorf("the sample of %s reaches to %v", sign, p)
						}
					}
				}
			case *Text:
				form += fmt.Sprint(*it)
			}
		}
		if other, ok := forms[form]; ok {
			t.Errorf("%s looks like %s", sign, other)
		}
		forms[form] = sign
	}
}

func TestTinyDrawingsHaveNoLegendOfThePlain(t *testing.T) {
	d := &diagram.Diagram{Title: "x", Flow: diagram.FlowDown}
	for _, k := range []schema.Kind{schema.Service, schema.Database} {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: "orders", Kind: k, Group: -1, Replicas: 1, Of: 1})
	}
	d.Edges = []*diagram.Edge{{From: 0, To: 1, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Count: 1}}
	shown := func() (list []diagram.Sign) {
		for _, e := range legendEntries(d) {
			list = append(list, e.Sign)
		}
		return list
	}
	if got := shown(); len(got) != 0 {
		t.Errorf("two modules and a line: %v", got)
	}
	d.Nodes[0].Entry = true
	if got := shown(); !slices.Equal(got, []diagram.Sign{diagram.SignEntry}) {
		t.Errorf("with an entry: %v", got)
	}
	d.Edges = append(d.Edges, &diagram.Edge{From: 0, To: 1, Mode: schema.Async, Strength: schema.Hard, When: schema.Runtime, Count: 1})
	if got := shown(); !slices.Equal(got, []diagram.Sign{diagram.SignEntry, diagram.SignSync, diagram.SignAsync}) {
		t.Errorf("with two sorts of lines: %v", got)
	}
	for range 2 {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: "more", Kind: schema.Service, Group: -1, Replicas: 1, Of: 1})
	}
	if got := shown(); !slices.Contains(got, diagram.SignKind) {
		t.Errorf("four modules: %v", got)
	}
}
