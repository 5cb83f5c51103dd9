package cli

import (
	"slices"

	urfave "github.com/urfave/cli/v2"
)

// command describes one command: the only source of its flags, help, completions and manual.
type command struct {
	name     string
	args     string // "[PATH…]"
	takes    argKind
	choices  []string // the arguments that takes == choice allows
	maxArgs  int      // -1 for any number
	summary  string   // one line, without a full stop
	about    string   // paragraphs, separated by empty lines
	flags    []flagSpec
	examples []example
	run      func(s *session, c *urfave.Context) error
}

type example struct{ line, what string }

// flagSpec describes one flag of a command.
type flagSpec struct {
	name    string
	short   string // one letter, or ""
	value   string // placeholder of its value; "" for a switch
	usage   string // one or two sentences
	initial string // the default, for the help
	many    bool   // may be given several times
	once    bool   // may not be given twice; of others, the last one holds
	takes   argKind
	choices []string // the values that takes == choice allows
}

// argKind says what an argument or a flag's value is, for completion.
type argKind int

const (
	nothing argKind = iota
	anything
	path
	folder
	choice
	ruleName
	ruleOrCategory
	ruleSeverity
	design   // a design's file or a folder
	selector // FIELD=VALUE[,VALUE]
)

var formats = []string{"text", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown"}

// globalFlags are accepted by every command, anywhere.
var globalFlags = []flagSpec{
	{name: "color", value: "WHEN", usage: "Colour the output: auto (on a terminal), always or never.", initial: "auto", takes: choice, choices: []string{"auto", "always", "never"}},
	{name: "help", short: "h", usage: "Show help."},
}

// rootFlags are accepted without a command only.
var rootFlags = []flagSpec{
	{name: "version", short: "V", usage: "Show the version."},
}

// commands lists every command in the order of the help.
func commands() []*command {
	return []*command{
		checkCommand, renderCommand, rulesCommand, explainCommand, metricsCommand, initCommand, schemaCommand,
		versionCommand, completionCommand, manCommand,
	}
}

func findCommand(name string) *command {
	list := commands()
	if i := slices.IndexFunc(list, func(c *command) bool { return c.name == name }); i >= 0 {
		return list[i]
	}
	return nil
}

// urfave gives the command's form for the library, which parses what arrange has put in order.
func (c *command) urfave(s *session) *urfave.Command {
	out := &urfave.Command{
		Name: c.name, Usage: c.summary, ArgsUsage: c.args, HideHelp: true, HideHelpCommand: true,
		Action:       func(ctx *urfave.Context) error { return c.run(s, ctx) },
		OnUsageError: func(_ *urfave.Context, err error, _ bool) error { return usagef("%v", err) },
	}
	for _, f := range slices.Concat(c.flags, globalFlags) {
		switch {
		case f.value == "":
			out.Flags = append(out.Flags, &urfave.BoolFlag{Name: f.name})
		case f.many:
			out.Flags = append(out.Flags, &urfave.StringSliceFlag{Name: f.name})
		default:
			out.Flags = append(out.Flags, &urfave.StringFlag{Name: f.name, Value: f.initial})
		}
	}
	return out
}
