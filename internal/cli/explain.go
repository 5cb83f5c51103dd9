package cli

import (
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/rules"
)

var docFormats = []string{"text", "markdown"}

var explainCommand = &command{
	name: "explain", args: "RULE [PATH…]", takes: ruleName, maxArgs: -1,
	summary: "Explain a rule or a policy",
	about: `RULE is the id or the name of a rule. Tells what the rule means and why it
matters, with a bad and a good design, how to fix what it finds, how to
configure it and how to waive it.

RULE may also be the name of a policy, one of your own rules: it is looked
for in the designs at PATH, or in the working folder, and in the settings
files that govern them. Where several designs state different ones of that
name, all are explained.`,
	flags: []flagSpec{
		configFlag,
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: docFormats, initial: "text", usage: "text or markdown."},
	},
	examples: []example{
		{"lintel explain RES001", "by id"},
		{"lintel explain single-point-of-failure", "by name"},
		{"lintel explain pci-needs-three ./shop", "a policy of the designs in a folder"},
	},
	run: runExplain,
}

func runExplain(s *session, c *urfave.Context) error {
	if c.Args().Len() == 0 {
		return usagef("explain wants a rule").hint("lintel rules lists them")
	}
	name := c.Args().First()
	r, err := findRule(name)
	if err == nil && c.Args().Len() > 1 {
		return usagef("too many arguments: %s", quoted(c.Args().Tail())).hint("%s is a rule of lintel, the same for all designs; explain tells of one at a time", name)
	}
	if err != nil {
		policies, faults, other := s.findPolicy(name, c.Args().Tail(), c.String("config"), err)
		if other != nil {
			s.tellErrors(faults)
			return other
		}
		return s.explain(policies, c.String("format"))
	}
	return s.explain([]*rules.Rule{r}, c.String("format"))
}

// explain prints the documentation of rules, one after the other.
func (s *session) explain(list []*rules.Rule, format string) error {
	pages := make([]string, len(list))
	for i, r := range list {
		pages[i] = rules.Doc(r)
	}
	text := strings.Join(pages, "\n")
	switch format {
	case "text":
		return s.print(terminalText(text, widthOf(s.stdout), s.colored(s.stdout)))
	case "markdown":
		return s.print(text)
	default:
		return badChoice("--format", format, docFormats)
	}
}
