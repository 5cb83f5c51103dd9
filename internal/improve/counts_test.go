package improve

import (
	"slices"
	"testing"
	"time"

	"lintel/rules"
	"lintel/schema"
)

// Counts change as little as the goal takes, instead of being spread evenly anew.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b int
		need int
		move float64
		want []string
		cost float64
	}{
		{name: "moved", a: 10, b: 2, need: 3, move: 0.2, want: []string{"m: in a 10 → 9, in b 2 → 3"}, cost: 0.2},
		{name: "several moved", a: 10, b: 2, need: 5, move: 0.2, want: []string{"m: in a 10 → 7, in b 2 → 5"}, cost: 0.6},
		{name: "added", a: 10, b: 2, need: 3, move: Never, want: []string{"m: replicas 12 → 13, in b 2 → 3"}, cost: 1},
		{name: "many added", a: 40, b: 2, need: 30, move: Never, want: []string{"m: replicas 42 → 70, in b 2 → 30"}, cost: 28},
	} {
		t.Run(c.name, func(t *testing.T) {
			counts := func(name string, n int) schema.PlacementCount {
				return schema.PlacementCount{Domain: schema.Ref{Name: name}, Count: n}
			}
			d := &schema.Design{System: "s", FailureDomains: []*schema.FailureDomain{{Name: "a", Kind: schema.Zone}, {Name: "b", Kind: schema.Zone}}}
			d.Modules = []*schema.Module{{
				Name: "m", Kind: schema.Service, Entry: true, Replicas: c.a + c.b, Redundancy: schema.Redundancy{Need: new(c.need)},
				Placement: &schema.Placement{Counts: []schema.PlacementCount{counts("a", c.a), counts("b", c.b)}},
			}}
			d.Normalize()
			settings := Settings{Costs: Costs{Prices: Prices{Move: new(c.move)}}}
			settings.Goal, _ = ParseGoal("survive:zone")
			p, err := Find(d, settings, rules.Settings{Only: []string{"TXN001"}}, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, step := range p.Steps {
				got = append(got, step.Text...)
			}
			if !slices.Equal(got, c.want) || p.Price != c.cost || !p.Reached {
				t.Errorf("%v at %v, reached %v", got, p.Price, p.Reached)
			}
		})
	}
}
