package rules

import (
	"fmt"
	"math"
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
	Sources: []Source{
		{Title: "Treynor, Dahlin, Rau, Beyer, The Calculus of Service Availability (ACM Queue, 2017)", URL: "https://queue.acm.org/detail.cfm?id=3096459"},
	},
	Run: runUnachievableSLO,
}

// What one run may take, so that large designs are checked as fast as small ones: the nodes of one diagram, the modules that
// are visited in all, and what a diagram that is too large counts for.
const (
	sloNodes   = 20_000
	sloModules = 150_000
	sloTooHard = 20_000
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
	system, err := resilience.New(a, resilience.Assumptions{Pessimistic: 100}, resilience.Limits{Nodes: sloNodes})
	if err != nil {
		return
	}
	unchecked, work := 0, 0
	told := map[int32]float64{} // by module: its promise
	floors := make([]resilience.Floor, len(promises))
	falls := make([]bool, len(promises))
	for k, q := range promises {
		if work > sloModules {
			break
		}
		floor, err := system.Floor(q.target)
		work += floor.Modules
		if err != nil || !floor.Known {
			work += sloTooHard
			continue
		}
		floors[k] = floor
		falls[k] = floor.Probability > (1-q.share)*(1+1e-9)+1e-15
		if !falls[k] && floor.Unknown {
			unchecked++
		}
		if falls[k] && k >= journeys {
			told[q.module] = q.share
		}
	}
	p.Unchecked(unchecked, "availability")
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
	even := ""
	if floor.Unknown {
		even = ", even if all that is unknown never fails"
	}
	f.Message = fmt.Sprintf("%s promises %s, and what it is made of gives %s%s: %s down a year, and %s are promised",
		f.Subject.Name, percentOf(promised), given, even, yearly(floor.Probability), yearly(1-promised))
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
	f.Suggestions = append(f.Suggestions, orElse(f.Suggestions, fmt.Sprintf("promise no more than %s", given)))
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

// shortPercent writes an availability in percent, with as few digits as tell it from another unavailability, three of it
// at least.
func shortPercent(unavailability, other float64) string {
	for digits := 3; digits < 12; digits++ {
		q, _ := strconv.ParseFloat(strconv.FormatFloat(unavailability, 'g', digits, 64), 64)
		if s := percentOf(1 - q); s != percentOf(1-other) {
			return s
		}
	}
	return percentOf(1 - unavailability)
}

// yearly writes a share of a year as a time.
func yearly(share float64) string {
	const hours = 365.25 * 24
	switch h := share * hours; {
	case h >= 48:
		return fmt.Sprintf("%.0f days", h/24)
	case h >= 2:
		return fmt.Sprintf("%s hours", strconv.FormatFloat(math.Round(h*10)/10, 'f', -1, 64))
	default:
		return fmt.Sprintf("%s minutes", strconv.FormatFloat(math.Round(h*600)/10, 'f', -1, 64))
	}
}
