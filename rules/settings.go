package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lintel/schema"
)

// Settings steer a run. Of the layers, a later one wins over an earlier one: defaults, the settings
// file, the design's own "lint" field, and last Override.
type Settings struct {
	// File is the "lint" field of the nearest .lintel.cue of the design, or nil.
	File *schema.Lint
	// Override holds severities given on the command line, by rule id.
	Override map[string]Severity
	// Only and Skip limit the run to, or leave out, rules, by id or category ("RES"). Empty lists do
	// nothing.
	Only, Skip []string
}

// ParseSelector turns what a user writes for Only and Skip, the id or name of a rule or a category,
// into an id or category. What is none of these may be the name of a policy, whose id it gives then:
// policies are known only when designs and settings are loaded, and CheckNames tells of those that
// are not there.
func ParseSelector(s string) (string, error) {
	if r, ok := Find(s); ok {
		return r.ID, nil
	}
	if slices.Contains(categories, s) || s == policyCategory {
		return s, nil
	}
	if strings.TrimSpace(s) == "" {
		return "", fmt.Errorf("unknown rule or category %q", s)
	}
	return policyID(s), nil
}

// ParseOverride reads RULE=SEVERITY, such as "RES001=warning" or "single-point-of-failure=off", for
// Override. As for ParseSelector, an unknown name is taken for that of a policy.
func ParseOverride(s string) (id string, sev Severity, err error) {
	i := strings.LastIndexByte(s, '=') // names of policies may hold one
	if i < 0 {
		return "", Off, fmt.Errorf("%q is not of the form RULE=SEVERITY, with a severity of %s", s, strings.Join(severityNames[:], ", "))
	}
	name, value := s[:i], s[i+1:]
	if name == "" {
		return "", Off, fmt.Errorf("unknown rule %q", name)
	}
	sev, ok := ParseSeverity(value)
	if !ok {
		return "", Off, fmt.Errorf("unknown severity %q of rule %s: use %s", value, name, strings.Join(severityNames[:], ", "))
	}
	if r, ok := Find(name); ok {
		return r.ID, sev, nil
	}
	return policyID(name), sev, nil
}

// CheckNames tells of the first rule that the settings name on the command line (Only, Skip,
// Override) and that is neither in the catalogue nor a policy of one of the lists.
func CheckNames(s Settings, lists ...*schema.Lint) error {
	known := map[string]bool{}
	names := append(namesOfRules(), categories...)
	for _, l := range lists {
		if l == nil {
			continue
		}
		for _, p := range l.Policies {
			if !known[policyID(p.Name)] {
				known[policyID(p.Name)] = true
				names = append(names, p.Name)
			}
		}
	}
	asked := slices.Concat(s.Only, s.Skip, slices.Sorted(maps.Keys(s.Override)))
	for i, id := range asked {
		name, ok := strings.CutPrefix(id, policyCategory+"/")
		if !ok || known[id] {
			continue
		}
		what, among := "rule or category", names
		if i >= len(s.Only)+len(s.Skip) {
			what, among = "rule", slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(categories, n) })
		}
		return fmt.Errorf("unknown %s %q%s", what, name, didYouMean(name, among))
	}
	return nil
}

// CheckSettings tells what is wrong with the rule settings and the policies of a design or a
// settings file: rules and parameters that do not exist, values of the wrong type or out of bounds,
// policies that contradict themselves or ask for what there is not. The schema knows no rules, so
// that every caller of Run has to ask here first; Run ignores what is wrong. Waivers are not looked
// at: what is wrong with them is told by findings. Of a design, file is the settings file that holds
// for it, if any: its policies can be set by name, too.
func CheckSettings(l *schema.Lint, file ...*schema.Lint) schema.Errors {
	errs := checkPolicies(l)
	seen := map[*Rule]schema.RuleSetting{}
	policies := newPolicySet(append(slices.Clone(file), l)...)
	for _, s := range l.Rules {
		r, ok := policies.find(s.Rule)
		if !ok {
			errs = append(errs, schema.Error{Pos: s.Pos, Message: fmt.Sprintf("lint.rules: there is no rule %q", s.Rule),
				Hint: hint(s.Rule, slices.Concat(namesOfRules(), policies.names()), `"lintel rules" lists them`)})
			continue
		}
		if first, ok := seen[r]; ok {
			errs = append(errs, schema.Error{Pos: s.Pos, Message: fmt.Sprintf("lint.rules: %q and %q are the same rule", first.Rule, s.Rule),
				Hint: "keep one of the two", Related: []schema.Related{{Message: "the first one", Pos: first.Pos}}})
			continue
		}
		seen[r] = s
		if _, ok := ParseSeverity(s.Severity); !ok && s.Severity != "" {
			errs = append(errs, schema.Error{Pos: s.Pos, Message: fmt.Sprintf("lint.rules.%s: unknown severity %q", s.Rule, s.Severity),
				Hint: hint(s.Severity, severityNames[:], "use one of "+strings.Join(severityNames[:], ", "))})
		}
		for _, q := range s.Params {
			at := fmt.Sprintf("lint.rules.%s.%s", s.Rule, q.Name)
			p, ok := r.param(q.Name)
			if !ok {
				names := []string{"severity"}
				for _, p := range r.Params {
					names = append(names, p.Name)
				}
				errs = append(errs, schema.Error{Pos: q.Pos, Message: fmt.Sprintf("%s: rule %s has no parameter %q", at, r.ID, q.Name),
					Hint: hint(q.Name, names, "it has "+strings.Join(names, ", "))})
				continue
			}
			if _, err := p.read(q.Value); err != nil {
				errs = append(errs, schema.Error{Pos: q.Pos, Message: at + ": " + err.Error(), Hint: fmt.Sprintf("the default is %s", p.format(p.Default))})
			}
		}
	}
	return errs
}

func hint(name string, known []string, otherwise string) string {
	if n, ok := nearest(name, known); ok {
		return fmt.Sprintf("did you mean %q?", n)
	}
	return otherwise
}

func namesOfRules() []string { return slices.Sorted(maps.Keys(byName)) }

// effective is the settings of one run, resolved for one design.
type effective struct {
	policySet
	severities map[string]Severity // only those that someone has set
	params     map[string]map[string]any
	only, skip map[string]bool
}

func resolve(s Settings, design schema.Lint) *effective {
	e := &effective{severities: map[string]Severity{}, params: map[string]map[string]any{}, only: set(s.Only), skip: set(s.Skip)}
	e.policySet = newPolicySet(s.File, &design)
	if s.File != nil {
		e.apply(s.File.Rules)
	}
	e.apply(design.Rules)
	for id, sev := range s.Override {
		e.severities[id] = sev
	}
	return e
}

// alone gives the settings of a run of only one rule, which runs by e.
func (e *effective) alone(r *Rule) *effective {
	one := *e
	one.only, one.skip = set([]string{r.ID}), nil
	return &one
}

func set(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}

func (e *effective) apply(list []schema.RuleSetting) {
	for _, s := range list {
		r, ok := e.find(s.Rule)
		if !ok {
			continue
		}
		if sev, ok := ParseSeverity(s.Severity); ok {
			e.severities[r.ID] = sev
		}
		for _, q := range s.Params {
			p, ok := r.param(q.Name)
			if !ok {
				continue
			}
			v, err := p.read(q.Value)
			if err != nil {
				continue
			}
			if e.params[r.ID] == nil {
				e.params[r.ID] = map[string]any{}
			}
			e.params[r.ID][q.Name] = v
		}
	}
}

func (e *effective) severity(r *Rule) (s Severity, set bool) {
	if s, ok := e.severities[r.ID]; ok {
		return s, true
	}
	return r.Severity, false
}

func (e *effective) runs(r *Rule) bool {
	if s, _ := e.severity(r); s == Off {
		return false
	}
	if len(e.only) > 0 && !e.only[r.ID] && !e.only[r.Category()] {
		return false
	}
	return !e.skip[r.ID] && !e.skip[r.Category()]
}

func (e *effective) param(r *Rule, name string) (any, bool) {
	v, ok := e.params[r.ID][name]
	return v, ok
}
