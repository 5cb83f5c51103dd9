package rules

import (
	"fmt"
	"maps"
	"slices"

	"lintel/schema"
)

// datastoreNotReplicated tells of data that exist once:
//
//   - as an error, of a database, an object store and a queue, and of whatever states
//     `state: "stateful"`; as a warning, where it has a backup that is not known to be untested, so
//     that what was written since is lost;
//   - as a warning, of a cache, a search index, a discovery or a configuration store, whose data come
//     from elsewhere, where sessions are kept in it, or where a module hard-depends on it at runtime
//     and REP001 would ask for copies of it.
//
// External modules do not count: how they keep their data is not the design's choice. A module that
// is only ever one of several alternatives with a spare is a copy of what stands there. Where RES001
// tells that the one replica is a single point of failure, it is not told again.
var datastoreNotReplicated = &Rule{
	ID: "REP002", Name: "datastore-not-replicated", Severity: Error,
	Summary: "A stateful module has one copy (a warning where it has a backup or its data come from elsewhere).",
	Sources: []Source{
		{"AWS Well-Architected, REL09: back up data; REL10: use fault isolation", "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/welcome.html"},
		{"PSRule for Azure: use geo-replicated and zone-redundant stores", "https://azure.github.io/PSRule.Rules.Azure/"},
	},
	Run: runDatastoreNotReplicated,
}

func runDatastoreNotReplicated(p *Pass) {
	a := p.Analysis
	stores := p.storesInOneCopy()
	for _, i := range slices.Sorted(maps.Keys(stores)) {
		m := a.Module(i)
		f := Finding{
			Severity:    Warning,
			Subject:     Subject{OfModule, m.Name},
			Location:    placeOfFirst(m, replicaField(m)),
			Suggestions: []string{moreReplicas(a, m)},
			Remedies:    asRemedy(oneMoreReplica(a, m)),
		}
		callers := moduleNames(a, p.hardCallersOf(i))
		switch b := m.Backup; {
		case !keepsData(m) && len(callers) > 0:
			f.Message = fmt.Sprintf("%s has one copy: while it is lost, %s cannot work, and what it holds has to be filled in anew", m.Name, enumerate(callers))
		case !keepsData(m):
			f.Message = m.Name + " keeps user sessions in one copy: losing that logs the users out"
		case b != nil && (b.Tested == nil || *b.Tested) && b.Every != nil:
			f.Message = fmt.Sprintf("%s keeps its data in one copy: losing that loses up to %s of data, and the module until it is restored", m.Name, schema.FormatDuration(*b.Every))
		case b != nil && (b.Tested == nil || *b.Tested):
			f.Message = m.Name + " keeps its data in one copy: losing that loses what was written since the last backup, and the module until it is restored"
		default:
			f.Severity = Error
			f.Message = m.Name + " keeps its data in one copy: losing that loses the data"
			if b == nil {
				f.Suggestions = append(f.Suggestions, "or at the least a backup: backup: {to: ..., every: \"24h\", tested: true}")
			}
		}
		p.Report(f)
	}
}

// storesInOneCopy marks the modules of which REP002 tells; none where it does not run.
func (p *Pass) storesInOneCopy() map[int32]bool {
	if !p.Runs("REP002") {
		return nil
	}
	if p.shared.storesInOneCopy == nil {
		p.shared.storesInOneCopy = p.findStoresInOneCopy()
	}
	return p.shared.storesInOneCopy
}

func (p *Pass) findStoresInOneCopy() map[int32]bool {
	a := p.Analysis
	demand, points := p.replicaDemand(), told(p)
	sessions := map[string]bool{}
	for _, m := range a.Design.Modules {
		if m.Session != nil && m.Session.In.Name != "" {
			sessions[m.Session.In.Name] = true
		}
	}
	out := map[int32]bool{}
	for i, m := range a.Design.Modules {
		id := int32(i)
		if m.State != schema.Stateful || m.Kind == schema.External || m.ReliableReplicas() != 1 || demand.spared[i] || points.tellsModule(id) {
			continue
		}
		if keepsData(m) || sessions[m.Name] || demand.asks(id, m) && len(p.hardCallersOf(id)) > 0 {
			out[id] = true
		}
	}
	return out
}

// hardCallersOf lists the modules that hard-depend on module m at runtime, sorted.
func (p *Pass) hardCallersOf(m int32) []int32 {
	if p.shared.hardCallers == nil {
		p.shared.hardCallers = hardCallers(p.Analysis)
	}
	var out []int32
	for _, i := range p.shared.hardCallers[m] {
		if from := p.Analysis.Dependencies()[i].From; from != m && (len(out) == 0 || out[len(out)-1] != from) {
			out = append(out, from)
		}
	}
	return out
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
