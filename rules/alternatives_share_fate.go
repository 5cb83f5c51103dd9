package rules

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/schema"
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
	nearest []int32   // of each of them, the module that its way ends at
}

func runAlternativesShareFate(p *Pass) {
	a := p.Analysis
	deps := a.Dependencies()
	f := a.Failures()
	counted := countedDomains(a, p.Strings("domains"))
	fates := map[int32][]sharedFate{} // by dependency
	var back *waysBack
	var lostWithDomain [][]int32
	var before *analyzer.Simulation
	for i, e := range f.Events {
		if e.Kind == analyzer.DomainEvent && !counted[e.Domain] {
			continue
		}
		searched := false
		for _, k := range f.Outcomes[i].Unsatisfied {
			d := &deps[k]
			if !hasSpare(d) || d.From == e.Module || e.Kind == analyzer.DomainEvent && a.Spare(d.From) >= 0 && !a.SurvivesDomain(d.From, e.Domain) {
				continue
			}
			if back == nil {
				before = a.Simulate(analyzer.Scenario{})
				back = newWaysBack(a, before.ModuleDown)
			}
			if !searched {
				searched = true
				culprits := []int32{e.Module}
				if e.Kind == analyzer.DomainEvent {
					if lostWithDomain == nil {
						lostWithDomain = victims(a)
					}
					culprits = lostWithDomain[e.Domain]
				}
				back.search(culprits)
			}
			fate := sharedFate{event: e}
			left := 0
			for _, t := range d.Targets {
				switch {
				case before.ModuleDown[t]:
				case back.reached(t):
					fate.lost = append(fate.lost, t)
				default:
					left++
				}
			}
			if len(fate.lost) < 2 || left >= neededTargets(d) {
				continue
			}
			for i, t := range fate.lost {
				way := back.way(t)
				if i < 2 {
					fate.ways = append(fate.ways, way)
				}
				fate.nearest = append(fate.nearest, way[len(way)-1])
			}
			fates[k] = append(fates[k], fate)
		}
	}
	if len(fates) == 0 {
		return
	}
	points := told(p)
	for k := range deps {
		if own := p.ownCauses(fates[int32(k)], points); len(own) > 0 {
			p.reportSharedFate(&deps[k], own)
		}
	}
}

// waysBack finds what fails with some modules even if every dependency that has alternatives were
// satisfied, and by which way. A dependency without alternatives fails with any one of its targets.
type waysBack struct {
	callers [][]int32 // by module: those with a hard runtime dependency on it that has no alternatives
	down    []bool    // before anything fails
	round   int32
	seen    []int32 // the round in which a module was last reached
	steps   []int32 // from the nearest culprit
	next    []int32 // the next module on the way to it, or -1
	queue   []int32
}

func newWaysBack(a *analyzer.Analysis, down []bool) *waysBack {
	n := a.Modules()
	w := &waysBack{callers: make([][]int32, n), down: down, seen: make([]int32, n), steps: make([]int32, n), next: make([]int32, n)}
	deps := a.Dependencies()
	for i := range deps {
		if d := &deps[i]; d.HardRuntime() && !hasSpare(d) {
			for _, t := range d.Targets {
				w.callers[t] = append(w.callers[t], d.From)
			}
		}
	}
	return w
}

// search goes breadth first from the culprits against the dependencies. Of shortest ways the first
// in order of names is kept.
func (w *waysBack) search(culprits []int32) {
	w.round++
	w.queue = append(w.queue[:0], culprits...)
	for _, m := range culprits {
		w.seen[m], w.steps[m], w.next[m] = w.round, 0, -1
	}
	for k := 0; k < len(w.queue); k++ {
		m := w.queue[k]
		for _, from := range w.callers[m] {
			switch {
			case w.down[from]:
			case w.seen[from] != w.round:
				w.seen[from], w.steps[from], w.next[from] = w.round, w.steps[m]+1, m
				w.queue = append(w.queue, from)
			case w.steps[from] == w.steps[m]+1:
				w.next[from] = min(w.next[from], m)
			}
		}
	}
}

func (w *waysBack) reached(m int32) bool { return w.seen[m] == w.round }

// way leads from a module that was reached to the nearest culprit.
func (w *waysBack) way(m int32) []int32 {
	way := []int32{m}
	for w.next[m] >= 0 {
		m = w.next[m]
		way = append(way, m)
	}
	return way
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
				if slices.Contains(f.nearest, o.event.Module) {
					return true
				}
			case f.event.Module == o.event.Module && f.event.Replica > o.event.Replica:
				return true // another replica of the same module
			}
		}
		if f.event.Kind != analyzer.DomainEvent {
			return false
		}
		return !slices.ContainsFunc(f.nearest, func(m int32) bool { return !points.tells(a, m, f.event.Domain) })
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
		Aliases:  dependencyAliases(a, d),
	}
	for _, way := range first.ways {
		finding.Related = append(finding.Related, Related{
			Message:  "one way: " + strings.Join(append([]string{from}, moduleNames(a, way)...), " -> "),
			Location: a.Module(way[0]).Pos,
		})
	}
	if e := first.event; e.Kind == analyzer.DomainEvent {
		finding.Suggestions = surviving(a, slices.Compact(slices.Sorted(slices.Values(first.nearest))), e.Domain)
	} else {
		m := a.Module(e.Module)
		switch {
		case e.Kind == analyzer.ReplicaEvent && failsOverByHand(m) && !needsAll(m):
			finding.Suggestions = append(finding.Suggestions, moreReplicas(a, m))
		case e.Kind == analyzer.ReplicaEvent:
			finding.Suggestions = append(finding.Suggestions, fmt.Sprintf("give %s a spare: %s", m.Name, moreReplicas(a, m)))
		}
		// An external alternative is not the design's to change.
		own := slices.DeleteFunc(slices.Clone(first.lost), func(t int32) bool { return a.Module(t).Kind == schema.External })
		switch {
		case len(own) == 0:
			finding.Suggestions = append(finding.Suggestions, fmt.Sprintf("add an alternative to %s that does without %s", d.Key, m.Name))
		case !slices.Contains(first.lost, e.Module):
			finding.Suggestions = append(finding.Suggestions, fmt.Sprintf("give %s a %s of its own, or make the dependency on %s soft", a.Module(own[len(own)-1]).Name, orKind(string(m.Kind)), m.Name))
		default:
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
