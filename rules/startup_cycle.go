package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// startupCycle tells of modules that cannot start because each waits for another: the components of
// hard runtime and startup dependencies, of which no member can be first.
//
// What can start is a least fixed point: a module can start once each of its hard runtime and
// startup dependencies is satisfied by modules that have started. A soft dependency holds nobody up,
// and neither does an anyOf with enough alternatives that can start. External modules run already,
// and a module that calls itself is there as soon as it starts. A component is told when it stays
// stuck although all modules outside it run, so that what merely depends on a cycle is not told.
var startupCycle = &Rule{
	ID:       "RES008",
	Name:     "startup-cycle",
	Severity: Error,
	Summary:  "Modules need each other in a cycle of hard runtime or startup dependencies, so that none can start first.",
	Sources: []Source{
		{Title: "GitHub, DNS outage post mortem (8 January 2014)", URL: "https://github.blog/news-insights/the-library/dns-outage-post-mortem/"},
		{Title: "Robert C. Martin, Granularity (1996): the acyclic dependencies principle", URL: "https://web.archive.org/web/20151130032005/http://www.objectmentor.com/resources/articles/granularity.pdf"},
	},
	Run: runStartupCycle,
}

func runStartupCycle(p *Pass) {
	a := p.Analysis
	for _, c := range stuckCycles(a) {
		members := moduleNames(a, c.Members)
		path := cyclePath(a, c.Shortest)
		first := &a.Dependencies()[c.Shortest[0].Dependency]
		var message string
		switch {
		case len(members) == 2:
			message = fmt.Sprintf("%s cannot work without each other: neither can start first", enumerate(members))
		case len(path)-1 == len(members):
			message = fmt.Sprintf("%s need each other in a cycle: none of them can start first", enumerate(members))
		default:
			message = fmt.Sprintf("%s need each other in cycles, the shortest of %s: none of them can start first", enumerate(members), counted(len(path)-1, "module"))
		}
		f := Finding{
			Subject:  Subject{OfModule, path[0]},
			Message:  message,
			Location: first.Pos,
			Path:     path,
			Suggestions: []string{
				fmt.Sprintf("make %s soft, so that %s starts without it and tries again", stepName(a, c.Break), a.Module(a.Dependencies()[c.Break.Dependency].From).Name),
			},
		}
		for _, s := range c.Shortest[1:min(len(c.Shortest), maxShownPlaces+1)] {
			f.Related = append(f.Related, Related{
				Message:  stepName(a, s),
				Location: a.Dependencies()[s.Dependency].Pos,
			})
		}
		for _, m := range members {
			if m != path[0] {
				f.Aliases = append(f.Aliases, m)
			}
		}
		p.Report(f)
	}
}

// stuckCycles returns the cycles that startupCycle tells, in order of their first member.
func stuckCycles(a *analyzer.Analysis) []analyzer.Cycle {
	cycles := severalMembers(a.Cycles(startsBefore))
	part := make([]int32, a.Modules()) // the cycle that a module lies in, counted from 1
	started := make([]bool, a.Modules())
	for len(cycles) > 0 {
		clear(part)
		clear(started)
		var members []int32
		for i, c := range cycles {
			for _, m := range c.Members {
				part[m] = int32(i) + 1
			}
			members = append(members, c.Members...)
		}
		// A dependency waits when too few of its targets run; what lies outside the module's own
		// cycle does. One that asks for more targets than it has (HYG002) waits for all of them.
		waits := func(d *analyzer.Dependency) bool {
			return working(d, func(t int32) bool {
				return t != d.From && part[t] == part[d.From] && !started[t]
			}) < min(neededTargets(d), len(d.Targets))
		}
		start(a, members, started, waits)
		next := severalMembers(a.Cycles(func(d *analyzer.Dependency) bool {
			return startsBefore(d) && part[d.From] > 0 && !started[d.From] && waits(d)
		}))
		if slices.EqualFunc(cycles, next, func(x, y analyzer.Cycle) bool { return slices.Equal(x.Members, y.Members) }) {
			return next
		}
		cycles = next
	}
	return nil
}

// start marks, of the members, those that can start: the least fixed point.
func start(a *analyzer.Analysis, members []int32, started []bool, waits func(*analyzer.Dependency) bool) {
	waiting := map[int32][]int32{} // by module: the members that have a dependency on it
	for _, m := range members {
		deps := a.DependenciesOf(m)
		for k := range deps {
			if startsBefore(&deps[k]) {
				for _, t := range deps[k].Targets {
					waiting[t] = append(waiting[t], m)
				}
			}
		}
	}
	queue := slices.Clone(members)
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		if started[m] {
			continue
		}
		deps := a.DependenciesOf(m)
		if a.Module(m).Kind != schema.External && slices.ContainsFunc(deps, func(d analyzer.Dependency) bool { return startsBefore(&d) && waits(&d) }) {
			continue
		}
		started[m] = true
		queue = append(queue, waiting[m]...)
	}
}

// severalMembers leaves out the modules that depend on themselves alone.
func severalMembers(cycles []analyzer.Cycle) []analyzer.Cycle {
	return slices.DeleteFunc(cycles, func(c analyzer.Cycle) bool { return len(c.Members) < 2 })
}
