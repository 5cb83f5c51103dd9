package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// distributedMonolith tells of a design most of whose services hang on one another: over synchronous calls each of them
// reaches all the others and is reached by them, or the failure of any one of them takes all the others down. Services are
// all modules that are no stores, external or platform modules.
//
// A ring that one dependency closes is CPL001's, which names that dependency: this rule speaks only where most services are
// still in cycles without it, since then it is no single dependency that is wrong but the cut of the whole. One
// module on which many depend, but which depends on none of them, is RES011's.
var distributedMonolith = &Rule{
	ID:       "CPL010",
	Name:     "distributed-monolith",
	Severity: Warning,
	Summary:  "Most services lie in one knot of synchronous or hard dependencies, which no single change unties.",
	Params: []Param{
		{Name: "share", Default: 50.0, Min: 0, Max: 100, Doc: "The share of all services, in percent, from which on a knot is told.", Source: "convention of lintel: most of them"},
		{Name: "least", Default: int64(4), Min: 3, Doc: "The number of services that a knot must at least hold.", Source: "convention of lintel: three that call each other may well be one service by design"},
	},
	Sources: []Source{
		{Title: "Newman, Building Microservices (2nd edition, 2021): the distributed monolith"},
		{Title: "MacCormack, Rusnak, Baldwin, Exploring the Structure of Complex Software Designs (Management Science, 2006): the largest cyclic group", URL: "https://doi.org/10.1287/mnsc.1060.0552"},
		{Title: "Taibi, Lenarduzzi, On the Definition of Microservice Bad Smells (IEEE Software, 2018): cyclic dependency", URL: "https://doi.org/10.1109/MS.2018.2141031"},
	},
	Run: runDistributedMonolith,
}

// isService reports whether modules of kind k do the work of the design's purpose: no store, no platform, not somebody else's.
func isService(k schema.Kind) bool {
	return !k.IsStore() && !isPlatform(k) && k != schema.External && k != schema.LoadBalancer
}

// failTogether reports whether the failure of any target of d fails its module.
func failTogether(d *analyzer.Dependency) bool { return d.HardRuntime() && !hasSpare(d) }

// knot is a strongly connected part that holds most services.
type knot struct {
	cycle    analyzer.Cycle
	services []int32 // sorted
	left     int     // services still in cycles of the part, at most, without its best break
	hard     bool    // its members fail together
}

// runTogether reports whether the members of a knot still reach each other over those of its dependencies that are hard.
func (k *knot) runTogether(a *analyzer.Analysis) bool {
	return slices.ContainsFunc(a.Cycles(failTogether), func(c analyzer.Cycle) bool {
		return !slices.ContainsFunc(k.cycle.Members, func(m int32) bool { return !slices.Contains(c.Members, m) })
	})
}

// largestKnot returns the strongly connected part over the dependencies that keep selects with the most services, of those
// in which enough of them are in cycles whatever single dependency is dropped; nil where there is none.
func (p *Pass) largestKnot(keep analyzer.EdgeFilter, enough func(services int) bool) *knot {
	a := p.Analysis
	var best *knot
	for _, c := range a.Cycles(keep) {
		k := &knot{cycle: c}
		for _, m := range c.Members {
			if isService(a.Module(m).Kind) {
				k.services = append(k.services, m)
			}
		}
		// Of those that are left in cycles, at most as many as there are others may be no services.
		k.left = min(c.Remaining, len(k.services))
		if others := len(c.Members) - len(k.services); !c.Exact || !enough(len(k.services)) || !enough(max(k.left-others, 0)) {
			continue
		}
		if best == nil || len(k.services) > len(best.services) {
			best = k
		}
	}
	return best
}

// monolith returns the knot of which CPL010 tells and the number of services, nil where it tells of none or does not run.
func (p *Pass) monolith() (found *knot, total int) {
	if !p.Runs("CPL010") {
		return nil, 0
	}
	for _, m := range p.Design.Modules {
		if isService(m.Kind) {
			total++
		}
	}
	least, share := int(ParamOf[int64](p, "CPL010", "least")), ParamOf[float64](p, "CPL010", "share")
	enough := func(services int) bool { return services >= least && float64(services)*100 >= share*float64(total) }
	if !enough(total) {
		return nil, total
	}
	found = p.largestKnot(callsSynchronously, enough)
	if hard := p.largestKnot(failTogether, enough); hard != nil && (found == nil || len(hard.services) >= len(found.services)) {
		found, hard.hard = hard, true
	}
	return found, total
}

func runDistributedMonolith(p *Pass) {
	a := p.Analysis
	found, total := p.monolith()
	if found == nil {
		return
	}
	names := moduleNames(a, found.services)
	how := "each of them reaches all the others by synchronous calls, and none can be changed without the others"
	if found.runTogether(a) {
		how = "each of them reaches all the others by synchronous calls, and none can be changed or run without them"
	}
	if found.hard {
		how = "the failure of any one of them takes all the others down, and none can run without them"
	}
	drop := stepName(a, found.cycle.Break)
	f := Finding{
		Subject: Subject{OfSystem, p.Design.System},
		Message: fmt.Sprintf("%d of the %d services are one distributed monolith (%s): %s; no single dependency unties them, even without %s most are in cycles",
			len(names), total, enumerate(names), how, drop),
		Location: p.Design.Pos,
		Path:     cyclePath(a, found.cycle.Shortest),
		Aliases:  names,
		Suggestions: []string{
			fmt.Sprintf("decide which of them may call which, in layers, and let the others learn by events (mode: \"async\", strength: \"soft\") what they now ask for, beginning with %s", drop),
			"or merge those that change together into one service, and deploy it as one",
		},
	}
	if !f.Location.IsKnown() || f.Location.StartLine != f.Location.EndLine {
		f.Location = a.Module(found.services[0]).Pos
	}
	for _, s := range found.cycle.Shortest[:min(len(found.cycle.Shortest), maxShownPlaces)] {
		f.Related = append(f.Related, Related{Message: stepName(a, s) + " is part of the shortest cycle", Location: a.Dependencies()[s.Dependency].Pos})
	}
	p.Report(f)
}
