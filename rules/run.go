package rules

import (
	"cmp"
	"fmt"
	"runtime/debug"
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
	Findings  []Finding // neither waived nor known, in order of place, rule, subject
	Waived    []Finding // in the same order
	Known     []Finding // likewise: those that a baseline holds; see Accept
	Unchecked []Unchecked

	ran       []string   // the ids of the rules that took part
	effective *effective // the settings of the run; nil where there was none

	// What StaleWaivers has to know about the settings file of the run and its policies.
	settings   *schema.Lint
	fileJudged []bool // by waiver of the file: its rule took part in the run
	fileUsed   []bool // by waiver of the file: it matched a finding
	outcomes   []policyOutcome
}

// Run applies the rules to a design. Today is the day by which waivers expire.
func Run(a *analyzer.Analysis, s Settings, today time.Time) *Result {
	d := a.Design
	e := resolve(s, d.Lint)
	var passes []*Pass
	for _, r := range slices.Concat(catalogue, e.policies) {
		if e.runs(r) && r.Run != nil {
			passes = append(passes, &Pass{Rule: r, Design: d, Analysis: a, settings: e})
		}
	}
	runPasses(passes, a.Modules()+len(a.Dependencies()))

	// Findings are large: they are waived and sorted by reference.
	res := &Result{Design: d, Analysis: a, effective: e}
	var found []*Finding
	for _, p := range passes {
		res.ran = append(res.ran, p.Rule.ID)
		found = append(found, p.findings...)
		res.Unchecked = append(res.Unchecked, p.unchecked...)
	}
	if e.runs(hyg004) {
		res.ran = append(res.ran, hyg004.ID)
	}
	found = append(found, res.idlePolicies(passes, e)...)
	found = res.waive(found, s.File, e, today)
	slices.SortStableFunc(found, compareFindings)
	waived := 0
	for _, f := range found {
		if f.Waiver != nil {
			waived++
		}
	}
	res.Findings, res.Waived = make([]Finding, 0, len(found)-waived), make([]Finding, 0, waived)
	for _, f := range found {
		if f.Waiver != nil {
			res.Waived = append(res.Waived, *f)
		} else {
			res.Findings = append(res.Findings, *f)
		}
	}
	return res
}

// Accept takes those findings that are known out of Findings and puts them into Known.
func (res *Result) Accept(known func(*Finding) bool) {
	open := make([]Finding, 0, len(res.Findings))
	for i := range res.Findings {
		if known(&res.Findings[i]) {
			res.Known = append(res.Known, res.Findings[i])
		} else {
			open = append(open, res.Findings[i])
		}
	}
	res.Findings = open
}

// runPasses runs the passes on two cores: the rules of resilience and replication, which share what
// they find out about failures, on one, all others on the other. The halves share no more than the
// analysis, and the order in which they end shows nowhere. A small design is judged sooner than a
// thread is started.
func runPasses(passes []*Pass, size int) {
	const small = 1000
	halves := [2][]*Pass{}
	for _, p := range passes {
		half := 1
		if c := p.Rule.Category(); c == "RES" || c == "REP" {
			half = 0
		}
		halves[half] = append(halves[half], p)
	}
	run := func(half []*Pass) {
		common := &shared{}
		for _, p := range half {
			p.shared = common
			p.Rule.Run(p)
		}
	}
	if size < small {
		run(halves[0])
		run(halves[1])
		return
	}
	var failure any // of the other goroutine, to be raised in this one, with its own stack
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				failure = fmt.Sprintf("%v\n\n%s", v, debug.Stack())
			}
		}()
		run(halves[1])
	}()
	run(halves[0])
	<-done
	if failure != nil {
		panic(failure)
	}
}

// SortFindings sorts findings by place, rule, subject and key.
func SortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int { return compareFindings(&a, &b) })
}

func compareFindings(a, b *Finding) int {
	if c := a.Location.Compare(b.Location); c != 0 {
		return c
	}
	return cmp.Or(
		strings.Compare(a.Rule.ID, b.Rule.ID),
		strings.Compare(a.Subject.Name, b.Subject.Name),
		strings.Compare(a.Key, b.Key),
	)
}
