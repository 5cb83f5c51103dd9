package rules

import (
	"fmt"

	"lintel/analyzer"
)

// dependencyCycle tells of each strongly connected component of three or more modules, over the
// runtime and startup dependencies of any mode and strength. Components of two are CPL007's, unless
// it does not run; see couplingCycles for what RES008 tells.
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
	weakest := &a.Dependencies()[c.Break.Dependency]
	f.Related = append(f.Related, Related{
		Message:  effectOfBreak(a, c),
		Location: weakest.Pos,
	})
	for _, s := range c.Shortest {
		if s != c.Break && len(f.Related) < maxShownPlaces {
			f.Related = append(f.Related, Related{Message: stepName(a, s), Location: a.Dependencies()[s.Dependency].Pos})
		}
	}
	from, to := a.Module(weakest.From).Name, a.Module(c.Break.Target).Name
	f.Suggestions = []string{
		fmt.Sprintf("drop or turn round %s: let %s tell %s by an event, or pass what %s needs with the call", edgeName(from, to), from, to, to),
		fmt.Sprintf("move what %s and %s both need into a module of its own, on which both depend", from, to),
	}
	f.Aliases = members[1:]
	p.Report(f)
}

// effectOfBreak tells what dropping the step that breaks most achieves.
func effectOfBreak(a *analyzer.Analysis, c *analyzer.Cycle) string {
	switch c.Remaining {
	case 0:
		return fmt.Sprintf("without %s no cycle is left", stepName(a, c.Break))
	case len(c.Members):
		return fmt.Sprintf("%s is one of its dependencies; dropping a single one does not break it", stepName(a, c.Break))
	}
	return fmt.Sprintf("without %s only %d of %d modules are left in cycles", stepName(a, c.Break), c.Remaining, len(c.Members))
}
