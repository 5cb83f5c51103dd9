package cli

import (
	urfave "github.com/urfave/cli/v2"

	"lintel/rules"
)

var docFormats = []string{"text", "markdown"}

var explainCommand = &command{
	name: "explain", args: "RULE", takes: ruleName, maxArgs: 1,
	summary: "Explain a rule",
	about: `RULE is the id or the name of a rule. Tells what the rule means and why it
matters, with a bad and a good design, how to fix what it finds, how to
configure it and how to waive it.`,
	flags: []flagSpec{
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: docFormats, initial: "text", usage: "text or markdown."},
	},
	examples: []example{
		{"lintel explain RES001", "by id"},
		{"lintel explain single-point-of-failure", "by name"},
	},
	run: runExplain,
}

func runExplain(s *session, c *urfave.Context) error {
	if c.Args().Len() == 0 {
		return usagef("explain wants a rule").hint("lintel rules lists them")
	}
	r, err := findRule(c.Args().First())
	if err != nil {
		return err
	}
	switch f := c.String("format"); f {
	case "text":
		return s.print(terminalText(rules.Doc(r), widthOf(s.stdout), s.colored(s.stdout)))
	case "markdown":
		return s.print(rules.Doc(r))
	default:
		return badChoice("--format", f, docFormats)
	}
}
