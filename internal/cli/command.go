package cli

import (
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"
)

// command describes one command: the only source of its flags, help, completions and manual.
type command struct {
	name     string     // as it is typed: "check", "baseline write"
	parts    []*command // the commands below it, whose names start with its own; such a command has no run
	args     string     // "[PATH…]"
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
	design // a design's file or a folder
	revisionOrDesign
	selector        // FIELD=VALUE[,VALUE]
	journeyOfDesign // of the design of the command line
	moduleOfDesign
	eventOfDesign
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
		checkCommand, whatifCommand, cutSetsCommand, availabilityCommand, improveCommand, reviewCommand, diffCommand, renderCommand, exportCommand, rulesCommand, explainCommand, metricsCommand, baselineCommand, policyCommand, initCommand, schemaCommand,
		versionCommand, completionCommand, manCommand,
	}
}

// withParts gives the commands of a list, each with those below it after it.
func withParts(list []*command) []*command {
	var out []*command
	for _, c := range list {
		out = append(append(out, c), withParts(c.parts)...)
	}
	return out
}

// word is the last word of the command's name: "write" of "baseline write".
func (c *command) word() string { return c.name[strings.LastIndexByte(c.name, ' ')+1:] }

// findCommand looks for the command that a command line starts with and returns it with the words after its name. Where
// a word names no command, the error tells so, and the command is the one above it, nil at the top.
func findCommand(words []string) (*command, []string, error) {
	var found *command
	for list := commands(); len(list) > 0 && len(words) > 0; list = found.parts {
		i := slices.IndexFunc(list, func(c *command) bool { return c.word() == words[0] })
		if i < 0 {
			return found, words, unknownCommand(words[0], found)
		}
		found, words = list[i], words[1:]
	}
	return found, words, nil
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
