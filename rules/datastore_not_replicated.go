package rules

import (
	"fmt"

	"lintel/schema"
)

// datastoreNotReplicated tells of data that exist once. A module counts where it keeps data whose
// loss is felt:
//
//   - a database, an object store or a queue, and whatever states `state: "stateful"`;
//   - a cache, search index, discovery or configuration store, whose data come from elsewhere, only
//     where a module hard-depends on it at runtime or keeps its sessions in it.
//
// External modules do not count: how they keep their data is not the design's choice. A module that
// is only ever one of several alternatives with a spare is a copy of what stands there. With a
// backup that is not known to be untested, the loss is that of the time since, and the finding is a
// warning. Where RES001 tells that the one replica is a single point of failure, it is not told again.
var datastoreNotReplicated = &Rule{
	ID: "REP002", Name: "datastore-not-replicated", Severity: Error,
	Summary: "A stateful module has one copy (a warning where it has a backup).",
	Sources: []Source{
		{"AWS Well-Architected, REL09: back up data; REL10: use fault isolation", "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/welcome.html"},
		{"PSRule for Azure: use geo-replicated and zone-redundant stores", "https://azure.github.io/PSRule.Rules.Azure/"},
	},
	Run: runDatastoreNotReplicated,
}

func runDatastoreNotReplicated(p *Pass) {
	a := p.Analysis
	points := told(p)
	hard := hardCallers(a)
	spare := p.replicaDemand().spared
	sessions := map[string]bool{}
	for _, m := range a.Design.Modules {
		if m.Session != nil && m.Session.In.Name != "" {
			sessions[m.Session.In.Name] = true
		}
	}
	for i, m := range a.Design.Modules {
		if m.State != schema.Stateful || m.Kind == schema.External || m.ReliableReplicas() != 1 || spare[i] || points.tellsModule(int32(i)) {
			continue
		}
		if !keepsData(m) && len(hard[i]) == 0 && !sessions[m.Name] {
			continue
		}
		f := Finding{
			Subject:     Subject{OfModule, m.Name},
			Message:     m.Name + " keeps its data in one copy: losing that loses the data",
			Location:    placeOfFirst(m, replicaField(m)),
			Suggestions: []string{moreReplicas(a, m)},
		}
		switch b := m.Backup; {
		case b == nil && m.Kind != schema.Cache:
			f.Suggestions = append(f.Suggestions, "or at the least a backup: backup: {to: ..., every: \"24h\", tested: true}")
		case b != nil && (b.Tested == nil || *b.Tested):
			f.Severity = Warning
			f.Message = m.Name + " keeps its data in one copy: losing that loses what was written since the last backup, and the module until it is restored"
			if b.Every != nil {
				f.Message = fmt.Sprintf("%s keeps its data in one copy: losing that loses up to %s of data, and the module until it is restored", m.Name, inWords(*b.Every))
			}
		}
		p.Report(f)
	}
}

// keepsData reports whether m is where its data live, and not a copy made from others.
func keepsData(m *schema.Module) bool {
	switch m.Kind {
	case schema.Database, schema.ObjectStore, schema.Queue:
		return true
	}
	_, stated := m.Places.Of("state")
	return stated || m.Kind.DefaultState() != schema.Stateful
}
