package rules

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
)

// alternativesShareFate tells of a dependency with anyOf, hard or soft, that one event leaves
// unsatisfied: the loss of one replica, of one failure domain or of one external module takes down at
// least two of its alternatives and more than it can spare. Alternatives that go on to the same
// module are fine as long as no single event takes that module down. A dependency that needs all
// its targets has no alternatives and is not judged.
//
// One cause is one finding:
//   - of a dependency, whatever the number of events; of domains within each other the innermost, and
//     no domain that takes the alternatives down only by a module that is named already;
//   - not where the alternatives fail only because of another anyOf further on that fails: that
//     one is told;
//   - not for a failure domain that takes the caller itself down;
//   - not for a failure domain where RES001 names the modules that stand only there.
var alternativesShareFate = &Rule{
	ID:       "RES006",
	Name:     "alternatives-share-fate",
	Severity: Error,
	Summary:  "One event takes down more alternatives of an `anyOf` than it can spare.",
	Params:   []Param{countedDomainsParam},
	Sources: []Source{
		{Title: "Zhai et al., Heading Off Correlated Failures through Independence-as-a-Service (OSDI 2014)", URL: "https://www.usenix.org/conference/osdi14/technical-sessions/presentation/zhai"},
		{Title: "Facebook, More details about the October 4 outage (2021)", URL: "https://engineering.fb.com/2021/10/05/networking-traffic/outage-details/"},
	},
	Run: runAlternativesShareFate,
}

// sharedFate is one event that takes down alternatives of a dependency.
type sharedFate struct {
	event   analyzer.Event
	lost    []int32   // the alternatives that it takes down, sorted
	ways    [][]int32 // from the first two of them to what the event deprives of its capacity
	victims []int32   // of a domain: those of its victims by which it takes the alternatives down
}

func runAlternativesShareFate(p *Pass) {
	a := p.Analysis
	deps := a.Dependencies()
	f := a.Failures()
	counted := countedDomains(a, p.Strings("domains"))
	var scenarios []analyzer.Scenario
	var suspects [][]int32
	domains := false
	for i, e := range f.Events {
		if e.Kind == analyzer.DomainEvent && !counted[e.Domain] {
			continue
		}
		var own []int32
		for _, k := range f.Outcomes[i].Unsatisfied {
			d := &deps[k]
			if !hasSpare(d) || d.From == e.Module || e.Kind == analyzer.DomainEvent && a.Spare(d.From) >= 0 && !a.SurvivesDomain(d.From, e.Domain) {
				continue
			}
			own = append(own, k)
		}
		if len(own) > 0 {
			scenarios = append(scenarios, analyzer.Scenario{Events: []analyzer.Event{e}})
			suspects = append(suspects, own)
			domains = domains || e.Kind == analyzer.DomainEvent
		}
	}
	if len(scenarios) == 0 {
		return
	}
	var lostWithDomain [][]int32
	if domains {
		lostWithDomain = victims(a)
	}
	before := a.Simulate(analyzer.Scenario{})
	callers := hardCallers(a)
	fates := map[int32][]sharedFate{} // by dependency
	a.SimulateAll(scenarios, func(i int, _ analyzer.Outcome, down func(int32) bool) {
		e := scenarios[i].Events[0]
		culprits := []int32{e.Module}
		if e.Kind == analyzer.DomainEvent {
			culprits = lostWithDomain[e.Domain]
		}
		direct := failsWithoutAlternatives(a, culprits, callers, down)
		for _, k := range suspects[i] {
			d := &deps[k]
			fate := sharedFate{event: e}
			left := 0
			for _, t := range d.Targets {
				switch {
				case before.ModuleDown[t]:
				case direct[t]:
					fate.lost = append(fate.lost, t)
				default:
					left++
				}
			}
			if len(fate.lost) < 2 || left >= neededTargets(d) {
				continue
			}
			isCulprit := func(m int32) bool {
				_, ok := slices.BinarySearch(culprits, m)
				return ok
			}
			for _, t := range fate.lost[:2] {
				fate.ways = append(fate.ways, failedWay(a, t, down, isCulprit, func(d *analyzer.Dependency) bool { return !hasSpare(d) }))
			}
			if e.Kind == analyzer.DomainEvent {
				reached := failedReach(a, fate.lost, down)
				for _, m := range culprits {
					if reached[m] {
						fate.victims = append(fate.victims, m)
					}
				}
			}
			fates[k] = append(fates[k], fate)
		}
	})
	points := told(p)
	for k := range deps {
		if own := p.ownCauses(fates[int32(k)], points); len(own) > 0 {
			p.reportSharedFate(&deps[k], own)
		}
	}
}

// failsWithoutAlternatives marks the modules that fail with the culprits even if every dependency
// that has alternatives were satisfied.
func failsWithoutAlternatives(a *analyzer.Analysis, culprits []int32, callers [][]int32, down func(int32) bool) map[int32]bool {
	failed := map[int32]bool{}
	queue := slices.Clone(culprits)
	for _, m := range culprits {
		failed[m] = true
	}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		for _, k := range callers[m] {
			d := &a.Dependencies()[k]
			if !failed[d.From] && !hasSpare(d) && fails(d, down) {
				failed[d.From] = true
				queue = append(queue, d.From)
			}
		}
	}
	return failed
}

// ownCauses leaves out the events that repeat another or that RES001 tells.
func (p *Pass) ownCauses(fates []sharedFate, points *singlePoints) []sharedFate {
	a := p.Analysis
	return slices.DeleteFunc(slices.Clone(fates), func(f sharedFate) bool {
		for _, o := range fates {
			switch {
			case f.event == o.event:
			case o.event.Kind == analyzer.DomainEvent:
				if f.event.Kind == analyzer.DomainEvent && a.InDomain(o.event.Domain, f.event.Domain) {
					return true
				}
			case f.event.Kind == analyzer.DomainEvent:
				if slices.Contains(f.victims, o.event.Module) {
					return true
				}
			case f.event.Module == o.event.Module && f.event.Replica > o.event.Replica:
				return true // another replica of the same module
			}
		}
		if f.event.Kind != analyzer.DomainEvent {
			return false
		}
		return !slices.ContainsFunc(f.victims, func(m int32) bool { return !points.tells(a, m, f.event.Domain) })
	})
}

func (p *Pass) reportSharedFate(d *analyzer.Dependency, fates []sharedFate) {
	a := p.Analysis
	from := a.Module(d.From).Name
	first := fates[0]
	lost := moduleNames(a, first.lost)
	all := "all " + smallNumber(len(lost))
	if len(lost) == 2 {
		all = "both"
	}
	asked := fmt.Sprintf("one of %s", enumerate(moduleNames(a, d.Targets)))
	if need := neededTargets(d); need > 1 {
		asked = fmt.Sprintf("%d of %s", need, enumerate(moduleNames(a, d.Targets)))
	}
	takes := "takes down " + all
	if len(lost) < len(d.Targets) {
		takes = "takes down " + enumerate(lost)
	}
	message := fmt.Sprintf("%s needs %s, but %s %s", from, asked, eventLoss(a, first.event), takes)
	if more := fates[1:]; len(more) > 0 {
		names := make([]string, len(more))
		for i, o := range more {
			names[i] = eventLoss(a, o.event)
		}
		message += ", and so " + plural(len(names), "does ", "do ") + enumerate(names)
	}
	finding := Finding{
		Subject:  Subject{OfDependency, edgeName(from, d.Key)},
		Message:  message,
		Location: d.Pos,
		Path:     append([]string{from}, moduleNames(a, first.ways[0])...),
		Aliases:  []string{from},
	}
	for _, way := range first.ways {
		finding.Related = append(finding.Related, Related{
			Message:  "one way: " + strings.Join(append([]string{from}, moduleNames(a, way)...), " -> "),
			Location: a.Module(way[0]).Pos,
		})
	}
	if e := first.event; e.Kind == analyzer.DomainEvent {
		finding.Suggestions = []string{spreadWider(a, first.victims, e.Domain)}
	} else {
		m := a.Module(e.Module)
		if e.Kind == analyzer.ReplicaEvent {
			finding.Suggestions = append(finding.Suggestions, moreReplicas(a, m)+" for "+m.Name)
		}
		if !slices.Contains(first.lost, e.Module) {
			finding.Suggestions = append(finding.Suggestions, fmt.Sprintf("give %s a %s of its own, or make the dependency on %s soft", lost[len(lost)-1], orKind(string(m.Kind)), m.Name))
		} else {
			finding.Suggestions = append(finding.Suggestions, fmt.Sprintf("let the alternatives do without %s, or make the dependencies on it soft", m.Name))
		}
	}
	p.Report(finding)
}

// orKind names what a module is, for "a … of its own".
func orKind(kind string) string {
	if kind == "external" {
		return "supplier"
	}
	return kind
}

// eventLoss names the event as the subject of a sentence.
func eventLoss(a *analyzer.Analysis, e analyzer.Event) string {
	switch e.Kind {
	case analyzer.DomainEvent:
		return "losing " + a.Design.FailureDomains[e.Domain].Name
	case analyzer.ExternalEvent:
		return "the failure of " + a.Module(e.Module).Name
	}
	m := a.Module(e.Module)
	switch {
	case m.ReliableReplicas() == 1:
		return "losing the one replica of " + m.Name
	case needsAll(m):
		return "losing one replica of " + m.Name
	}
	return "losing the primary of " + m.Name
}
