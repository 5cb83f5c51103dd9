package improve

import (
	"math"
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/rules"
	"lintel/schema"
)

// Measure says how far a design is from a goal. It is taken by the analyses that the other commands use; the search takes no
// part in it.
type Measure struct {
	// Points are the single events of the goal that bring down journeys, in order of modules, externals and failure domains.
	Points []Point
	// Lost are the journeys that they bring down, by name.
	Lost []string
	// Figures are the availabilities of the journeys, and for the goal slo of all that promises one; nil where they were not
	// computed.
	Figures []Figure
}

// Point is a single event that brings journeys down.
type Point struct {
	Event    string
	Journeys []string
}

// Figure is the availability of a journey or module.
type Figure struct {
	Name        string
	Journey     bool
	SLO         *float64 // percent
	Best, Worst resilience.Probability
	Unknown     int // events whose availability is not known
}

// Reaches reports whether the SLO is reached for certain, with the pessimistic value for what is unknown.
func (f *Figure) Reaches() bool { return f.SLO == nil || f.Worst.High <= allowedBy(*f.SLO) }

// allowedBy is the unavailability that an SLO allows, with what rounding may take.
func allowedBy(percent float64) float64 { return max((100-percent)/100*(1+1e-9), 1e-300) }

// Met reports whether the goal is reached.
func (m *Measure) Met() bool {
	return len(m.Points) == 0 && !slices.ContainsFunc(m.Figures, func(f Figure) bool { return !f.Reaches() })
}

// missed counts what the goal still asks for.
func (m *Measure) missed() (count int, by float64) {
	count = len(m.Points)
	for _, f := range m.Figures {
		if !f.Reaches() {
			count++
			by += logRatio(f.Worst.High, allowedBy(*f.SLO))
		}
	}
	return count, by
}

// measure looks at a design. figures asks for availabilities, which the goal slo always takes.
func measure(a *analyzer.Analysis, settings *Settings, figures bool) (Measure, error) {
	var out Measure
	asked := func(name string) bool { return len(settings.Journeys) == 0 || slices.Contains(settings.Journeys, name) }
	lost := map[string]bool{}
	add := func(e analyzer.Event, journeys []int32) {
		p := Point{Event: a.EventName(e)}
		for _, j := range journeys {
			if name := a.Journeys()[j].Name; asked(name) {
				p.Journeys = append(p.Journeys, name)
				lost[name] = true
			}
		}
		if len(p.Journeys) > 0 {
			out.Points = append(out.Points, p)
		}
	}
	switch settings.Goal.kind {
	case noSPOF:
		for _, p := range rules.SinglePointsBy(a, rules.Settings{File: settings.Lint}) {
			if p.Event.Kind == analyzer.ReplicaEvent {
				m := a.Module(p.Event.Module)
				lostWith := Point{Event: m.Name}
				for _, j := range p.Journeys {
					if name := a.Journeys()[j].Name; asked(name) {
						lostWith.Journeys = append(lostWith.Journeys, name)
						lost[name] = true
					}
				}
				if len(lostWith.Journeys) > 0 {
					out.Points = append(out.Points, lostWith)
				}
				continue
			}
			add(p.Event, p.Journeys)
		}
	case survive:
		f := a.Failures()
		for i, e := range f.Events {
			if e.Kind == analyzer.DomainEvent && a.Design.FailureDomains[e.Domain].Kind == settings.Goal.domain {
				add(e, f.Outcomes[i].Lost)
			}
		}
	}
	for _, j := range a.Journeys() {
		if lost[j.Name] {
			out.Lost = append(out.Lost, j.Name)
		}
	}
	if !figures && settings.Goal.kind != slo {
		return out, nil
	}
	system, err := resilience.New(a, settings.Assume, settings.Limits)
	if err != nil {
		if settings.Goal.kind == slo {
			return out, err
		}
		return out, nil
	}
	figure := func(t analyzer.Target, name string, slo *float64) error {
		if settings.stopped() && !settings.Deadline.IsZero() {
			return ErrOver
		}
		is, err := system.Range(t)
		if err != nil {
			return err
		}
		f := Figure{Name: name, Journey: t.Journey >= 0, SLO: slo, Best: is.Best, Worst: is.Worst, Unknown: len(is.Unknown)}
		out.Figures = append(out.Figures, f)
		return nil
	}
	for j, journey := range a.Journeys() {
		if journey.Entry < 0 || !asked(journey.Name) {
			continue
		}
		var promised *float64
		if settings.Goal.kind == slo {
			if journey.Stated == nil || journey.Stated.SLO.Availability == nil {
				continue
			}
			promised = journey.Stated.SLO.Availability
		}
		if err := figure(analyzer.OfJourney(int32(j)), journey.Name, promised); err != nil {
			return out, err
		}
	}
	if settings.Goal.kind == slo && len(settings.Journeys) == 0 {
		for i, m := range a.Design.Modules {
			if m.SLO.Availability != nil && m.Kind != schema.External {
				if err := figure(analyzer.OfModule(int32(i)), m.Name, m.SLO.Availability); err != nil {
					return out, err
				}
			}
		}
	}
	return out, nil
}

func logRatio(a, b float64) float64 { return math.Log(a / b) }
