package rules

import (
	"fmt"
	"slices"

	"lintel/schema"
)

// isolatedModule tells of modules that have to do with no other: no dependency of any phase from or
// to them, no monitors, recovers, backup or shared sessions in either direction, no journey and no
// transaction that names them, no deploy.unit in common with another, and not an entry. The only
// module of a design is not isolated, and of one that HYG001 offers for a misspelt name HYG001 tells.
var isolatedModule = &Rule{
	ID:       "CPL014",
	Name:     "isolated-module",
	Severity: Info,
	Summary:  "A module depends on nothing, nothing depends on it, and it is no entry.",
	Sources: []Source{
		{Title: "dependency-cruiser: no-orphans", URL: "https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md"},
	},
	Run: runIsolatedModule,
}

func runIsolatedModule(p *Pass) {
	d := p.Design
	if len(d.Modules) < 2 {
		return
	}
	related := p.relatedModules()
	if !slices.Contains(related, false) {
		return
	}
	meant := p.meantModules()
	for i, m := range d.Modules {
		if related[i] || meant[m.Name] {
			continue
		}
		p.Report(Finding{
			Subject:  Subject{OfModule, m.Name},
			Message:  fmt.Sprintf("%s stands alone: it depends on nothing, nothing depends on it, and it is no entry", m.Name),
			Location: m.Pos,
			Suggestions: []string{
				fmt.Sprintf("say who uses %s, or remove it from the design", m.Name),
				fmt.Sprintf("write entry: true if users or other systems call %s", m.Name),
			},
		})
	}
}

// relatedModules tells of each module whether the design relates it to something else.
func (p *Pass) relatedModules() []bool {
	a, d := p.Analysis, p.Design
	related := make([]bool, a.Modules())
	all := a.Dependencies()
	for k := range all {
		dep := &all[k]
		if dep.Unknown > 0 { // to state a dependency is a relation, even on a misspelt name
			related[dep.From] = true
		}
		for _, t := range dep.Targets {
			if t != dep.From {
				related[dep.From], related[t] = true, true
			}
		}
	}
	mark := func(name string) {
		if i, ok := a.ModuleIndex(name); ok {
			related[i] = true
		}
	}
	// link relates module i to another one; to itself is no relation, to an unknown one is.
	link := func(i int, r schema.Ref) {
		if r.Name != "" && r.Name != d.Modules[i].Name {
			related[i] = true
			mark(r.Name)
		}
	}
	firstOfUnit := map[string]int{}
	for i, m := range d.Modules {
		related[i] = related[i] || m.Entry
		for _, r := range m.Monitors {
			link(i, r)
		}
		for _, r := range m.Recovers {
			link(i, r)
		}
		if m.Backup != nil {
			link(i, m.Backup.To)
		}
		if m.Session != nil {
			link(i, m.Session.In)
		}
		if u := m.Deploy.Unit; u != "" {
			if first, ok := firstOfUnit[u]; ok {
				related[i], related[first] = true, true
			} else {
				firstOfUnit[u] = i
			}
		}
	}
	for _, j := range d.Journeys {
		mark(j.Entry.Name)
		for _, u := range j.Uses {
			mark(u.Name)
		}
	}
	for _, t := range d.Transactions {
		for _, s := range t.Spans {
			mark(s.Name)
		}
	}
	return related
}
