package improve

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/rules"
)

// What is found without the exact search reaches the goal, and there is hardly a design for which nothing is found.
func TestApproach(t *testing.T) {
	missed, all, more, least := 0, 0, 0.0, 0.0
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t, true)
		settings := Settings{Costs: drawCosts(t)}
		settings.Goal, _ = ParseGoal("slo")
		settings.Assume.Pessimistic = 97
		p, err := Find(d, settings, rules.Settings{Only: []string{"TXN001"}}, time.Time{})
		if err != nil || !p.Reached {
			return
		}
		s := newSystem(analyzer.New(d), &settings)
		x := newAvailabilitySearch(s)
		var got found
		if err := x.giveUp(&got); err != nil {
			t.Fatal(err)
		}
		if err := x.approach(&got); err != nil {
			t.Fatal(err)
		}
		all++
		if !got.reached {
			missed++
			return
		}
		changed, err := x.changed(got.choice, nil)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := Prove(changed, settings); err != nil || !m.Met() {
			t.Fatalf("what was found does not reach the goal: %v", err)
		}
		more += priceOf(s.costOf(got.choice))
		least += p.Price
	})
	if missed*50 > all {
		t.Errorf("%d of %d are missed", missed, all)
	}
	t.Logf("%d of %d are missed; what is found costs %v in all, the cheapest %v", missed, all, more, least)
}
