package rules

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// Which rule tells of a cycle:
//   - CPL007 of two modules, and no third, that depend on each other in any way;
//   - CPL001 of three or more, and of two where CPL007 does not run;
//   - RES008 of hard dependencies in a cycle, whose members cannot start.
//
// RES008 speaks beside the others: a soft dependency mends it and leaves the modules coupled, so
// these are two faults, with two cures.

// startsBefore reports whether the module of d cannot start before the target of d works: the
// dependencies that RES008 looks at.
func startsBefore(d *analyzer.Dependency) bool {
	return d.Strength == schema.Hard && couples(d)
}

// couplingCycles returns the strongly connected components of two or more modules over all
// dependencies that couple, whatever their mode and strength.
func (p *Pass) couplingCycles() []analyzer.Cycle {
	return slices.DeleteFunc(slices.Clone(p.cyclesOfCoupling()), func(c analyzer.Cycle) bool {
		return len(c.Members) < 2
	})
}

// cyclePath gives the names of the modules round a cycle, the first one again at the end.
func cyclePath(a *analyzer.Analysis, steps []analyzer.CycleStep) []string {
	path := make([]string, 0, len(steps)+1)
	for _, s := range steps {
		path = append(path, a.Module(a.Dependencies()[s.Dependency].From).Name)
	}
	return append(path, path[0])
}

// stepName names the dependency of a step of a cycle, as findings and waivers do.
func stepName(a *analyzer.Analysis, s analyzer.CycleStep) string {
	return dependencyName(a, &a.Dependencies()[s.Dependency])
}
