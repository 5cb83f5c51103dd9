package rules

import "fmt"

// isolatedModule tells of modules that have to do with no other: no dependency of any phase from or
// to them, no monitors, recovers, backup or shared sessions in either direction, no journey and no
// transaction that names them, no deploy.unit in common with another, and not an entry. The only
// module of a design is not isolated.
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
	for _, m := range d.Modules {
		if related[m.Name] {
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

// relatedModules returns the names of the modules that the design relates to something else.
func (p *Pass) relatedModules() map[string]bool {
	d := p.Design
	related := make(map[string]bool, len(d.Modules))
	// link relates two modules; a module's relation to itself is none, one to an unknown module is.
	link := func(from, to string) {
		if to != "" && from != to {
			related[from], related[to] = true, true
		}
	}
	firstOfUnit := map[string]string{}
	for _, m := range d.Modules {
		related[m.Name] = related[m.Name] || m.Entry
		for _, dep := range m.DependsOn {
			for _, t := range dep.Targets() {
				link(m.Name, t.Name)
			}
		}
		for _, r := range m.Monitors {
			link(m.Name, r.Name)
		}
		for _, r := range m.Recovers {
			link(m.Name, r.Name)
		}
		if m.Backup != nil {
			link(m.Name, m.Backup.To.Name)
		}
		if m.Session != nil {
			link(m.Name, m.Session.In.Name)
		}
		if u := m.Deploy.Unit; u != "" {
			if first, ok := firstOfUnit[u]; ok {
				link(m.Name, first)
			} else {
				firstOfUnit[u] = m.Name
			}
		}
	}
	for _, j := range d.Journeys {
		related[j.Entry.Name] = true
		for _, u := range j.Uses {
			related[u.Name] = true
		}
	}
	for _, t := range d.Transactions {
		for _, s := range t.Spans {
			related[s.Name] = true
		}
	}
	return related
}
