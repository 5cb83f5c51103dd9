// Package whatif tells what is lost when something fails: the answer to one question, as text for people and as JSON,
// and a table of many questions.
package whatif

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// State is how a journey or a module fares.
type State string

// The states. A module has failed that was chosen to, or that lost its capacity; one is down for want of another.
const (
	Works    State = "works"
	Degraded State = "degraded"
	Down     State = "down"
	Failed   State = "failed"
)

// Answer tells what one scenario brings down.
type Answer struct {
	Design   *schema.Design
	Events   []Event
	Journeys []Journey // all of them, in order of name
	Modules  []Module  // those that do not work as they should, in order of name
	Capacity *Capacity
}

// Event is a failure as the user named it.
type Event struct {
	Name string
	// Any tells which replicas stand for "any two of them": nil where the text leaves no choice.
	Any   []int
	Asked int // how many replicas were asked for; 0 where the text leaves no choice
}

// Journey is how a journey fares, and why.
type Journey struct {
	Name   string
	Peak   *float64 // requests a second
	Now    State
	Before State // before anything failed
	Way
	// Spared are the modules that are down, with the entry for others, but that the journey does not use. nil where
	// the entry works, or the journey is down.
	Spared []string
}

// Module is a module that does not work as it should, and why.
type Module struct {
	Name   string
	Now    State
	Before State
	Way
}

// Way leads over modules that work or not to the reason.
type Way struct {
	Path   []string // from the entry, or the module itself, on; nil for what works
	Reason *Reason  // of what is down: why the last of the path does not work
	Soft   *Soft    // of what is degraded: what the last of the path does without
}

// Ask simulates what the user named and explains it.
func Ask(a *analyzer.Analysis, s analyzer.Scenario, events []analyzer.NamedEvent) *Answer {
	q := &question{a: a, scenario: s, before: a.Simulate(analyzer.Scenario{}), after: a.Simulate(s), proofs: a.Prove(s), old: a.Prove(analyzer.Scenario{})}
	q.left = a.ReplicasLeft(s)
	q.chosen = append(q.chosen, s.Modules...)
	for _, e := range s.Events {
		if e.Kind == analyzer.ExternalEvent {
			q.chosen = append(q.chosen, e.Module)
		}
	}
	slices.Sort(q.chosen)
	out := &Answer{Design: a.Design, Events: eventsOf(events)}
	for j := range a.Journeys() {
		out.Journeys = append(out.Journeys, q.journey(j))
	}
	for m := range int32(a.Modules()) {
		if one := q.module(m); one.Now != Works {
			out.Modules = append(out.Modules, one)
		}
	}
	out.Capacity = q.capacity()
	return out
}

func eventsOf(events []analyzer.NamedEvent) (out []Event) {
	told := map[string]bool{}
	for _, e := range events {
		if told[e.Text] {
			continue
		}
		told[e.Text] = true
		one := Event{Name: e.Text}
		if e.Any != nil {
			one.Asked, one.Any = e.Any.Asked, append([]int{}, e.Any.Replicas...)
		}
		out = append(out, one)
	}
	return out
}

// question is what Ask works with.
type question struct {
	a             *analyzer.Analysis
	scenario      analyzer.Scenario
	before, after *analyzer.Simulation
	proofs, old   *analyzer.Proofs
	left          []int   // by module: replicas that are up
	chosen        []int32 // modules that fail as a whole, sorted
}

func (q *question) journey(j int) Journey {
	journey := &q.a.Journeys()[j]
	out := Journey{Name: journey.Name, Now: stateIn(q.after, j), Before: stateIn(q.before, j)}
	if journey.Stated != nil {
		out.Peak = journey.Stated.Peak
	}
	switch out.Now {
	case Down:
		out.Way = q.failedWay(q.proofs.Journey(j))
	case Degraded:
		out.Way = q.softWay(q.proofs.DegradedJourney(j))
	}
	if out.Now != Down && journey.Entry >= 0 && q.after.ModuleDown[journey.Entry] {
		out.Spared = q.spared(journey)
	}
	return out
}

// spared lists what is down of all that the entry needs and the journey does not use.
func (q *question) spared(journey *analyzer.Journey) []string {
	names := []string{}
	for _, k := range journey.Ignored {
		if d := &q.a.Dependencies()[k]; !d.HardRuntime() {
			continue
		}
		for _, miss := range q.proofs.Missing(k) {
			names = append(names, q.name(miss.Target))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func stateIn(s *analyzer.Simulation, j int) State {
	if _, lost := slices.BinarySearch(s.Lost, int32(j)); lost {
		return Down
	}
	if _, degraded := slices.BinarySearch(s.Degraded, int32(j)); degraded {
		return Degraded
	}
	return Works
}

func (q *question) module(m int32) Module {
	out := Module{Name: q.name(m), Now: Works, Before: Works}
	switch {
	case q.before.ModuleDown[m]:
		out.Before = Down
		if q.before.NoCapacity[m] {
			out.Before = Failed
		}
	case q.old.DegradedModule(m) != nil:
		out.Before = Degraded
	}
	switch {
	case q.isChosen(m) || q.after.NoCapacity[m]:
		out.Now = Failed
	case q.after.ModuleDown[m]:
		out.Now = Down
	case q.proofs.DegradedModule(m) != nil:
		out.Now = Degraded
	}
	switch out.Now {
	case Failed:
		out.Way = Way{Path: []string{out.Name}, Reason: q.lacks(m)}
	case Down:
		out.Way = q.failedWay(q.proofs.Module(m))
	case Degraded:
		out.Way = q.softWay(q.proofs.DegradedModule(m))
	}
	return out
}

func (q *question) isChosen(m int32) bool {
	_, ok := slices.BinarySearch(q.chosen, m)
	return ok
}

func (q *question) name(m int32) string { return q.a.Module(m).Name }

func (q *question) names(modules []int32) []string {
	out := make([]string, len(modules))
	for i, m := range modules {
		out[i] = q.name(m)
	}
	return out
}

func (q *question) failedWay(p *analyzer.Proof) Way {
	if p == nil {
		return Way{}
	}
	return Way{Path: q.names(p.Path), Reason: q.reason(p)}
}

func (q *question) softWay(p *analyzer.SoftProof) Way {
	if p == nil {
		return Way{}
	}
	return Way{Path: q.names(p.Path), Soft: q.soft(p)}
}
