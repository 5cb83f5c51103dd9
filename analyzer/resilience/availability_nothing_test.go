package resilience_test

import (
	"math"
	"testing"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// TestNothingToHaveAShareIn: of a target that never fails, parts have no share, which is not the share 0; and what makes no
// difference at all is not told.
func TestNothingToHaveAShareIn(t *testing.T) {
	d := &schema.Design{System: "s", Modules: []*schema.Module{
		{Name: "a", Replicas: 1, Entry: true, Availability: new(100.0), DependsOn: []*schema.Dependency{{Key: "b", To: schema.Ref{Name: "b"}}}},
		{Name: "b", Replicas: 2, Availability: new(100.0)},
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
	if got.Worst.High != 0 || len(got.Contributors) != 1 {
		t.Fatalf("%+v", got)
	}
	c := got.Contributors[0]
	if c.Event.Module != 0 || c.Birnbaum != 1 || !math.IsNaN(c.FussellVesely) || !math.IsNaN(c.RiskAchievementWorth) || !math.IsNaN(c.RiskReductionWorth) {
		t.Errorf("%+v", c)
	}
	if groups := s.GroupContributors([]resilience.Contributor{c, c}); len(groups) != 1 {
		t.Errorf("%d groups of two that are alike", len(groups))
	}
}
