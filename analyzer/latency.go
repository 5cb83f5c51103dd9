package analyzer

import (
	"cmp"
	"slices"
	"time"

	"lintel/schema"
)

// Latency is the time that a module takes to answer: its own latency and that of its synchronous
// hard runtime dependencies, called one after the other, or all at once. A dependency with calls 0
// is not called. Of an anyOf, as many alternatives as are needed are called, the fastest ones.
type Latency struct {
	// Serial and Parallel, by module, are exact where Known. Elsewhere they are the part that is
	// stated, a lower bound.
	Serial, Parallel []time.Duration
	// Known tells whether the latencies are stated of the module and of all on which its own rests.
	Known []bool
	// Assumed tells that Serial takes a dependency for one call, because its calls are not stated.
	Assumed []bool
	// Cyclic tells that the synchronous calls form a cycle, so no finite value exists: for the
	// modules on it, and for those whose latency rests on theirs. They are not Known.
	Cyclic []bool
}

// Latency returns the latency of each module: Serial takes its synchronous calls one after the
// other, calls times each; Parallel takes the slowest alone. It costs linear time.
func (a *Analysis) Latency() *Latency {
	n := a.Modules()
	l := &Latency{
		Serial: make([]time.Duration, n), Parallel: make([]time.Duration, n),
		Known: make([]bool, n), Assumed: make([]bool, n), Cyclic: make([]bool, n),
	}
	g := a.graph(awaited)
	for _, members := range g.components().members() {
		v := members[0]
		if len(members) == 1 && !slices.Contains(g.heads(v), v) {
			l.add(a, v)
			continue
		}
		for _, v := range members {
			l.Cyclic[v] = true
			own, _ := ownLatency(a.Module(v))
			l.Serial[v], l.Parallel[v] = own, own
		}
	}
	return l
}

// awaited reports whether a module has to wait for the answer of d.
func awaited(d *Dependency) bool {
	calls, stated := statedRate(d.Calls)
	return d.Mode == schema.Sync && d.HardRuntime() && (!stated || calls > 0)
}

func ownLatency(m *schema.Module) (own time.Duration, stated bool) {
	if m.Latency == nil || *m.Latency < 0 {
		return 0, false
	}
	return *m.Latency, true
}

// add computes the latency of module v, those of all that it waits for being there.
func (l *Latency) add(a *Analysis, v int32) {
	own, known := ownLatency(a.Module(v))
	serial, slowest := own, time.Duration(0)
	for k := a.byModule[v]; k < a.byModule[v+1]; k++ {
		d := &a.dependencies[k]
		if !awaited(d) || len(d.Targets) == 0 {
			continue
		}
		calls, stated := statedRate(d.Calls)
		if !stated {
			calls = 1
			l.Assumed[v] = true
		}
		for _, t := range l.fastest(d, l.Serial) {
			serial = addTime(serial, multiplyTime(l.Serial[t], calls))
			known = known && l.Known[t]
			l.Assumed[v] = l.Assumed[v] || l.Assumed[t]
			l.Cyclic[v] = l.Cyclic[v] || l.Cyclic[t]
		}
		for _, t := range l.fastest(d, l.Parallel) {
			slowest = max(slowest, l.Parallel[t])
			known = known && l.Known[t]
		}
	}
	l.Serial[v], l.Parallel[v] = serial, addTime(own, slowest)
	l.Known[v] = known && !l.Cyclic[v]
}

// fastest returns the targets of d that it calls: its one target, or as many alternatives as it
// needs, those that take the least time. One whose calls go round a cycle comes last. Where it is
// not known how long one takes, what is known of it is a lower bound; so if those with the least
// are known, they are the fastest.
func (l *Latency) fastest(d *Dependency, takes []time.Duration) []int32 {
	if len(d.Targets) == 1 {
		return d.Targets
	}
	rank := func(t int32) int {
		switch {
		case l.Cyclic[t]:
			return 2
		case !l.Known[t]:
			return 1
		}
		return 0
	}
	order := slices.Clone(d.Targets)
	slices.SortStableFunc(order, func(x, y int32) int {
		if l.Cyclic[x] != l.Cyclic[y] {
			return cmp.Compare(rank(x), rank(y))
		}
		return cmp.Or(cmp.Compare(takes[x], takes[y]), cmp.Compare(rank(x), rank(y)))
	})
	return order[:min(max(d.Need, 1), len(order))]
}
