package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// helpWidth is the width of all help texts.
const helpWidth = 80

// help writes the help of a command, or of lintel where it is nil.
func (s *session) help(c *command) error {
	var b strings.Builder
	if c == nil {
		writeRootHelp(&b)
	} else {
		writeHelp(&b, c)
	}
	return s.print(b.String())
}

func (c *command) usageLine() string {
	line := "lintel " + c.name
	if c.args != "" {
		line += " " + c.args
	}
	return line + " [flags]"
}

const rootSummary = "lintel checks the design of a distributed system for single points of failure, weak replication and coupling."

var rootExamples = []example{
	{"lintel init shop", "write a small design to start from"},
	{"lintel check", "check the design in this folder"},
	{"lintel explain RES001", "read about a rule"},
}

func writeRootHelp(w io.Writer) {
	fmt.Fprintf(w, "%s\n\nUsage:\n  lintel COMMAND [arguments] [flags]\n\nCommands:\n", filled(rootSummary, 0, helpWidth))
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-12s%s\n", c.name, filled(c.summary, 14, helpWidth))
	}
	fmt.Fprint(w, "\nFlags:\n")
	writeFlags(w, slices.Concat(globalFlags, rootFlags))
	fmt.Fprint(w, "\nFlags may stand anywhere; all after -- are arguments.\n")
	writeExamples(w, rootExamples)
	fmt.Fprint(w, "\nlintel COMMAND --help tells more about a command.\n")
}

func writeHelp(w io.Writer, c *command) {
	fmt.Fprintf(w, "%s.\n\nUsage:\n  %s\n\n%s\n\nFlags:\n", c.summary, c.usageLine(), c.about)
	writeFlags(w, slices.Concat(c.flags, globalFlags))
	writeExamples(w, c.examples)
}

// head gives "-f, --format FORMAT[=FILE]".
func (f flagSpec) head() string {
	head := "--" + f.name
	if f.short != "" {
		head = "-" + f.short + ", " + head
	} else {
		head = "    " + head
	}
	if f.value != "" {
		head += " " + f.value
	}
	return head
}

// flagColumn is where the explanations of flags start.
const flagColumn = 30

func writeFlags(w io.Writer, flags []flagSpec) {
	for _, f := range flags {
		text := f.usage
		if f.initial != "" {
			text += " Default: " + f.initial + "."
		}
		head := "  " + f.head()
		pad := strings.Repeat(" ", max(flagColumn-len(head), 0))
		if len(head)+2 > flagColumn {
			pad = "\n" + strings.Repeat(" ", flagColumn)
		}
		fmt.Fprintf(w, "%s%s%s\n", head, pad, filled(text, flagColumn, helpWidth))
	}
}

func writeExamples(w io.Writer, list []example) {
	if len(list) == 0 {
		return
	}
	fmt.Fprint(w, "\nExamples:\n")
	for _, e := range list {
		fmt.Fprintf(w, "  # %s\n  %s\n", e.what, e.line)
	}
}

// filled breaks a text at its spaces and indents all lines but the first, which starts at the indent.
func filled(text string, indent, width int) string {
	var b strings.Builder
	used := indent
	for i, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case used+1+n > width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			used = indent
		default:
			b.WriteString(" ")
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}
