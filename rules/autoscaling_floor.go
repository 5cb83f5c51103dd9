package rules

import (
	"fmt"
)

// autoscalingFloor tells of autoscaling whose floor is below the copies that REP001's parameters ask
// for, of the same modules as that rule, or whose floor is its ceiling, so that it scales nothing. A
// floor of one whose loss RES001 or REP002 tells is not told again; a floor above the ceiling is HYG002's.
var autoscalingFloor = &Rule{
	ID: "REP009", Name: "autoscaling-floor", Severity: Warning,
	Summary: "The floor of autoscaling is below the replicas that the tier asks for, or equal to the ceiling.",
	Needs:   []string{"autoscaling"},
	Sources: []Source{
		{"kube-linter, check hpa-minimum-three-replicas", "https://docs.kubelinter.io/#/generated/checks"},
		{"Polaris, checks hpaMinAvailability and hpaMaxAvailability", "https://polaris.docs.fairwinds.com/checks/reliability/"},
	},
	Run: runAutoscalingFloor,
}

func runAutoscalingFloor(p *Pass) {
	a := p.Analysis
	demand, points, stores := p.replicaDemand(), told(p), p.storesInOneCopy()
	for i, m := range a.Design.Modules {
		s := m.Autoscaling
		if s == nil || s.Min > s.Max {
			continue
		}
		want, why := askedReplicas(p, m)
		switch {
		case s.Min < want && demand.asks(int32(i), m):
			if points.tellsModule(int32(i)) || stores[int32(i)] {
				continue
			}
			p.Report(Finding{
				Subject:     Subject{OfModule, m.Name},
				Message:     fmt.Sprintf("the autoscaling of %s goes down to %s, and %d are asked for%s: only the floor can be relied on", m.Name, counted(s.Min, "replica"), want, why),
				Location:    placeOfFirst(m, "autoscaling.min", "autoscaling"),
				Journeys:    journeyNames(a, a.ModuleFailures().Lost[i]),
				Suggestions: []string{replicasTo(m, want) + whereToSpread(a, m, want)},
				Key:         "floor",
			})
		case s.Min == s.Max && s.Min > 0:
			p.Report(Finding{
				Subject:     Subject{OfModule, m.Name},
				Message:     fmt.Sprintf("the autoscaling of %s has the same floor and ceiling, %d: it scales nothing", m.Name, s.Min),
				Location:    placeOfFirst(m, "autoscaling.max", "autoscaling"),
				Suggestions: []string{fmt.Sprintf("autoscaling.max above %d, or replicas: %d and no autoscaling", s.Max, s.Min)},
				Key:         "fixed",
			})
		}
	}
}
