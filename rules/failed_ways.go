package rules

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// fails reports whether dependency d is not satisfied when the modules that down tells of do not
// work. A dependency whose targets are all unknown is satisfied.
func fails(d *analyzer.Dependency, down func(int32) bool) bool {
	return len(d.Targets) > 0 && working(d, down) < neededTargets(d)
}

// working counts the known targets of d that work.
func working(d *analyzer.Dependency, down func(int32) bool) int {
	n := 0
	for _, t := range d.Targets {
		if !down(t) {
			n++
		}
	}
	return n
}

// neededTargets is the number of the known targets of d that must work.
func neededTargets(d *analyzer.Dependency) int {
	if len(d.AnyOf) == 0 {
		return 1
	}
	return max(d.Need, 1)
}

// hasSpare reports whether d has alternatives: it names more known targets than it needs.
func hasSpare(d *analyzer.Dependency) bool {
	return len(d.Targets) > 1 && len(d.Targets) > neededTargets(d) // the first spares the second a look at the design
}

// failedWay returns one shortest way from module from to a module that stop accepts, along hard
// runtime dependencies that fail while down tells what does not work: among the shortest, the first
// in order of names. It is nil where there is none. A way of one module is one that stop accepts at
// once. pass, unless nil, tells which dependencies may be followed.
func failedWay(a *analyzer.Analysis, from int32, down func(int32) bool, stop func(int32) bool, pass func(*analyzer.Dependency) bool) []int32 {
	if stop(from) {
		return []int32{from}
	}
	// Breadth first in order of names: the first way that reaches a module is, among the shortest,
	// the first in order of names.
	before := map[int32]int32{from: -1}
	queue := []int32{from}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		for _, t := range failedTargets(a, m, down, pass) {
			if _, seen := before[t]; seen {
				continue
			}
			before[t] = m
			if stop(t) {
				var way []int32
				for ; t >= 0; t = before[t] {
					way = append(way, t)
				}
				slices.Reverse(way)
				return way
			}
			queue = append(queue, t)
		}
	}
	return nil
}

// failedTargets lists, in order, the targets that do not work of the hard runtime dependencies of
// module m that fail.
func failedTargets(a *analyzer.Analysis, m int32, down func(int32) bool, pass func(*analyzer.Dependency) bool) []int32 {
	var out []int32
	deps := a.DependenciesOf(m)
	for k := range deps {
		d := &deps[k]
		if !d.HardRuntime() || pass != nil && !pass(d) || !fails(d, down) {
			continue
		}
		for _, t := range d.Targets {
			if down(t) {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// failedReach marks the modules to which hard runtime dependencies that fail lead from the modules in
// from, those themselves included.
func failedReach(a *analyzer.Analysis, from []int32, down func(int32) bool) map[int32]bool {
	seen := make(map[int32]bool, len(from))
	var queue []int32
	visit := func(m int32) {
		if !seen[m] {
			seen[m] = true
			queue = append(queue, m)
		}
	}
	for _, m := range from {
		visit(m)
	}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		for _, t := range failedTargets(a, m, down, nil) {
			visit(t)
		}
	}
	return seen
}

// hardGraph holds the hard runtime dependencies close together, for searches of many events.
type hardGraph struct {
	at    []int32 // those of module i: edges[at[i]:at[i+1]]
	edges []hardEdge
}

type hardEdge struct {
	targets []int32
	need    int
}

func newHardGraph(a *analyzer.Analysis) *hardGraph {
	g := &hardGraph{at: make([]int32, 1, a.Modules()+1)}
	for i := range a.Design.Modules {
		deps := a.DependenciesOf(int32(i))
		for k := range deps {
			if d := &deps[k]; d.HardRuntime() && len(d.Targets) > 0 {
				g.edges = append(g.edges, hardEdge{d.Targets, neededTargets(d)})
			}
		}
		g.at = append(g.at, int32(len(g.edges)))
	}
	return g
}

// reach is failedReach.
func (g *hardGraph) reach(from []int32, down func(int32) bool) []bool {
	seen := make([]bool, len(g.at)-1)
	var queue []int32
	for _, m := range from {
		if !seen[m] {
			seen[m] = true
			queue = append(queue, m)
		}
	}
	for k := 0; k < len(queue); k++ {
		m := queue[k]
		for _, e := range g.edges[g.at[m]:g.at[m+1]] {
			work := 0
			for _, t := range e.targets {
				if !down(t) {
					work++
				}
			}
			if work >= e.need {
				continue
			}
			for _, t := range e.targets {
				if !seen[t] && down(t) {
					seen[t] = true
					queue = append(queue, t)
				}
			}
		}
	}
	return seen
}

// failedReachOfJourney is failedReach from the entry of a journey, which follows only those of the
// entry's own dependencies that the journey uses.
func failedReachOfJourney(a *analyzer.Analysis, j *analyzer.Journey, down func(int32) bool, noCapacity func(int32) bool) []int32 {
	if j.Entry < 0 {
		return nil
	}
	if len(j.Ignored) == 0 || noCapacity(j.Entry) {
		return []int32{j.Entry}
	}
	var starts []int32
	deps := a.Dependencies()
	for k := range a.DependenciesOf(j.Entry) {
		d := &a.DependenciesOf(j.Entry)[k]
		ignored := slices.ContainsFunc(j.Ignored, func(i int32) bool { return &deps[i] == d })
		if ignored || !d.HardRuntime() || !fails(d, down) {
			continue
		}
		for _, t := range d.Targets {
			if down(t) {
				starts = append(starts, t)
			}
		}
	}
	return starts
}

// onTheWay marks the modules that some journey needs: those that runtime dependencies, hard or soft,
// lead to from its entry.
func onTheWay(a *analyzer.Analysis) []bool {
	return reachedByJourneys(a, func(*analyzer.Dependency) bool { return true })
}

// reachedByJourneys marks the modules to which runtime dependencies that may be followed lead from
// the entries of journeys, the entries included.
func reachedByJourneys(a *analyzer.Analysis, may func(*analyzer.Dependency) bool) []bool {
	seen := make([]bool, a.Modules())
	var queue []int32
	visit := func(m int32) {
		if !seen[m] {
			seen[m] = true
			queue = append(queue, m)
		}
	}
	deps := a.Dependencies()
	follow := func(d *analyzer.Dependency) {
		if d.When == schema.Runtime && may(d) {
			for _, t := range d.Targets {
				visit(t)
			}
		}
	}
	journeys := a.Journeys()
	entries := map[int32]bool{}
	for i := range journeys {
		j := &journeys[i]
		if j.Entry < 0 {
			continue
		}
		if len(j.Ignored) == 0 {
			visit(j.Entry)
			continue
		}
		// What this journey does not use counts only if something else leads to the entry.
		entries[j.Entry] = true
		own := a.DependenciesOf(j.Entry)
		for k := range own {
			if !slices.ContainsFunc(j.Ignored, func(i int32) bool { return &deps[i] == &own[k] }) {
				follow(&own[k])
			}
		}
	}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		own := a.DependenciesOf(m)
		for k := range own {
			follow(&own[k])
		}
	}
	for e := range entries {
		seen[e] = true
	}
	return seen
}
