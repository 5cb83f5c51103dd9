package rules

import (
	"fmt"

	"lintel/schema"
)

// idlePolicy has no Run of its own: what it tells is known only when the policies have run.
var idlePolicy = &Rule{
	ID: "HYG006", Name: "idle-policy", Severity: Warning,
	Summary: "A policy selects nothing, so that nothing is held to it.",
	Sources: []Source{
		{"ArchUnit: a rule that checks no classes fails by default", "https://www.archunit.org/userguide/html/000_Index.html#_fail_rules_on_empty_should"},
	},
}

// policyOutcome is what became of a policy in a run.
type policyOutcome struct {
	policy *schema.Policy
	idle   string
}

// idlePolicies notes which policies had something to judge, and returns the findings of HYG006 about the design's own.
func (res *Result) idlePolicies(passes []*Pass, e *effective) []*Finding {
	own := map[*schema.Policy]bool{}
	for _, p := range res.Design.Lint.Policies {
		own[p] = true
	}
	told := &Pass{Rule: idlePolicy, Design: res.Design, settings: e}
	for _, p := range passes {
		of := p.Rule.Policy
		if of == nil {
			continue
		}
		res.outcomes = append(res.outcomes, policyOutcome{of, p.idle})
		if own[of] && p.idle != "" {
			told.idlePolicy(of, p.idle, "")
		}
	}
	if !e.runs(idlePolicy) {
		return nil
	}
	res.ran = append(res.ran, idlePolicy.ID)
	return told.findings
}

// idlePolicy reports a policy that has nothing to judge.
func (p *Pass) idlePolicy(of *schema.Policy, idle, where string) {
	p.Report(Finding{
		Subject:     Subject{OfSystem, p.Design.System},
		Message:     fmt.Sprintf("the policy %s %s%s, so that nothing is held to it", of.Name, idle, where),
		Location:    of.Pos,
		Key:         policyID(of.Name),
		Aliases:     []string{of.Name},
		Suggestions: []string{"mend what it selects, or remove it", fmt.Sprintf("if what it is for is still to come, waive this at %q", of.Name)},
	})
}

// idlePoliciesOf returns the findings of HYG006 about the policies of a settings file: those that had nothing to judge in
// any of the results.
func idlePoliciesOf(file *schema.Lint, e *effective, results []*Result) []*Finding {
	told := &Pass{Rule: idlePolicy, Design: &schema.Design{}, settings: e}
	if !e.runs(idlePolicy) {
		return nil
	}
	for _, of := range file.Policies {
		if idle := idleIn(of, results); idle != "" {
			told.idlePolicy(of, idle, " in any design")
		}
	}
	return told.findings
}

// idleIn tells what a policy had nothing to do with in any of the results, "" where it had something to judge in one of
// them or took part in none.
func idleIn(of *schema.Policy, results []*Result) string {
	idle := ""
	for _, res := range results {
		for _, o := range res.outcomes {
			switch {
			case o.policy != of:
			case o.idle == "":
				return ""
			default:
				idle = o.idle
			}
		}
	}
	return idle
}
