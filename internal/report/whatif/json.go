package whatif

import (
	"io"

	"lintel/internal/report"
)

type answerJSON struct {
	SchemaVersion int           `json:"schemaVersion"`
	System        string        `json:"system"`
	Path          string        `json:"path"`
	Events        []eventJSON   `json:"events"`
	Summary       summaryJSON   `json:"summary"`
	Journeys      []journeyJSON `json:"journeys"`
	Modules       []moduleJSON  `json:"modules"`
	Capacity      capacityJSON  `json:"capacity"`
}

type eventJSON struct {
	Name     string `json:"name"`
	Replicas []int  `json:"replicas,omitempty"`
}

type summaryJSON struct {
	JourneysDown     int `json:"journeysDown"`
	JourneysDegraded int `json:"journeysDegraded"`
	ModulesDown      int `json:"modulesDown"`
	ModulesDegraded  int `json:"modulesDegraded"`
	Overloaded       int `json:"overloaded"`
}

type wayJSON struct {
	Path   []string    `json:"path,omitempty"`
	Reason *reasonJSON `json:"reason,omitempty"`
	Soft   *softJSON   `json:"without,omitempty"`
	Text   string      `json:"text,omitempty"`
}

type journeyJSON struct {
	Name   string   `json:"name"`
	State  State    `json:"state"`
	Before State    `json:"before"`
	Peak   *float64 `json:"peak,omitempty"`
	wayJSON
	Spared []string `json:"doesNotUse,omitempty"`
	Tight  string   `json:"tightest,omitempty"`
}

type moduleJSON struct {
	Name   string `json:"name"`
	State  State  `json:"state"`
	Before State  `json:"before"`
	wayJSON
}

type reasonJSON struct {
	Kind     Kind        `json:"kind"`
	Module   string      `json:"module"`
	To       string      `json:"to,omitempty"`
	Up       *int        `json:"up,omitempty"`
	Replicas *int        `json:"replicas,omitempty"`
	Need     *int        `json:"need,omitempty"`
	Domains  []shareJSON `json:"domains,omitempty"`
}

type shareJSON struct {
	Name     string `json:"name"`
	Replicas int    `json:"replicas"`
}

type softJSON struct {
	Module     string        `json:"module"`
	Dependency string        `json:"dependency"`
	Missing    []missingJSON `json:"missing"`
	Fallback   string        `json:"fallback,omitempty"`
}

type missingJSON struct {
	Name string `json:"name"`
	Cut  bool   `json:"cut"`
	wayJSON
}

type capacityJSON struct {
	Modules []loadJSON `json:"modules"`
	unstatedJSON
}

type loadJSON struct {
	Name    string     `json:"name"`
	Verdict Verdict    `json:"verdict"`
	Before  figureJSON `json:"before"`
	After   figureJSON `json:"after"`
	Up      int        `json:"replicasUp"`
	Ceiling int        `json:"replicasAtMost"`
}

// figureJSON holds requests a second. Demand is a lower bound where it is not exact; Utilisation is null where it has no
// finite value.
type figureJSON struct {
	Demand      float64  `json:"demand"`
	Exact       bool     `json:"exact"`
	Endless     bool     `json:"endless,omitempty"`
	Serves      float64  `json:"serves"`
	Utilisation *float64 `json:"utilisation"`
}

// JSON writes the answer for programs. Its schema is docs/schemas/whatif.schema.json.
func JSON(w io.Writer, a *Answer) error {
	out := answerJSON{SchemaVersion: 1, System: a.Design.System, Path: a.Design.Path, Events: []eventJSON{}, Journeys: []journeyJSON{}, Modules: []moduleJSON{}}
	for _, e := range a.Events {
		out.Events = append(out.Events, eventJSON{e.Name, e.Any})
	}
	tight := map[string]string{}
	for _, t := range a.Capacity.Tight {
		tight[t.Journey] = t.Module
	}
	for i := range a.Journeys {
		j := &a.Journeys[i]
		out.Journeys = append(out.Journeys, journeyJSON{j.Name, j.Now, j.Before, j.Peak, wayOf(&j.Way), j.Spared, tight[j.Name]})
		switch {
		case j.Now == j.Before:
		case j.Now == Down:
			out.Summary.JourneysDown++
		case j.Now == Degraded:
			out.Summary.JourneysDegraded++
		}
	}
	for i := range a.Modules {
		m := &a.Modules[i]
		out.Modules = append(out.Modules, moduleJSON{m.Name, m.Now, m.Before, wayOf(&m.Way)})
		switch {
		case m.Now == Degraded && m.Before == Works:
			out.Summary.ModulesDegraded++
		case m.Now != Degraded && (m.Before == Works || m.Before == Degraded):
			out.Summary.ModulesDown++
		}
	}
	c := a.Capacity
	out.Capacity = capacityJSON{[]loadJSON{}, unstatedOf(c)}
	for i := range c.Modules {
		l := &c.Modules[i]
		if l.Verdict() == Overloaded {
			out.Summary.Overloaded++
		}
		out.Capacity.Modules = append(out.Capacity.Modules, loadJSON{l.Module, l.Verdict(), figureOf(l.Before), figureOf(l.After), l.Up, l.Ceiling})
	}
	return report.WriteJSON(w, out)
}

func list(names []string) []string { return append([]string{}, names...) }

func figureOf(f Figure) figureJSON {
	out := figureJSON{Demand: f.Demand, Exact: f.Known && !f.Endless, Endless: f.Endless, Serves: f.Serves}
	if u := f.Utilisation(); u-u == 0 { // not infinite
		out.Utilisation = &u
	}
	return out
}

func wayOf(w *Way) wayJSON {
	out := wayJSON{Path: w.Path}
	if w.Path != nil {
		out.Text = w.String()
	}
	if r := w.Reason; r != nil {
		out.Reason = &reasonJSON{Kind: r.Kind, Module: r.Module, To: r.To}
		if r.Kind != CutOff {
			out.Reason.Up, out.Reason.Need = &r.Up, &r.Need
		}
		if r.Kind == Replicas || r.Kind == Primary || r.Kind == Whole {
			out.Reason.Replicas = &r.Replicas
		}
		for _, d := range r.Domains {
			out.Reason.Domains = append(out.Reason.Domains, shareJSON(d))
		}
	}
	if s := w.Soft; s != nil {
		out.Soft = &softJSON{Module: s.Module, Dependency: s.Key, Missing: []missingJSON{}, Fallback: s.Fallback}
		for i := range s.Missing {
			m := &s.Missing[i]
			out.Soft.Missing = append(out.Soft.Missing, missingJSON{m.Name, m.Cut, wayOf(&m.Way)})
		}
	}
	return out
}

type tableJSON struct {
	SchemaVersion int       `json:"schemaVersion"`
	System        string    `json:"system"`
	Path          string    `json:"path"`
	Each          []string  `json:"each"`
	Rows          []rowJSON `json:"rows"`
	Total         int       `json:"total"`
	Harmless      int       `json:"harmlessReplicas"`
	Before        lossJSON  `json:"before"`
	unstatedJSON
}

type lossJSON struct {
	JourneysDown     []string `json:"journeysDown"`
	JourneysDegraded []string `json:"journeysDegraded"`
	ModulesDown      int      `json:"modulesDown"`
	Overloaded       []string `json:"modulesOverloaded"` // null where that is not known
}

// unstatedJSON is what is not stated of demand and capacity.
type unstatedJSON struct {
	WithoutPeak     []string `json:"journeysWithoutPeak"`
	WithoutCalls    int      `json:"dependenciesWithoutCalls"`
	WithoutCapacity []string `json:"modulesWithoutCapacity"`
}

func unstatedOf(c *Capacity) unstatedJSON {
	return unstatedJSON{list(c.WithoutPeak), c.WithoutCalls, list(c.WithoutCapacity)}
}

type rowJSON struct {
	Event string `json:"event"`
	Kind  string `json:"kind"`
	Alike int    `json:"alike"`
	lossJSON
}

// TableJSON writes a table for programs, of no more than limit rows, where that is not 0. Its schema is
// docs/schemas/whatif.schema.json.
func TableJSON(w io.Writer, t *Table, limit int) error {
	out := tableJSON{1, t.Design.System, t.Design.Path, t.Kinds, []rowJSON{}, len(t.Rows), t.Harmless, lossOf(t.Before), unstatedOf(t.Capacity)}
	for i, r := range t.Rows {
		if limit > 0 && i == limit {
			break
		}
		out.Rows = append(out.Rows, rowJSON{r.Event, r.Kind, r.Alike, lossOf(r.Loss)})
	}
	return report.WriteJSON(w, out)
}

func lossOf(l Loss) lossJSON {
	return lossJSON{list(l.Down), list(l.Degraded), l.Modules, l.Overloaded}
}
