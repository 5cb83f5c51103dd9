package rules

import (
	"fmt"

	"lintel/schema"
)

// asynchronousFailover tells of databases, and of other stores that a transaction spans, whose standby
// takes over by itself although it may not have the last writes. A standby is one of a module with
// redundancy.mode active-passive, or of one that states redundancy.failover: automatic; the members
// of a quorum agree on writes.
var asynchronousFailover = &Rule{
	ID: "REP008", Name: "asynchronous-failover-loses-data", Severity: Info,
	Summary: "A store with transactions fails over automatically to a copy that is replicated asynchronously.",
	Needs:   []string{"redundancy.replication"},
	Sources: []Source{
		{"GitHub, October 21 post-incident analysis (2018)", "https://github.blog/2018-10-30-oct21-post-incident-analysis/"},
	},
	Run: runAsynchronousFailover,
}

func runAsynchronousFailover(p *Pass) {
	spanned := map[string]bool{}
	for _, t := range p.Design.Transactions {
		for _, s := range t.Spans {
			spanned[s.Name] = true
		}
	}
	unstated := 0
	for _, m := range p.Design.Modules {
		if m.Kind != schema.Database && !(m.Kind.IsStore() && spanned[m.Name]) || m.ReliableReplicas() < 2 || !failsOverByItself(m) {
			continue
		}
		switch m.Redundancy.Replication {
		case "":
			unstated++
		case schema.Asynchronous:
			p.Report(Finding{
				Subject:  Subject{OfModule, m.Name},
				Message:  fmt.Sprintf("%s fails over by itself to a copy that is replicated asynchronously: writes that had not reached it are lost", m.Name),
				Location: placeOfFirst(m, "redundancy.replication", "redundancy"),
				Suggestions: []string{
					"redundancy.replication: \"synchronous\", at least to one copy, which then takes over",
					"or redundancy.failover: \"manual\", where a longer outage is better than lost writes",
				},
			})
		}
	}
	p.Unchecked(unstated, "redundancy.replication")
}

func failsOverByItself(m *schema.Module) bool {
	if m.Redundancy.Failover != schema.AutomaticFailover || m.Redundancy.Mode == schema.Quorum {
		return false
	}
	_, stated := m.Places.Of("redundancy.failover")
	return stated || m.Redundancy.Mode == schema.ActivePassive
}
