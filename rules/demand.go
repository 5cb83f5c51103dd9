package rules

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"lintel/analyzer"
	"lintel/schema"
)

// serving is the number of the replicas that are up that take requests: of an active-passive module
// only as many as it needs, of others all.
func serving(m *schema.Module, up int) int {
	if m.Redundancy.Mode == schema.ActivePassive {
		return min(up, m.Need())
	}
	return up
}

// mostReplicas is the number of replicas at peak: the ceiling of autoscaling, or those stated.
func mostReplicas(m *schema.Module) int {
	if m.Autoscaling != nil {
		return m.Autoscaling.Max
	}
	return m.Replicas
}

// exceeds reports whether a demand is above a capacity by more than the error of summation.
func exceeds(demand, capacity float64) bool { return demand > capacity*(1+1e-9) }

// replicasFor is the number of replicas that serve a demand.
func replicasFor(demand, perReplica float64) int {
	n := math.Ceil(demand / perReplica * (1 - 1e-9))
	return int(min(max(n, 1), 1e9))
}

// rate writes requests a second with three digits and more where they are whole.
func rate(f float64) string {
	if f >= 100 {
		return strconv.FormatFloat(math.Round(f), 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}

// demandPaths returns the journeys that ask something of module m, sorted by name, and a way to it
// for some of them, the one with the highest stated peak first.
func demandPaths(a *analyzer.Analysis, m int32, callers [][]int32) (names []string, paths []JourneyPath) {
	// From m backwards: next leads towards m.
	next := map[int32]int32{m: -1}
	distance := map[int32]int{m: 0}
	deps := a.Dependencies()
	for queue := []int32{m}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for _, i := range callers[at] {
			from := deps[i].From
			if _, seen := next[from]; !seen {
				next[from], distance[from] = at, distance[at]+1
				queue = append(queue, from)
			}
		}
	}
	type asking struct {
		name string
		peak float64
		path []int32
	}
	var list []asking
	for _, j := range a.Journeys() {
		if j.Entry < 0 || j.Stated == nil || j.Stated.Peak == nil || *j.Stated.Peak == 0 {
			continue
		}
		if _, ok := next[j.Entry]; !ok {
			continue
		}
		path := []int32{j.Entry}
		if j.Entry != m {
			first := firstUsed(a, j, distance)
			if first < 0 {
				continue
			}
			for t := first; t >= 0; t = next[t] {
				path = append(path, t)
			}
		}
		list = append(list, asking{j.Name, *j.Stated.Peak, path})
	}
	slices.SortStableFunc(list, func(x, y asking) int { return cmp.Compare(y.peak, x.peak) })
	for i, x := range list {
		names = append(names, x.name)
		if i < maxShownWays {
			paths = append(paths, JourneyPath{x.name, moduleNames(a, x.path)})
		}
	}
	slices.Sort(names)
	return names, paths
}

// firstUsed returns the target nearest to the goal of the dependencies of j's entry that carry the
// journey's demand, or -1.
func firstUsed(a *analyzer.Analysis, j analyzer.Journey, distance map[int32]int) int32 {
	best := int32(-1)
	all, own := a.Dependencies(), a.DependenciesOf(j.Entry)
	for k := range own {
		d := &own[k]
		if !carriesDemand(d) || slices.ContainsFunc(j.Ignored, func(i int32) bool { return &all[i] == d }) {
			continue
		}
		for _, t := range d.Targets {
			if n, ok := distance[t]; ok && t != j.Entry && (best < 0 || n < distance[best] || n == distance[best] && t < best) {
				best = t
			}
		}
	}
	return best
}

// carriesDemand reports whether requests go along d.
func carriesDemand(d *analyzer.Dependency) bool {
	return d.When == schema.Runtime && (d.Calls == nil || *d.Calls > 0)
}

// demandCallers lists, by module, the dependencies on it that carry demand.
func demandCallers(a *analyzer.Analysis) [][]int32 {
	out := make([][]int32, a.Modules())
	deps := a.Dependencies()
	for i := range deps {
		if carriesDemand(&deps[i]) {
			for _, t := range deps[i].Targets {
				out[t] = append(out[t], int32(i))
			}
		}
	}
	return out
}

// demandProof puts the journeys and ways into a finding about the demand on module m.
func demandProof(a *analyzer.Analysis, f *Finding, m int32, callers [][]int32) {
	f.Journeys, f.Paths = demandPaths(a, m, callers)
	if len(f.Paths) > 0 {
		f.Path = f.Paths[0].Path
	}
}

// served says what serves m: "3 replicas of 200".
func served(m *schema.Module, n int) string {
	active := serving(m, n)
	words := counted(active, "replica")
	if active < n {
		words = counted(active, "active replica")
	}
	return fmt.Sprintf("%s of %s each", words, rate(*m.Capacity))
}
