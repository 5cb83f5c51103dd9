package analyzer

import (
	"slices"

	"lintel/schema"
)

// Promises tells what the promises of availability that a design states leave possible: a module can be counted on for
// what it promises (slo.availability; the availability of an external module is its promise), or, where it promises
// nothing, for no more than the least of what it cannot work without. All figures are shares from 0 to 1, and upper bounds:
// what promises nothing and rests on no promise counts as 1.
//
// Alternatives (anyOf) fail independently of each other here, as everywhere in lintel, so two of 99 % are 99.99 % together.
type Promises struct {
	// Of is what callers of a module can count on at best, by module.
	Of []float64
	// Stated tells, by module, whether that is its own promise.
	Stated []bool
	// Needs is the least of what the hard runtime dependencies of a module can be counted on, by module; 1 where it has none.
	Needs []float64
	// Open tells, by module, that something that it cannot work without promises nothing and rests on no promise.
	Open []bool

	a *Analysis
}

// promiseRounds bounds the passes over modules that depend on each other in a circle. What is not yet found by then stays
// an upper bound.
const promiseRounds = 64

// promisedShare returns what module m promises to its callers.
func promisedShare(m *schema.Module) (share float64, stated bool) {
	if m.SLO.Availability != nil {
		return min(max(*m.SLO.Availability/100, 0), 1), true
	}
	if q, ok := m.Unavailability(); ok && m.Kind == schema.External {
		return min(max(1-q, 0), 1), true
	}
	return 1, false
}

// Promises returns what the stated promises leave possible. It costs linear time where dependencies form no large circle.
func (a *Analysis) Promises() *Promises {
	n := a.Modules()
	p := &Promises{Of: make([]float64, n), Stated: make([]bool, n), Needs: make([]float64, n), Open: make([]bool, n), a: a}
	for v := range p.Of {
		p.Of[v], p.Stated[v] = promisedShare(a.Module(int32(v)))
		p.Needs[v] = 1
	}
	g := a.graph((*Dependency).HardRuntime)
	for _, members := range g.components().members() {
		for range min(len(members), promiseRounds) {
			changed := false
			for _, v := range members {
				changed = p.update(v) || changed
			}
			if !changed {
				break
			}
		}
	}
	return p
}

// update computes Needs, Open and Of of module v from those of its targets, and reports whether they have changed.
func (p *Promises) update(v int32) bool {
	needs, open := 1.0, false
	deps := p.a.DependenciesOf(v)
	for k := range deps {
		d := &deps[k]
		if !d.HardRuntime() || len(d.Targets) == 0 {
			continue
		}
		needs = min(needs, p.OfDependency(d))
		for _, t := range d.Targets {
			open = open || !p.Stated[t] && t != v && p.open(t)
		}
	}
	changed := needs != p.Needs[v] || open != p.Open[v]
	p.Needs[v], p.Open[v] = needs, open
	if !p.Stated[v] {
		p.Of[v] = needs
	}
	return changed
}

// open reports whether module t, which promises nothing, leaves open what it can be counted on.
func (p *Promises) open(t int32) bool {
	deps := p.a.DependenciesOf(t)
	for k := range deps {
		if d := &deps[k]; d.HardRuntime() && len(d.Targets) > 0 {
			return p.Open[t]
		}
	}
	return true
}

// OfDependency is what a dependency can be counted on at best: the probability that as many of its targets work as it
// needs.
func (p *Promises) OfDependency(d *Dependency) float64 {
	if len(d.Targets) == 1 {
		return p.Of[d.Targets[0]]
	}
	need := max(d.Need, 1)
	if len(d.Targets) <= need { // all of them; more than there are is a contradiction that a rule tells
		need = len(d.Targets)
	}
	// works[k] is the probability that k of the targets looked at so far work.
	works := make([]float64, len(d.Targets)+1)
	works[0] = 1
	for i, t := range d.Targets {
		q := p.Of[t]
		for k := i + 1; k > 0; k-- {
			works[k] = works[k]*(1-q) + works[k-1]*q
		}
		works[0] *= 1 - q
	}
	fails := 0.0
	for _, w := range works[:need] {
		fails += w
	}
	return 1 - fails
}

// Least returns the dependency of module v, hard at runtime and not among those in ignored, that can be counted on least,
// and what it can be counted on; nil and 1 where none falls short of certainty.
func (p *Promises) Least(v int32, ignored []int32) (least *Dependency, share float64) {
	share = 1
	for k := p.a.byModule[v]; k < p.a.byModule[v+1]; k++ {
		d := &p.a.dependencies[k]
		if !d.HardRuntime() || len(d.Targets) == 0 || slices.Contains(ignored, k) {
			continue
		}
		if s := p.OfDependency(d); s < share {
			least, share = d, s
		}
	}
	return least, share
}

// Way returns what dependency d rests on: a shortest way of modules from its target, over modules that promise nothing, to the
// one whose promise is the least. Where the choice among alternatives is what is good for least, the way ends before them,
// with the dependency that names them (last); else last is nil. Both are nil where nothing is promised.
func (p *Promises) Way(d *Dependency) (way []int32, last *Dependency) {
	if len(d.Targets) > 1 {
		return nil, d
	}
	start := d.Targets[0]
	before := map[int32]int32{start: -1}
	back := func(m int32) (way []int32) {
		for ; m >= 0; m = before[m] {
			way = append(way, m)
		}
		slices.Reverse(way)
		return way
	}
	for queue := []int32{start}; len(queue) > 0; queue = queue[1:] {
		m := queue[0]
		if p.Stated[m] {
			return back(m), nil
		}
		deps := p.a.DependenciesOf(m)
		for k := range deps {
			next := &deps[k]
			if !next.HardRuntime() || len(next.Targets) == 0 || p.OfDependency(next) > p.Of[m] {
				continue
			}
			if len(next.Targets) > 1 {
				return back(m), next
			}
			t := next.Targets[0]
			if _, seen := before[t]; !seen && p.Of[t] < 1 {
				before[t] = m
				queue = append(queue, t)
			}
		}
	}
	return nil, nil
}
