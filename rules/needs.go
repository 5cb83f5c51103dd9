package rules

import (
	"lintel/analyzer"
	"lintel/schema"
)

// worksOrStarts reports whether d is one by which a module works or starts. What is needed only to
// deploy or to recover a module is not needed by its users.
func worksOrStarts(d *analyzer.Dependency) bool {
	return d.When == schema.Runtime || d.When == schema.Startup
}

// neededForCertain marks the modules that some journey cannot do without: those whose failure as a
// whole takes a journey down, and those without which such a module cannot start. What only stands
// in for another as an alternative, or stands behind one that does, is not needed for certain.
func neededForCertain(a *analyzer.Analysis) []bool {
	out := make([]bool, a.Modules())
	var queue []int32
	for m, lost := range a.ModuleFailures().Lost {
		if len(lost) > 0 {
			out[m] = true
			queue = append(queue, int32(m))
		}
	}
	atRuntime := len(queue) // these have all that they need at runtime among them
	for i := 0; i < len(queue); i++ {
		own := a.DependenciesOf(queue[i])
		for k := range own {
			d := &own[k]
			if d.Strength != schema.Hard || hasSpare(d) || d.When != schema.Startup && (i < atRuntime || d.When != schema.Runtime) {
				continue
			}
			for _, t := range d.Targets {
				if !out[t] {
					out[t] = true
					queue = append(queue, t)
				}
			}
		}
	}
	return out
}

// spared marks the modules that are reached only as one of several alternatives with a spare, or
// only from modules that are: what stands there stands elsewhere too, as a whole. Entries and
// modules that no other needs to work or to start are never among them.
func spared(a *analyzer.Analysis) []bool {
	n := a.Modules()
	called, plain, reached := make([]bool, n), make([]bool, n), make([]bool, n)
	deps := a.Dependencies()
	for i := range deps {
		if worksOrStarts(&deps[i]) {
			for _, t := range deps[i].Targets {
				called[t] = called[t] || t != deps[i].From
			}
		}
	}
	entry := make([]bool, n)
	for _, j := range a.Journeys() {
		if j.Entry >= 0 {
			entry[j.Entry] = true
		}
	}
	spread := func(seen []bool, from int32, follow func(*analyzer.Dependency) bool) {
		if seen[from] {
			return
		}
		seen[from] = true
		for queue := []int32{from}; len(queue) > 0; {
			m := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			own := a.DependenciesOf(m)
			for k := range own {
				if !worksOrStarts(&own[k]) || !follow(&own[k]) {
					continue
				}
				for _, t := range own[k].Targets {
					if !seen[t] {
						seen[t] = true
						queue = append(queue, t)
					}
				}
			}
		}
	}
	all := func(*analyzer.Dependency) bool { return true }
	withoutSpare := func(d *analyzer.Dependency) bool { return !hasSpare(d) }
	for m := range int32(n) {
		if !called[m] || entry[m] || a.Module(m).Entry {
			spread(reached, m, all)
			spread(plain, m, withoutSpare)
		}
	}
	out := make([]bool, n)
	for m := range int32(n) {
		if !reached[m] { // a ring of modules that nothing outside calls
			spread(plain, m, withoutSpare)
		}
	}
	for m := range out {
		out[m] = reached[m] && !plain[m]
	}
	return out
}
