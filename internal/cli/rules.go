package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/rules"
)

var listFormats = []string{"text", "json", "markdown"}

var rulesCommand = &command{
	name:    "rules",
	summary: "List the rules",
	about:   "Lists every rule with its id, name and default severity, and when it triggers.",
	flags: []flagSpec{
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: listFormats, initial: "text", usage: "text, json or markdown."},
	},
	examples: []example{
		{"lintel rules", "a table"},
		{"lintel rules --format json", "for a program"},
	},
	run: runRules,
}

func runRules(s *session, c *urfave.Context) error {
	switch f := c.String("format"); f {
	case "text":
		return s.print(s.rulesTable())
	case "json":
		text, err := rulesJSON()
		if err != nil {
			return err
		}
		return s.print(text)
	case "markdown":
		return s.print(rules.Catalogue(func(r *rules.Rule) string { return r.ID + ".md" }))
	default:
		return badChoice("--format", f, listFormats)
	}
}

func (s *session) rulesTable() string {
	var b strings.Builder
	longest := 0
	for _, r := range rules.All() {
		longest = max(longest, len(r.Name))
	}
	for _, r := range rules.All() {
		lead := fmt.Sprintf("%s  %-*s  %-7s  ", r.ID, longest, r.Name, r.Severity)
		// The summary stands below the name, since beside it there is no room for prose in 80 columns.
		b.WriteString(strings.TrimRight(lead, " ") + "\n")
		b.WriteString("        " + filled(r.Summary, 8, widthOf(s.stdout)) + "\n")
	}
	return b.String()
}

type ruleEntry struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Category string        `json:"category"`
	Severity string        `json:"severity"`
	Summary  string        `json:"summary"`
	Needs    []string      `json:"needs"`
	Params   []paramEntry  `json:"params"`
	Sources  []sourceEntry `json:"sources"`
}

type paramEntry struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Default any      `json:"default"`
	Doc     string   `json:"doc"`
	Source  string   `json:"source"`
	Allowed []string `json:"allowed"`
}

type sourceEntry struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

func rulesJSON() (string, error) {
	out := struct {
		SchemaVersion int         `json:"schemaVersion"`
		Rules         []ruleEntry `json:"rules"`
	}{1, []ruleEntry{}}
	for _, r := range rules.All() {
		e := ruleEntry{
			ID: r.ID, Name: r.Name, Category: r.Category(), Severity: r.Severity.String(), Summary: r.Summary,
			Needs: append([]string{}, r.Needs...), Params: []paramEntry{}, Sources: []sourceEntry{},
		}
		for i := range r.Params {
			p := &r.Params[i]
			e.Params = append(e.Params, paramEntry{p.Name, p.Type(), p.Default, p.Doc, p.Source, append([]string{}, p.Allowed...)})
		}
		for _, src := range r.Sources {
			e.Sources = append(e.Sources, sourceEntry(src))
		}
		out.Rules = append(out.Rules, e)
	}
	return indentedJSON(out)
}

func indentedJSON(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.String(), err
}
