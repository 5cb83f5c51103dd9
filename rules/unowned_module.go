package rules

import (
	"fmt"

	"lintel/schema"
)

// unownedModule tells of modules without a team in a design that names teams. External modules are
// somebody else's.
var unownedModule = &Rule{
	ID: "HYG003", Name: "unowned-module", Severity: Info,
	Summary: "A module has no team, in a design that names teams.",
	Needs:   []string{"team"},
	Sources: []Source{
		{"Beyer et al., The Site Reliability Workbook: ownership of services", "https://sre.google/workbook/team-lifecycles/"},
	},
	Run: runUnownedModule,
}

func runUnownedModule(p *Pass) {
	teams := map[string]bool{}
	var unowned []*schema.Module
	for _, m := range p.Design.Modules {
		switch {
		case m.Team != "":
			teams[m.Team] = true
		case m.Kind != schema.External:
			unowned = append(unowned, m)
		}
	}
	if len(teams) == 0 {
		p.Unchecked(len(unowned), "team")
		return
	}
	for _, m := range unowned {
		p.Report(Finding{
			Subject:     Subject{OfModule, m.Name},
			Message:     fmt.Sprintf("%s has no team, though the design names %s: nobody is called when it fails", m.Name, counted(len(teams), "team")),
			Location:    m.Pos,
			Suggestions: []string{"name the team that answers for it: team: ..."},
		})
	}
}
