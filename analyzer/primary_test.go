package analyzer_test

import (
	"testing"

	"lintel/analyzer"
	"lintel/schema"
)

// Counts in several domains do not say where the primary stands: a domain's loss does not take it, but its
// own failure does, also together with a domain's.
func TestPrimaryFailsTogetherWithADomain(t *testing.T) {
	d := &schema.Design{
		System:         "s",
		FailureDomains: []*schema.FailureDomain{{Name: "a", Kind: schema.Zone}, {Name: "b", Kind: schema.Zone}},
		Modules: []*schema.Module{{
			Name: "db", Kind: schema.Database, Replicas: 3,
			Redundancy: schema.Redundancy{Mode: schema.ActivePassive, Failover: schema.ManualFailover},
			Placement:  &schema.Placement{Counts: []schema.PlacementCount{{Domain: schema.Ref{Name: "a"}, Count: 2}, {Domain: schema.Ref{Name: "b"}, Count: 1}}},
		}},
	}
	d.Normalize()
	a := analyzer.New(d)
	domain := analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: 0}
	primary := analyzer.Event{Kind: analyzer.ReplicaEvent, Module: 0, Replica: 1, Domain: -1}
	standby := analyzer.Event{Kind: analyzer.ReplicaEvent, Module: 0, Replica: 2, Domain: -1}
	for _, c := range []struct {
		what   string
		events []analyzer.Event
		down   bool
	}{
		{"the domain", []analyzer.Event{domain}, false},
		{"the primary", []analyzer.Event{primary}, true},
		{"the domain and the primary", []analyzer.Event{domain, primary}, true},
		{"the domain and a standby in it", []analyzer.Event{domain, standby}, false},
	} {
		if got := a.Simulate(analyzer.Scenario{Events: c.events}).ModuleDown[0]; got != c.down {
			t.Errorf("with %s lost, down is %t", c.what, got)
		}
	}
}
