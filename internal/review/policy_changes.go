package review

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cuelang.org/go/cue"

	"lintel/schema"
)

// policy is a policy with what it selects and demands as text.
type policy struct {
	*schema.Policy
	terms map[string]string // by field: "modules", "require" …
}

func (p policy) At(field string) schema.Range { return p.Policy.At(field) }

// policyChanges tells what became of the policies.
func (m *match) policyChanges() []Change {
	if len(m.old.Lint.Policies)+len(m.new.Lint.Policies) == 0 {
		return nil
	}
	read := func(list []*schema.Policy) []*policy {
		out := make([]*policy, len(list))
		for i, p := range list {
			out[i] = &policy{p, termsOf(p)}
		}
		return out
	}
	var out []Change
	name := func(p *policy) string { return p.Name }
	for _, p := range pairUp(read(m.old.Lint.Policies), read(m.new.Lint.Policies), name, nil) {
		fields := policyFields(p)
		c, ok := changeOf(OfPolicy, p, fields, &policy{&schema.Policy{Severity: "error"}, nil}, nil, name, policyAdded, policyRemoved)
		if !ok {
			continue
		}
		switch c.Status {
		case Added:
			c.Effect = Strengthens
		case Removed:
			c.Effect = Weakens
			c.Weight = weigh(c.Weight, c.Effect)
		}
		out = append(out, c)
	}
	return out
}

// policyFields are those of a policy; its terms are what either side states.
func policyFields(p pair[policy]) []field[policy] {
	out := []field[policy]{
		{name: "message", weight: descriptive, value: func(p *policy, _ *renames) string { return p.Message }},
		{name: "description", weight: descriptive, value: func(p *policy, _ *renames) string { return p.Description }},
		{name: "link", weight: descriptive, value: func(p *policy, _ *renames) string { return p.Link }},
		{name: "severity", strengthens: "graver", weight: settingSeverity, value: func(p *policy, _ *renames) string { return severityOf(p.Policy) },
			effect: func(old, new *policy) Effect { return graver(severityOf(old.Policy), severityOf(new.Policy)) }},
	}
	terms := map[string]bool{}
	for _, side := range []*policy{p.old, p.new} {
		if side != nil {
			for t := range side.terms {
				terms[t] = true
			}
		}
	}
	for _, t := range slices.Sorted(maps.Keys(terms)) {
		weight := policyTerm
		if t == "ok" || t == "bad" {
			weight = descriptive
		}
		out = append(out, field[policy]{name: t, weight: weight, value: func(p *policy, _ *renames) string { return p.terms[t] }})
	}
	return out
}

func severityOf(p *schema.Policy) string {
	if p.Severity == "" {
		return "error"
	}
	return p.Severity
}

// termsOf gives the fields of a policy that are constraints, and its examples, as text that does not depend on the order
// in which they are stated.
func termsOf(p *schema.Policy) map[string]string {
	if p.Lock != nil {
		p.Lock.Lock()
		defer p.Lock.Unlock()
	}
	out := map[string]string{}
	for _, e := range []struct {
		field string
		list  []schema.PolicyExample
	}{{"ok", p.OK}, {"bad", p.Bad}} {
		for _, x := range e.list {
			out[e.field] += x.Name + " " + constraint(x.Value, 0) + "\n"
		}
	}
	if !p.Value.Exists() {
		return out
	}
	fields, err := p.Value.Fields(cue.Optional(true))
	if err != nil {
		return out
	}
	for fields.Next() {
		switch name := fields.Selector().Unquoted(); name {
		case "message", "description", "link", "severity", "ok", "bad":
		default:
			out[name] = constraint(fields.Value(), 0)
		}
	}
	return out
}

// constraint writes a CUE value; structs in order of their fields.
func constraint(v cue.Value, depth int) string {
	if !v.Exists() {
		return ""
	}
	const deepest = 20
	if v.IncompleteKind() != cue.StructKind || depth > deepest {
		return strings.Join(strings.Fields(fmt.Sprintf("%v", v)), " ")
	}
	fields, err := v.Fields(cue.Optional(true))
	if err != nil {
		return strings.Join(strings.Fields(fmt.Sprintf("%v", v)), " ")
	}
	var parts []string
	for fields.Next() {
		parts = append(parts, fields.Selector().String()+": "+constraint(fields.Value(), depth+1))
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, ", ") + "}"
}
