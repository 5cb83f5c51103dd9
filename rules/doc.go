package rules

import (
	"fmt"
	"strings"
	"time"

	"lintel/analyzer"
	"lintel/schema"
)

//go:generate go test . -run "^(TestSchemaOfSettings|TestDocs)$" -update

var categoryTitles = map[string]string{
	"RES": "Resilience",
	"REP": "Replication",
	"CPL": "Coupling",
	"INT": "Interaction",
	"TXN": "Transactions",
	"CAP": "Capacity",
	"HYG": "Hygiene",
}

// Doc returns the documentation of a rule in Markdown: its page, with all that follows from the
// rule itself (title, figures, parameters, how to waive) and what lintel says about the page's bad
// design. Of a policy it tells what the policy states.
func Doc(r *Rule) string {
	if r.Policy != nil {
		return policyDoc(r)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s\n\n", r.ID, r.Name, r.Summary)
	b.WriteString("| | |\n| --- | --- |\n")
	fmt.Fprintf(&b, "| Severity | %s |\n", r.severityInWords())
	fmt.Fprintf(&b, "| Category | %s |\n", categoryTitles[r.Category()])
	if len(r.Needs) > 0 {
		fmt.Fprintf(&b, "| Silent without | %s |\n", strings.Join(quoteCode(r.Needs), ", "))
	}
	fmt.Fprintf(&b, "| Sources | %s |\n", strings.Join(r.links(), "; "))

	found := r.Example()
	page, err := ReadPage(r)
	if err != nil { // a test holds every rule to a whole page
		return b.String()
	}
	for _, s := range page.Sections {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.Title, s.Text)
		if s.Title == badSection && len(found) > 0 {
			b.WriteString("\n`lintel check --format concise` finds:\n\n```text\n")
			for i := range found {
				f := &found[i]
				fmt.Fprintf(&b, "%s: %s %s %s\n", f.Location, f.Severity, f.Rule.ID, f.Message)
			}
			b.WriteString("```\n")
		}
	}
	b.WriteString("\n## How to configure\n\n")
	r.writeConfiguration(&b)
	b.WriteString("\n## How to waive\n\n")
	r.writeWaiving(&b, found)
	return b.String()
}

// Example runs all rules on the bad design of the rule's page, as the file design.cue, and returns
// what they find. Waivers expire by a day that never changes.
func (r *Rule) Example() []Finding {
	page, err := ReadPage(r)
	if err != nil {
		return nil
	}
	designs, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(page.Bad), StdinFilename: "design.cue"}, "-")
	if err != nil || len(designs) == 0 {
		return nil
	}
	return Run(analyzer.New(designs[0]), Settings{}, time.Date(2026, time.June, 15, 0, 0, 0, 0, time.UTC)).Findings
}

func (r *Rule) severityInWords() string {
	if r.Severity == Off {
		return "off by default"
	}
	return r.Severity.String()
}

func (r *Rule) links() []string {
	out := make([]string, len(r.Sources))
	for i, s := range r.Sources {
		out[i] = s.Title
		if s.URL != "" {
			out[i] = fmt.Sprintf("[%s](%s)", s.Title, s.URL)
		}
	}
	return out
}

func quoteCode(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = "`" + s + "`"
	}
	return out
}

func (r *Rule) writeConfiguration(b *strings.Builder) {
	other := Warning
	if r.Severity == Warning {
		other = Error
	}
	b.WriteString("In the design, or for many designs in `.lintel.cue`; the id and the name of the rule both serve:\n\n```cue\n")
	fmt.Fprintf(b, "lint: rules: %s: \"off\"\n```\n\n", r.ID)
	b.WriteString("or with another severity")
	if len(r.Params) > 0 {
		b.WriteString(" and the parameters, here with their defaults")
	}
	fmt.Fprintf(b, ":\n\n```cue\nlint: rules: %q: {\n\tseverity: %q\n", r.Name, other)
	for i := range r.Params {
		fmt.Fprintf(b, "\t%s: %s\n", r.Params[i].Name, r.Params[i].format(r.Params[i].Default))
	}
	b.WriteString("}\n```\n")
	if len(r.Params) == 0 {
		return
	}
	b.WriteString("\n| parameter | type | default | meaning |\n| --- | --- | --- | --- |\n")
	for i := range r.Params {
		p := &r.Params[i]
		doc := p.Doc
		if p.Source != "" {
			doc += " Source of the default: " + strings.TrimSuffix(p.Source, ".") + "."
		}
		fmt.Fprintf(b, "| `%s` | %s | `%s` | %s |\n", p.Name, p.typeWithBounds(), p.format(p.Default), strings.ReplaceAll(doc, "|", "\\|"))
	}
}

func (p *Param) typeWithBounds() string {
	switch {
	case p.Allowed != nil:
		return p.Type() + " of: " + strings.Join(quoteCode(p.Allowed), ", ")
	case p.isNumber() && p.Max != 0:
		return fmt.Sprintf("%s from %s to %s", p.Type(), formatNumber(p.Min), formatNumber(p.Max))
	case p.isNumber():
		return fmt.Sprintf("%s, at least %s", p.Type(), formatNumber(p.Min))
	}
	return p.Type()
}

func (r *Rule) writeWaiving(b *strings.Builder, found []Finding) {
	at := "NAME"
	for i := range found {
		if found[i].Rule == r {
			at = found[i].Subject.Name
			break
		}
	}
	b.WriteString("A waiver accepts a finding, says why, and for how long; `at` is the name of the finding's subject, in which `*` stands for any text:\n\n```cue\n")
	fmt.Fprintf(b, "lint: waivers: [{\n\trule:   %q\n\tat:     %q\n\treason: \"accepted until the move to the new platform\"\n\tuntil:  \"2027-12-31\"\n\tticket: \"OPS-1234\"\n}]\n```\n", r.ID, at)
}

// Catalogue returns the list of all rules in Markdown, one table for each category; page gives the
// address of a rule's documentation.
func Catalogue(page func(*Rule) string) string {
	var b strings.Builder
	b.WriteString("# The rules\n\nEvery rule has an id that never changes and a name; both serve wherever a rule is named.\n")
	for _, category := range categories {
		first := true
		for _, r := range catalogue {
			if r.Category() != category {
				continue
			}
			if first {
				fmt.Fprintf(&b, "\n## %s\n\n| rule | name | severity | triggers when | silent without |\n| --- | --- | --- | --- | --- |\n", categoryTitles[category])
				first = false
			}
			fmt.Fprintf(&b, "| [%s](%s) | %s | %s | %s | %s |\n", r.ID, page(r), r.Name, r.severityInWords(), r.Summary, strings.Join(quoteCode(r.Needs), ", "))
		}
	}
	return b.String()
}
