package rules

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/rules/internal/policy"
	"lintel/schema"
)

// policyCategory is the category of policies, and what their ids start with.
const policyCategory = "POL"

// policyID gives the id of the policy of a name; an id is its own.
func policyID(name string) string {
	return policyCategory + "/" + strings.TrimPrefix(name, policyCategory+"/")
}

// judgedPolicy is a policy that is ready to judge, or what is wrong with it.
type judgedPolicy struct {
	rule   *Rule
	policy *policy.Policy // nil where it is wrong
	faults schema.Errors
}

// judged compiles a policy, once. Its lock must be held.
func judged(p *schema.Policy) *judgedPolicy {
	if j, ok := p.Lock.Judges[p].(*judgedPolicy); ok {
		return j
	}
	j := &judgedPolicy{}
	j.policy, j.faults = policy.Compile(p)
	j.rule = &Rule{ID: policyID(p.Name), Name: p.Name, Severity: Error, Policy: p}
	if s, ok := ParseSeverity(p.Severity); ok {
		j.rule.Severity = s
	}
	if p.Link != "" {
		j.rule.Sources = []Source{{p.Name, p.Link}}
	}
	j.rule.Summary = summaryOf(p, j.policy)
	if j.policy != nil {
		j.rule.Run = j.run
	}
	if p.Lock.Judges == nil {
		p.Lock.Judges = map[*schema.Policy]any{}
	}
	p.Lock.Judges[p] = j
	return j
}

// summaryOf says in one line what a policy is for: its description or its message, and failing these what it demands.
func summaryOf(p *schema.Policy, compiled *policy.Policy) string {
	for _, text := range []string{p.Description, p.Message} {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			return text
		}
	}
	if compiled == nil {
		return "The policy " + p.Name + "."
	}
	return compiled.Demand()
}

// withLock gives what a function makes of a policy while nobody else uses its values.
func withLock[T any](p *schema.Policy, do func() T) T {
	if p.Lock == nil { // of a program that keeps to one goroutine
		p.Lock = &schema.PolicyLock{}
	}
	p.Lock.Lock()
	defer p.Lock.Unlock()
	return do()
}

// RuleOf gives the rule that a policy stands for: always the same for the same policy.
func RuleOf(p *schema.Policy) *Rule {
	return withLock(p, func() *Rule { return judged(p).rule })
}

// run judges a design and reports what is at fault.
func (j *judgedPolicy) run(p *Pass) {
	v := withLock(j.rule.Policy, func() *policy.Verdict {
		if p.shared.policyFacts == nil {
			p.shared.policyFacts = policy.NewFacts(p.Analysis, func() []bool { // what RES001 tells of, no more
				return countedDomains(p.Analysis, ParamOf[[]string](p, singlePointOfFailure.ID, countedDomainsParam.Name))
			})
		}
		return j.policy.Judge(p.shared.policyFacts)
	})
	p.idle = v.Idle
	for i := range v.Violations {
		p.Report(j.finding(&v.Violations[i]))
	}
	p.keysOnce()
}

func (j *judgedPolicy) finding(v *policy.Violation) Finding {
	f := Finding{
		Subject: Subject{SubjectKind(v.Kind), v.Name}, Message: v.Message, Location: v.Location, Path: v.Path,
		Journeys: v.Journeys, Suggestions: v.Suggestions, Key: v.Key, Aliases: v.Aliases,
	}
	for _, r := range v.Related {
		f.Related = append(f.Related, Related(r))
	}
	if at := j.rule.Policy.Pos; at.IsKnown() {
		f.Related = append(f.Related, Related{Message: "the policy " + j.rule.Name, Location: at})
	}
	return f
}

// policySet is the policies that hold for a design.
type policySet struct {
	policies []*Rule          // sorted by name
	byName   map[string]*Rule // by id and name
}

// newPolicySet gathers policies; of two with one name the one of the later list holds.
func newPolicySet(lists ...*schema.Lint) policySet {
	s := policySet{}
	for _, l := range lists {
		if l == nil {
			continue
		}
		for _, p := range l.Policies {
			if s.byName == nil {
				s.byName = map[string]*Rule{}
			}
			r := RuleOf(p)
			if old, ok := s.byName[r.ID]; ok {
				s.policies = slices.DeleteFunc(s.policies, func(o *Rule) bool { return o == old })
			}
			s.policies = append(s.policies, r)
			s.byName[r.ID], s.byName[r.Name] = r, r
		}
	}
	slices.SortFunc(s.policies, func(a, b *Rule) int { return strings.Compare(a.Name, b.Name) })
	return s
}

// find returns a rule of the catalogue or a policy by id or name.
func (s *policySet) find(idOrName string) (*Rule, bool) {
	if r, ok := Find(idOrName); ok {
		return r, true
	}
	r, ok := s.byName[idOrName]
	return r, ok
}

func (s *policySet) names() []string {
	out := make([]string, len(s.policies))
	for i, r := range s.policies {
		out[i] = r.Name
	}
	return out
}

// Policies returns the rules of the policies that hold for a design with a settings file, which may be nil, sorted by
// name. A design's own policy wins over one of the file with the same name.
func Policies(design, file *schema.Lint) []*Rule {
	return newPolicySet(file, design).policies
}

// checkPolicies tells what is wrong with the policies of a design or a settings file.
func checkPolicies(l *schema.Lint) schema.Errors {
	var errs schema.Errors
	byID := map[string]*schema.Policy{}
	for _, p := range l.Policies {
		if first := byID[policyID(p.Name)]; first != nil {
			errs = append(errs, schema.Error{Pos: p.Pos, Message: fmt.Sprintf("policies %q and %q are the same policy", first.Name, p.Name),
				Hint: "the id of a policy is " + policyCategory + "/ and its name: keep one of the two", Related: []schema.Related{{Message: "the first one", Pos: first.Pos}}})
		}
		byID[policyID(p.Name)] = p
		if r, ok := Find(p.Name); ok {
			errs = append(errs, schema.Error{Pos: p.Pos, Message: fmt.Sprintf("policy %s has the name of a rule of lintel, %s", p.Name, r.ID), Hint: "give the policy another name"})
		} else if slices.Contains(categories, p.Name) || p.Name == policyCategory {
			errs = append(errs, schema.Error{Pos: p.Pos, Message: fmt.Sprintf("policy %s has the name of a category of rules", p.Name), Hint: "give the policy another name"})
		}
		errs = append(errs, withLock(p, func() schema.Errors { return judged(p).faults })...)
	}
	slices.SortStableFunc(errs, func(a, b schema.Error) int { return a.Pos.Compare(b.Pos) })
	return errs
}

// TestPolicy judges a design by one policy alone, whatever its severity: neither settings nor waivers count. An error
// is about the policy itself.
func TestPolicy(p *schema.Policy, d *schema.Design) ([]Finding, error) {
	j := withLock(p, func() *judgedPolicy { return judged(p) })
	if len(j.faults) > 0 {
		return nil, j.faults
	}
	pass := &Pass{Rule: j.rule, Design: d, Analysis: analyzer.New(d), settings: resolve(Settings{}, schema.Lint{}), shared: &shared{}}
	j.run(pass)
	found := make([]Finding, len(pass.findings))
	for i, f := range pass.findings {
		found[i] = *f
	}
	SortFindings(found)
	return found, nil
}
