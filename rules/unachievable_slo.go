package rules

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// unachievableSLO computes how available a journey or module with a promise can be, with all that is unknown perfect, and
// tells of a promise above that: it can't be kept by what the design states. Where something is unknown and the promise is
// not above, nothing is certain, and the check counts as not made.
//
// What an external module promises is what it is taken for, and not judged. Where a module is told, a journey that is that module,
// and promises as much, is not told again.
var unachievableSLO = &Rule{
	ID:       "RES012",
	Name:     "unachievable-slo",
	Severity: Error,
	Summary:  "A journey or module promises more availability than what it is made of can give.",
	Needs:    []string{"slo", "availability"},
	Params: []Param{
		{Name: "work", Default: int64(40_000), Min: 0, Doc: "How much is computed for one design, about in modules that are looked at, for each promise anew. The promises that are left, those of modules last, are counted and not judged. 0 judges all.", Source: "measured: some 0.1 s"},
	},
	Sources: []Source{
		{Title: "Treynor, Dahlin, Rau, Beyer, The Calculus of Service Availability (ACM Queue, 2017)", URL: "https://queue.acm.org/detail.cfm?id=3096459"},
	},
	Run: runUnachievableSLO,
}

// What promises take of the work that is set, besides the modules that are looked at: each of them, each that is told, and
// each of which the diagram is too large. Measured on designs of 60 to 20,000 modules.
const (
	sloEach    = 150
	sloTold    = 100
	sloTooHard = 20_000

	sloNodes    = 20_000    // of one diagram
	sloAllNodes = 5_000_000 // where all promises are to be judged
	// sloNamed is the largest number of replicas and failure domains of which the largest contributors are told.
	sloNamed = 200
)

func runUnachievableSLO(p *Pass) {
	a := p.Analysis
	type promise struct {
		target analyzer.Target
		share  float64
		module int32 // whose promise it is as well
	}
	var promises []promise
	for j, journey := range a.Journeys() {
		if journey.Entry >= 0 && journey.Stated != nil && journey.Stated.SLO.Availability != nil {
			own := journey.Entry
			if len(journey.Ignored) > 0 {
				own = -1
			}
			promises = append(promises, promise{analyzer.OfJourney(int32(j)), *journey.Stated.SLO.Availability / 100, own})
		}
	}
	journeys := len(promises)
	for i, m := range p.Design.Modules {
		if m.SLO.Availability != nil && m.Kind != schema.External {
			promises = append(promises, promise{analyzer.OfModule(int32(i)), *m.SLO.Availability / 100, int32(i)})
		}
	}
	if len(promises) == 0 {
		return
	}
	if !statesAvailability(p.Design) {
		p.Unchecked(len(promises), "availability")
		return
	}
	bound, nodes := p.Int("work"), sloNodes
	if bound == 0 {
		bound, nodes = math.MaxInt, sloAllNodes
	}
	system, err := resilience.New(a, resilience.Assumptions{Pessimistic: 100}, resilience.Limits{Nodes: nodes})
	if err != nil {
		p.TooMuch(len(promises), "work")
		return
	}
	unchecked, left, work := 0, 0, 0
	told := map[int32]float64{} // by module: its promise
	floors := make([]resilience.Floor, len(promises))
	judged, falls := make([]bool, len(promises)), make([]bool, len(promises))
	judge := func(k int, floor resilience.Floor) {
		q := promises[k]
		floors[k], judged[k], falls[k] = floor, true, fallsShort(floor.Probability, q.share)
		switch {
		case !falls[k] && floor.Unknown:
			unchecked++
		case falls[k]:
			work += sloTold
			if k >= journeys {
				told[q.module] = q.share
			}
		}
	}
	for k, q := range promises {
		if judged[k] {
			continue
		}
		if work >= bound {
			left++
			continue
		}
		floor, err := system.Floor(q.target)
		work += sloEach + floor.Modules
		if err != nil || !floor.Known {
			work += sloTooHard
			left++
			continue
		}
		judge(k, floor)
		if k < journeys && q.module >= 0 {
			// The module that the journey is: what it promises is judged with it, so that the two are told as one.
			if i, ok := slices.BinarySearchFunc(promises[journeys:], q.module, func(p promise, m int32) int { return cmp.Compare(p.module, m) }); ok && !judged[journeys+i] {
				judge(journeys+i, floor)
			}
		}
	}
	p.Unchecked(unchecked, "availability")
	p.TooMuch(left, "work")
	for k, q := range promises {
		if share, ok := told[q.module]; falls[k] && !(k < journeys && ok && share >= q.share) {
			p.reportUnachievable(system, q.target, q.share, floors[k])
		}
	}
}

func statesAvailability(d *schema.Design) bool {
	for _, m := range d.Modules {
		if _, ok := m.Unavailability(); ok {
			return true
		}
	}
	for _, f := range d.FailureDomains {
		if _, ok := f.Unavailability(); ok {
			return true
		}
	}
	return false
}

func (p *Pass) reportUnachievable(system *resilience.System, t analyzer.Target, promised float64, floor resilience.Floor) {
	a := p.Analysis
	f := Finding{}
	if t.Journey >= 0 {
		j := &a.Journeys()[t.Journey]
		f.Subject, f.Location, f.Journeys = Subject{OfJourney, j.Name}, j.Stated.At("slo.availability"), []string{j.Name}
	} else {
		m := a.Module(t.Module)
		f.Subject, f.Location = Subject{OfModule, m.Name}, placeOfFirst(m, "slo.availability")
	}
	given := shortPercent(floor.Probability, 1-promised)
	most := percentAtMost(1-floor.Probability, func(share float64) bool { return share < promised && !fallsShort(floor.Probability, share) })
	down, allowed := yearlyBoth(floor.Probability, 1-promised)
	even := ""
	if floor.Unknown {
		even = ", even if all that is unknown never fails"
	}
	f.Message = fmt.Sprintf("%s promises %s, and what it is made of gives %s%s: %s down a year, and %s are promised",
		f.Subject.Name, percentOf(promised), given, even, down, allowed)
	if floor.Events <= sloNamed {
		if result, err := system.Availability(t); err == nil {
			for _, c := range system.GroupContributors(result.Contributors) {
				if len(f.Suggestions) == 2 || c.FussellVesely < 0.2 {
					break
				}
				f.Suggestions = append(f.Suggestions, orElse(f.Suggestions, improvePart(a, c)))
			}
		}
	}
	f.Suggestions = append(f.Suggestions, orElse(f.Suggestions, fmt.Sprintf("promise no more than %s", most)))
	p.Report(f)
}

// improvePart says what to do about what contributes most.
func improvePart(a *analyzer.Analysis, c resilience.ContributorGroup) string {
	share := fmt.Sprintf("%.0f %% of the downtime goes away without its failures", 100*c.FussellVesely)
	if c.Event.Kind == analyzer.DomainEvent {
		return fmt.Sprintf("do not depend on %s alone: %s", a.Design.FailureDomains[c.Event.Domain].Name, share)
	}
	m := a.Module(c.Event.Module)
	if len(c.Events) > 1 || m.ReliableReplicas() > 1 {
		share = fmt.Sprintf("%.0f %% of the downtime goes away without the failures of one of its replicas", 100*c.FussellVesely)
	}
	if c.Event.Kind == analyzer.ExternalEvent {
		return fmt.Sprintf("give %s an alternative, or do without it for a while: %s", m.Name, share)
	}
	return fmt.Sprintf("give %s more replicas: %s", m.Name, share)
}

// fallsShort reports whether what is down with the given probability cannot keep a promise.
func fallsShort(probability, promised float64) bool {
	return probability > (1-promised)*(1+1e-9)+1e-15
}

// shortPercent writes an availability in percent, with as few digits as tell it from a lesser unavailability, three of it
// at least.
func shortPercent(unavailability, other float64) string {
	for digits := 3; digits < 12; digits++ {
		q, _ := strconv.ParseFloat(strconv.FormatFloat(unavailability, 'g', digits, 64), 64)
		if s := percentOf(1 - q); q > other && s != percentOf(1-other) {
			return s
		}
	}
	return percentAtMost(1-unavailability, func(share float64) bool { return share < 1-other })
}

// percentAtMost writes a share in percent, rounded down to three digits of what it lacks of certainty, and a little more where
// keeps says that this is still too much. What is written is what keeps has seen, read as a design states it.
func percentAtMost(share float64, keeps func(share float64) bool) string {
	lack := (1 - share) * 100
	if lack <= 0 {
		return percentOf(share)
	}
	decimals := min(max(2-int(math.Floor(math.Log10(lack))), 0), 13)
	unit := math.Pow(10, -float64(decimals))
	steps := math.Ceil(lack/unit - 1e-6)
	for range 3 {
		percent, _ := strconv.ParseFloat(strconv.FormatFloat(max(100-steps*unit, 0), 'f', decimals, 64), 64)
		if s := strconv.FormatFloat(percent, 'f', -1, 64); keeps(percent / 100) {
			return s + " %"
		}
		steps++
	}
	return strconv.FormatFloat(max(100-steps*unit, 0), 'f', decimals, 64) + " %"
}

// yearlyBoth writes two shares of a year as times, the first of them the larger, so that they are seen to differ: where
// rounding hides that, in one unit, with as many digits as it takes.
func yearlyBoth(larger, smaller float64) (string, string) {
	if smaller <= 0 || larger/smaller > 1.5 {
		return yearly(larger), yearly(smaller)
	}
	for digits := range 10 {
		l, s := yearlyIn(larger, larger, digits), yearlyIn(smaller, larger, digits)
		if l != s {
			return l, s
		}
	}
	return yearly(larger), "less"
}

// yearlyIn writes a share of a year as a time in the unit that suits another share, with so many more digits.
func yearlyIn(share, like float64, digits int) string {
	const hours = 365.25 * 24
	per, unit, decimals := 60.0, "minutes", 1
	switch h := like * hours; {
	case h >= 48:
		per, unit, decimals = 1.0/24, "days", 0
	case h >= 2:
		per, unit = 1, "hours"
	}
	scale := math.Pow(10, float64(decimals+digits))
	return fmt.Sprintf("%s %s", strconv.FormatFloat(math.Round(share*hours*per*scale)/scale, 'f', -1, 64), unit)
}

// yearly writes a share of a year as a time.
func yearly(share float64) string { return yearlyIn(share, share, 0) }
