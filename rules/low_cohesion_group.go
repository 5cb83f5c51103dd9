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
	members []int32
	inside  int
	out     int // pairs of a member and a module of another group that it depends on
	used    int // members that modules of other groups depend on
	unknown int // pairs with a module that has no group
}

func runLowCohesionGroup(p *Pass) {
	a, c := p.Analysis, p.coupling()
	number := map[string]int{} // of a group, from 1
	var names []string
	of := make([]int, a.Modules()) // by module: the number of its group, 0 without one
	for i, m := range p.Design.Modules {
		if m.Group == "" || c.Platform[i] {
			continue
		}
		n, ok := number[m.Group]
		if !ok {
			names = append(names, m.Group)
			n = len(names)
			number[m.Group] = n
		}
		of[i] = n
	}
	least := p.Int("minimum")
	if len(names) == 0 {
		if a.Modules() >= least { // a smaller design has no room for a group
			p.Unchecked(1, "group")
		}
		return
	}
	groups := make([]border, len(names)+1)
	used := make([]bool, a.Modules())
	for i, to := range c.To {
		if c.Platform[i] {
			continue
		}
		from := of[i]
		groups[from].members = append(groups[from].members, int32(i))
		for _, t := range to {
			switch g := of[t]; {
			case c.Platform[t]:
			case g == from:
				groups[g].inside++
			case g == 0:
				groups[from].unknown++
			case from == 0:
				groups[g].unknown++
			default:
				groups[from].out++
				if !used[t] {
					used[t] = true
					groups[g].used++
				}
			}
		}
	}
	slices.Sort(names)
	unchecked := 0
	for _, name := range names {
		g := &groups[number[name]]
		across := g.out + g.used
		switch {
		case len(g.members) < least:
		case across > g.inside:
			p.reportGroup(name, g)
		case across+g.unknown > g.inside:
			unchecked++
		}
	}
	p.Unchecked(unchecked, "group")
}

func (p *Pass) reportGroup(name string, g *border) {
	a := p.Analysis
	f := Finding{
		Subject: Subject{OfGroup, name},
		Message: fmt.Sprintf("group %s has %s inside and %d across its border (%d on modules of other groups, and %s used from outside): its modules belong together less than they belong elsewhere",
			name, counted(g.inside, "dependency"), g.out+g.used, g.out, counted(g.used, "module")),
		Location: a.Module(g.members[0]).At("group"),
	}
	for _, i := range g.members[1:min(len(g.members), maxShownPlaces+1)] {
		f.Related = append(f.Related, Related{Message: a.Module(i).Name + " is a member", Location: a.Module(i).At("group")})
	}
	if m, home, there, here := p.misplaced(name, g); m != "" && there > 1 {
		f.Suggestions = append(f.Suggestions, fmt.Sprintf("move %s to group %s: it has %s there and %d in %s", m, home, counted(there, "dependency"), here, name))
	}
	f.Suggestions = append(f.Suggestions, fmt.Sprintf("put one front door before %s that other groups use instead of its members", name))
	p.Report(f)
}

// misplaced returns the member that another group holds most strongly: that group, and the number of
// pairs that it forms there and in its own group. The name is "" where each belongs here as much.
func (p *Pass) misplaced(name string, g *border) (member, home string, there, here int) {
	a, c := p.Analysis, p.coupling()
	ties := make([]map[string]int, len(g.members))
	tie := func(i int, other int32) {
		if group := a.Module(other).Group; group != "" && !c.Platform[other] {
			if ties[i] == nil {
				ties[i] = map[string]int{}
			}
			ties[i][group]++
		}
	}
	for i, m := range g.members {
		for _, t := range c.To[m] {
			tie(i, t)
		}
		for _, f := range c.Fans.In[m] {
			tie(i, f)
		}
	}
	lead := 0
	for i, m := range g.members {
		for group, n := range ties[i] {
			d := n - ties[i][name]
			if group != name && (d > lead || d == lead && d > 0 && member == a.Module(m).Name && group < home) {
				member, home, there, here, lead = a.Module(m).Name, group, n, ties[i][name], d
			}
		}
	}
	return member, home, there, here
}
