package rules

import (
	"cmp"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// handover is a single event that takes down alternatives of an anyOf while others go on in their
// stead.
type handover struct {
	event analyzer.Event
	gone  []int32        // those alternatives, sorted
	down  []bool         // by module: fails with the event
	load  *analyzer.Load // the demand after the event, with what the others take over
}

// The work on handovers is bounded by the number of modules and dependencies for which demand is
// computed again, of events, and of modules that are visited to find the events.
const (
	handoverWork   = 1 << 19
	mostHandovers  = 1024
	handoverVisits = 1 << 13
)

// handovers lists the events of which an alternative that is asked for something does not work any
// more: an external module, a single replica, or a failure domain of those that count, be it of the
// alternative or of what it cannot work without. Where there are more than the bound allows, it is
// those by which most demand changes hands.
func (p *Pass) handovers(counts []bool) []handover {
	a, load := p.Analysis, p.load()
	if !slices.ContainsFunc(p.Design.Modules, func(m *schema.Module) bool { return m.Capacity != nil }) {
		return nil
	}
	all := a.Dependencies()
	var shared []*analyzer.Dependency
	moved := map[analyzer.Event]float64{} // the demand that it moves
	finder := eventFinder{a: a, counts: counts, visits: handoverVisits, of: map[int32][]analyzer.Event{}, alone: map[int32][]analyzer.Event{}}
	for i := range all {
		d := &all[i]
		if !carriesDemand(d) || d.Calls == nil || !hasSpare(d) {
			continue
		}
		each := load.Demand[d.From] * *d.Calls * d.Share()
		if each == 0 {
			continue
		}
		shared = append(shared, d)
		for _, t := range d.Targets {
			for _, e := range finder.eventsThatTake(t) {
				moved[e] += each
			}
		}
	}
	events := make([]analyzer.Event, 0, len(moved))
	for e := range moved {
		events = append(events, e)
	}
	slices.SortFunc(events, func(x, y analyzer.Event) int {
		return cmp.Or(cmp.Compare(moved[y], moved[x]), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Module, y.Module), cmp.Compare(x.Domain, y.Domain))
	})
	events = events[:min(len(events), mostHandovers, 1+handoverWork/(1+a.Modules()+len(all)))]
	scenarios := make([]analyzer.Scenario, len(events))
	for i, e := range events {
		scenarios[i].Events = []analyzer.Event{e}
	}
	var out []handover
	a.SimulateAll(scenarios, func(i int, _ analyzer.Outcome, down func(int32) bool) {
		h := handover{event: events[i]}
		for _, d := range shared {
			if down(d.From) || !slices.ContainsFunc(d.Targets, func(t int32) bool { return !down(t) }) {
				continue
			}
			for _, t := range d.Targets {
				if down(t) {
					h.gone = append(h.gone, t)
				}
			}
		}
		if len(h.gone) == 0 {
			return
		}
		slices.Sort(h.gone)
		h.gone = slices.Compact(h.gone)
		h.down = make([]bool, a.Modules())
		for m := range h.down {
			h.down[m] = down(int32(m))
		}
		h.load = a.LoadWithout(h.down)
		out = append(out, h)
	})
	return out
}

// eventFinder finds the single events that take a module down.
type eventFinder struct {
	a      *analyzer.Analysis
	counts []bool // by failure domain
	visits int    // how many modules may still be visited
	of     map[int32][]analyzer.Event
	alone  map[int32][]analyzer.Event // those of the module itself
}

// eventsThatTake lists the events that take module m down, by itself or with a module that it depends
// on hard without alternatives.
func (f *eventFinder) eventsThatTake(m int32) []analyzer.Event {
	if events, ok := f.of[m]; ok {
		return events
	}
	var events []analyzer.Event
	seen := map[int32]bool{m: true}
	for queue := []int32{m}; len(queue) > 0; queue = queue[1:] {
		alone, ok := f.alone[queue[0]]
		if !ok {
			alone = f.own(nil, queue[0])
			f.alone[queue[0]] = alone
		}
		events = append(events, alone...)
		if f.visits <= 0 {
			continue
		}
		f.visits--
		deps := f.a.DependenciesOf(queue[0])
		for k := range deps {
			if d := &deps[k]; d.HardRuntime() && !hasSpare(d) {
				for _, t := range d.Targets {
					if !seen[t] {
						seen[t] = true
						queue = append(queue, t)
					}
				}
			}
		}
	}
	slices.SortFunc(events, func(x, y analyzer.Event) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Module, y.Module), cmp.Compare(x.Domain, y.Domain))
	})
	events = slices.Compact(events)
	f.of[m] = events
	return events
}

// own adds the events that deprive module i of its capacity.
func (f *eventFinder) own(events []analyzer.Event, i int32) []analyzer.Event {
	m := f.a.Module(i)
	spare := f.a.Spare(i)
	switch {
	case spare < 0:
		return events
	case m.Kind == schema.External:
		events = append(events, analyzer.Event{Kind: analyzer.ExternalEvent, Module: i, Domain: -1})
	case spare == 0:
		events = append(events, analyzer.Event{Kind: analyzer.ReplicaEvent, Module: i, Replica: 1, Domain: -1})
	}
	for _, d := range domainsOf(f.a, m) {
		if f.counts[d] && !f.a.SurvivesDomain(i, d) {
			events = append(events, analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: d})
		}
	}
	return events
}
