package whatif

import (
	"math"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// Capacity is what is left against the peak.
type Capacity struct {
	Modules []Load // those that state a capacity and are asked for something before or after, in order of name
	// What is not stated on the way of the demand, and so what is not known.
	WithoutPeak     []string // journeys
	WithoutCalls    int      // dependencies on the way of a journey
	WithoutCapacity []string // modules that are asked for something, externals excepted
	Tight           []Tight  // by journey that states a peak and is not down: what fails it first
}

// Load is what a module is asked for and what it can serve, in requests a second.
type Load struct {
	Module        string
	Before, After Figure
	// Most is what it can serve when its autoscaling has started all that it may; what it serves anyway elsewhere.
	Most       float64
	mostBefore float64
	// Up and Ceiling are the replicas that are left, and those to which autoscaling may raise them.
	Up, Ceiling int
	Down        bool // it does not work, and serves nothing
}

// Figure is a demand and a capacity.
type Figure struct {
	Demand float64
	Known  bool // the demand is exact, and not only a lower bound
	// Endless: calls multiply round a cycle, so that no capacity is enough.
	Endless bool
	Serves  float64
}

// Tight is the module on the way of a journey that comes nearest to what it can serve.
type Tight struct {
	Journey, Module string
}

// Utilisation is the part of what it can serve that it is asked for; infinite where it serves nothing or the demand has no end.
func (f Figure) Utilisation() float64 {
	switch {
	case f.Endless || f.Serves <= 0 && f.Demand > 0:
		return math.Inf(1)
	case f.Demand == 0:
		return 0
	}
	return f.Demand / f.Serves
}

// Verdict tells how a module copes.
type Verdict string

// The verdicts.
const (
	Fits       Verdict = "fits"
	ScalesOut  Verdict = "scales out" // only with more replicas than can be relied on
	Overloaded Verdict = "overloaded"
	Lost       Verdict = "down"
)

func exceeds(demand, capacity float64) bool { return demand > capacity*(1+1e-9) }

// Verdict tells how the module copes after the failure.
func (l *Load) Verdict() Verdict {
	switch {
	case l.Down:
		return Lost
	case l.After.Endless || exceeds(l.After.Demand, l.Most):
		return Overloaded
	case exceeds(l.After.Demand, l.After.Serves):
		return ScalesOut
	}
	return Fits
}

// wasOverloaded tells of what it could not serve before anything failed, with all that it might have started.
func (l *Load) wasOverloaded() bool {
	return l.Before.Endless || exceeds(l.Before.Demand, l.mostBefore)
}

// becomesOverloaded tells of what it can't serve any more.
func (l *Load) becomesOverloaded() bool { return l.Verdict() == Overloaded && !l.wasOverloaded() }

// serving is the number of the replicas that are up that take requests: of an active-passive module only as many as it
// needs.
func serving(m *schema.Module, up int) float64 {
	if m.Redundancy.Mode == schema.ActivePassive {
		up = min(up, m.Need())
	}
	return float64(up)
}

func (q *question) capacity() *Capacity {
	before, after := demandBefore(q.a, q.before), q.a.LoadAfter(q.scenario, q.after)
	c := unstated(q.a, before)
	c.Modules, c.WithoutCapacity = q.loads(before, after)
	if len(c.Modules) > 0 {
		c.Tight = q.tight(c, after)
	}
	return c
}

// demandBefore is what modules are asked for before anything fails: what is down anyway asks for nothing.
func demandBefore(a *analyzer.Analysis, before *analyzer.Simulation) *analyzer.Load {
	return a.LoadAfter(analyzer.Scenario{}, before)
}

// unstated notes what is not known of a demand.
func unstated(a *analyzer.Analysis, demand *analyzer.Load) *Capacity {
	c := &Capacity{WithoutCalls: len(demand.MissingCalls)}
	for _, j := range demand.MissingPeak {
		c.WithoutPeak = append(c.WithoutPeak, a.Journeys()[j].Name)
	}
	return c
}

// loads compares what modules are asked for with what they serve, and names those that state no capacity.
func (q *question) loads(before, after *analyzer.Load) (list []Load, without []string) {
	for i, m := range q.a.Design.Modules {
		i := int32(i)
		asked := func(l *analyzer.Load) bool { return l.Demand[i] > 0 || !l.Known[i] }
		if !asked(before) && !asked(after) {
			continue
		}
		if m.Capacity == nil || *m.Capacity <= 0 {
			if m.Kind != schema.External {
				without = append(without, m.Name)
			}
			continue
		}
		l := Load{Module: m.Name, Down: q.after.ModuleDown[i] && !q.stillAsked(i)}
		l.serve(m, q.left[i])
		l.Before.ask(before, i)
		l.After.ask(after, i)
		if l.Before.asked() || l.After.asked() { // else that which is not stated is all there is
			list = append(list, l)
		}
	}
	return list, without
}

// serve says what module m serves with up replicas left, and with all of them.
func (l *Load) serve(m *schema.Module, up int) {
	all := max(m.ReliableReplicas(), 0)
	l.Up, l.Ceiling = up, up
	ceilingBefore := all
	if m.Autoscaling != nil {
		l.Ceiling = max(up, m.Autoscaling.Max-(all-up))
		ceilingBefore = max(all, m.Autoscaling.Max)
	}
	l.Before.Serves, l.After.Serves = serving(m, all)**m.Capacity, serving(m, up)**m.Capacity
	l.mostBefore, l.Most = serving(m, ceilingBefore)**m.Capacity, serving(m, l.Ceiling)**m.Capacity
}

// asked reports whether any of the demand is known.
func (f *Figure) asked() bool { return f.Demand > 0 || f.Endless }

// ask says what module m is asked for.
func (f *Figure) ask(demand *analyzer.Load, m int32) {
	f.Demand, f.Known = demand.Demand[m], demand.Known[m]
	_, f.Endless = slices.BinarySearch(demand.Diverges, m)
}

// stillAsked reports whether a journey goes on that enters at module m, though m is down for others.
func (q *question) stillAsked(m int32) bool {
	for j := range q.a.Journeys() {
		if q.a.Journeys()[j].Entry == m && stateIn(q.after, j) != Down {
			return true
		}
	}
	return false
}

// tight finds what each journey that works meets with least to spare.
func (q *question) tight(c *Capacity, after *analyzer.Load) (out []Tight) {
	load := map[int32]*Load{}
	for i := range c.Modules {
		m, _ := q.a.ModuleIndex(c.Modules[i].Module)
		load[m] = &c.Modules[i]
	}
	seen := make([]int32, q.a.Modules())
	deps := q.a.Dependencies()
	for j := range q.a.Journeys() {
		journey := &q.a.Journeys()[j]
		if journey.Entry < 0 || journey.Stated == nil || journey.Stated.Peak == nil || stateIn(q.after, j) == Down {
			continue
		}
		var worst *Load
		queue := []int32{journey.Entry}
		mark := int32(j) + 1
		look := func(m int32) {
			if l := load[m]; l != nil && !l.Down && (worst == nil || l.After.Utilisation() > worst.After.Utilisation()) {
				worst = l
			}
		}
		look(journey.Entry)
		for n := 0; n < len(queue); n++ {
			from := queue[n]
			own := q.a.DependenciesOf(from)
			for i := range own {
				d := &own[i]
				if d.When != schema.Runtime || d.Calls != nil && *d.Calls <= 0 {
					continue
				}
				if n == 0 && slices.ContainsFunc(journey.Ignored, func(k int32) bool { return &deps[k] == d }) {
					continue
				}
				for _, t := range d.Targets {
					if seen[t] != mark && !q.after.ModuleDown[t] && !q.isCut(d, t) {
						seen[t] = mark
						look(t)
						queue = append(queue, t)
					}
				}
			}
		}
		if worst != nil {
			out = append(out, Tight{journey.Name, worst.Module})
		}
	}
	return out
}

func (q *question) isCut(d *analyzer.Dependency, target int32) bool {
	deps := q.a.Dependencies()
	return slices.ContainsFunc(q.scenario.Cuts, func(c analyzer.Cut) bool {
		return &deps[c.Dependency] == d && (c.Target < 0 || c.Target == target)
	})
}
