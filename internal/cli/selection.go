package cli

import (
	"strings"

	"lintel/rules"
)

// ruleNames returns the ids and names of all rules.
func ruleNames() []string {
	var out []string
	for _, r := range rules.All() {
		out = append(out, r.ID, r.Name)
	}
	return out
}

// categories returns the categories of all rules, in the order of the catalogue.
func categories() []string {
	var out []string
	for _, r := range rules.All() {
		if c := r.Category(); len(out) == 0 || out[len(out)-1] != c {
			out = append(out, c)
		}
	}
	return out
}

// findRule returns a rule by id or name.
func findRule(name string) (*rules.Rule, error) {
	if r, ok := rules.Find(name); ok {
		return r, nil
	}
	if r, ok := rules.Find(strings.ToUpper(name)); ok {
		return r, nil
	}
	e := usagef("there is no rule %q", name)
	if near, ok := nearest(name, ruleNames()); ok {
		r, _ := rules.Find(near)
		return nil, e.hint("did you mean %s (%s)?", r.ID, r.Name)
	}
	return nil, e.hint("lintel rules lists them")
}

// ruleSet reads --only and --skip: ids, names and categories, in lists with commas; it returns ids and
// categories.
func ruleSet(flag string, values []string) ([]string, error) {
	var out []string
	for _, name := range commaLists(values) {
		s, err := rules.ParseSelector(name)
		if err != nil {
			return nil, usagef("%s: %v", flag, err).hint("a rule's id or name, or one of the categories %s; lintel rules lists them", strings.Join(categories(), ", "))
		}
		out = append(out, s)
	}
	if len(values) > 0 && len(out) == 0 {
		return nil, usagef("%s names no rule", flag)
	}
	return out, nil
}

// ruleSeverities reads --rule: RULE=SEVERITY, in lists with commas.
func ruleSeverities(values []string) (map[string]rules.Severity, error) {
	out := map[string]rules.Severity{}
	for _, v := range commaLists(values) {
		id, severity, err := rules.ParseOverride(v)
		if err != nil {
			return nil, usagef("--rule: %v", err).hint("for example --rule single-point-of-failure=warning")
		}
		out[id] = severity
	}
	return out, nil
}

var severities = []string{"off", "info", "warning", "error"}

func commaLists(values []string) []string {
	var out []string
	for _, v := range values {
		for _, part := range strings.Split(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}
