package resilience_test

import (
	"fmt"
	"math/big"
	"testing"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// Of a module with very many replicas, the cut sets are those without its replicas, and complete up to the order that
// the smallest with some of them could have.
func TestCutSetsOfManyReplicas(t *testing.T) {
	for _, c := range []struct {
		replicas, need int
		maxOrder       int
		count          string // by order
		complete       bool
	}{
		// Two zones hold two thirds, all but one of which are to spare: {zone, zone}. With one zone, 267 replicas are needed besides.
		{900, 334, 0, "[0 0 3]", false},
		{900, 334, 2, "[0 0 3]", true},
		// Any two replicas fail it: there is more of order 2 than is listed. Any zone does.
		{900, 899, 0, "[0 3]", false},
		{900, 899, 1, "[0 3]", true},
		{900, 900, 0, "[]", false}, // any one
	} {
		d := &schema.Design{System: "many", Modules: []*schema.Module{{
			Name: "web", Entry: true, Replicas: c.replicas, Redundancy: schema.Redundancy{Need: &c.need},
			Placement: &schema.Placement{Spread: []schema.Ref{{Name: "a"}, {Name: "b"}, {Name: "c"}}},
		}}}
		for _, name := range []string{"a", "b", "c"} {
			d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: name, Kind: schema.Zone})
		}
		d.Normalize()
		system, err := resilience.New(analyzer.New(d), resilience.Assumptions{Pessimistic: 99}, resilience.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := system.CutSets(analyzer.OfJourney(0), c.maxOrder)
		if err != nil {
			t.Fatal(err)
		}
		last := len(got.ByOrder)
		for last > 0 && got.ByOrder[last-1].Sign() == 0 {
			last--
		}
		if text := fmt.Sprint(got.ByOrder[:last]); text != c.count || got.Complete != c.complete {
			t.Errorf("%d of %d up to %d: %s, complete %t; want %s and %t", c.need, c.replicas, c.maxOrder, text, got.Complete, c.count, c.complete)
		}
		listed := new(big.Int)
		for set := range got.All {
			listed.Add(listed, set.Number)
		}
		if got.Count().Cmp(listed) != 0 {
			t.Errorf("%v counted, %v listed", got.Count(), listed)
		}
	}
}
