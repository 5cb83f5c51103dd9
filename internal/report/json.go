package report

import (
	"encoding/json"
	"io"
	"time"

	"lintel/rules"
	"lintel/schema"
)

// JSONVersion is the version of the form that JSON writes. It grows when a field changes its meaning
// or goes away; new fields leave it as it is. The form is docs/schemas/check.schema.json.
const JSONVersion = 1

type jsonReport struct {
	SchemaVersion int           `json:"schemaVersion"`
	Columns       string        `json:"columns"`
	Designs       []jsonDesign  `json:"designs"`
	Findings      []jsonFinding `json:"findings"`
	Waived        []jsonFinding `json:"waived"`
	Baseline      string        `json:"baseline"`
	Known         []jsonFinding `json:"known"`
	Stale         []jsonStale   `json:"stale"`
	Errors        []jsonError   `json:"errors"`
	Summary       jsonSummary   `json:"summary"`
}

type jsonDesign struct {
	System       string          `json:"system"`
	Path         string          `json:"path"`
	Files        []string        `json:"files"`
	Modules      int             `json:"modules"`
	Dependencies int             `json:"dependencies"`
	Journeys     int             `json:"journeys"`
	Unchecked    []jsonUnchecked `json:"unchecked"`
}

type jsonUnchecked struct {
	Rule   string   `json:"rule"`
	Name   string   `json:"name"`
	Fields []string `json:"fields"`
	Bound  string   `json:"bound,omitempty"` // the parameter that bounds the work, where that is why
	Count  int      `json:"count"`
}

type jsonFinding struct {
	Rule        string        `json:"rule"`
	Name        string        `json:"name"`
	Severity    string        `json:"severity"`
	System      string        `json:"system"`
	Design      string        `json:"design"`
	Subject     jsonSubject   `json:"subject"`
	Message     string        `json:"message"`
	Location    jsonLocation  `json:"location"`
	Related     []jsonRelated `json:"related"`
	Journeys    []string      `json:"journeys"`
	Path        []string      `json:"path"`
	Paths       []jsonPath    `json:"paths"`
	Suggestions []string      `json:"suggestions"`
	Effects     []jsonEffect  `json:"effects,omitempty"`
	Fingerprint string        `json:"fingerprint"`
	Waiver      *jsonWaiver   `json:"waiver"`
}

type jsonEffect struct {
	Suggestion int    `json:"suggestion"`
	Together   bool   `json:"together"`
	Effect     string `json:"effect"`
}

type jsonSubject struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

type jsonLocation struct {
	File        string `json:"file"`
	StartLine   int    `json:"startLine"`
	StartColumn int    `json:"startColumn"`
	EndLine     int    `json:"endLine"`
	EndColumn   int    `json:"endColumn"`
}

type jsonRelated struct {
	Message  string       `json:"message"`
	Location jsonLocation `json:"location"`
}

type jsonPath struct {
	Journey string   `json:"journey"`
	Path    []string `json:"path"`
}

type jsonWaiver struct {
	Reason   string       `json:"reason"`
	Until    string       `json:"until"`
	Ticket   string       `json:"ticket"`
	Location jsonLocation `json:"location"`
}

type jsonError struct {
	Message  string        `json:"message"`
	Hint     string        `json:"hint"`
	Location jsonLocation  `json:"location"`
	Related  []jsonRelated `json:"related"`
}

type jsonSummary struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Waived   int `json:"waived"`
	Known    int `json:"known"`
	Stale    int `json:"stale"`
}

type jsonStale struct {
	Rule        string      `json:"rule"`
	System      string      `json:"system"`
	Design      string      `json:"design"`
	Subject     jsonSubject `json:"subject"`
	Message     string      `json:"message"`
	Fingerprint string      `json:"fingerprint"`
	Line        int         `json:"line"`
	Gone        int         `json:"gone"`
}

// JSON writes the report for programs. Every field is always present; what is not known is "", 0 or
// an empty list, and null for the waiver of a finding without one.
func JSON(w io.Writer, r *Report) error {
	out := jsonReport{
		SchemaVersion: JSONVersion, Columns: "utf-8 bytes",
		Designs: []jsonDesign{}, Findings: []jsonFinding{}, Waived: []jsonFinding{}, Known: []jsonFinding{}, Stale: []jsonStale{}, Errors: []jsonError{},
		Summary: jsonSummary(r.Summary()),
	}
	seen := fingerprints{}
	for _, res := range r.Results {
		out.Designs = append(out.Designs, designJSON(res))
	}
	for res, f := range r.findings() {
		out.Findings = append(out.Findings, findingJSON(res, f, seen))
	}
	for _, res := range r.Results {
		for i := range res.Waived {
			out.Waived = append(out.Waived, findingJSON(res, &res.Waived[i], seen))
		}
	}
	if b := r.Baseline; b != nil {
		out.Baseline = b.File
		for _, res := range r.Results {
			for i := range res.Known {
				out.Known = append(out.Known, findingJSON(res, &res.Known[i], seen))
			}
		}
		for i := range b.Settings {
			out.Known = append(out.Known, findingJSON(nil, &b.Settings[i], seen))
		}
		for _, e := range b.Stale {
			out.Stale = append(out.Stale, jsonStale{e.Rule, e.System, e.Design, jsonSubject{string(e.Subject.Kind), e.Subject.Name}, e.Message, e.Fingerprint, e.Line, e.Gone})
		}
	}
	for _, e := range r.Errors {
		je := jsonError{Message: e.Message, Hint: e.Hint, Location: jsonLocation(e.Pos), Related: []jsonRelated{}}
		for _, rel := range e.Related {
			je.Related = append(je.Related, jsonRelated{rel.Message, jsonLocation(rel.Pos)})
		}
		out.Errors = append(out.Errors, je)
	}
	return writeJSON(w, out)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func designJSON(res *rules.Result) jsonDesign {
	d := jsonDesign{
		System: res.Design.System, Path: res.Design.Path, Files: list(res.Design.Files),
		Modules: len(res.Design.Modules), Unchecked: []jsonUnchecked{},
	}
	for _, m := range res.Design.Modules {
		d.Dependencies += len(m.DependsOn)
	}
	if res.Analysis != nil {
		d.Journeys = len(res.Analysis.Journeys())
	}
	for _, u := range res.Unchecked {
		d.Unchecked = append(d.Unchecked, jsonUnchecked{u.Rule.ID, u.Rule.Name, list(u.Fields), u.Bound, u.Count})
	}
	return d
}

func findingJSON(res *rules.Result, f *rules.Finding, seen fingerprints) jsonFinding {
	out := jsonFinding{
		Rule: f.Rule.ID, Name: f.Rule.Name, Severity: f.Severity.String(), System: f.System,
		Subject: jsonSubject{string(f.Subject.Kind), f.Subject.Name}, Message: f.Message,
		Location: jsonLocation(place(res, f)), Related: []jsonRelated{}, Journeys: list(f.Journeys),
		Path: list(f.Path), Paths: []jsonPath{}, Suggestions: list(f.Suggestions), Fingerprint: seen.of(f),
	}
	for _, r := range f.Remedies {
		if r.Effect != "" {
			out.Effects = append(out.Effects, jsonEffect{r.Suggestion, r.All, r.Effect})
		}
	}
	if res != nil {
		out.Design = res.Design.Path
	}
	for _, rel := range f.Related {
		out.Related = append(out.Related, jsonRelated{rel.Message, jsonLocation(rel.Location)})
	}
	for _, p := range f.Paths {
		out.Paths = append(out.Paths, jsonPath{p.Journey, list(p.Path)})
	}
	if f.Waiver != nil {
		out.Waiver = waiverJSON(f.Waiver)
	}
	return out
}

func waiverJSON(w *schema.Waiver) *jsonWaiver {
	out := &jsonWaiver{Reason: w.Reason, Ticket: w.Ticket, Location: jsonLocation(w.Pos)}
	if w.Until != nil {
		out.Until = w.Until.Format(time.DateOnly)
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
