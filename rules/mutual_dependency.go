package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// mutualDependency tells of two modules that depend on each other, by runtime or startup
// dependencies of any mode and strength, while no third module is part of the cycle; a larger cycle
// is CPL001's. What two external modules do with each other is not the design's.
var mutualDependency = &Rule{
	ID:       "CPL007",
	Name:     "mutual-dependency",
	Severity: Warning,
	Summary:  "Two modules depend on each other.",
	Sources: []Source{
		{Title: "Taibi, Lenarduzzi, On the Definition of Microservice Bad Smells (IEEE Software, 2018): inappropriate service intimacy", URL: "https://doi.org/10.1109/MS.2018.2141031"},
		{Title: "Robert C. Martin, Granularity (1996): the acyclic dependencies principle", URL: "http://butunclebob.com/ArticleS.UncleBob.PrinciplesOfOod"},
	},
	Run: runMutualDependency,
}

func runMutualDependency(p *Pass) {
	for _, c := range p.couplingCycles() {
		if len(c.Members) == 2 {
			p.reportPair(c.Members[0], c.Members[1])
		}
	}
}

func (p *Pass) reportPair(one, two int32) {
	a := p.Analysis
	there, ok := dependencyOn(a, one, two)
	back, okBack := dependencyOn(a, two, one)
	if !ok || !okBack {
		return
	}
	x, y := a.Module(one).Name, a.Module(two).Name
	// The one to give up is the one that its caller needs less.
	from, to, drop := y, x, back
	if weight(there) < weight(back) {
		from, to, drop = x, y, there
	}
	f := Finding{
		Subject:  Subject{OfDependency, edgeName(x, y)},
		Message:  fmt.Sprintf("%s and %s depend on each other: neither can be changed, tested or moved without the other", x, y),
		Location: there.Pos,
		Related:  []Related{{Message: y + " depends on " + x, Location: back.Pos}},
		Path:     []string{x, y, x},
		Suggestions: []string{
			handOver(dependencyName(a, drop), from, to),
			fmt.Sprintf("merge %s and %s if they are one thing, or move what both need into a third module", x, y),
		},
		Aliases: dependencyAliases(a, there, back),
	}
	if oneOut, twoOut := a.Module(one).Kind == schema.External, a.Module(two).Kind == schema.External; oneOut || twoOut {
		if oneOut && twoOut {
			return
		}
		ours, theirs := x, y
		if oneOut {
			ours, theirs = y, x
		}
		f.Message = fmt.Sprintf("%s and %s depend on each other: %s cannot be changed or tested without %s, which others change", x, y, ours, theirs)
		f.Suggestions = []string{
			fmt.Sprintf("take what %s sends in a module of its own, which hands it on to %s as events", theirs, ours),
			fmt.Sprintf("or let %s ask %s when it needs to know, instead of being called by it", ours, theirs),
		}
	}
	p.Report(f)
}

// weight orders dependencies by how much the caller needs them: soft before hard, asynchronous
// before synchronous, at startup before at runtime.
func weight(d *analyzer.Dependency) int {
	w := 0
	if d.Strength == schema.Hard {
		w += 4
	}
	if d.Mode == schema.Sync {
		w += 2
	}
	if d.When == schema.Runtime {
		w++
	}
	return w
}
