package rules

import (
	"fmt"

	"lintel/analyzer"
)

// dependencyCycle tells of each strongly connected component of three or more modules, over the
// runtime and startup dependencies of any mode and strength. Components of two are CPL007's, unless
// it does not run.
var dependencyCycle = &Rule{
	ID:       "CPL001",
	Name:     "dependency-cycle",
	Severity: Error,
	Summary:  "Three or more modules depend on each other in a cycle.",
	Sources: []Source{
		{Title: "Robert C. Martin, Granularity (1996): the acyclic dependencies principle", URL: "http://butunclebob.com/ArticleS.UncleBob.PrinciplesOfOod"},
		{Title: "Taibi, Lenarduzzi, On the Definition of Microservice Bad Smells (IEEE Software, 2018): cyclic dependency", URL: "https://doi.org/10.1109/MS.2018.2141031"},
		{Title: "John Lakos, Large-Scale C++ Software Design (1996): cyclic physical dependencies"},
	},
	Run: runDependencyCycle,
}

func runDependencyCycle(p *Pass) {
	least := 3
	if !p.Runs("CPL007") {
		least = 2
	}
	for _, c := range p.couplingCycles() {
		if len(c.Members) >= least {
			p.reportCycle(&c)
		}
	}
}

func (p *Pass) reportCycle(c *analyzer.Cycle) {
	a := p.Analysis
	path := cyclePath(a, c.Shortest)
	members := moduleNames(a, c.Members)
	first := a.Module(c.Members[0])
	var message string
	if ring := len(path) - 1; ring == len(members) {
		message = fmt.Sprintf("%s depend on each other in a cycle: none of them can be understood, tested or changed without the others", enumerate(members))
	} else {
		message = fmt.Sprintf("%s lie in dependency cycles with each other, the shortest over %s: none of them can be understood, tested or changed without the others", enumerate(members), counted(ring, "module"))
	}
	f := Finding{
		Subject:  Subject{OfModule, first.Name},
		Message:  message,
		Location: first.Pos,
		Path:     path,
	}
	drop := p.stepToDrop(c)
	dropped := &a.Dependencies()[drop.Dependency]
	f.Related = append(f.Related, Related{Message: effectOfDrop(a, c, drop), Location: dropped.Pos})
	for _, s := range c.Shortest {
		if s != drop && len(f.Related) < maxShownPlaces {
			f.Related = append(f.Related, Related{Message: stepName(a, s), Location: a.Dependencies()[s.Dependency].Pos})
		}
	}
	from, to := a.Module(dropped.From).Name, a.Module(drop.Target).Name
	f.Suggestions = []string{
		handOver(stepName(a, drop), from, to),
		fmt.Sprintf("move what %s and %s both need into a module of its own, on which both depend", from, to),
	}
	f.Aliases = members[1:]
	p.Report(f)
}

// handOver suggests how to do without a dependency of module from on module to.
func handOver(dependency, from, to string) string {
	return fmt.Sprintf("drop %s: let the callers of %s hand it what it asks %s for, or let %s publish that as events", dependency, from, to, to)
}

// stepToDrop returns the step whose removal breaks most. In a plain ring each does, and the one that
// its caller needs least is the one to give up.
func (p *Pass) stepToDrop(c *analyzer.Cycle) analyzer.CycleStep {
	if c.Remaining > 0 || len(c.Shortest) != len(c.Members) {
		return c.Break
	}
	pairs := 0
	for _, m := range c.Members {
		for _, t := range p.coupling().To[m] {
			if contains(c.Members, t) {
				pairs++
			}
		}
	}
	if pairs > len(c.Members) {
		return c.Break
	}
	all := p.Analysis.Dependencies()
	best := c.Break
	for _, s := range c.Shortest {
		if weight(&all[s.Dependency]) < weight(&all[best.Dependency]) {
			best = s
		}
	}
	return best
}

// effectOfDrop tells what dropping the step that breaks most achieves.
func effectOfDrop(a *analyzer.Analysis, c *analyzer.Cycle, drop analyzer.CycleStep) string {
	switch c.Remaining {
	case 0:
		return fmt.Sprintf("without %s no cycle is left", stepName(a, drop))
	case len(c.Members):
		return fmt.Sprintf("%s is one of its dependencies; dropping a single one does not break it", stepName(a, drop))
	}
	return fmt.Sprintf("without %s only %d of %d modules are left in cycles", stepName(a, drop), c.Remaining, len(c.Members))
}
