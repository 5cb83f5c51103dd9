package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// twoPhaseCommitAcrossServices tells of transactions with coordination "2pc" whose participants (see participants) belong to
// several teams, or groups where teams are not stated, or whose services depend on each other asynchronously: a store or queue is a participant itself, whoever reads
// from it. Participants of one owner that wait for each other may well commit in two phases.
var twoPhaseCommitAcrossServices = &Rule{
	ID:       "TXN002",
	Name:     "two-phase-commit-across-services",
	Severity: Warning,
	Summary:  "A two-phase commit spans services of several teams, or an asynchronous dependency.",
	Needs:    []string{"transactions"},
	Sources: []Source{
		{Title: "Helland, Life beyond Distributed Transactions: an Apostate's Opinion (CIDR 2007)", URL: "https://queue.acm.org/detail.cfm?id=3025012"},
		{Title: "Gray, Lamport, Consensus on Transaction Commit (2006): two-phase commit blocks", URL: "https://doi.org/10.1145/1132863.1132867"},
	},
	Run: runTwoPhaseCommit,
}

func runTwoPhaseCommit(p *Pass) {
	a := p.Analysis
	unchecked := 0
	for _, t := range p.Design.Transactions {
		if t.Coordination != "2pc" {
			continue
		}
		services, stores := participants(a, t)
		parts := slices.Concat(services, stores)
		if len(parts) < 2 {
			continue
		}
		var owners []owner
		var members []*schema.Module
		for _, i := range parts {
			m := a.Module(i)
			if slices.Contains(stores, i) && m.Team == "" && m.Group == "" {
				continue // of those who work on it
			}
			owners, members = append(owners, ownerOf(m).swapped()), append(members, m)
		}
		verdict := compareOwners(owners)
		async := asyncBetween(a, services)
		if verdict == unknownOwners && async == nil {
			unchecked++
		}
		if verdict != differentOwners && async == nil {
			continue
		}
		f := Finding{Subject: Subject{OfTransaction, t.Name}, Location: t.At("coordination")}
		if verdict == differentOwners {
			kind, names := "team", distinct(members, func(m *schema.Module) string { return m.Team })
			if len(names) < 2 {
				kind, names = "group", distinct(members, func(m *schema.Module) string { return m.Group })
			}
			f.Message = fmt.Sprintf("%s commits in two phases over %s, of the %ss %s: while any of them or the coordinator is down, the locks of all are held",
				t.Name, enumerate(unique(moduleNamesOf(members))), kind, enumerate(names))
			for _, m := range members[:min(len(members), maxShownPlaces)] {
				of := m.Team
				if kind == "group" {
					of = m.Group
				}
				if of != "" {
					f.Related = append(f.Related, Related{Message: fmt.Sprintf("%s is of %s %s", m.Name, kind, of), Location: placeOfFirst(m, kind)})
				}
			}
		} else {
			f.Message = fmt.Sprintf("%s commits in two phases over %s, which is asynchronous: the locks of all are held until the answer comes, whenever that is",
				t.Name, dependencyName(a, async))
		}
		if async != nil {
			f.Related = append(f.Related, Related{Message: dependencyName(a, async) + " is asynchronous", Location: async.Pos})
		}
		f.Suggestions = []string{
			"coordination: \"saga\", with a step that undoes each part",
			"or give the data that change together one owner, who commits them by itself",
		}
		p.Report(f)
	}
	p.Unchecked(unchecked, "team", "group")
}

// asyncBetween returns the first asynchronous runtime dependency of one of the modules on another, or nil.
func asyncBetween(a *analyzer.Analysis, modules []int32) *analyzer.Dependency {
	sorted := slices.Sorted(slices.Values(modules))
	for _, i := range sorted {
		own := a.DependenciesOf(i)
		for k := range own {
			d := &own[k]
			if d.When == schema.Runtime && d.Mode == schema.Async && slices.ContainsFunc(d.Targets, func(t int32) bool { return t != i && contains(sorted, t) }) {
				return d
			}
		}
	}
	return nil
}
