package rules

import (
	"cmp"
	"fmt"
	"slices"

	"lintel/schema"
)

// overFineGrained tells of a design with more services than its teams can own: more than the limit for each team that is
// stated. Those that ship as one deploy.unit are one; stores, external and platform modules are not counted. Services
// without a team do not count either, and where they could tip the balance nothing is said.
var overFineGrained = &Rule{
	ID:       "CPL016",
	Name:     "over-fine-grained",
	Severity: Info,
	Summary:  "The design has more services than its teams can own.",
	Needs:    []string{"team"},
	Params: []Param{{
		Name: "limit", Default: 8.0, Min: 1,
		Doc:    "The most services for each team, on average.",
		Source: "convention of lintel; Skelton and Pais ask to bound what one team owns by what it can hold in its head",
	}},
	Sources: []Source{
		{Title: "Skelton, Pais, Team Topologies (2019): team cognitive load", URL: "https://teamtopologies.com/book"},
		{Title: "Newman, Building Microservices (2nd edition, 2021): how many services a team can own"},
		{Title: "Bogner, Fritzsch, Wagner, Zimmermann, Limiting Technical Debt with Maintainability Assurance (2018): nano services", URL: "https://doi.org/10.1145/3194164.3194166"},
	},
	Run: runOverFineGrained,
}

func runOverFineGrained(p *Pass) {
	limit := p.Float("limit")
	byTeam := map[string][]*schema.Module{}
	units := map[string]bool{}
	owned, unowned := 0, 0
	for _, m := range p.Design.Modules {
		if !isService(m.Kind) {
			continue
		}
		if u := m.Deploy.Unit; u != "" {
			if key := u + "\x00" + m.Team; units[key] {
				continue
			} else {
				units[key] = true
			}
		}
		if m.Team == "" {
			unowned++
			continue
		}
		owned++
		byTeam[m.Team] = append(byTeam[m.Team], m)
	}
	most := limit * float64(len(byTeam))
	if float64(owned) <= most || len(byTeam) == 0 {
		if float64(owned+unowned) > max(most, limit) { // those without a team may have one of their own, or not
			p.Unchecked(1, "team")
		}
		return
	}
	teams := make([]string, 0, len(byTeam))
	for t := range byTeam {
		teams = append(teams, t)
	}
	slices.SortFunc(teams, func(x, y string) int {
		return cmp.Or(cmp.Compare(len(byTeam[y]), len(byTeam[x])), cmp.Compare(x, y))
	})
	largest := byTeam[teams[0]]
	f := Finding{
		Subject: Subject{OfSystem, p.Design.System},
		Message: fmt.Sprintf("%d services for %s are %s for each (limit %s): there is more to run, upgrade and watch than they can own",
			owned, counted(len(teams), "team"), formatNumber(float64(owned*10/len(teams))/10), formatNumber(limit)),
		Location: p.Design.Pos,
		Suggestions: []string{
			fmt.Sprintf("merge services of team %s that change together; it has %d, such as %s", teams[0], len(largest), enumerate(moduleNamesOf(largest))),
			"or share the work among more teams",
		},
	}
	if !f.Location.IsKnown() || f.Location.StartLine != f.Location.EndLine {
		f.Location = largest[0].Pos
	}
	for _, t := range teams[:min(len(teams), maxShownPlaces)] {
		if float64(len(byTeam[t])) > limit {
			f.Related = append(f.Related, Related{Message: fmt.Sprintf("team %s has %d, the first of them here", t, len(byTeam[t])), Location: byTeam[t][0].Pos})
		}
	}
	p.Report(f)
}

func moduleNamesOf(list []*schema.Module) []string {
	return distinct(list, func(m *schema.Module) string { return m.Name })
}
