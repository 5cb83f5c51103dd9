package rules_test

import (
	"testing"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// What RES012 does not judge for want of work it counts, and where all is to be judged it judges all.
func TestUnachievableSLOCountsWhatItLeavesOut(t *testing.T) {
	a := analyzer.New(generate.Design(generate.T2, 1))
	run := func(work int64) (findings map[string]bool, left, unknown int) {
		s := rules.Settings{Only: []string{"RES012"}, File: &schema.Lint{}}
		if work >= 0 {
			s.File.Rules = []schema.RuleSetting{{Rule: "RES012", Params: []schema.RuleParam{{Name: "work", Value: work}}}}
		}
		res := rules.Run(a, s, rulestest.Today)
		findings = map[string]bool{}
		for _, f := range res.Findings {
			findings[f.Message] = true
		}
		for _, u := range res.Unchecked {
			if u.Bound != "" {
				left += u.Count
			} else {
				unknown += u.Count
			}
		}
		return findings, left, unknown
	}
	all, left, _ := run(0)
	if left != 0 {
		t.Fatalf("%d promises are left out with no bound", left)
	}
	some, left, _ := run(-1)
	if left == 0 || len(some) == 0 || len(some) >= len(all) {
		t.Fatalf("by default %d promises are left out, %d of %d are told: the design is too small for this test", left, len(some), len(all))
	}
	for message := range some {
		if !all[message] {
			t.Errorf("told, but not where all is judged: %s", message)
		}
	}
	if missing := len(all) - len(some); missing > left {
		t.Errorf("%d promises are not told, and only %d counted as left out", missing, left)
	}
	promises := 0
	for _, m := range a.Design.Modules {
		if m.SLO.Availability != nil && m.Kind != schema.External {
			promises++
		}
	}
	for _, j := range a.Design.Journeys {
		if j.SLO.Availability != nil {
			promises++
		}
	}
	if _, left, _ := run(1); left != promises-1 {
		t.Errorf("with work for one promise, %d of %d are left out", left, promises)
	}
}
