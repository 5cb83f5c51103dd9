package report

import (
	"fmt"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// Baseline tells what a baseline did to a report. The findings of designs that it knows are in Known of their results.
type Baseline struct {
	File     string
	Settings []rules.Finding // known findings about settings files
	Stale    []StaleEntry    // in order of the file
	Renamed  []Renamed       // things that were found under a new name
}

// StaleEntry is an entry whose findings are, all or in part, no longer there.
type StaleEntry struct {
	Rule, Design, System string // Design is the path from the folder of the baseline
	Subject              rules.Subject
	Fingerprint          string
	Message              string // when the baseline was written
	Line                 int    // of the file
	Gone                 int    // findings that are no longer there
	Waived               bool   // they are there, and waived
}

// Renamed is a module or system whose known findings were found under a new name.
type Renamed struct {
	Kind     rules.SubjectKind
	Design   string
	Old, New string
	Findings int
}

// known gives the number of known findings.
func (r *Report) known() int {
	if r.Baseline == nil {
		return 0
	}
	n := len(r.Baseline.Settings)
	for _, res := range r.Results {
		n += len(res.Known)
	}
	return n
}

// knownSettings gives the number of known findings about settings files.
func (r *Report) knownSettings() int {
	if r.Baseline == nil {
		return 0
	}
	return len(r.Baseline.Settings)
}

// besides names what the findings that belong to no design are about: "settings", "baseline", or both.
func (r *Report) besides() string {
	settings, baseline := false, false
	for i := range r.Settings {
		if r.Settings[i].Rule == staleBaselineEntry {
			baseline = true
		} else {
			settings = true
		}
	}
	switch {
	case settings && baseline:
		return "settings and baseline"
	case baseline:
		return "baseline"
	case settings:
		return "settings"
	}
	return ""
}

// stale gives the number of findings that the baseline holds and that are gone.
func (r *Report) stale() int {
	if r.Baseline == nil {
		return 0
	}
	n := 0
	for _, e := range r.Baseline.Stale {
		n += e.Gone
	}
	return n
}

// maxStaleNamed is the number of stale entries that a note names.
const maxStaleNamed = 3

// baselineNotes tells of known findings where nothing else counts them, of things that were renamed, and of stale
// entries.
func (r *Report) baselineNotes() []string {
	if r.Baseline == nil {
		return nil
	}
	var out []string
	if n := r.known(); n > 0 && r.Summary().Total() == 0 {
		out = append(out, "note: "+plural(n, "finding is", "findings are")+" known to the baseline "+r.Baseline.File)
	}
	for _, x := range r.Baseline.Renamed {
		out = append(out, fmt.Sprintf("note: the baseline knows %s %s as %s (%s); lintel baseline write notes the new name",
			x.Kind, x.New, x.Old, plural(x.Findings, "finding", "findings")))
	}
	if n := r.stale(); n > 0 && r.besides() != "baseline" && r.besides() != "settings and baseline" { // else they are findings
		var names []string
		waived := 0
		for i, e := range r.Baseline.Stale {
			if i == maxStaleNamed {
				names = append(names, fmt.Sprintf("and %d more", len(r.Baseline.Stale)-i))
				break
			}
			if e.Waived {
				waived++
			}
			names = append(names, e.name())
		}
		fate := "no longer there"
		switch {
		case waived == len(r.Baseline.Stale):
			fate = "waived now"
		case waived > 0:
			fate = "no longer there or waived now"
		}
		out = append(out, fmt.Sprintf("note: %s of the baseline %s %s: %s; lintel baseline prune takes %s out",
			plural(n, "finding", "findings"), isAre(n), fate, strings.Join(names, ", "), itThem(n)))
	}
	for i := range out {
		out[i] = visible(out[i])
	}
	return out
}

// name gives "RES001 orders (shop.cue)".
func (e *StaleEntry) name() string {
	name := e.Rule
	if e.Subject.Name != "" && e.Subject.Name != e.Design {
		name += " " + e.Subject.Name
	}
	return name + " (" + e.Design + ")"
}

// fate gives "is no longer there" or "is waived now".
func (e *StaleEntry) fate() string {
	if e.Waived {
		return isAre(e.Gone) + " waived now"
	}
	return isAre(e.Gone) + " no longer there"
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func itThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// staleBaselineEntry is the rule of the findings that FailOnStale makes. It is in no catalogue: it looks at no design.
var staleBaselineEntry = &rules.Rule{
	ID: "BAS001", Name: "stale-baseline-entry", Severity: rules.Error,
	Summary: "An entry of the baseline is no longer found: it was mended, and the baseline would let it come back.",
}

// FailOnStale makes an error of each stale entry of the baseline, whose text is given for snippets.
func (r *Report) FailOnStale(text []byte) {
	if r.Baseline == nil || len(r.Baseline.Stale) == 0 {
		return
	}
	if r.Sources == nil {
		r.Sources = map[string][]byte{}
	}
	r.Sources[r.Baseline.File] = text
	lines := newLines(r)
	for i := range r.Baseline.Stale {
		e := &r.Baseline.Stale[i]
		line, _ := lines.line(nil, r.Baseline.File, e.Line)
		r.Settings = append(r.Settings, rules.Finding{
			Rule: staleBaselineEntry, Severity: rules.Error, System: e.System, Subject: e.Subject, Key: e.Fingerprint,
			Message:     fmt.Sprintf("%s, but the baseline holds %s: %s", e.name()+" "+e.fate(), itThem(e.Gone), e.Message),
			Location:    schema.Range{File: r.Baseline.File, StartLine: e.Line, StartColumn: 1, EndLine: e.Line, EndColumn: len(line) + 1},
			Suggestions: []string{"lintel baseline prune takes out what is no longer there"},
		})
	}
}
