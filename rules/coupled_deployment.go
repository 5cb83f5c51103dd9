package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// coupledDeployment tells of modules that cannot be shipped on their own: those of several teams
// (of several groups, where teams are not stated) in one deploy.unit; and synchronous cycles over
// several units where no rule about cycles tells them.
var coupledDeployment = &Rule{
	ID:       "CPL009",
	Name:     "coupled-deployment",
	Severity: Warning,
	Summary:  "Modules of several teams or groups ship as one unit, or a synchronous cycle spans units.",
	Sources: []Source{
		{Title: "Lewis, Fowler, Microservices (2014): independently deployable", URL: "https://martinfowler.com/articles/microservices.html"},
		{Title: "Zdun, Navarro, Leymann, Ensuring and Assessing Architecture Conformance to Microservice Decomposition Patterns (ICSOC 2017)", URL: "https://doi.org/10.1007/978-3-319-69035-3_29"},
	},
	Run: runCoupledDeployment,
}

func runCoupledDeployment(p *Pass) {
	p.checkUnits()
	p.checkCyclesOverUnits()
}

func (p *Pass) checkUnits() {
	units := map[string][]*schema.Module{}
	var names []string
	for _, m := range p.Design.Modules {
		if u := m.Deploy.Unit; u != "" && m.Kind != schema.External {
			if units[u] == nil {
				names = append(names, u)
			}
			units[u] = append(units[u], m)
		}
	}
	slices.Sort(names)
	unchecked := 0
	for _, unit := range names {
		members := units[unit]
		owners := make([]owner, len(members))
		for i, m := range members {
			owners[i] = ownerOf(m).swapped()
		}
		switch compareOwners(owners) {
		case differentOwners:
			p.reportUnit(unit, members)
		case unknownOwners:
			unchecked++
		}
	}
	p.Unchecked(unchecked, "team", "group")
}

func (p *Pass) reportUnit(unit string, members []*schema.Module) {
	kind, nameOf := "team", func(m *schema.Module) string { return m.Team }
	owners := distinct(members, nameOf)
	if len(owners) < 2 {
		kind, nameOf = "group", func(m *schema.Module) string { return m.Group }
		owners = distinct(members, nameOf)
	}
	names := distinct(members, func(m *schema.Module) string { return m.Name })
	f := Finding{
		Subject:  Subject{OfModule, members[0].Name},
		Key:      "unit " + unit,
		Message:  fmt.Sprintf("%s ship as one unit, %s, though they belong to the %ss %s: none of them can release without the others", enumerate(names), unit, kind, enumerate(owners)),
		Location: members[0].At("deploy.unit"),
		Aliases:  append([]string{unit}, names[1:]...),
	}
	for _, m := range members[1:min(len(members), maxShownPlaces+1)] {
		where := ""
		if o := nameOf(m); o != "" {
			where = fmt.Sprintf(" of %s %s", kind, o)
		}
		f.Related = append(f.Related, Related{Message: fmt.Sprintf("%s%s ships with it", m.Name, where), Location: m.At("deploy.unit")})
	}
	parts := make([]string, len(owners))
	for i, o := range owners {
		parts[i] = unit + "-" + o
	}
	f.Suggestions = []string{
		fmt.Sprintf("ship a unit for each %s, for example %s", kind, enumerate(parts)),
		fmt.Sprintf("give all of %s to one %s, if it is one product", enumerate(names), kind),
	}
	p.Report(f)
}

// checkCyclesOverUnits looks at strongly connected components of synchronous runtime dependencies.
// Each is part of a component that CPL001 or CPL007 tells, or RES008, so it speaks only where none
// of them does.
func (p *Pass) checkCyclesOverUnits() {
	if p.Runs("CPL001") {
		return
	}
	a := p.Analysis
	told := func(c analyzer.Cycle, id string, by func() []analyzer.Cycle) bool {
		return p.Runs(id) && slices.ContainsFunc(by(), func(t analyzer.Cycle) bool {
			return slices.Equal(t.Members, c.Members)
		})
	}
	for _, c := range a.Cycles(callsSynchronously) {
		unitOf := func(i int32) string {
			if u := a.Module(i).Deploy.Unit; u != "" {
				return u
			}
			return "\x00" + a.Module(i).Name // its own
		}
		units := distinct(c.Members, unitOf)
		if len(units) < 2 || told(c, "RES008", func() []analyzer.Cycle { return stuckCycles(a) }) || len(c.Members) == 2 && told(c, "CPL007", p.couplingCycles) {
			continue
		}
		names := moduleNames(a, c.Members)
		f := Finding{
			Subject: Subject{OfModule, names[0]},
			Key:     "cycle",
			Message: fmt.Sprintf("%s call each other synchronously in a cycle over %s: a change that one needs of another has to be released with it",
				enumerate(names), counted(len(units), "unit")),
			Location:    a.Module(c.Members[0]).Pos,
			Path:        cyclePath(a, c.Shortest),
			Suggestions: []string{fmt.Sprintf("make %s asynchronous, or ship %s as one unit", stepName(a, c.Break), enumerate(names))},
			Aliases:     names[1:],
		}
		for _, s := range c.Shortest[:min(len(c.Shortest), maxShownPlaces)] {
			f.Related = append(f.Related, Related{Message: stepName(a, s), Location: a.Dependencies()[s.Dependency].Pos})
		}
		p.Report(f)
	}
}

// callsSynchronously reports whether the module of d waits for its target while it serves a request.
func callsSynchronously(d *analyzer.Dependency) bool {
	return d.Mode == schema.Sync && d.When == schema.Runtime
}
