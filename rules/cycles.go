package rules

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// Which rule tells of a cycle. Three see the same one from different sides, and one cause is one
// finding:
//   - RES008 tells of hard dependencies in a cycle, whose members cannot start;
//   - CPL007 of two modules, and no third, that depend on each other in any way;
//   - CPL001 of three or more.
//
// RES008 comes first: CPL001 and CPL007 keep silent about a component whose modules are just those
// of a cycle that RES008 tells. If RES008 or CPL007 does not run, CPL001 tells what they would.

// startsBefore reports whether the module of d cannot start before the target of d works: the
// dependencies that RES008 looks at.
func startsBefore(d *analyzer.Dependency) bool {
	return d.Strength == schema.Hard && couples(d)
}

// couplingCycles returns the strongly connected components of two or more modules over all
// dependencies that couple, whatever their mode and strength, without those that RES008 tells.
func (p *Pass) couplingCycles() []analyzer.Cycle {
	told := map[int32][]analyzer.Cycle{}
	if len(p.cyclesOfCoupling()) > 0 && p.Runs("RES008") {
		for _, c := range stuckCycles(p.Analysis) {
			told[c.Members[0]] = append(told[c.Members[0]], c)
		}
	}
	return slices.DeleteFunc(slices.Clone(p.cyclesOfCoupling()), func(c analyzer.Cycle) bool {
		return len(c.Members) < 2 || slices.ContainsFunc(told[c.Members[0]], func(t analyzer.Cycle) bool {
			return slices.Equal(t.Members, c.Members)
		})
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

// stepName names a step of a cycle as findings and waivers name a dependency.
func stepName(a *analyzer.Analysis, s analyzer.CycleStep) string {
	return edgeName(a.Module(a.Dependencies()[s.Dependency].From).Name, a.Module(s.Target).Name)
}
