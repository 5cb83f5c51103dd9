package rules

import (
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/schema"
)

// storeUser is a module that keeps data in a store, directly or through a proxy.
type storeUser struct {
	module *schema.Module
	access schema.Access // "" where not stated
	place  schema.Range  // of the dependency by which it reaches the store
}

func (u storeUser) owner() owner { return ownerOf(u.module) }

// writes reports whether the design states that u changes the data.
func (u storeUser) writes() bool { return u.access == schema.Write || u.access == schema.ReadWrite }

// storeUsers returns, in order of name, who works with the data of each store, by runtime or startup
// dependencies; param is the parameter that lists the kinds of stores. A load balancer or network in front of a store passes calls on,
// so its callers are the users. Other stores (a replica that follows it) and monitoring are not.
func (p *Pass) storeUsers(param string) map[int32][]storeUser {
	key := strings.Join(p.Strings(param), " ")
	if users, ok := p.shared.users[key]; ok {
		return users
	}
	a, kinds, couples := p.Analysis, p.kindsOf(param), p.coupling().Couples
	callers := make(map[int32][]*analyzer.Dependency) // of stores and of what may stand before one
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if !couples[i] {
			continue
		}
		for _, t := range d.Targets {
			if k := a.Module(t).Kind; t != d.From && (kinds[k] || passesOn(k)) {
				callers[t] = append(callers[t], d)
			}
		}
	}
	users := map[int32][]storeUser{}
	for s := range callers {
		if kinds[a.Module(s).Kind] {
			users[s] = p.usersOf(s, callers)
		}
	}
	if p.shared.users == nil {
		p.shared.users = map[string]map[int32][]storeUser{}
	}
	p.shared.users[key] = users
	return users
}

func passesOn(k schema.Kind) bool { return k == schema.LoadBalancer || k == schema.Network }

func (p *Pass) usersOf(store int32, callers map[int32][]*analyzer.Dependency) []storeUser {
	a := p.Analysis
	at := map[int32]int{}
	var users []storeUser
	seen := map[int32]bool{store: true}
	for queue := []int32{store}; len(queue) > 0; queue = queue[1:] {
		for _, d := range callers[queue[0]] {
			m := a.Module(d.From)
			switch {
			case passesOn(m.Kind):
				if !seen[d.From] {
					seen[d.From] = true
					queue = append(queue, d.From)
				}
			case m.Kind.IsStore(), m.Kind == schema.Monitoring:
			default:
				i, ok := at[d.From]
				if !ok {
					i = len(users)
					at[d.From] = i
					users = append(users, storeUser{module: m, access: d.Access, place: d.Pos})
				}
				if u := &users[i]; !u.writes() && (u.access == "" || d.Access != "") {
					u.access = d.Access
				}
			}
		}
	}
	slices.SortFunc(users, func(x, y storeUser) int { return compareNames(x.module, y.module) })
	return users
}

func compareNames(x, y *schema.Module) int {
	switch {
	case x.Name < y.Name:
		return -1
	case x.Name > y.Name:
		return 1
	}
	return 0
}

// owners returns the owner of each user.
func ownersOf(users []storeUser) []owner {
	out := make([]owner, len(users))
	for i, u := range users {
		out[i] = u.owner()
	}
	return out
}

// writersOf returns those users that are stated to write.
func writersOf(users []storeUser) []storeUser {
	var out []storeUser
	for _, u := range users {
		if u.writes() {
			out = append(out, u)
		}
	}
	return out
}

func userNames(users []storeUser) []string {
	return distinct(users, func(u storeUser) string { return u.module.Name })
}
