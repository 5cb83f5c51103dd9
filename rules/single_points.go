package rules

import (
	"slices"

	"lintel/analyzer"
)

// singlePoints is what RES001 and RES002 tell about a design: which single events bring journeys
// down, one entry for each cause.
//
// A module is told when the loss of one of its replicas brings a journey down; an external module,
// by RES002, when its failure does.
//
// A failure domain brings down all that its modules bring down, and a domain that holds it brings
// down no less: told one by one they would repeat each other. So a domain is told only where it adds
// a cause. Let its victims be the modules that lose their capacity with it. It is told when
//
//   - it brings down a journey that nothing told so far brings down: neither one of its victims that
//     is told by itself, nor a told domain that it holds; or
//   - its other victims (those neither told by themselves nor named by a told domain that it holds)
//     bring a journey down by themselves.
//
// Inner domains are looked at first, so that the most specific one is told. What is named are the
// victims that the lost journeys need.
type singlePoints struct {
	modules []singlePoint // by module index; ReplicaEvent
	outside []singlePoint // by module index; ExternalEvent
	domains []singlePoint // by domain index; DomainEvent

	byModule map[int32]int // index into modules
	byDomain map[int32]int // index into domains
	victims  [][]int32     // by failure domain
}

// singlePoint is a single point of failure.
type singlePoint struct {
	event       analyzer.Event
	lost        []int32 // journeys by index, sorted
	unsatisfied []int32 // dependencies with anyOf that the event leaves unsatisfied
	named       []int32 // of a domain: the victims that the lost journeys need, sorted
}

// findSinglePoints computes what RES001 tells with the settings of this run, whether it runs or not.
func findSinglePoints(p *Pass) *singlePoints {
	a := p.Analysis
	f := a.Failures()
	s := &singlePoints{byModule: map[int32]int{}, byDomain: map[int32]int{}}
	outside := map[int32]int{}
	ofDomain := map[int32]singlePoint{}
	for i, e := range f.Events {
		lost := f.Outcomes[i].Lost
		if len(lost) == 0 {
			continue
		}
		switch e.Kind {
		case analyzer.ReplicaEvent:
			if k, ok := s.byModule[e.Module]; ok {
				// Replicas that are not alike bring down the same: their module.
				s.modules[k].lost = union(s.modules[k].lost, lost)
				continue
			}
			s.byModule[e.Module] = len(s.modules)
			s.modules = append(s.modules, singlePoint{event: e, lost: lost, unsatisfied: f.Outcomes[i].Unsatisfied})
		case analyzer.ExternalEvent:
			outside[e.Module] = len(s.outside)
			s.outside = append(s.outside, singlePoint{event: e, lost: lost, unsatisfied: f.Outcomes[i].Unsatisfied})
		case analyzer.DomainEvent:
			ofDomain[e.Domain] = singlePoint{event: e, lost: lost, unsatisfied: f.Outcomes[i].Unsatisfied}
		}
	}
	if len(ofDomain) == 0 {
		return s
	}

	s.victims = victims(a)
	counted := countedDomains(a, ParamOf[[]string](p, "RES001", "domains"))
	externalsTold := p.Runs("RES002")
	graph := newHardGraph(a)
	byDepth := map[int][]int32{}
	deepest := 0
	for d := range a.Design.FailureDomains {
		if _, ok := ofDomain[int32(d)]; ok && counted[d] {
			depth := depthOf(a, int32(d))
			byDepth[depth] = append(byDepth[depth], int32(d))
			deepest = max(deepest, depth)
		}
	}
	for depth := deepest; depth >= 0; depth-- {
		var told, unsure []int32
		var rest []analyzer.Scenario
		for _, d := range byDepth[depth] {
			var explained []int32
			var others []int32
			for _, m := range s.victims[d] {
				if k, ok := s.byModule[m]; ok {
					explained = union(explained, s.modules[k].lost)
				} else if k, ok := outside[m]; ok && externalsTold {
					explained = union(explained, s.outside[k].lost)
				} else if !s.tells(a, m, d) {
					others = append(others, m)
				}
			}
			for _, inner := range s.domains {
				if a.InDomain(inner.event.Domain, d) {
					explained = union(explained, inner.lost)
				}
			}
			switch {
			case !subset(ofDomain[d].lost, explained):
				told = append(told, d)
			case len(others) > 0:
				unsure = append(unsure, d)
				rest = append(rest, analyzer.Scenario{Modules: others})
			}
		}
		a.SimulateAll(rest, func(i int, o analyzer.Outcome, _ func(int32) bool) {
			if !subset(o.Lost, f.Before.Lost) {
				told = append(told, unsure[i])
			}
		})
		slices.Sort(told)
		scenarios := make([]analyzer.Scenario, len(told))
		for i, d := range told {
			scenarios[i] = analyzer.Scenario{Events: []analyzer.Event{ofDomain[d].event}}
		}
		a.SimulateAll(scenarios, func(i int, _ analyzer.Outcome, down func(int32) bool) {
			point := ofDomain[told[i]]
			point.named = neededVictims(a, graph, point.lost, s.victims[told[i]], down)
			s.domains = append(s.domains, point)
		})
	}
	slices.SortFunc(s.domains, func(x, y singlePoint) int { return int(x.event.Domain - y.event.Domain) })
	for i, point := range s.domains {
		s.byDomain[point.event.Domain] = i
	}
	return s
}

// neededVictims returns those of the victims of an event that the journeys lost with it need.
func neededVictims(a *analyzer.Analysis, graph *hardGraph, lost, victims []int32, down func(int32) bool) []int32 {
	isVictim := func(m int32) bool {
		_, ok := slices.BinarySearch(victims, m)
		return ok
	}
	var starts []int32
	journeys := a.Journeys()
	for _, j := range lost {
		starts = append(starts, failedReachOfJourney(a, &journeys[j], down, isVictim)...)
	}
	reached := graph.reach(starts, down)
	var out []int32
	for _, m := range victims {
		if reached[m] {
			out = append(out, m)
		}
	}
	return out
}

// tells reports whether RES001 names module m where it tells of failure domain d or of one that lies
// in it, or of the module by itself because its primary, which stands there, fails over by hand.
func (s *singlePoints) tells(a *analyzer.Analysis, m, d int32) bool {
	if s.tellsModule(m) && losesPrimaryOnly(a, a.Module(m), d) {
		return true
	}
	return slices.ContainsFunc(s.domains, func(p singlePoint) bool {
		if !a.InDomain(p.event.Domain, d) {
			return false
		}
		_, ok := slices.BinarySearch(p.named, m)
		return ok
	})
}

// tellsModule reports whether RES001 tells that the loss of one replica of m brings a journey down.
func (s *singlePoints) tellsModule(m int32) bool {
	_, ok := s.byModule[m]
	return ok
}

// told returns what RES001 tells, or nothing where it does not run: what other rules keep silent
// about.
func told(p *Pass) *singlePoints {
	if !p.Runs("RES001") {
		return &singlePoints{}
	}
	return singlePointsOf(p)
}

// singlePointsOf is what findSinglePoints gives, computed once for all rules of a run.
func singlePointsOf(p *Pass) *singlePoints {
	if p.shared.points == nil {
		p.shared.points = findSinglePoints(p)
	}
	return p.shared.points
}

// consequence is what the failure of a module as a whole does to the journeys.
type consequence struct{ lost, degraded []int32 }

// consequences simulates the failure of each of the modules as a whole.
func consequences(a *analyzer.Analysis, modules []int32) []consequence {
	before := a.Failures().Before
	scenarios := make([]analyzer.Scenario, len(modules))
	for i, m := range modules {
		scenarios[i] = analyzer.Scenario{Modules: []int32{m}}
	}
	out := make([]consequence, len(modules))
	a.SimulateAll(scenarios, func(i int, o analyzer.Outcome, _ func(int32) bool) {
		out[i].lost = without(o.Lost, before.Lost)
		out[i].degraded = without(without(o.Degraded, before.Degraded), before.Lost)
	})
	return out
}

// matters reports whether the failure of a module takes something from a journey.
func matters(c consequence) bool { return len(c.lost) > 0 || len(c.degraded) > 0 }

func journeyNames(a *analyzer.Analysis, ids []int32) []string {
	out := make([]string, len(ids))
	for i, j := range ids {
		out[i] = a.Journeys()[j].Name
	}
	return out
}

// union, without and subset work on sorted lists.
func union(a, b []int32) []int32 {
	if len(a) == 0 {
		return b
	}
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

func without(a, b []int32) []int32 {
	if len(b) == 0 {
		return slices.Clone(a)
	}
	var out []int32
	for _, x := range a {
		if _, ok := slices.BinarySearch(b, x); !ok {
			out = append(out, x)
		}
	}
	return out
}

func subset(a, b []int32) bool {
	return len(without(a, b)) == 0
}
