package analyzer

import (
	"slices"
	"time"
)

// LatencyBound holds, for each module, a time within which it cannot answer: its own latency and that of the slowest of
// its synchronous hard runtime dependencies, as if it called all of them at once and each of them once. Calls that stand
// in a row or are made several times take longer, never shorter. Of an anyOf, as many alternatives as are needed are
// called, the fastest ones; a call that leads back to its caller counts for nothing; an unstated latency for 0.
type LatencyBound struct {
	// Least is that time, by module.
	Least []time.Duration
	// Complete tells that all latencies that Least rests on are stated, and that no call leads back.
	Complete []bool

	a      *Analysis
	passed []time.Duration // what a module's callers count with: Least, or what it promises where that is less
	capped []bool          // it is what the module promises
	cyclic []int32         // the component of each module, to know the calls that lead back
}

// LatencyStep is one module on the way that makes up a bound, with its part of the time: its own latency, or, at the end
// of the way, all that it promises to take (Promised).
type LatencyStep struct {
	Module   int32
	Takes    time.Duration
	Promised bool
}

// LatencyBound returns the bounds. Callers of a module that cannot keep the latency that it promises (slo.latency) count
// with the promise, not with the bound, so that one slow module is not held against all that call it: what exceeds
// a promise does so even if all modules behind keep theirs. It costs linear time.
func (a *Analysis) LatencyBound() *LatencyBound {
	n := a.Modules()
	c := a.graph(awaited).components()
	b := &LatencyBound{
		Least: make([]time.Duration, n), Complete: make([]bool, n),
		a: a, passed: make([]time.Duration, n), capped: make([]bool, n), cyclic: c.of,
	}
	for _, members := range c.members() {
		for _, v := range members {
			own, known := ownLatency(a.Module(v))
			slowest, _, complete := b.slowest(v, nil)
			b.Least[v], b.Complete[v] = addTime(own, slowest), known && complete
		}
		for _, v := range members {
			b.passed[v] = b.Least[v]
			if promised := a.Module(v).SLO.Latency; promised != nil && b.Least[v] > *promised {
				b.passed[v], b.capped[v] = max(*promised, 0), true
			}
		}
	}
	return b
}

// slowest returns the time of the slowest call of module v that is not among the dependencies in ignored, and the module
// that it waits for, -1 where there is none; and whether all that it waits for is known.
func (b *LatencyBound) slowest(v int32, ignored []int32) (takes time.Duration, by int32, complete bool) {
	by, complete = -1, true
	for k := b.a.byModule[v]; k < b.a.byModule[v+1]; k++ {
		d := &b.a.dependencies[k]
		if !awaited(d) || len(d.Targets) == 0 || slices.Contains(ignored, k) {
			continue
		}
		t, known := b.lastAwaited(d)
		complete = complete && known
		if t >= 0 && (by < 0 || b.passed[t] > takes) {
			takes, by = b.passed[t], t
		}
	}
	return takes, by, complete
}

// lastAwaited returns, of the fastest alternatives that d needs, the slowest, -1 where one of them leads back and thus
// says nothing; and whether the time of all alternatives is known.
func (b *LatencyBound) lastAwaited(d *Dependency) (last int32, complete bool) {
	if len(d.Targets) == 1 {
		if t := d.Targets[0]; b.cyclic[t] != b.cyclic[d.From] {
			return t, b.Complete[t]
		}
		return -1, false
	}
	complete = true
	order := make([]int32, 0, len(d.Targets))
	back := 0
	for _, t := range d.Targets {
		if b.cyclic[t] == b.cyclic[d.From] {
			back++
			complete = false
			continue
		}
		order = append(order, t)
		complete = complete && b.Complete[t]
	}
	need := min(max(d.Need, 1), len(d.Targets)) - back
	if need <= 0 {
		return -1, complete
	}
	slices.SortStableFunc(order, func(x, y int32) int { return int(min(max(b.passed[x]-b.passed[y], -1), 1)) })
	return order[need-1], complete
}

// Path returns the way that makes up Least of module v, from v on.
func (b *LatencyBound) Path(v int32) []LatencyStep { return b.path(v, nil) }

func (b *LatencyBound) path(v int32, ignored []int32) []LatencyStep {
	var out []LatencyStep
	for {
		own, _ := ownLatency(b.a.Module(v))
		out = append(out, LatencyStep{Module: v, Takes: own})
		_, next, _ := b.slowest(v, ignored)
		ignored = nil
		switch {
		case next < 0:
			return out
		case b.capped[next]:
			return append(out, LatencyStep{Module: next, Takes: b.passed[next], Promised: true})
		}
		v = next
	}
}

// OfJourney returns the bound of a journey and the way that makes it up: that of its entry, without the dependencies that
// the journey does not use, and no more than what the entry promises where it cannot keep that.
func (b *LatencyBound) OfJourney(j *Journey) (least time.Duration, path []LatencyStep, complete bool) {
	if j.Entry < 0 {
		return 0, nil, false
	}
	own, known := ownLatency(b.a.Module(j.Entry))
	slowest, _, complete := b.slowest(j.Entry, j.Ignored)
	least = addTime(own, slowest)
	if b.capped[j.Entry] && least > b.passed[j.Entry] {
		return b.passed[j.Entry], []LatencyStep{{Module: j.Entry, Takes: b.passed[j.Entry], Promised: true}}, known && complete
	}
	return least, b.path(j.Entry, j.Ignored), known && complete
}
