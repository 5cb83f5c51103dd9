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

	// What StaleWaivers has to know about the settings file of the run.
	settings   *schema.Lint
	fileJudged []bool // by waiver of the file: its rule took part in the run
	fileUsed   []bool // by waiver of the file: it matched a finding
}

// Run applies the rules to a design. Today is the day by which waivers expire.
func Run(a *analyzer.Analysis, s Settings, today time.Time) *Result {
	d := a.Design
	e := resolve(s, d.Lint)
	res := &Result{Design: d, Analysis: a}
	var lists [][]Finding
	common := &shared{}
	for _, r := range catalogue {
		if !e.runs(r) || r.Run == nil {
			continue
		}
		p := &Pass{Rule: r, Design: d, Analysis: a, settings: e, shared: common}
		r.Run(p)
		lists = append(lists, p.findings)
		res.Unchecked = append(res.Unchecked, p.unchecked...)
	}
	found := res.waive(slices.Concat(lists...), s.File, e, today)
	SortFindings(found)
	res.Findings = make([]Finding, 0, len(found))
	for _, f := range found {
		if f.Waiver != nil {
			res.Waived = append(res.Waived, f)
		} else {
			res.Findings = append(res.Findings, f)
		}
	}
	return res
}

// SortFindings sorts findings by place, rule, subject and key.
func SortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(
			a.Location.Compare(b.Location),
			strings.Compare(a.Rule.ID, b.Rule.ID),
			strings.Compare(a.Subject.Name, b.Subject.Name),
			strings.Compare(a.Key, b.Key),
		)
	})
}
