package cli

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	urfave "github.com/urfave/cli/v2"

	"lintel/internal/report"
	"lintel/rules"
)

var listFormats = []string{"text", "json", "markdown"}

var rulesCommand = &command{
	name: "rules", args: "[PATH…]", takes: design, maxArgs: -1,
	summary: "List the rules, and the policies of designs",
	about: `Lists every rule with its id, name and default severity, and when it triggers;
then the policies, your own rules, of the designs at PATH, or of the working
folder, and of the settings files that govern them.`,
	flags: []flagSpec{
		configFlag,
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: listFormats, initial: "text", usage: "text, json or markdown."},
	},
	examples: []example{
		{"lintel rules", "a table"},
		{"lintel rules --format json", "for a program"},
		{"lintel rules ./...", "with the policies of all designs below"},
	},
	run: runRules,
}

func runRules(s *session, c *urfave.Context) error {
	if f := c.String("format"); !slices.Contains(listFormats, f) {
		return badChoice("--format", f, listFormats)
	}
	policies, faults, err := s.policies(c.Args().Slice(), c.String("config"))
	if err != nil {
		return err
	}
	switch c.String("format") {
	case "json":
		var text string
		if text, err = rulesJSON(policies); err == nil {
			err = s.print(text)
		}
	case "markdown":
		err = s.print(rules.Catalogue(func(r *rules.Rule) string { return r.ID + ".md" }) + policiesInMarkdown(policies))
	default:
		err = s.print(s.rulesTable(policies))
	}
	if err != nil || len(faults) == 0 {
		return err
	}
	if c.Args().Len() == 0 && c.String("config") == "" {
		return nil // nobody asked for what is in the working folder
	}
	s.tellErrors(faults)
	return exit(exitInput)
}

// policiesInMarkdown is the part of the list of rules that tells of policies; "" where there are none.
func policiesInMarkdown(policies []*rules.Rule) string {
	if len(policies) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n## Policies\n\n| name | severity | |\n| --- | --- | --- |\n")
	cell := strings.NewReplacer("|", "\\|", "<", "&lt;")
	for _, r := range policies {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", cell.Replace(r.Name), r.Severity, cell.Replace(r.Summary))
	}
	return b.String()
}

func (s *session) rulesTable(policies []*rules.Rule) string {
	var b strings.Builder
	longest := 0
	list := slices.Concat(rules.All(), policies)
	for _, r := range list {
		longest = max(longest, utf8.RuneCountInString(r.Name))
	}
	for _, r := range list {
		id := r.ID
		if r.Policy != nil {
			id = "POL   "
		}
		lead := fmt.Sprintf("%s  %s  %-7s  ", id, r.Name+strings.Repeat(" ", longest-utf8.RuneCountInString(r.Name)), r.Severity)
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

func rulesJSON(policies []*rules.Rule) (string, error) {
	out := struct {
		SchemaVersion int         `json:"schemaVersion"`
		Rules         []ruleEntry `json:"rules"`
	}{1, []ruleEntry{}}
	for _, r := range slices.Concat(rules.All(), policies) {
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
	err := report.WriteJSON(&b, v)
	return b.String(), err
}
