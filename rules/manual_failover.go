package rules

import (
	"fmt"

	"lintel/analyzer"
)

// manualFailover tells of an active-passive module whose standby takes over only by hand, where the
// loss of the primary is felt: it brings a journey down or degrades it. Where another module stands
// in, nothing is felt and the rule keeps silent.
//
// A primary whose loss brings a journey down is a single point of failure, and RES001 says so; this
// rule then keeps silent, so that one cause is one finding. It speaks where journeys are only degraded,
// and where RES001 does not run.
var manualFailover = &Rule{
	ID:       "RES010",
	Name:     "manual-failover",
	Severity: Warning,
	Summary:  "The standby of a module that a journey needs takes over only by hand.",
	Sources: []Source{
		{Title: "AWS Well-Architected, REL11: design the workload to withstand component failures", URL: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/design-your-workload-to-withstand-component-failures.html"},
	},
	Run: runManualFailover,
}

func runManualFailover(p *Pass) {
	a := p.Analysis
	f := a.Failures()
	tells := p.Runs("RES001")
	for i, e := range f.Events {
		if e.Kind != analyzer.ReplicaEvent || e.Replica != 1 {
			continue
		}
		m := a.Module(e.Module)
		o := f.Outcomes[i]
		if !failsOverByHand(m) || needsAll(m) || len(o.Lost) == 0 && len(o.Degraded) == 0 || len(o.Lost) > 0 && tells {
			continue
		}
		felt := "degrades " + enumerate(journeyNames(a, o.Degraded))
		if len(o.Lost) > 0 {
			felt = takesDown(a, o.Lost, e.Module)
		}
		s := singlePoint{event: e, lost: o.Lost}
		found := Finding{
			Subject:  Subject{OfModule, m.Name},
			Message:  fmt.Sprintf("%s fails over only by hand: losing its primary %s until someone has switched over", m.Name, felt),
			Location: placeOfRedundancy(m),
			Journeys: journeyNames(a, union(o.Lost, o.Degraded)),
			Paths:    waysOf(a, s),
			Suggestions: []string{
				`redundancy.failover: "automatic", so that a standby takes over by itself`,
				"or run the replicas active-active",
			},
		}
		if len(found.Paths) > 0 {
			found.Path = found.Paths[0].Path
		}
		p.Report(found)
	}
}
