// Package improve searches for the cheapest changes by which a design reaches a goal.
//
// The search does not try sets of changes one by one. It keeps a list of cuts, each a set of changes of which every solution
// holds at least one; asks for the cheapest choice that meets all of them; looks at what that choice still leaves; and turns
// each journey that an event still brings down into a further cut: the parts that together bring it down, of which at least
// one has to withstand the event. When nothing is left, the choice reaches the goal, and since no solution costs less than
// the cheapest that meets some of the cuts, it is the cheapest (implicit hitting sets; R. Karp and E. Moreno-Centeno, The
// implicit hitting set approach to solve combinatorial optimization problems, 2013).
//
// What comes out is proven once more by other means: the changes are made to the design, and the analysis of the changed design
// says what it withstands.
package improve

import (
	"slices"
	"time"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// Settings say what is sought.
type Settings struct {
	Goal      Goal
	Journeys  []string // by name; none: all
	Costs     Costs
	AllowSoft bool

	// Lint is the lint field of the nearest .lintel.cue of the design, or nil. With that of the design it says which failure
	// domains count for no-spof.
	Lint *schema.Lint

	Assume resilience.Assumptions // of availabilities
	Limits resilience.Limits
	// Deadline is when all has to be done, as far as it is; zero: as long as it takes.
	Deadline time.Time

	// Steps bounds the branch and bound of one connected part of the problem, Rounds how often it is solved; 0 is a default.
	Steps, Rounds int
}

// Part is one indivisible part of a plan: the change of one module's redundancy, of one dependency, or an alternative with all
// that then call it.
type Part struct {
	Changes []change.Change
	Price   float64

	assumes string // what the figures take for granted
}

// Hopeless is an event that brings a journey down, whatever is changed.
type Hopeless struct {
	Event   analyzer.Event
	Journey int32
	// Modules are those of which one would have to withstand the event. It is empty where each event for itself can be
	// withstood, but not all of them.
	Modules []int32
	Why     []string // by module
}

// Ceiling is what a target reaches at most, whatever is changed.
type Ceiling struct {
	Name           string
	Journey        bool     // or a module
	Unavailability float64  // at least
	Why            []string // what holds it down, as clauses
}

const (
	defaultSteps  = 20_000
	defaultRounds = 400
)

// found is what a search ends with.
type found struct {
	choice   []uint8
	lower    int64 // no choice that reaches the goal costs less
	cheapest bool
	reached  bool // as far as the search sees
	// impossible tells that no choice reaches the goal; otherwise one that was not found may.
	impossible bool
	late       bool // the time ended the search
	down       []int32
	hopeless   []Hopeless
	ceilings   []Ceiling
	safe       bool // the choice makes nothing worse, though it does not reach the goal
}

type pair struct {
	c cause
	j int32
}

// search finds the cheapest choice by which single events do not bring down a journey.
func (s *system) search() found {
	var out found
	type known struct {
		cut   cut
		pairs []pair
	}
	var cuts []known
	index := map[string]int{}
	hopeless := map[pair]bool{}
	var got covering
	for round := 0; ; round++ {
		st := s.state(out.choice)
		if round == 0 {
			out.down = st.downBefore()
		}
		more, left := false, []violation(nil)
		for _, v := range st.violations() {
			p := pair{v.cause, v.journey}
			if hopeless[p] {
				continue
			}
			if !v.cut.able() {
				hopeless[p], more = true, true
				out.hopeless = append(out.hopeless, s.hopelessOf(v))
				continue
			}
			left = append(left, v)
			k := v.cut.key()
			i, there := index[k]
			if !there {
				i = len(cuts)
				index[k] = i
				cuts = append(cuts, known{cut: v.cut})
				more = true
			}
			cuts[i].pairs = append(cuts[i].pairs, p)
		}
		if !more {
			// What is left has been given up: the options that withstand one event do not withstand another.
			for _, v := range left {
				if p := (pair{v.cause, v.journey}); !hopeless[p] {
					hopeless[p] = true
					out.hopeless = append(out.hopeless, Hopeless{Event: v.cause.event(), Journey: v.journey})
				}
			}
			break
		}
		if out.late = s.settings.stopped(); out.late || round == s.rounds() {
			out.choice = s.repair(out.choice)
			break
		}
		var list []cut
		for _, k := range cuts {
			for _, p := range k.pairs {
				if !hopeless[p] {
					list = append(list, k.cut)
					break
				}
			}
		}
		got = s.cover(list)
		out.choice = got.choice
		s.publish(found{lower: got.lower % givenUp, down: out.down})
	}
	out.impossible = len(out.down) > 0 || slices.ContainsFunc(out.hopeless, func(h Hopeless) bool { return len(h.Why) > 0 }) || got.lower >= givenUp
	out.reached = len(out.hopeless) == 0 && len(out.down) == 0 && s.state(out.choice).reaches()
	out.lower = got.lower % givenUp
	if out.reached && s.costOf(out.choice) > got.lower {
		s.publish(out)
		s.trim(out.choice, func() bool { return !s.settings.stopped() && s.state(out.choice).reaches() })
	}
	out.cheapest = out.reached && s.costOf(out.choice) == got.lower
	return out
}

func (s *system) rounds() int {
	if s.settings.Rounds > 0 {
		return s.settings.Rounds
	}
	return defaultRounds
}

func (s *system) cover(list []cut) covering {
	costs, allowed := make([][]int64, len(s.vars)), make([]uint64, len(s.vars))
	for v := range s.vars {
		costs[v], allowed[v] = s.vars[v].cost, s.vars[v].allowed
	}
	steps := s.settings.Steps
	if steps == 0 {
		steps = defaultSteps
	}
	return cover(costs, allowed, list, steps, s.settings.stopped)
}

func (s *system) costOf(choice []uint8) int64 {
	sum := int64(0)
	for v, o := range choice {
		sum += s.vars[v].cost[o]
	}
	return sum
}

// trim makes a choice cheaper, one variable at a time, as long as good says so.
func (s *system) trim(choice []uint8, good func() bool) {
	for v := range choice {
		was := choice[v]
		for o := uint8(0); o < was; o++ {
			if s.vars[v].allowed>>o&1 == 0 {
				continue
			}
			if choice[v] = o; good() {
				was = o
				break
			}
		}
		choice[v] = was
	}
}

// repair goes on from a choice without looking for the cheapest: what is left is met by the first way there is.
func (s *system) repair(choice []uint8) []uint8 {
	for round := range s.rounds() {
		if round > 0 && s.settings.stopped() {
			break
		}
		st := s.state(choice)
		var list []cut
		for _, v := range st.violations() {
			if v.cut.able() {
				list = append(list, v.cut)
			}
		}
		if len(list) == 0 {
			break
		}
		for len(choice) < len(s.vars) {
			choice = append(choice, 0)
		}
		for _, c := range list {
			best := lit{v: -1}
			for _, l := range c {
				if l.mask&^1 != 0 {
					best = l
				}
			}
			if best.v < 0 {
				continue
			}
			// Of the options that withstand this, the last: it costs most and withstands most.
			for o := len(s.vars[best.v].options) - 1; o > 0; o-- {
				if best.mask>>o&1 != 0 {
					choice[best.v] = uint8(o)
					break
				}
			}
		}
	}
	return choice
}

// parts lists what a choice changes.
func (s *system) parts(choice []uint8) []Part {
	var out []Part
	for v, o := range choice {
		if o > 0 {
			x := &s.vars[v].options[o]
			out = append(out, Part{x.changes, roundPrice(x.price), s.assumes(&s.vars[v])})
		}
	}
	return out
}
