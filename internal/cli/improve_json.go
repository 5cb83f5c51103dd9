package cli

import (
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/internal/improve"
	"lintel/rules"
)

type improveJSON struct {
	SchemaVersion int      `json:"schemaVersion"`
	System        string   `json:"system"`
	Path          string   `json:"path"`
	Goal          string   `json:"goal"`
	Journeys      []string `json:"journeys"` // those that were asked about; empty for all

	Reached    bool     `json:"reached"`
	Impossible bool     `json:"impossible"`
	Cost       float64  `json:"cost"`
	Cheapest   bool     `json:"cheapest"`
	AtLeast    *float64 `json:"atLeast"` // null where the goal is not reached
	NotInTime  []string `json:"notInTime"`

	Steps  []improveStepJSON `json:"steps"`
	Before measureJSON       `json:"before"`
	After  measureJSON       `json:"after"`

	Remaining        []remainingJSON `json:"remaining"`
	Ceilings         []ceilingJSON   `json:"ceilings"`
	DownBefore       []string        `json:"downBefore"`
	NewFindings      []newFinding    `json:"newFindings"`
	PlacementUnknown []string        `json:"placementUnknown"`
	Assumed          assumedJSON     `json:"assumed"`

	Patch   string       `json:"patch"`
	ByHand  []byHandJSON `json:"byHand"`
	Written []string     `json:"written"`
}

type improveStepJSON struct {
	Changes []changeJSON `json:"changes"`
	Cost    float64      `json:"cost"`
	Assumes string       `json:"assumes,omitempty"`
	Before  *effectJSON  `json:"before"` // null in very long plans, of which the whole is measured
	After   *effectJSON  `json:"after"`
}

type changeJSON struct {
	Kind       string `json:"kind"`
	Module     string `json:"module"`
	Dependency string `json:"dependency,omitempty"`
	Text       string `json:"text"`
}

type effectJSON struct {
	SinglePoints int                       `json:"singlePoints"`
	Journeys     []string                  `json:"journeys"`
	Availability []improveAvailabilityJSON `json:"availability"`
}

type measureJSON struct {
	SinglePoints []pointJSON               `json:"singlePoints"`
	Journeys     []string                  `json:"journeys"`
	Availability []improveAvailabilityJSON `json:"availability"`
}

type pointJSON struct {
	Event    string   `json:"event"`
	Journeys []string `json:"journeys"`
}

type improveAvailabilityJSON struct {
	Journey string              `json:"journey,omitempty"`
	Module  string              `json:"module,omitempty"`
	SLO     *float64            `json:"slo,omitempty"`
	Reached *bool               `json:"reached,omitempty"`
	Best    availabilityBetween `json:"best"`
	Worst   availabilityBetween `json:"worst"`
	Unknown int                 `json:"unknown"`
}

// availabilityBetween is an availability in percent.
type availabilityBetween struct {
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Exact  bool    `json:"exact"`
	Method string  `json:"method"`
}

type remainingJSON struct {
	Event   string   `json:"event"`
	Journey string   `json:"journey"`
	Why     []string `json:"why"`
}

// ceilingJSON is what promises an availability and stays short of it, whatever is changed.
type ceilingJSON struct {
	Journey string   `json:"journey,omitempty"`
	Module  string   `json:"module,omitempty"`
	AtMost  float64  `json:"atMost"` // percent
	Why     []string `json:"why"`
}

type newFinding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Subject  string `json:"subject"`
	Message  string `json:"message"`
}

type assumedJSON struct {
	Typical     bool    `json:"typical"`
	Pessimistic float64 `json:"pessimistic"`
}

type byHandJSON struct {
	Step   int      `json:"step"` // from 1
	Path   []string `json:"path"`
	Value  any      `json:"value"`
	File   string   `json:"file,omitempty"`
	Line   int      `json:"line,omitempty"`
	Column int      `json:"column,omitempty"`
	Why    string   `json:"why"`
}

// json gives the improvement for programs.
func (r *improvement) json() (string, error) {
	p := r.plan
	a := p.Analysis()
	out := improveJSON{
		SchemaVersion: 1, System: r.design.System, Path: r.design.Path, Goal: p.Goal.String(), Journeys: orEmpty(r.settings.Journeys),
		Reached: p.Reached, Impossible: p.Impossible, Cost: p.Price, Cheapest: p.Cheapest,
		Steps: []improveStepJSON{}, Before: measureOf(&p.Before), After: measureOf(&p.After),
		Remaining: []remainingJSON{}, Ceilings: []ceilingJSON{}, DownBefore: orEmpty(p.Down), NewFindings: []newFinding{}, PlacementUnknown: orEmpty(p.Unplaced),
		Assumed: assumedJSON{r.settings.Assume.Typical, r.settings.Assume.Pessimistic},
		Patch:   r.patchText(), ByHand: []byHandJSON{}, Written: orEmpty(r.written),
	}
	out.NotInTime = orEmpty(r.notInTime())
	if p.Reached {
		out.AtLeast = new(p.AtLeast)
	}
	for i := range p.Steps {
		step := &p.Steps[i]
		s := improveStepJSON{Cost: step.Price, Assumes: step.Assumes}
		if step.Measured {
			s.Before, s.After = effectJSONOf(&step.Before), effectJSONOf(&step.After)
		}
		for k, c := range step.Changes {
			s.Changes = append(s.Changes, changeJSON{c.Kind.String(), c.Module, c.Dependency, step.Text[k]})
		}
		out.Steps = append(out.Steps, s)
	}
	for _, h := range p.Hopeless {
		event := a.EventName(h.Event)
		if h.Event.Kind == analyzer.ReplicaEvent {
			event = a.Module(h.Event.Module).Name
		}
		out.Remaining = append(out.Remaining, remainingJSON{event, a.Journeys()[h.Journey].Name, orEmpty(h.Why)})
	}
	for _, c := range p.Ceilings {
		one := ceilingJSON{Module: c.Name, AtMost: 100 - 100*c.Unavailability, Why: orEmpty(c.Why)}
		if c.Journey {
			one.Journey, one.Module = c.Name, ""
		}
		out.Ceilings = append(out.Ceilings, one)
	}
	for _, list := range [][]rules.Finding{p.Errors, p.Warnings} {
		for _, f := range list {
			out.NewFindings = append(out.NewFindings, newFinding{f.Rule.ID, f.Severity.String(), f.Subject.Name, f.Message})
		}
	}
	for _, h := range r.byHand {
		out.ByHand = append(out.ByHand, byHandJSON{h.step + 1, h.Field.Path, change.Plain(h.Field.Value), h.Place.File, h.Place.StartLine, h.Place.StartColumn, h.Why})
	}
	return indentedJSON(out)
}

// notInTime lists what --timeout did not suffice for.
func (r *improvement) notInTime() []string {
	out := slices.Clone(r.plan.Late)
	if r.late {
		out = append(out, "patch")
	}
	return out
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func measureOf(m *improve.Measure) measureJSON {
	out := measureJSON{[]pointJSON{}, orEmpty(m.Lost), figuresJSON(m.Figures)}
	for _, p := range m.Points {
		out.SinglePoints = append(out.SinglePoints, pointJSON{p.Event, p.Journeys})
	}
	return out
}

func effectJSONOf(e *improve.Effect) *effectJSON {
	return &effectJSON{e.Points, orEmpty(e.Lost), figuresJSON(e.Figures)}
}

func figuresJSON(list []improve.Figure) []improveAvailabilityJSON {
	out := []improveAvailabilityJSON{}
	for i := range list {
		f := &list[i]
		one := improveAvailabilityJSON{
			SLO: f.SLO, Unknown: f.Unknown,
			Best:  availabilityBetween{100 - 100*f.Best.High, 100 - 100*f.Best.Low, f.Best.Method == 0, f.Best.Method.String()},
			Worst: availabilityBetween{100 - 100*f.Worst.High, 100 - 100*f.Worst.Low, f.Worst.Method == 0, f.Worst.Method.String()},
		}
		if f.Journey {
			one.Journey = f.Name
		} else {
			one.Module = f.Name
		}
		if f.SLO != nil {
			one.Reached = new(f.Reaches())
		}
		out = append(out, one)
	}
	return out
}
