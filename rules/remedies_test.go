package rules

import (
	"math/rand/v2"
	"testing"

	"lintel/analyzer"
	"lintel/schema"
)

// TestKeepsCapacityIsSurvivesDomain holds what is said of changed modules to the failure model.
func TestKeepsCapacityIsSurvivesDomain(t *testing.T) {
	lost := 0
	for seed := range 3000 {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		names := []string{"a", "b", "c", "d"}
		d := &schema.Design{}
		for i, name := range names {
			f := &schema.FailureDomain{Name: name, Kind: schema.Zone}
			if i > 0 && r.IntN(2) == 0 {
				f.In.Name = names[r.IntN(i)]
			}
			d.FailureDomains = append(d.FailureDomains, f)
		}
		m := &schema.Module{Name: "m", Replicas: r.IntN(6), Placement: &schema.Placement{}}
		m.Redundancy.Mode = []schema.RedundancyMode{schema.ActiveActive, schema.ActivePassive, schema.Quorum}[r.IntN(3)]
		m.Redundancy.Failover = []schema.Failover{schema.AutomaticFailover, schema.ManualFailover}[r.IntN(2)]
		if r.IntN(2) == 0 {
			need := 1 + r.IntN(4)
			m.Redundancy.Need = &need
		}
		for _, k := range r.Perm(5)[:r.IntN(4)] {
			name := append(names, "nowhere")[k]
			if r.IntN(2) == 0 && len(m.Placement.Counts) == 0 {
				m.Placement.Spread = append(m.Placement.Spread, schema.Ref{Name: name})
			} else if len(m.Placement.Spread) == 0 {
				m.Placement.Counts = append(m.Placement.Counts, schema.PlacementCount{Domain: schema.Ref{Name: name}, Count: r.IntN(4)})
			}
		}
		d.Modules = []*schema.Module{m}
		d.Normalize()
		a := analyzer.New(d)
		for k := range d.FailureDomains {
			want := a.SurvivesDomain(0, int32(k))
			if got := keepsCapacity(a, m, int32(k)); got != want {
				t.Fatalf("seed %d: keepsCapacity of %d replicas, need %d, %s %s, at %q without %s: %v", seed, m.Replicas, m.Need(), m.Redundancy.Mode, m.Redundancy.Failover, m.ReplicaDomains(), names[k], got)
			}
			if !want && m.Replicas >= m.Need() {
				lost++
			}
		}
	}
	if lost < 500 {
		t.Errorf("%d losses in 3000 designs", lost)
	}
}
