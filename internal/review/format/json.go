package format

import (
	"cmp"
	"io"

	"lintel/internal/report"
	"lintel/internal/review"
	"lintel/rules"
	"lintel/schema"
)

// JSONVersion is the version of the form that JSON writes. It grows when a field changes its meaning or goes away; new
// fields leave it as it is. The form is docs/schemas/review.schema.json.
const JSONVersion = 1

type jsonReview struct {
	SchemaVersion int          `json:"schemaVersion"`
	Columns       string       `json:"columns"`
	Old           jsonState    `json:"old"`
	New           jsonState    `json:"new"`
	Designs       []jsonDesign `json:"designs"`
	Notes         []string     `json:"notes"`
	FailOn        FailOn       `json:"failOn"`
	Failed        bool         `json:"failed"`
	Summary       jsonSummary  `json:"summary"`
}

type jsonState struct {
	Name      string           `json:"name"`
	Kind      review.StateKind `json:"kind"`
	Revision  string           `json:"revision"`
	Commit    string           `json:"commit"`
	MergeBase bool             `json:"mergeBase"`
	Errors    []any            `json:"errors"`
}

type jsonSummary struct {
	New        jsonCounts `json:"new"`
	Weaker     int        `json:"weaker"`
	Fixed      int        `json:"fixed"`
	Unchanged  int        `json:"unchanged"`
	Waived     int        `json:"waived"`
	Known      int        `json:"known"`
	NewlyKnown int        `json:"newlyKnown"`
	Designs    int        `json:"designs"`
	Changed    int        `json:"changed"`
}

type jsonCounts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

type jsonDesign struct {
	Status       review.Status `json:"status"`
	Moved        bool          `json:"moved"`
	Comparable   bool          `json:"comparable"`
	System       string        `json:"system"`
	Path         string        `json:"path"`
	OldSystem    string        `json:"oldSystem"`
	OldPath      string        `json:"oldPath"`
	Changes      []jsonChange  `json:"changes"`
	Settings     []jsonChange  `json:"settings"`
	Findings     jsonFindings  `json:"findings"`
	SinglePoints jsonPoints    `json:"singlePoints"`
	Journeys     []jsonJourney `json:"journeys"`
	Figures      []jsonFigure  `json:"figures"`
	Modules      []jsonModule  `json:"modules"`
}

type jsonChange struct {
	Kind     review.Kind   `json:"kind"`
	Status   review.Status `json:"status"`
	Name     string        `json:"name"`
	OldName  string        `json:"oldName"`
	Effect   string        `json:"effect"`
	Fields   []jsonField   `json:"fields"`
	Location any           `json:"location"`
}

type jsonField struct {
	Field  string `json:"field"`
	Old    string `json:"old"`
	New    string `json:"new"`
	Effect string `json:"effect"`

	Location any `json:"location"`
}

type jsonFindings struct {
	New        []any `json:"new"`
	Fixed      []any `json:"fixed"`
	Unchanged  []any `json:"unchanged"`
	Silenced   []any `json:"silenced"`
	Brought    []any `json:"brought"`
	Waived     []any `json:"waived"`
	Known      []any `json:"known"`
	NewlyKnown []any `json:"newlyKnown"`
	Revealed   []any `json:"revealed"`
	Covered    []any `json:"covered"`
	Gone       []any `json:"gone"`

	Changed []jsonFindingChange `json:"changed"`
}

type jsonFindingChange struct {
	Fingerprint    string   `json:"fingerprint"`
	OldSeverity    string   `json:"oldSeverity"`
	NewSeverity    string   `json:"newSeverity"`
	GainedJourneys []string `json:"gainedJourneys"`
	LostJourneys   []string `json:"lostJourneys"`
}

type jsonPoints struct {
	Gained []jsonPoint `json:"gained"`
	Lost   []jsonPoint `json:"lost"`
}

type jsonPoint struct {
	Kind     rules.SubjectKind `json:"kind"`
	Name     string            `json:"name"`
	External bool              `json:"external"`
	Journeys []string          `json:"journeys"`
	Path     []string          `json:"path"`
	Location any               `json:"location"`
}

type jsonJourney struct {
	Name    string             `json:"name"`
	OldName string             `json:"oldName"`
	Status  review.Status      `json:"status"`
	Old     *jsonJourneyFigure `json:"old"`
	New     *jsonJourneyFigure `json:"new"`
}

type jsonJourneyFigure struct {
	SinglePoints int      `json:"singlePoints"`
	Modules      int      `json:"modules"`
	Survives     []string `json:"survives"`
	Down         bool     `json:"down"`
}

type jsonFigure struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Unit   string   `json:"unit"`
	MoreIs string   `json:"moreIs"`
	Old    *float64 `json:"old"`
	New    *float64 `json:"new"`
}

type jsonModule struct {
	Name    string             `json:"name"`
	OldName string             `json:"oldName"`
	Old     *jsonModuleFigures `json:"old"`
	New     *jsonModuleFigures `json:"new"`
}

type jsonModuleFigures struct {
	BlastRadius int     `json:"blastRadius"`
	FanIn       int     `json:"fanIn"`
	FanOut      int     `json:"fanOut"`
	Instability float64 `json:"instability"`
}

// JSON writes the review for programs. Every field is always present; what is not known is "" or an empty list, and
// null for figures of a state that has none.
func JSON(w io.Writer, r *Report) error {
	j := jsonWriter{report.NewJSONParts()}
	old, new := r.faults()
	out := jsonReview{
		SchemaVersion: JSONVersion, Columns: "utf-8 bytes",
		Old: j.state(&r.Old, old), New: j.state(&r.New, new),
		Designs: []jsonDesign{}, Notes: list(r.Notes), FailOn: r.FailOn, Failed: r.Failed() || r.Faulty(),
	}
	for _, d := range r.Designs {
		out.Designs = append(out.Designs, j.design(d))
		s := &out.Summary
		s.Designs++
		if d.Differs() {
			s.Changed++
		}
		s.Weaker += d.Weaker()
		s.Fixed += len(d.fixed())
		s.Waived += len(d.waived())
		s.Known += len(d.Findings.Known)
		s.NewlyKnown += len(d.Findings.NewlyKnown)
		s.Unchanged += len(d.Findings.Unchanged)
		for _, f := range d.Findings.New {
			switch f.Severity {
			case rules.Error:
				s.New.Errors++
			case rules.Warning:
				s.New.Warnings++
			case rules.Info:
				s.New.Infos++
			}
		}
	}
	return report.WriteJSON(w, out)
}

type jsonWriter struct{ parts *report.JSONParts }

func (j jsonWriter) state(s *review.State, faults schema.Errors) jsonState {
	return jsonState{s.Name, cmp.Or(s.Kind, review.Path), s.Revision, s.Commit, s.MergeBase, j.errors(faults)}
}

func (j jsonWriter) errors(list schema.Errors) []any {
	out := []any{}
	for i := range list {
		out = append(out, j.parts.Error(&list[i]))
	}
	return out
}

func (j jsonWriter) design(d *Design) jsonDesign {
	out := jsonDesign{
		Status: d.Status, Moved: d.Moved, Comparable: !d.Unread, System: d.result().Design.System, Path: d.result().Design.Path,
		Changes: j.changes(d.Changes), Settings: j.changes(d.Settings),
		Findings: jsonFindings{
			New: j.findings(d.New, d.Findings.New), Fixed: j.findings(d.Old, d.fixed()), Unchanged: j.findings(d.New, d.Findings.Unchanged),
			Silenced: j.findings(d.New, d.Silenced), Brought: j.findings(d.New, d.Brought),
			Waived: j.findings(d.New, d.waived()), Known: j.findings(d.New, d.Findings.Known),
			NewlyKnown: j.findings(d.New, d.Findings.NewlyKnown), Revealed: j.findings(d.New, d.Findings.Revealed),
			Covered: j.findings(d.Old, d.Findings.Covered), Gone: j.findings(d.Old, d.gone()), Changed: []jsonFindingChange{},
		},
		SinglePoints: jsonPoints{j.points(d.Gained), j.points(d.Lost)},
		Journeys:     []jsonJourney{}, Figures: []jsonFigure{}, Modules: []jsonModule{},
	}
	if d.Old != nil {
		out.OldSystem, out.OldPath = d.Old.Design.System, d.Old.Design.Path
	}
	for i := range d.Findings.Changed {
		c := &d.Findings.Changed[i]
		out.Findings.Changed = append(out.Findings.Changed, jsonFindingChange{
			c.New.Fingerprint(), c.Old.Severity.String(), c.New.Severity.String(), list(c.GainedJourneys), list(c.LostJourneys),
		})
	}
	for i := range d.Journeys {
		c := &d.Journeys[i]
		o := jsonJourney{Name: c.Name, OldName: c.OldName, Status: c.Status}
		if c.Status != review.Added {
			o.Old = &jsonJourneyFigure{c.OldSinglePoints, c.OldModules, list(c.SurvivesOld), c.OldDown}
		}
		if c.Status != review.Removed {
			o.New = &jsonJourneyFigure{c.NewSinglePoints, c.NewModules, list(c.SurvivesNew), c.NewDown}
		}
		out.Journeys = append(out.Journeys, o)
	}
	for i := range d.Figures {
		f := &d.Figures[i]
		o := jsonFigure{ID: f.ID, Name: f.Name, Unit: f.Unit, MoreIs: effectWord(f.MoreIs)}
		if f.OldKnown {
			o.Old = &f.Old
		}
		if f.NewKnown {
			o.New = &f.New
		}
		out.Figures = append(out.Figures, o)
	}
	for i := range d.Modules {
		m := &d.Modules[i]
		o := jsonModule{Name: m.Name, OldName: m.OldName}
		if m.OldBlast >= 0 {
			o.Old = &jsonModuleFigures{m.OldBlast, m.OldFanIn, m.OldFanOut, m.OldInstability}
		}
		if m.NewBlast >= 0 {
			o.New = &jsonModuleFigures{m.NewBlast, m.NewFanIn, m.NewFanOut, m.NewInstability}
		}
		out.Modules = append(out.Modules, o)
	}
	return out
}

func (j jsonWriter) findings(res *rules.Result, found []*rules.Finding) []any {
	out := []any{}
	parts := report.NewJSONParts() // fingerprints are unique within one list
	for _, f := range found {
		out = append(out, parts.Finding(res, f))
	}
	return out
}

func (j jsonWriter) changes(changes []review.Change) []jsonChange {
	out := []jsonChange{}
	for i := range changes {
		c := &changes[i]
		o := jsonChange{Kind: c.Kind, Status: c.Status, Name: c.Name, OldName: c.OldName, Effect: effectWord(c.Effect), Fields: []jsonField{}, Location: j.parts.Location(c.Place)}
		for _, f := range c.Fields {
			o.Fields = append(o.Fields, jsonField{f.Field, f.Old, f.New, effectWord(f.Effect), j.parts.Location(f.Place)})
		}
		out = append(out, o)
	}
	return out
}

func (j jsonWriter) points(points []review.SinglePoint) []jsonPoint {
	out := []jsonPoint{}
	for i := range points {
		p := &points[i]
		out = append(out, jsonPoint{p.Kind, p.Name, p.External, list(p.Journeys), list(p.Path), j.parts.Location(p.Place)})
	}
	return out
}

// list returns s, never nil, so that it is [] in JSON.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
