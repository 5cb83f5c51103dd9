package rules

import (
	"fmt"
	"math/big"
	"strings"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
)

// dualPointOfFailure lists the pairs of events that bring a journey of tier 0 down together, none of them alone. Most
// systems have such pairs and are meant to: it is off by default, for those that must survive any two failures.
var dualPointOfFailure = &Rule{
	ID:       "RES014",
	Name:     "dual-point-of-failure",
	Severity: Off,
	Summary:  "Two failures together bring a journey of tier 0 down.",
	Needs:    []string{"tier"},
	Sources: []Source{
		{Title: "NUREG-0492, Fault Tree Handbook (1981), VIII: minimal cut sets by their size", URL: "https://www.nrc.gov/reading-rm/doc-collections/nuregs/staff/sr0492/"},
	},
	Run: runDualPointOfFailure,
}

// The bounds of one run.
const (
	dualNodes  = 200_000
	dualEvents = 3_000 // replicas and failure domains of a journey that is looked at
	dualShown  = 3     // pairs in a message
)

func runDualPointOfFailure(p *Pass) {
	a := p.Analysis
	unknown := 0
	var system *resilience.System
	for j, journey := range a.Journeys() {
		if journey.Entry < 0 {
			continue
		}
		entry := a.Module(journey.Entry)
		switch {
		case entry.Tier == nil:
			unknown++
			continue
		case *entry.Tier != 0:
			continue
		}
		if system == nil {
			var err error
			if system, err = resilience.New(a, resilience.Assumptions{Pessimistic: 100}, resilience.Limits{Nodes: dualNodes}); err != nil {
				return
			}
		}
		target := analyzer.OfJourney(int32(j))
		if floor, err := system.Floor(target); err != nil || floor.Events > dualEvents {
			continue
		}
		sets, err := system.CutSets(target, 2)
		if err != nil || !sets.Complete || len(sets.ByOrder) < 3 || sets.ByOrder[2].Sign() == 0 {
			continue
		}
		var shown []string
		left := new(big.Int).Set(sets.ByOrder[2])
		for set := range sets.All {
			if set.Order != 2 {
				continue
			}
			if len(shown) == dualShown {
				break
			}
			shown = append(shown, pairText(a, set))
			left.Sub(left, set.Number)
		}
		f := Finding{
			Subject:  Subject{OfJourney, journey.Name},
			Location: entry.Pos,
			Journeys: []string{journey.Name},
			Suggestions: []string{
				"one more replica in a place of its own, or one more alternative, for each of them",
			},
		}
		if journey.Stated != nil {
			f.Location = journey.Stated.Pos
		}
		rest := ""
		if left.Sign() > 0 {
			rest = fmt.Sprintf(", and %v more", left)
		}
		pairs := "pairs of failures bring"
		if sets.ByOrder[2].IsInt64() && sets.ByOrder[2].Int64() == 1 {
			pairs = "pair of failures brings"
		}
		f.Message = fmt.Sprintf("%v %s %s down: %s%s", sets.ByOrder[2], pairs, journey.Name, strings.Join(shown, "; "), rest)
		p.Report(f)
	}
	p.Unchecked(unknown, "tier")
}

// pairText names a pair, or pairs that are alike.
func pairText(a *analyzer.Analysis, set resilience.CutSet) string {
	var parts []string
	for _, e := range set.Events {
		parts = append(parts, a.EventName(e))
	}
	for _, c := range set.Choose {
		first, last := c.Of[0], c.Of[len(c.Of)-1]
		if c.Count == len(c.Of) {
			for _, member := range c.Of {
				parts = append(parts, a.EventName(member[0]))
			}
			continue
		}
		what := fmt.Sprintf("any %d of %s to %s", c.Count, a.EventName(first[0]), a.EventName(last[0]))
		if c.Count == 1 {
			what = fmt.Sprintf("one of %s to %s", a.EventName(first[0]), a.EventName(last[0]))
		}
		parts = append(parts, what)
	}
	return strings.Join(parts, " and ")
}
