package rules

import "fmt"

// sharedBoundedContext tells of a store whose users belong to several teams, though not to several
// groups: of those CPL005 tells. What remains is one bounded context on which several teams work.
var sharedBoundedContext = &Rule{
	ID:       "CPL013",
	Name:     "shared-bounded-context",
	Severity: Warning,
	Summary:  "Several teams work on the data of one bounded context.",
	Needs:    []string{"team"},
	Params: []Param{{
		Name: "kinds", Default: dataKinds, Allowed: kindNames,
		Doc: "Kinds of stores that are looked at, as for CPL005.",
	}},
	Sources: []Source{
		{Title: "Soldani and others, microFreshener: team-based architectural smells, shared bounded context", URL: "https://github.com/di-unipi-socc/microFreshener"},
		{Title: "Evans, Domain-Driven Design (2003): bounded context"},
		{Title: "Conway, How Do Committees Invent? (Datamation, 1968)", URL: "https://www.melconway.com/Home/Committees_Paper.html"},
	},
	Run: runSharedBoundedContext,
}

func runSharedBoundedContext(p *Pass) {
	unchecked := 0
	users := p.storeUsers("kinds")
	for i, store := range p.Design.Modules {
		list := users[int32(i)]
		if len(list) < 2 || p.toldAsSharedDatabase(i, list) {
			continue
		}
		teamOf := func(u storeUser) string { return u.module.Team }
		teams := distinct(list, teamOf)
		if len(teams) < 2 {
			for _, u := range list {
				if teamOf(u) == "" {
					unchecked++
					break
				}
			}
			continue
		}
		what := "the data of " + store.Name
		if g := list[0].module.Group; g != "" {
			what += " in group " + g
		}
		f := Finding{
			Subject:  Subject{OfModule, store.Name},
			Message:  fmt.Sprintf("%s is used by %s of the teams %s: %s has no single team that may change it", store.Name, enumerate(userNames(list)), enumerate(teams), what),
			Location: store.Pos,
		}
		for _, u := range list[:min(len(list), maxShownPlaces)] {
			m := fmt.Sprintf("%s uses %s", u.module.Name, store.Name)
			if u.module.Team != "" {
				m = fmt.Sprintf("%s of team %s uses %s", u.module.Name, u.module.Team, store.Name)
			}
			f.Related = append(f.Related, Related{Message: m, Location: u.place})
		}
		f.Suggestions = append([]string{fmt.Sprintf("give %s to one of the teams %s", enumerate(userNames(list)), enumerate(teams))},
			giveOwner(store, list, "team", teamOf)...)
		p.Report(f)
	}
	p.Unchecked(unchecked, "team")
}

// toldAsSharedDatabase reports whether CPL005 tells of the store with index i and these users.
func (p *Pass) toldAsSharedDatabase(i int, users []storeUser) bool {
	if !p.Runs("CPL005") || compareOwners(ownersOf(users)) != differentOwners {
		return false
	}
	for _, k := range ParamOf[[]string](p, "CPL005", "kinds") {
		if k == string(p.Design.Modules[i].Kind) {
			return true
		}
	}
	return false
}
