package improve

import (
	"math"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

// A module may have more replicas than a fault tree names one by one: they count all the same.
func TestMeasureOfManyReplicas(t *testing.T) {
	const n = analyzer.MaxNamed + 88
	d := &schema.Design{System: "s", Modules: []*schema.Module{{
		Name: "m", Kind: schema.Service, Entry: true, Replicas: n, Availability: new(99.0), Redundancy: schema.Redundancy{Need: new(n - 1)},
		SLO: schema.SLO{Availability: new(99.0)},
	}}}
	d.Normalize()
	var settings Settings
	settings.Goal, _ = ParseGoal("slo")
	p, err := Find(d, settings, rules.Settings{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want := 1 - math.Pow(0.99, n) - n*0.01*math.Pow(0.99, n-1)
	if len(p.Before.Figures) == 0 || math.Abs(p.Before.Figures[0].Worst.High-want) > 1e-12 {
		t.Errorf("%v, and of %d replicas all but one stay up with the probability %v", p.Before.Figures, n, 1-want)
	}
}
