package resilience_test

import (
	"testing"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// TestGroupContributors: replicas that are alike are one group, also where their domains differ a little; the primary of a
// standby that is not taken over by itself is none of them, and no event is lost or told twice.
func TestGroupContributors(t *testing.T) {
	d := &schema.Design{System: "s", Modules: []*schema.Module{
		{Name: "a", Replicas: 3, Entry: true, Availability: new(99.0), Redundancy: schema.Redundancy{Need: new(2)},
			Placement: &schema.Placement{Spread: []schema.Ref{{Name: "x"}, {Name: "y"}, {Name: "z"}}}, DependsOn: []*schema.Dependency{{Key: "b", To: schema.Ref{Name: "b"}}}},
		{Name: "b", Replicas: 2, Availability: new(99.0), Redundancy: schema.Redundancy{Mode: schema.ActivePassive, Failover: schema.ManualFailover}},
	}, FailureDomains: []*schema.FailureDomain{
		{Name: "x", Kind: schema.Zone, Availability: new(99.95)}, {Name: "y", Kind: schema.Zone, Availability: new(99.951)}, {Name: "z", Kind: schema.Zone, Availability: new(99.95)},
	}}
	d.Normalize()
	s, err := resilience.New(analyzer.New(d), resilience.Assumptions{Pessimistic: 99}, resilience.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Availability(analyzer.OfModule(0))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[analyzer.Event]bool{}
	sizes := map[int]int{}
	for _, g := range s.GroupContributors(got.Contributors) {
		sizes[len(g.Events)]++
		for _, e := range g.Events {
			if seen[e] {
				t.Errorf("%+v stands in two groups", e)
			}
			seen[e] = true
		}
	}
	if len(seen) != len(got.Contributors) {
		t.Errorf("%d events of %d", len(seen), len(got.Contributors))
	}
	if sizes[3] != 1 {
		t.Errorf("groups by size: %v; the replicas of a are one", sizes)
	}
}
