package rules

import (
	"fmt"

	"lintel/schema"
)

// tightlyCoupledTeams tells of modules that depend on more modules of one other team than of their
// own, and on no fewer of them than the minimum. Counted are distinct modules, by runtime and startup
// dependencies; platform modules (see isPlatform) and external ones belong to nobody here. Kinds
// whose task it is to reach the modules of others are left out.
var tightlyCoupledTeams = &Rule{
	ID:       "CPL012",
	Name:     "tightly-coupled-teams",
	Severity: Info,
	Summary:  "A module depends on more modules of another team than of its own.",
	Needs:    []string{"team"},
	Params: []Param{
		{
			Name: "minimum", Default: int64(3), Min: 1,
			Doc:    "The least number of modules of the other team that it must depend on.",
			Source: "a choice of this rule: one service that uses two of another team's is ordinary trade",
		},
		{
			Name: "ignoreKinds", Default: routingKinds, Allowed: kindNames,
			Doc: "Kinds of modules that are meant to reach the modules of other teams.",
		},
	},
	Sources: []Source{
		{Title: "Soldani and others, microFreshener: team-based architectural smells, tightly coupled teams", URL: "https://github.com/di-unipi-socc/microFreshener"},
		{Title: "Skelton, Pais, Team Topologies (2019)", URL: "https://teamtopologies.com/book"},
	},
	Run: runTightlyCoupledTeams,
}

func runTightlyCoupledTeams(p *Pass) {
	a, least, ignore := p.Analysis, p.Int("minimum"), p.kindsOf("ignoreKinds")
	unchecked, c := 0, p.coupling()
	for i, m := range p.Design.Modules {
		if ignore[m.Kind] {
			continue
		}
		if len(c.To[i]) < least {
			continue
		}
		byTeam := map[string][]int32{}
		var targets []int32
		for _, t := range c.To[i] {
			if !c.Platform[t] && a.Module(t).Kind != schema.External {
				targets = append(targets, t)
				byTeam[a.Module(t).Team] = append(byTeam[a.Module(t).Team], t)
			}
		}
		if len(targets) < least {
			continue
		}
		own, unknown := len(byTeam[m.Team]), len(byTeam[""])
		other, most := "", 0
		for team, list := range byTeam {
			if team != "" && team != m.Team && (len(list) > most || len(list) == most && team < other) {
				other, most = team, len(list)
			}
		}
		switch {
		case m.Team == "":
			unchecked++
		case most < least || most <= own:
			// Those without a team could all be the other's.
			if most+unknown >= least && most+unknown > own {
				unchecked++
			}
		case most <= own+unknown:
			unchecked++
		default:
			p.reportTeams(int32(i), other, own, byTeam[other])
		}
	}
	p.Unchecked(unchecked, "team")
}

func (p *Pass) reportTeams(i int32, other string, own int, theirs []int32) {
	a := p.Analysis
	m := a.Module(i)
	names := moduleNames(a, theirs)
	f := Finding{
		Subject: Subject{OfModule, m.Name},
		Message: fmt.Sprintf("%s of team %s depends on %s of team %s (%s) and on %d of its own team: its changes wait for another team",
			m.Name, m.Team, counted(len(theirs), "module"), other, enumerate(names), own),
		Location: m.Pos,
		Suggestions: []string{
			fmt.Sprintf("let team %s offer one interface for what %s needs of %s", other, m.Name, enumerate(names)),
			fmt.Sprintf("hand %s over to team %s", m.Name, other),
		},
	}
	for _, t := range theirs[:min(len(theirs), maxShownPlaces)] {
		f.Related = append(f.Related, Related{Message: fmt.Sprintf("%s belongs to team %s", a.Module(t).Name, other), Location: placeOf(a, i, t)})
	}
	p.Report(f)
}
