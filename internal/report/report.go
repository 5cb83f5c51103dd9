// Package report prints what a run found: one file for each format, each a pure function of the
// same Report.
package report

import (
	"cmp"
	"iter"
	"path"
	"slices"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// Report is the outcome of one call of lintel check, whatever the format it is printed in.
type Report struct {
	Version string // of lintel
	// FailOn is the severity from which findings fail the run; Off means that none does.
	FailOn rules.Severity
	// Prefix is the working folder below the root of the repository, slash-separated, "" at the root
	// or outside of a repository. Code hosts want paths from that root.
	Prefix  string
	Results []*rules.Result // one a design, in order of path
	// Settings holds findings about settings files, which belong to no design.
	Settings []rules.Finding
	Errors   schema.Errors // faults of the input
	// Sources holds the text of files that no design knows, such as settings files.
	Sources map[string][]byte
	// Baseline is nil where the run had none.
	Baseline *Baseline
	// BaselineState is what SARIF says of the findings (3.27.24): "new" where they are those that a change brings; "" where
	// nothing is compared.
	BaselineState string
	// Remarks are further closing notes.
	Remarks []string
	// Quiet leaves the closing notes out of every format that has them.
	Quiet bool
}

// Summary counts findings.
type Summary struct{ Errors, Warnings, Infos, Waived, Known, Stale int }

// Total is the number of findings that are neither waived nor known.
func (s Summary) Total() int { return s.Errors + s.Warnings + s.Infos }

func (s *Summary) add(f []rules.Finding) {
	for i := range f {
		switch f[i].Severity {
		case rules.Error:
			s.Errors++
		case rules.Warning:
			s.Warnings++
		case rules.Info:
			s.Infos++
		}
	}
}

// Summary counts the findings of all designs.
func (r *Report) Summary() Summary {
	var s Summary
	for _, res := range r.Results {
		s.add(res.Findings)
		s.Waived += len(res.Waived)
	}
	s.add(r.Settings)
	s.Known, s.Stale = r.known(), r.stale()
	return s
}

// Failed reports whether a finding is at or above FailOn.
func (r *Report) Failed() bool {
	for _, f := range r.findings() {
		if r.fails(f) {
			return true
		}
	}
	return false
}

func (r *Report) fails(f *rules.Finding) bool {
	return r.FailOn != rules.Off && f.Severity >= r.FailOn
}

// Sort brings the results into order of their designs' paths.
func (r *Report) Sort() {
	slices.SortStableFunc(r.Results, func(a, b *rules.Result) int {
		return cmp.Or(strings.Compare(a.Design.Path, b.Design.Path), strings.Compare(a.Design.System, b.Design.System))
	})
}

// findings gives every finding that is neither waived nor known in the order of the report, with the result that it
// belongs to, which is nil for those about settings files.
func (r *Report) findings() iter.Seq2[*rules.Result, *rules.Finding] {
	return func(yield func(*rules.Result, *rules.Finding) bool) {
		for _, res := range r.Results {
			for i := range res.Findings {
				if !yield(res, &res.Findings[i]) {
					return
				}
			}
		}
		for i := range r.Settings {
			if !yield(nil, &r.Settings[i]) {
				return
			}
		}
	}
}

// source returns the text of a file that a finding of res names.
func (r *Report) source(res *rules.Result, file string) ([]byte, bool) {
	if res != nil && res.Design != nil {
		if text, ok := res.Design.Sources[file]; ok {
			return text, true
		}
	}
	text, ok := r.Sources[file]
	return text, ok
}

// fromRoot gives a file's path from the root of the repository.
func (r *Report) fromRoot(file string) string {
	if r.Prefix == "" || file == "" || path.IsAbs(file) {
		return file
	}
	return path.Join(r.Prefix, file)
}

// place returns where a finding is shown: its location, or the design where it has none.
func place(res *rules.Result, f *rules.Finding) schema.Range {
	if f.Location.File != "" || res == nil {
		return f.Location
	}
	return schema.Range{File: res.Design.Path}
}

// title gives "RES001 single-point-of-failure".
func title(r *rules.Rule) string { return r.ID + " " + r.Name }
