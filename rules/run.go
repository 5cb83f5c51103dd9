package rules

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"lintel/analyzer"
	"lintel/schema"
)

// Result is what a run over one design found.
type Result struct {
	Design    *schema.Design
	Analysis  *analyzer.Analysis
	Findings  []Finding // not waived, in order of place, rule, subject
	Waived    []Finding // in the same order
	Unchecked []Unchecked
}

// Run applies the rules to a design. Today is the day by which waivers expire.
func Run(a *analyzer.Analysis, s Settings, today time.Time) *Result {
	d := a.Design
	e := resolve(s, d)
	res := &Result{Design: d, Analysis: a}
	var found []Finding
	for _, r := range catalogue {
		if !e.runs(r) || r.Run == nil {
			continue
		}
		p := &Pass{Rule: r, Design: d, Analysis: a, settings: e}
		r.Run(p)
		found = append(found, p.findings...)
		res.Unchecked = append(res.Unchecked, p.unchecked...)
	}
	found = append(found, waive(found, d, s, e, today)...)
	slices.SortStableFunc(found, compareFindings)
	for _, f := range found {
		if f.Waiver != nil {
			res.Waived = append(res.Waived, f)
		} else {
			res.Findings = append(res.Findings, f)
		}
	}
	return res
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		a.Location.Compare(b.Location),
		strings.Compare(a.Rule.ID, b.Rule.ID),
		strings.Compare(a.Subject.Name, b.Subject.Name),
		strings.Compare(a.Key, b.Key),
	)
}
