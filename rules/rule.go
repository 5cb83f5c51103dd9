// Package rules is the judgement of lintel: what is a fault, how grave it is, and what to do.
//
// A rule is one value of type Rule, one file. All lists them; Run applies them to a design.
package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// Rule is one check, with all that its documentation needs but its page.
type Rule struct {
	ID       string   // "RES001": never changed, never reused
	Name     string   // "single-point-of-failure"
	Severity Severity // by default
	Summary  string   // one sentence: when it triggers
	// Needs names the fields without which the rule stays silent.
	Needs   []string
	Params  []Param
	Sources []Source
	Run     func(p *Pass)
	// Policy is the policy of the user that the rule stands for; nil for those of the catalogue.
	Policy *schema.Policy
}

// Source is where a rule comes from.
type Source struct{ Title, URL string }

// Category is the first letters of the id: RES, REP, CPL, INT, TXN, CAP or HYG; POL for policies.
func (r *Rule) Category() string {
	if r.Policy != nil {
		return policyCategory
	}
	return r.ID[:3]
}

// Code is what stands before the name of the rule: the id, and of a policy, whose id ends with its name, the category.
func (r *Rule) Code() string {
	if r.Policy != nil {
		return policyCategory
	}
	return r.ID
}

// categories lists the categories in the order of the catalogue.
var categories = []string{"RES", "REP", "CPL", "INT", "TXN", "CAP", "HYG"}

// Pass is one rule at work on one design.
type Pass struct {
	Rule     *Rule
	Design   *schema.Design
	Analysis *analyzer.Analysis

	settings  *effective
	shared    *shared // among the passes of one run
	findings  []*Finding
	room      []Finding // for the next ones: they are large, and not to be moved
	unchecked []Unchecked
	idle      string // of a policy: what it has nothing to do with; "" where it judges something
}

// Report adds a finding. Rule, System and, where it is Off, Severity are filled in: a rule sets
// Severity only where it differs from the rule's default, and a severity that the user has set
// for the rule always wins.
func (p *Pass) Report(f Finding) {
	f.Rule, f.System = p.Rule, p.Design.System
	if s, set := p.settings.severity(p.Rule); set || f.Severity == Off {
		f.Severity = s
	}
	if len(p.room) == 0 {
		p.room = make([]Finding, min(max(len(p.findings), 1), 256))
	}
	p.room[0] = f
	p.findings = append(p.findings, &p.room[0])
	p.room = p.room[1:]
}

// Unchecked notes that count checks could not be made for want of fields. Zero is ignored.
func (p *Pass) Unchecked(count int, fields ...string) {
	if count > 0 {
		p.unchecked = append(p.unchecked, Unchecked{Rule: p.Rule, Fields: fields, Count: count})
	}
}

// TooMuch notes that count checks were not made because they are more work than a parameter of the rule allows. Zero is
// ignored.
func (p *Pass) TooMuch(count int, param string) {
	if count > 0 {
		p.unchecked = append(p.unchecked, Unchecked{Rule: p.Rule, Bound: param, Count: count})
	}
}

// Runs reports whether the rule with this id takes part in the run, so that of two rules that see
// one cause only the better one speaks.
func (p *Pass) Runs(id string) bool {
	r, ok := Find(id)
	return ok && p.settings.runs(r)
}

// Int, Float, Bool, String and Strings give the value of a parameter of the rule.
func (p *Pass) Int(name string) int          { return int(param[int64](p, p.Rule, name)) }
func (p *Pass) Float(name string) float64    { return param[float64](p, p.Rule, name) }
func (p *Pass) Bool(name string) bool        { return param[bool](p, p.Rule, name) }
func (p *Pass) String(name string) string    { return param[string](p, p.Rule, name) }
func (p *Pass) Strings(name string) []string { return param[[]string](p, p.Rule, name) }

// ParamOf gives the value of a parameter of another rule, for rules that keep silent about what
// the other tells.
func ParamOf[T int64 | float64 | bool | string | []string](p *Pass, id, name string) T {
	r, ok := Find(id)
	if !ok {
		panic(fmt.Sprintf("rules: no rule %s", id))
	}
	return param[T](p, r, name)
}

func param[T any](p *Pass, r *Rule, name string) T {
	if v, ok := p.settings.param(r, name); ok {
		return v.(T)
	}
	q, ok := r.param(name)
	if !ok {
		panic(fmt.Sprintf("rules: %s has no parameter %q", r.ID, name))
	}
	return q.Default.(T)
}
