package rules

import (
	"fmt"
	"strings"

	"lintel/rules/internal/policy"
)

// policyDoc returns the documentation of a policy in Markdown.
func policyDoc(r *Rule) string {
	p := r.Policy
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", r.Name)
	if text := strings.TrimSpace(p.Description); text != "" {
		fmt.Fprintf(&b, "%s\n\n", text)
	} else if p.Message != "" {
		fmt.Fprintf(&b, "%s\n\n", strings.TrimSpace(p.Message))
	}
	b.WriteString("| | |\n| --- | --- |\n")
	fmt.Fprintf(&b, "| Id | `%s` |\n", r.ID)
	fmt.Fprintf(&b, "| Severity | %s |\n", r.severityInWords())
	b.WriteString("| Category | Policies: the rules of your own |\n")
	if p.Pos.File != "" {
		fmt.Fprintf(&b, "| Stated in | %s |\n", p.Pos)
	}
	if p.Link != "" {
		fmt.Fprintf(&b, "| More | <%s> |\n", p.Link)
	}
	if n, m := len(p.OK), len(p.Bad); n+m > 0 {
		fmt.Fprintf(&b, "| Examples | %d that pass, %d at fault; `lintel policy test` runs them |\n", n, m)
	}
	b.WriteString("\n## What it demands\n\n```cue\n")
	for _, line := range withLock(p, func() []string {
		if j := judged(p); j.policy != nil {
			return j.policy.Statement()
		}
		return []string{"// wrong: lintel check tells why"}
	}) {
		b.WriteString(line + "\n")
	}
	b.WriteString("```\n")
	if p.Message != "" && p.Description != "" {
		fmt.Fprintf(&b, "\nOf a fault it says: %s\n", strings.Join(strings.Fields(p.Message), " "))
	}
	b.WriteString("\n## How to configure\n\nIn the design, or for many designs in `.lintel.cue`:\n\n")
	other := Warning
	if r.Severity == Warning {
		other = Error
	}
	fmt.Fprintf(&b, "```cue\nlint: rules: %s: \"off\"\n```\n\nor with another severity:\n\n```cue\nlint: rules: %s: %q\n```\n", policy.Label(r.Name), policy.Label(r.Name), other)
	b.WriteString("\n## How to waive\n\n")
	fmt.Fprintf(&b, "```cue\nlint: waivers: [{\n\trule:   %q\n\tat:     %q\n\treason: \"...\"\n}]\n```\n", r.Name, subjectOfPolicy(r))
	return b.String()
}

// subjectOfPolicy gives the form of what a waiver names.
func subjectOfPolicy(r *Rule) string {
	selector := withLock(r.Policy, func() string {
		if j := judged(r.Policy); j.policy != nil {
			return j.policy.Selector
		}
		return ""
	})
	switch selector {
	case "dependencies":
		return "a -> b"
	case "groups":
		return "a group"
	case "journeys":
		return "a journey"
	case "design":
		return "*"
	}
	return "a module"
}
