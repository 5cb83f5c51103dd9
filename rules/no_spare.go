package rules

import (
	"fmt"

	"lintel/schema"
)

// noSpare tells of the most critical data with only two copies: from the loss of one until it is
// rebuilt, which for a store takes long, one more loss is the last. That a standby takes over only by
// hand, which RES001 may tell, is another matter. A quorum of two is told by RES005, one that needs
// both by RES001, and what is only ever one of several alternatives with a spare has
// its spare there.
var noSpare = &Rule{
	ID: "REP007", Name: "no-spare", Severity: Warning,
	Summary: "A stateful module at tier 0 has only two copies, so that no spare is left while one is lost or rebuilt.",
	Needs:   []string{"tier"},
	Sources: []Source{
		{"Beyer et al., Site Reliability Engineering, chapter 18: N+2 redundancy", "https://sre.google/sre-book/software-engineering-in-sre/"},
		{"GitLab, postmortem of the database outage of January 31, 2017", "https://about.gitlab.com/blog/2017/02/10/postmortem-of-database-outage-of-january-31/"},
	},
	Run: runNoSpare,
}

func runNoSpare(p *Pass) {
	a := p.Analysis
	points, spare := told(p), p.replicaDemand().spared
	untiered := 0
	for i, m := range a.Design.Modules {
		if m.State != schema.Stateful || m.Kind == schema.External || m.ReliableReplicas() != 2 || spare[i] ||
			m.Redundancy.Mode == schema.Quorum && p.Runs("RES005") || needsAll(m) && points.tellsModule(int32(i)) {
			continue
		}
		if m.Tier == nil {
			untiered++
			continue
		}
		if *m.Tier != 0 {
			continue
		}
		p.Report(Finding{
			Subject:     Subject{OfModule, m.Name},
			Message:     fmt.Sprintf("%s is at tier 0 with only two copies: while one is lost or rebuilt, the other is the last", m.Name),
			Location:    placeOfFirst(m, replicaField(m)),
			Journeys:    journeyNames(a, a.ModuleFailures().Lost[i]),
			Suggestions: []string{replicasTo(m, 3) + whereToSpread(a, m, 3)},
			Remedies:    asRemedy(spreadOver(a, m, remedy{replicas: 3})),
		})
	}
	p.Unchecked(untiered, "tier")
}
