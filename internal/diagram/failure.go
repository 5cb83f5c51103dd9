package diagram

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lintel/analyzer"
	"lintel/schema"
)

// ParseFailures reads failures that happen at once, as analyzer.Analysis.ParseEvents describes them. An error
// is an *OptionError.
func ParseFailures(a *analyzer.Analysis, texts ...string) ([]Failing, error) {
	_, events, err := a.ParseEvents(texts...)
	if err != nil {
		e := &OptionError{Option: "fail", Detail: err.Error()}
		var why *analyzer.EventError
		if errors.As(err, &why) {
			e.Detail, e.Hint = why.Detail, why.Hint
		}
		return nil, e
	}
	out := make([]Failing, len(events))
	for i, e := range events {
		out[i] = Failing{Name: e.Text, Scenario: e.Scenario, Any: e.Any}
	}
	return out, nil
}

// simulate finds out how each module fares after all chosen failures together.
func (b *builder) simulate() {
	if len(b.o.Fail) == 0 {
		return
	}
	n := b.a.Modules()
	var all analyzer.Scenario
	var names []string
	b.hit, b.gone = make([]bool, n), make(map[int32][]int)
	known := func(m int32) bool { return m >= 0 && int(m) < n }
	for _, f := range b.o.Fail {
		names = append(names, f.Name)
		all.Events = append(all.Events, f.Scenario.Events...)
		all.Modules = append(all.Modules, f.Scenario.Modules...)
		all.Cuts = append(all.Cuts, f.Scenario.Cuts...)
	}
	b.cuts = cutsOf(b.a, all)
	for _, m := range all.Modules {
		if known(m) {
			b.hit[m] = true
		}
	}
	for _, e := range all.Events {
		switch {
		case e.Kind == analyzer.ExternalEvent && known(e.Module):
			b.hit[e.Module] = b.hit[e.Module] || b.module(e.Module).Kind == schema.External
		case e.Kind == analyzer.ReplicaEvent && known(e.Module):
			if m := b.module(e.Module); m.Kind != schema.External && e.Replica >= 1 && e.Replica <= m.ReliableReplicas() {
				b.gone[e.Module] = append(b.gone[e.Module], e.Replica)
			}
		}
	}
	for m, replicas := range b.gone {
		slices.Sort(replicas)
		b.gone[m] = slices.Compact(replicas)
	}
	b.before, b.sim = b.a.Simulate(analyzer.Scenario{}), b.a.Simulate(all)
	b.states = states(b.a, b.before, b.sim, b.hit, b.cuts)

	f := &Failure{Down: b.sim.Down - b.before.Down, DownBefore: b.before.Down, Journeys: len(b.a.Journeys())}
	slices.Sort(names)
	f.Events = slices.Compact(names)
	was := states(b.a, b.before, b.before, make([]bool, n), nil)
	for i, s := range b.states {
		switch {
		case s != Degraded:
		case was[i] == Degraded:
			f.DegradedBefore++
		default:
			f.Degraded++
		}
	}
	f.Lost, f.LostBefore = b.added(b.sim.Lost, b.before.Lost)
	f.Limping, f.LimpingBefore = b.added(b.sim.Degraded, b.before.Degraded)
	b.d.Failure = f
	b.subtitle = append(b.subtitle, "what fails with "+enumerate(f.Events))
}

// added divides journeys, by index and sorted, into those that were not and those that were among before.
func (b *builder) added(now, before []int32) (fresh, old []string) {
	for _, j := range now {
		name := b.a.Journeys()[j].Name
		if _, was := slices.BinarySearch(before, j); was {
			old = append(old, name)
		} else {
			fresh = append(fresh, name)
		}
	}
	return fresh, old
}

func (b *builder) allDownBefore(modules []int32) bool {
	return b.sim != nil && !slices.ContainsFunc(modules, func(i int32) bool { return !b.before.ModuleDown[i] })
}

// cutTargets holds what dependencies, by index, do not reach because they were cut.
type cutTargets map[int32][]int32

func cutsOf(a *analyzer.Analysis, s analyzer.Scenario) cutTargets {
	out := cutTargets{}
	deps := a.Dependencies()
	for _, c := range s.Cuts {
		if c.Dependency < 0 || int(c.Dependency) >= len(deps) || deps[c.Dependency].When != schema.Runtime {
			continue
		}
		for _, t := range deps[c.Dependency].Targets {
			if (c.Target < 0 || c.Target == t) && !out.has(c.Dependency, t) {
				out[c.Dependency] = append(out[c.Dependency], t)
			}
		}
	}
	return out
}

func (c cutTargets) has(k, target int32) bool { return slices.Contains(c[k], target) }

// states tells how each module fares. One is degraded as a journey is that enters at it: it works, but
// some soft dependency on the way over modules that work is not satisfied.
func states(a *analyzer.Analysis, before, sim *analyzer.Simulation, hit []bool, cuts cutTargets) []State {
	out := make([]State, a.Modules())
	callers := make([][]int32, a.Modules()) // by module: those that need it at run time
	deps := a.Dependencies()
	for k := range deps {
		if deps[k].When == schema.Runtime {
			for _, t := range deps[k].Targets {
				if !cuts.has(int32(k), t) {
					callers[t] = append(callers[t], deps[k].From)
				}
			}
		}
	}
	var queue []int32
	degrade := func(m int32) {
		if out[m] == Works {
			out[m] = Degraded
			queue = append(queue, m)
		}
	}
	for i, down := range sim.ModuleDown {
		switch {
		case hit[i] || sim.NoCapacity[i] && !before.NoCapacity[i]:
			out[i] = Failed
		case down:
			out[i] = Down
		}
	}
	for k := range deps {
		d := &deps[k]
		if d.When == schema.Runtime && d.Strength == schema.Soft && !satisfied(d, sim.ModuleDown, cuts[int32(k)]) {
			degrade(d.From)
		}
	}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		for _, c := range callers[m] {
			degrade(c)
		}
	}
	return out
}

// satisfied reports whether enough targets of d work and are not cut off. One without a known target counts as satisfied.
func satisfied(d *analyzer.Dependency, down []bool, cut []int32) bool {
	if len(d.Targets) == 0 {
		return true
	}
	working, need := 0, 1
	for _, t := range d.Targets {
		if !down[t] && !slices.Contains(cut, t) {
			working++
		}
	}
	if len(d.AnyOf) > 0 {
		need = max(d.Need, 1)
	}
	return working >= need
}

// lostOf counts the replicas of module i, in the domains that here selects (nil selects all), that are
// down.
func (b *builder) lostOf(i int32, here func(domain int32) bool) int {
	if b.sim == nil {
		return 0
	}
	lost := 0
	m := b.module(i)
	down := func(domain int32) bool { return b.hit[i] || domain >= 0 && b.sim.DomainDown[domain] }
	stand := b.standings(m)
	for _, s := range stand {
		if down(s.domain) && (here == nil || here(s.domain)) {
			lost += s.count
		}
	}
	for _, r := range b.gone[i] {
		if at := domainOfReplica(m, stand, r); !down(at) && (here == nil || here(at)) {
			lost++
		}
	}
	return lost
}

// partState is the state of a part of module i. A part that lost all of its replicas failed, whatever
// the others do; one that has some left failed only if its module did not have them elsewhere.
func (b *builder) partState(i int32, p part) State {
	switch s := b.states[i]; {
	case p.replicas > 0 && p.lost == p.replicas:
		return Failed
	case s == Failed && p.lost == 0 && p.replicas > 0:
		return Down
	default:
		return s
	}
}

func (b *builder) groupState(g int) State {
	if b.sim != nil && b.domainOf != nil && b.sim.DomainDown[b.domainOf[g]] {
		return Failed
	}
	return Works
}

// summaryState is that of a group as one box: failed or down only if all of its modules are.
func (b *builder) summaryState(g int, members []int32) (s State, down int) {
	if b.sim == nil {
		return Works, 0
	}
	failed, degraded := 0, 0
	for _, i := range members {
		switch b.states[i] {
		case Failed:
			failed++
			down++
		case Down:
			down++
		case Degraded:
			degraded++
		}
	}
	switch {
	case b.groupState(g) == Failed, failed == len(members):
		return Failed, down
	case down == len(members):
		return Down, down
	case down+degraded > 0:
		return Degraded, down
	}
	return Works, 0
}

// dependencyState tells how a dependency fares. What is needed only at startup, deployment or recovery
// fails nothing that runs. A hard one that was cut has failed itself.
func (b *builder) dependencyState(k int32) State {
	if b.sim == nil {
		return Works
	}
	switch d := &b.a.Dependencies()[k]; {
	case d.When != schema.Runtime || satisfied(d, b.sim.ModuleDown, b.cuts[k]):
		return Works
	case d.Strength == schema.Hard && len(d.Targets) == len(b.cuts[k]):
		return Failed
	case d.Strength == schema.Hard:
		return Down
	}
	return Degraded
}

// lineState tells how a line of dependency k fares: one from the caller to a fork as the dependency does,
// another as its targets do. An alternative that is down or cut off while others stand in for it degrades its line.
func (b *builder) lineState(k int32, targets []int32, toFork bool) State {
	if b.sim == nil || b.a.Dependencies()[k].When != schema.Runtime {
		return Works
	}
	if toFork {
		return b.dependencyState(k)
	}
	if !slices.ContainsFunc(targets, func(t int32) bool { return b.sim.ModuleDown[t] || b.cuts.has(k, t) }) {
		return Works
	}
	return max(b.dependencyState(k), Degraded)
}

// failureNotes are the sentences about the chosen failures that a reader needs beside the picture.
func (b *builder) failureNotes() []string {
	f := b.d.Failure
	if f == nil {
		return nil
	}
	var notes []string
	lost := enumerate(f.Events) + " is lost"
	if len(f.Events) > 1 {
		lost = enumerate(f.Events) + " are lost"
	}
	switch {
	case f.Down > 0:
	case f.Degraded == 0:
		notes = append(notes, "Nothing more stops working when "+lost+".")
	default:
		notes = append(notes, "Nothing more stops working when "+lost+"; "+counted(f.Degraded, "module")+" degraded.")
	}
	if f.DownBefore == 0 {
		for i := range notes {
			notes[i] = strings.Replace(notes[i], "Nothing more", "Nothing", 1)
		}
	}
	notes = append(notes, b.replicaNotes()...)
	var before []string
	for i, down := range b.before.ModuleDown {
		if down {
			before = append(before, b.module(int32(i)).Name)
		}
	}
	if len(before) > 0 {
		notes = append(notes, "Down before anything fails: "+enumerate(before)+".")
	}
	notes = append(notes, b.journeyNotes()...)
	hidden := 0
	for i, down := range b.sim.ModuleDown {
		if down && !b.shown[i] {
			hidden++
		}
	}
	if hidden > 0 {
		notes = append(notes, fmt.Sprintf("Not drawn: %s of the %s that do not work.", thousands(hidden), counted(b.sim.Down, "module")))
	}
	return notes
}

// replicaNotes tell which replicas stand for any number of a module's.
func (b *builder) replicaNotes() (notes []string) {
	told := make(map[string]bool)
	for _, f := range b.o.Fail {
		if f.Any == nil || told[f.Name] {
			continue
		}
		told[f.Name] = true
		var numbers []string
		for _, r := range f.Any.Replicas {
			numbers = append(numbers, strconv.Itoa(r))
		}
		switch n := len(numbers); {
		case n == 0:
			notes = append(notes, f.Name+" adds nothing: no replica is left.")
			continue
		case n == 1:
			notes = append(notes, f.Name+" stands for its replica "+numbers[0])
		default:
			notes = append(notes, f.Name+" stands for its replicas "+enumerate(numbers))
		}
		if len(numbers) < f.Any.Asked {
			notes[len(notes)-1] += ", all that are left"
		}
		notes[len(notes)-1] += "."
	}
	slices.Sort(notes)
	return notes
}

// journeyNotes tell of journeys that go on though the module where they start is down: what fails it does
// not count for them.
func (b *builder) journeyNotes() (notes []string) {
	const most = 3
	more := 0
	for i, j := range b.a.Journeys() {
		if j.Entry < 0 || !b.sim.ModuleDown[j.Entry] || b.journey >= 0 && b.journey != i {
			continue
		}
		if _, lost := slices.BinarySearch(b.sim.Lost, int32(i)); lost {
			continue
		}
		if len(notes) == most {
			more++
			continue
		}
		var spared []string
		for _, k := range j.Ignored {
			d := &b.a.Dependencies()[k]
			if d.Strength != schema.Hard || b.dependencyState(k) < Down {
				continue
			}
			for _, t := range d.Targets {
				if b.sim.ModuleDown[t] || b.cuts.has(k, t) {
					spared = append(spared, b.module(t).Name)
				}
			}
		}
		slices.Sort(spared)
		notes = append(notes, fmt.Sprintf("%s goes on although %s is down for others: it does not use %s.", j.Name, b.module(j.Entry).Name, enumerate(slices.Compact(spared))))
	}
	if more > 0 {
		notes = append(notes, fmt.Sprintf("So do %s.", counted(more, "more journey")))
	}
	return notes
}
