package rules

import (
	"fmt"

	"lintel/schema"
)

// localSessionInCluster tells of sessions that only one of several replicas knows. Kept locally, each
// request may reach a replica that does not know its user (an error); with sticky routing, or where
// all but one replica stand by, the sessions are lost with their replica (a warning). The most
// replicas that may run count, up to the ceiling of autoscaling.
var localSessionInCluster = &Rule{
	ID: "REP004", Name: "local-session-in-cluster", Severity: Error,
	Summary: "Several replicas keep user sessions locally (a warning where requests stick to their replica).",
	Sources: []Source{
		{"The Twelve-Factor App, VI: processes", "https://12factor.net/processes"},
		{"Tanenbaum and van Steen, Distributed Systems: server clusters, session sharing", ""},
	},
	Run: runLocalSessionInCluster,
}

func runLocalSessionInCluster(p *Pass) {
	unstated := 0
	for _, m := range p.Design.Modules {
		most := m.ReliableReplicas()
		if m.Autoscaling != nil {
			most = max(most, m.Autoscaling.Max)
		}
		if most < 2 || m.Kind == schema.External {
			continue
		}
		if m.Session == nil || m.Session.Kept == "" {
			if m.State == schema.SessionKeeper {
				unstated++
			}
			continue
		}
		f := Finding{
			Subject:  Subject{OfModule, m.Name},
			Location: placeOfFirst(m, "session.kept", "session"),
			Suggestions: []string{
				fmt.Sprintf("session: {kept: \"shared\", in: ...} for %s, with a replicated store", m.Name),
				"or no sessions at all: let the client hold them in a signed token",
			},
		}
		replicas := counted(most, "replica")
		switch {
		case m.Session.Kept == "sticky", m.Session.Kept == "local" && m.Redundancy.Mode == schema.ActivePassive:
			f.Severity = Warning
			f.Message = fmt.Sprintf("%s keeps user sessions in the one of its %s that serves the user: losing or replacing it logs those users out", m.Name, replicas)
		case m.Session.Kept == "local":
			f.Message = fmt.Sprintf("%s has %s that keep user sessions locally: a request that reaches another replica finds no session", m.Name, replicas)
		default:
			continue
		}
		p.Report(f)
	}
	p.Unchecked(unstated, "session.kept")
}
