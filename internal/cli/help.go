package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// helpWidth gives the columns of help texts on a stream: those of a narrow terminal, and never more than 80.
func helpWidth(stream io.Writer) int { return min(widthOf(stream), 80) }

// help writes the help of a command, or of lintel where it is nil.
func (s *session) help(c *command) error {
	var b strings.Builder
	if c == nil {
		writeRootHelp(&b, helpWidth(s.stdout))
	} else {
		writeHelp(&b, c, helpWidth(s.stdout))
	}
	return s.print(b.String())
}

func (c *command) usageLine() string {
	line := "lintel " + c.name
	if len(c.parts) > 0 {
		line += " COMMAND"
	}
	if c.args != "" {
		line += " " + c.args
	}
	return line + " [flags]"
}

const rootSummary = "lintel checks the design of a distributed system for single points of failure, weak replication and coupling, computes its availability, and draws it."

var rootExamples = []example{
	{"lintel init shop", "write a small design to start from"},
	{"lintel check", "check the design in this folder"},
	{"lintel render -o shop.svg", "draw it"},
	{"lintel whatif --fail zone-a", "see what goes down with a zone"},
	{"lintel improve --goal no-spof", "find the cheapest repair"},
	{"lintel explain RES001", "read about a rule"},
}

func writeRootHelp(w io.Writer, width int) {
	fmt.Fprintf(w, "%s\n\nUsage:\n  lintel COMMAND [arguments] [flags]\n", filled(rootSummary, 0, width))
	writeCommands(w, commands(), width)
	fmt.Fprint(w, "\nFlags:\n")
	writeFlags(w, slices.Concat(globalFlags, rootFlags), width)
	fmt.Fprintf(w, "\n%s\n", filled("Flags may stand anywhere; all after -- are arguments.", 0, width))
	writeExamples(w, rootExamples, width)
	fmt.Fprintf(w, "\n%s\n", filled("lintel COMMAND --help tells more about a command.", 0, width))
}

func writeCommands(w io.Writer, list []*command, width int) {
	fmt.Fprint(w, "\nCommands:\n")
	for _, c := range list {
		fmt.Fprintf(w, "  %-14s%s\n", c.word(), filled(c.summary, 16, width))
	}
}

func writeHelp(w io.Writer, c *command, width int) {
	fmt.Fprintf(w, "%s\n\nUsage:\n  %s\n", filled(c.summary+".", 0, width), filled(c.usageLine(), 2, width))
	for _, paragraph := range strings.Split(c.about, "\n\n") {
		fmt.Fprintf(w, "\n%s\n", filled(paragraph, 0, width))
	}
	if len(c.parts) > 0 {
		writeCommands(w, c.parts, width)
	}
	fmt.Fprint(w, "\nFlags:\n")
	writeFlags(w, slices.Concat(c.flags, globalFlags), width)
	writeExamples(w, c.examples, width)
	if len(c.parts) > 0 {
		fmt.Fprintf(w, "\n%s\n", filled("lintel "+c.name+" COMMAND --help tells more about a command.", 0, width))
	}
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

// flagColumn is where the explanations of flags start, or narrowColumn where that leaves no room for them.
const (
	flagColumn   = 30
	narrowColumn = 8
)

func writeFlags(w io.Writer, flags []flagSpec, width int) {
	column := flagColumn
	if width < 2*flagColumn {
		column = narrowColumn
	}
	for _, f := range flags {
		text := f.usage
		if f.initial != "" {
			text += " Default: " + f.initial + "."
		}
		head := "  " + f.head()
		pad := strings.Repeat(" ", max(column-len(head), 0))
		if len(head)+2 > column {
			pad = "\n" + strings.Repeat(" ", column)
		}
		fmt.Fprintf(w, "%s%s%s\n", head, pad, filled(text, column, width))
	}
}

// writeExamples leaves each command on one line, however long, so that it can be copied.
func writeExamples(w io.Writer, list []example, width int) {
	if len(list) == 0 {
		return
	}
	fmt.Fprint(w, "\nExamples:\n")
	for _, e := range list {
		what := strings.ReplaceAll(filled(e.what, 4, width), "\n    ", "\n  # ")
		fmt.Fprintf(w, "  # %s\n  %s\n", what, e.line)
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
