package rules

import (
	"fmt"
	"slices"
)

// lowCohesionGroup tells of groups with more dependencies across their border than inside. Pairs of
// modules are counted, by runtime and startup dependencies:
//   - inside: one member depends on another;
//   - across: a member depends on a module of another group, each pair; and each member that modules
//     of other groups use, once, however many they are: a front door that the whole system uses is
//     one interface.
//
// Platform modules (see isPlatform) and modules outside of any group are left out, and groups with
// fewer members than the minimum.
var lowCohesionGroup = &Rule{
	ID:       "CPL011",
	Name:     "low-cohesion-group",
	Severity: Info,
	Summary:  "A group has more dependencies across its border than inside.",
	Needs:    []string{"group"},
	Params: []Param{{
		Name: "minimum", Default: int64(3), Min: 2,
		Doc:    "The least number of members of a group that is looked at.",
		Source: "a choice of this rule: a service and its store can hold but one dependency inside",
	}},
	Sources: []Source{
		{Title: "Yourdon, Constantine, Structured Design (1979): high cohesion, low coupling"},
		{Title: "Bogner, Wagner, Zimmermann, Automatically Measuring the Maintainability of Service- and Microservice-Based Systems (IWSM Mensura 2017)", URL: "https://doi.org/10.1145/3143434.3143443"},
	},
	Run: runLowCohesionGroup,
}

// border counts the dependencies of one group.
type border struct {
	name    string
	members []int32
	inside  int
	out     int            // pairs of a member and a module of another group that it depends on
	used    map[int32]bool // members that modules of other groups depend on
	unknown int            // pairs with a module that has no group
	links   map[int32]ties // by member
}

// ties counts a member's pairs: with members of its group, and with those of others.
type ties struct {
	inside int
	by     map[string]int
}

func runLowCohesionGroup(p *Pass) {
	a := p.Analysis
	groups := map[string]*border{}
	var names []string
	for i, m := range p.Design.Modules {
		if m.Group == "" || isPlatform(m.Kind) {
			continue
		}
		g := groups[m.Group]
		if g == nil {
			g = &border{name: m.Group, used: map[int32]bool{}, links: map[int32]ties{}}
			groups[m.Group] = g
			names = append(names, m.Group)
		}
		g.members = append(g.members, int32(i))
		g.links[int32(i)] = ties{by: map[string]int{}}
	}
	if len(groups) == 0 {
		p.Unchecked(1, "group")
		return
	}
	slices.Sort(names)
	for i, m := range p.Design.Modules {
		if isPlatform(m.Kind) {
			continue
		}
		for _, t := range p.coupledTo(int32(i)) {
			from, to := m.Group, a.Module(t).Group
			switch {
			case isPlatform(a.Module(t).Kind):
			case from == to && from != "":
				groups[from].inside++
				groups[from].tie(int32(i), from)
				groups[from].tie(t, from)
			default:
				if g := groups[from]; g != nil && to != "" {
					g.out++
					g.tie(int32(i), to)
				} else if g != nil {
					g.unknown++
				}
				if g := groups[to]; g != nil && from != "" {
					g.used[t] = true
					g.tie(t, from)
				} else if g != nil {
					g.unknown++
				}
			}
		}
	}
	least, unchecked := p.Int("minimum"), 0
	for _, name := range names {
		g := groups[name]
		across := g.out + len(g.used)
		switch {
		case len(g.members) < least:
		case across > g.inside:
			p.reportGroup(g)
		case across+g.unknown > g.inside:
			unchecked++
		}
	}
	p.Unchecked(unchecked, "group")
}

// coupledTo returns the distinct other modules that module i depends on, sorted.
func (p *Pass) coupledTo(i int32) []int32 {
	var out []int32
	deps := p.Analysis.DependenciesOf(i)
	for k := range deps {
		if couples(&deps[k]) {
			out = append(out, deps[k].Targets...)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(t int32) bool { return t == i })
}

func (g *border) tie(member int32, group string) {
	t := g.links[member]
	if group == g.name {
		t.inside++
	} else {
		t.by[group]++
	}
	g.links[member] = t
}

func (p *Pass) reportGroup(g *border) {
	a := p.Analysis
	first := a.Module(g.members[0])
	f := Finding{
		Subject: Subject{OfGroup, g.name},
		Message: fmt.Sprintf("group %s has %s inside and %d across its border (%d on modules of other groups, and %s used from outside): its modules belong together less than they belong elsewhere",
			g.name, counted(g.inside, "dependency"), g.out+len(g.used), g.out, counted(len(g.used), "module")),
		Location: first.At("group"),
	}
	for _, i := range g.members[1:] {
		f.Related = append(f.Related, Related{Message: a.Module(i).Name + " is a member", Location: a.Module(i).At("group")})
	}
	// The member that another group holds most strongly.
	best, home, lead := int32(-1), "", 0
	for _, i := range g.members {
		t := g.links[i]
		for _, other := range sortedKeys(t.by) {
			if d := t.by[other] - t.inside; d > lead {
				best, home, lead = i, other, d
			}
		}
	}
	if best >= 0 {
		m := a.Module(best).Name
		f.Suggestions = append(f.Suggestions, fmt.Sprintf("move %s to group %s: it has %s there and %d in %s",
			m, home, counted(g.links[best].by[home], "dependency"), g.links[best].inside, g.name))
	}
	f.Suggestions = append(f.Suggestions, fmt.Sprintf("put one front door before %s that other groups use instead of its members", g.name))
	p.Report(f)
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
