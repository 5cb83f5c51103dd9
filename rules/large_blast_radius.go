package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// largeBlastRadius tells of each module whose failure as a whole, all replicas at once, takes down more
// than a share of all other modules (hard runtime dependencies, transitively; alternatives and
// soft dependencies stop it). In a small design that is the ordinary way from the front to the
// store, so at least a number of modules must go down with it.
//
// What only a told module calls, and what takes down just that one and what goes down with it, is
// told with it: the store behind a hub is no second hub.
//
// What the members of a distributed monolith take down of each other is told by CPL010.
//
// RES001 may tell the same module: that its replicas are too few is one matter, that so much hangs on
// it, however many they are, is another.
var largeBlastRadius = &Rule{
	ID:       "RES011",
	Name:     "large-blast-radius",
	Severity: Info,
	Summary:  "The failure of one module takes down more than 30 % of all others.",
	Params: []Param{
		{Name: "share", Default: 30.0, Min: 0, Max: 100, Doc: "The share of all other modules, in percent, above which the failure of one is told.", Source: "convention of lintel"},
		{Name: "least", Default: int64(5), Min: 1, Doc: "The number of other modules that must at least go down, so that small designs are not judged by the share.", Source: "convention of lintel"},
	},
	Sources: []Source{
		{Title: "AWS, summary of the Kinesis event of 25 November 2020", URL: "https://aws.amazon.com/message/11201/"},
		{Title: "AWS, Reducing the Scope of Impact with Cell-Based Architecture", URL: "https://docs.aws.amazon.com/wellarchitected/latest/reducing-scope-of-impact-with-cell-based-architecture/what-is-a-cell-based-architecture.html"},
	},
	Run: runLargeBlastRadius,
}

func runLargeBlastRadius(p *Pass) {
	a := p.Analysis
	others := a.Modules() - 1
	least := p.Int("least")
	if others < least {
		return
	}
	limit := p.Float("share") / 100
	failures := a.ModuleFailures()
	told := make([]bool, a.Modules())
	some := false
	for i, down := range failures.Down {
		told[i] = down >= least && float64(down)/float64(others) > limit
		some = some || told[i]
	}
	if !some {
		return
	}
	for i, others := range p.failsWithMonolith() {
		rest := failures.Down[i] - others
		told[i] = rest >= least && float64(rest)/float64(a.Modules()-1) > limit
	}
	callers := hardCallers(a)
	behind := make([]int32, a.Modules()) // the hub that a module stands behind, or -1
	for i := range behind {
		behind[i] = -1
		if !told[i] {
			continue
		}
		hub := onlyCaller(a, callers[i], int32(i))
		if hub >= 0 && told[hub] && failures.Down[i] == failures.Down[hub]+1 {
			behind[i] = hub // it takes the hub down, and nothing that the hub does not
		}
	}
	byHub := map[int32][]int32{}
	for i := range behind {
		if hub := behind[i]; hub >= 0 {
			for behind[hub] >= 0 { // each takes one module more down: this ends
				hub = behind[hub]
			}
			byHub[hub] = append(byHub[hub], int32(i))
		}
	}
	for i, down := range failures.Down {
		if !told[i] || behind[i] >= 0 {
			continue
		}
		m := a.Module(int32(i))
		f := Finding{
			Subject:  Subject{OfModule, m.Name},
			Message:  fmt.Sprintf("%s has a large blast radius: its failure takes down %d of the %d other modules (%d %%)", m.Name, down, others, down*100/others),
			Location: m.Pos,
			Journeys: journeyNames(a, failures.Lost[i]),
		}
		for _, k := range byHub[int32(i)][:min(len(byHub[int32(i)]), maxShownPlaces)] {
			f.Related = append(f.Related, Related{Message: fmt.Sprintf("%s, behind %s, takes down the same", a.Module(k).Name, m.Name), Location: a.Module(k).Pos})
		}
		names := callersOf(a, callers[i], int32(i))
		if len(names) > 0 {
			f.Suggestions = []string{fmt.Sprintf("let %s do without %s for a while: a soft dependency with a fallback, such as the last good answer", enumerate(names), m.Name)}
		} else { // only external modules call it
			f.Suggestions = []string{"let what depends on its callers do without them for a while: a soft dependency with a fallback"}
		}
		if m.Kind != schema.External {
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("or split %s into cells, each of which serves a part of its callers", m.Name))
		}
		p.Report(f)
	}
}

// failsWithMonolith gives, of each member of a distributed monolith that fails as one, the number of the others.
func (p *Pass) failsWithMonolith() map[int32]int {
	knot, _ := p.monolith()
	if knot == nil || !knot.hard {
		return nil
	}
	out := map[int32]int{}
	for _, m := range knot.cycle.Members {
		out[m] = len(knot.cycle.Members) - 1
	}
	return out
}

// onlyCaller returns the one other module that the dependencies start from, or -1.
func onlyCaller(a *analyzer.Analysis, dependencies []int32, m int32) int32 {
	only := int32(-1)
	for _, i := range dependencies {
		switch from := a.Dependencies()[i].From; {
		case from == m, from == only:
		case only >= 0:
			return -1
		default:
			only = from
		}
	}
	return only
}

// callersOf names the modules that the dependencies start from, in order, without m and without
// external ones, whose dependencies are not the design's to change.
func callersOf(a *analyzer.Analysis, dependencies []int32, m int32) []string {
	var names []string
	last := m
	for _, i := range dependencies {
		if from := a.Dependencies()[i].From; from != last && from != m && a.Module(from).Kind != schema.External {
			names = append(names, a.Module(from).Name)
			last = from
		}
	}
	return names
}
