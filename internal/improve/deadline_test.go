package improve

import (
	"fmt"
	"testing"
	"time"

	"lintel/rules"
	"lintel/schema"
)

// generated makes a design of many modules that need each other, in several zones, with promises that take replicas.
func generated(n int) *schema.Design {
	d := &schema.Design{System: "s"}
	for i := range 5 {
		d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: fmt.Sprint("z", i), Kind: schema.Zone, Availability: new(99.9)})
	}
	for i := range n {
		m := &schema.Module{
			Name: fmt.Sprintf("m%04d", i), Kind: schema.Service, Entry: i == 0, Replicas: 1 + i%2, Availability: new(99.5),
			Placement: &schema.Placement{Spread: []schema.Ref{{Name: fmt.Sprint("z", i%5)}, {Name: fmt.Sprint("z", (i+2)%5)}}},
		}
		if i%10 == 0 {
			m.SLO.Availability = new(99.0)
		}
		for k := 1; k <= 3 && i+k*k < n; k++ {
			to := schema.Ref{Name: fmt.Sprintf("m%04d", i+k*k)}
			m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: to.Name, To: to, Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime})
		}
		d.Modules = append(d.Modules, m)
	}
	return d
}

func TestImproveDeadline(t *testing.T) {
	for _, goal := range []string{"no-spof", "survive:zone", "slo"} {
		for _, timeout := range []time.Duration{time.Millisecond, 500 * time.Millisecond} {
			d := generated(300)
			var o Settings
			o.Goal, _ = ParseGoal(goal)
			o.Assume.Pessimistic = 99
			start := time.Now()
			o.Deadline = start.Add(timeout)
			p, err := Find(d, o, rules.Settings{}, time.Time{})
			if err != nil {
				t.Fatal(goal, err)
			}
			if took := time.Since(start); took > timeout+time.Second {
				t.Errorf("%s takes %v instead of %v", goal, took, timeout)
			}
			if p.Reached && (p.Unproven || !p.After.Met()) || !p.Reached && len(p.Late) == 0 && !p.Impossible {
				t.Errorf("%s: reached %v, unproven %v, late %v", goal, p.Reached, p.Unproven, p.Late)
			}
			t.Log(goal, timeout, p.Reached, p.Unproven, p.Late, p.Price, p.AtLeast)
		}
	}
}

func TestImproveCosts(t *testing.T) {
	if got := roundPrice(71568.50000000001); got != 71568.5 {
		t.Error(got)
	}
	sum := 0.0
	for range 3 {
		sum += 0.2
	}
	if got := fmt.Sprint(roundPrice(sum)); got != "0.6" {
		t.Error(got)
	}
}
