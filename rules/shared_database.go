package rules

import (
	"fmt"
	"slices"

	"lintel/schema"
)

// sharedDatabase tells of a store whose users belong to several groups or, where groups are not
// stated, to several teams; as an error where the design states that several of them write. Users of
// one group and several teams are CPL013's.
var sharedDatabase = &Rule{
	ID:       "CPL005",
	Name:     "shared-database",
	Severity: Warning,
	Summary:  "Modules of several groups or teams use one store.",
	Needs:    []string{"group", "team"},
	Params: []Param{{
		Name: "kinds", Default: dataKinds, Allowed: kindNames,
		Doc: "Kinds of stores that hold a schema of their users; caches, object stores and queues are left out by default since one of them commonly serves many owners with a key space, bucket or topic each.",
	}},
	Sources: []Source{
		{Title: "Taibi, Lenarduzzi, On the Definition of Microservice Bad Smells (IEEE Software, 2018): shared persistency", URL: "https://doi.org/10.1109/MS.2018.2141031"},
		{Title: "Richardson, Microservices Patterns (2018): database per service", URL: "https://microservices.io/patterns/data/database-per-service.html"},
		{Title: "Newman, Building Microservices (2015): the shared database"},
	},
	Run: runSharedDatabase,
}

// dataKinds are the kinds of stores whose users share a schema.
var dataKinds = []string{string(schema.Database), string(schema.Search)}

func runSharedDatabase(p *Pass) {
	unchecked := 0
	users := p.storeUsers("kinds")
	for i, store := range p.Design.Modules {
		switch list := users[int32(i)]; compareOwners(ownersOf(list)) {
		case differentOwners:
			p.reportSharedStore(store, list)
		case unknownOwners:
			unchecked++
		}
	}
	p.Unchecked(unchecked, "group", "team")
}

func (p *Pass) reportSharedStore(store *schema.Module, users []storeUser) {
	unit, nameOf := "group", func(u storeUser) string { return u.module.Group }
	owners := distinct(users, nameOf)
	if len(owners) < 2 {
		unit, nameOf = "team", func(u storeUser) string { return u.module.Team }
		owners = distinct(users, nameOf)
	}
	severity, consequence := Off, "a change of its schema for one of them can break the others"
	writers := writersOf(users)
	if compareOwners(ownersOf(writers)) == differentOwners {
		severity = Error
		consequence = fmt.Sprintf("%s all write it, so nobody owns its data", enumerate(userNames(writers)))
		if len(writers) == 2 {
			consequence = fmt.Sprintf("%s both write it, so nobody owns its data", enumerate(userNames(writers)))
		}
	}
	f := Finding{
		Severity: severity,
		Subject:  Subject{OfModule, store.Name},
		Message:  fmt.Sprintf("%s is shared by %s, of the %ss %s: %s", store.Name, enumerate(userNames(users)), unit, enumerate(owners), consequence),
		Location: store.Pos,
	}
	for _, u := range users[:min(len(users), maxShownPlaces)] {
		f.Related = append(f.Related, Related{Message: useInWords(u, store), Location: u.place})
	}
	f.Suggestions = giveOwner(store, users, unit, nameOf)
	p.Report(f)
}

func useInWords(u storeUser, store *schema.Module) string {
	verb := map[schema.Access]string{schema.Read: "reads", schema.Write: "writes", schema.ReadWrite: "reads and writes"}[u.access]
	if verb == "" {
		verb = "uses"
	}
	switch {
	case u.module.Group != "":
		return fmt.Sprintf("%s of group %s %s %s", u.module.Name, u.module.Group, verb, store.Name)
	case u.module.Team != "":
		return fmt.Sprintf("%s of team %s %s %s", u.module.Name, u.module.Team, verb, store.Name)
	}
	return fmt.Sprintf("%s %s %s", u.module.Name, verb, store.Name)
}

// giveOwner suggests who keeps the store: where the design states whose it is, that group or team, by
// the user that belongs there if there is one; else of the users the first that writes, else the
// first; and what the others do instead.
func giveOwner(store *schema.Module, users []storeUser, unit string, nameOf func(storeUser) string) []string {
	home := nameOf(storeUser{module: store})
	if home == "" && store.Team != "" {
		unit, home, nameOf = "team", store.Team, func(u storeUser) string { return u.module.Team }
	}
	if home != "" && !slices.ContainsFunc(users, func(u storeUser) bool { return nameOf(u) == home }) {
		return []string{
			fmt.Sprintf("let %s %s, whose %s is, answer for its data by a module of its own, and %s ask that instead", unit, home, store.Name, enumerate(userNames(users))),
			fmt.Sprintf("give %s each a store of their own, fed by events from there", enumerate(userNames(users))),
		}
	}
	best := 0
	rank := func(u storeUser) int {
		n := 0
		if home != "" && nameOf(u) == home {
			n += 2
		}
		if u.writes() {
			n++
		}
		return n
	}
	for i := range users {
		if nameOf(users[best]) == "" || nameOf(users[i]) != "" && rank(users[i]) > rank(users[best]) {
			best = i
		}
	}
	keeper := nameOf(users[best])
	var others []storeUser
	for _, u := range users {
		if nameOf(u) != keeper {
			others = append(others, u)
		}
	}
	whose := "their"
	if len(others) == 1 {
		whose = "its"
	}
	return []string{
		fmt.Sprintf("leave %s to %s %s and let %s ask %s instead", store.Name, unit, keeper, enumerate(userNames(others)), users[best].module.Name),
		fmt.Sprintf("give %s a store of %s own, fed by events from %s", enumerate(userNames(others)), whose, users[best].module.Name),
	}
}
