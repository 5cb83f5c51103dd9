package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// tierInversion tells of a hard runtime dependency on a module of a less critical tier: the caller
// cannot be more available than what it needs, and the callee's team was told that it may be less.
// Of alternatives, enough must be of the caller's tier or a more critical one. Both tiers must be
// stated.
var tierInversion = &Rule{
	ID:       "RES009",
	Name:     "tier-inversion",
	Severity: Warning,
	Summary:  "A module hard-depends on one of a less critical tier.",
	Needs:    []string{"tier"},
	Sources: []Source{
		{Title: "Treynor, Dahlin, Rau, Beyer, The Calculus of Service Availability (ACM Queue, 2017)", URL: "https://queue.acm.org/detail.cfm?id=3096459"},
	},
	Run: runTierInversion,
}

func runTierInversion(p *Pass) {
	a := p.Analysis
	unstated := 0
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if !d.HardRuntime() || len(d.Targets) == 0 {
			continue
		}
		from := a.Module(d.From)
		var lesser []string
		good, unknown, worst := 0, from.Tier == nil, 0
		for _, t := range d.Targets {
			m := a.Module(t)
			switch {
			case t == d.From, from.Tier == nil:
				good++
			case m.Tier == nil:
				unknown = true
			case *m.Tier > *from.Tier:
				lesser = append(lesser, m.Name)
				worst = max(worst, *m.Tier)
			default:
				good++
			}
		}
		need := min(neededTargets(d), len(d.Targets)) // more than there are is HYG002's
		if from.Tier != nil && good >= need {
			continue
		}
		if from.Tier == nil || unknown && len(d.Targets)-len(lesser) >= need {
			unstated++
			continue
		}
		tiers := fmt.Sprintf("which is of tier %d", worst)
		if len(lesser) > 1 {
			tiers = "which are of less critical tiers"
		}
		f := Finding{
			Subject:     Subject{OfDependency, edgeName(from.Name, d.Key)},
			Message:     fmt.Sprintf("%s is of tier %d but cannot work without %s, %s: it is no more available than that", from.Name, *from.Tier, enumerate(lesser), tiers),
			Location:    d.Pos,
			Suggestions: p.towardsTier(d, lesser),
			Aliases:     dependencyAliases(a, d),
		}
		for _, t := range d.Targets {
			m := a.Module(t)
			if slices.Contains(lesser, m.Name) && len(f.Related) < maxShownPlaces {
				f.Related = append(f.Related, Related{Message: fmt.Sprintf("%s is of tier %d", m.Name, *m.Tier), Location: placeOfFirst(m, "tier")})
			}
		}
		p.Report(f)
	}
	p.Unchecked(unstated, "tier")
}

// towardsTier names the changes that end an inversion. What is external is not the design's: it can
// be done without, or have an alternative, but neither its tier nor its own dependencies change.
func (p *Pass) towardsTier(d *analyzer.Dependency, lesser []string) []string {
	from := p.Analysis.Module(d.From)
	var own, foreign, out []string
	for _, name := range lesser {
		if i, _ := p.Analysis.ModuleIndex(name); p.Analysis.Module(i).Kind == schema.External {
			foreign = append(foreign, name)
		} else {
			own = append(own, name)
		}
	}
	add := func(change string) {
		if len(out) > 0 {
			change = "or " + change
		}
		out = append(out, change)
	}
	if from.Kind != schema.External {
		add(fmt.Sprintf("make the dependency soft, with a fallback: %q: {strength: \"soft\", fallback: …}", d.Key))
		if len(foreign) > 0 {
			add(fmt.Sprintf("give it an alternative of tier %d to %s: anyOf", *from.Tier, enumerate(foreign)))
		}
	}
	if len(own) > 0 {
		add(fmt.Sprintf("run %s as tier %d, with the redundancy that this asks for", enumerate(own), *from.Tier))
	}
	if len(out) == 0 {
		add(fmt.Sprintf("let what depends on %s do without it for a while", from.Name))
	}
	return out
}
