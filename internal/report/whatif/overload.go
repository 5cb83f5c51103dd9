package whatif

import (
	"runtime"
	"slices"
	"sync"

	"lintel/analyzer"
)

// mostOverloadWork bounds what a table computes of overloads: the modules and dependencies that are looked at, over all
// rows. It takes some seconds. Tests change it.
var mostOverloadWork = 50_000_000

// overloads finds out which modules each row of a table overloads. Most rows need no demand computed: what is down asks for
// nothing, so without an alternative that takes over, a module is overloaded only by the loss of its own replicas.
type overloads struct {
	a       *analyzer.Analysis
	calm    *analyzer.Simulation // before anything fails
	demand  *analyzer.Load
	before  *Capacity
	at      []int32               // by load of before: its module
	was     []string              // overloaded before anything fails; nil where nothing is known
	entries map[int32]bool        // modules at which journeys enter
	choices []analyzer.Dependency // whose alternatives take over from each other
	pending []pendingRow
}

type pendingRow struct {
	row      int
	scenario analyzer.Scenario
}

func newOverloads(a *analyzer.Analysis) *overloads {
	o := &overloads{a: a, calm: a.Simulate(analyzer.Scenario{}), entries: map[int32]bool{}}
	o.demand = demandBefore(a, o.calm)
	o.before = unstated(a, o.demand)
	q := &question{a: a, before: o.calm, after: o.calm, left: a.ReplicasLeft(analyzer.Scenario{})}
	o.before.Modules, o.before.WithoutCapacity = q.loads(o.demand, o.demand)
	if !o.known() {
		return o
	}
	o.was = []string{}
	for i := range o.before.Modules {
		l := &o.before.Modules[i]
		m, _ := a.ModuleIndex(l.Module)
		o.at = append(o.at, m)
		if l.Verdict() == Overloaded {
			o.was = append(o.was, l.Module)
		}
	}
	for j := range a.Journeys() {
		o.entries[a.Journeys()[j].Entry] = true
	}
	for k, d := range a.Dependencies() {
		if len(d.Targets) > 1 && d.Need < len(d.Targets) && a.CarriesDemand(int32(k)) {
			o.choices = append(o.choices, d)
		}
	}
	return o
}

// known reports whether anything is known of overloads.
func (o *overloads) known() bool { return len(o.before.Modules) > 0 }

// note says that a row is of a scenario, in which down tells of each module whether it is.
func (o *overloads) note(rows []Row, row int, s analyzer.Scenario, down func(module int32) bool) {
	switch {
	case !o.known():
	case o.may(s, down):
		o.pending = append(o.pending, pendingRow{row, s})
	default:
		rows[row].Overloaded = []string{}
	}
}

// may reports whether a module may be overloaded that was not before.
func (o *overloads) may(s analyzer.Scenario, down func(module int32) bool) bool {
	gone := func(m int32) bool { return down(m) && !o.entries[m] } // a journey may go on though its entry is down for others
	for i := range o.choices {
		d := &o.choices[i]
		if !gone(d.From) && slices.ContainsFunc(d.Targets, func(t int32) bool { return down(t) && !o.calm.ModuleDown[t] }) {
			return true
		}
	}
	if !slices.ContainsFunc(s.Events, func(e analyzer.Event) bool { return e.Kind == analyzer.DomainEvent }) {
		return false // what loses a replica is down
	}
	left := o.a.ReplicasLeft(s)
	for i, m := range o.at {
		if !gone(m) && o.overloadedBy(i, left[m]) {
			return true
		}
	}
	return false
}

// overloadedBy reports whether a module is overloaded for want of replicas alone, with up left, and was not before. It is one of
// those that state a capacity, by its place among them.
func (o *overloads) overloadedBy(i, up int) bool {
	l := o.before.Modules[i]
	l.serve(o.a.Module(o.at[i]), up)
	return l.becomesOverloaded()
}

// compute fills in the rows that were noted, the worst first where there are too many of them to compute all.
func (o *overloads) compute(rows []Row, worst func(x, y *Row) int) {
	slices.SortStableFunc(o.pending, func(x, y pendingRow) int { return worst(&rows[x.row], &rows[y.row]) })
	todo := o.pending[:min(len(o.pending), max(mostOverloadWork/(1+o.a.Modules()+len(o.a.Dependencies())), 1))]
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		wait.Go(func() {
			for i := k; i < len(todo); i += workers {
				rows[todo[i].row].Overloaded = o.of(todo[i].scenario)
			}
		})
	}
	wait.Wait()
}

// of names the modules that a scenario overloads.
func (o *overloads) of(s analyzer.Scenario) []string {
	q := &question{a: o.a, scenario: s, before: o.calm, after: o.a.Simulate(s), left: o.a.ReplicasLeft(s)}
	loads, _ := q.loads(o.demand, o.a.LoadAfter(s, q.after))
	names := []string{}
	for i := range loads {
		if loads[i].becomesOverloaded() {
			names = append(names, loads[i].Module)
		}
	}
	return names
}
