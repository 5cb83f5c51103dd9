package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	urfave "github.com/urfave/cli/v2"
)

var manCommand = &command{
	name:    "man",
	summary: "Print the manual page",
	about:   "Prints the manual page in the form that man reads.",
	examples: []example{
		{"lintel man | man -l -", "read it"},
		{"lintel man > /usr/local/share/man/man1/lintel.1", "install it"},
	},
	run: func(s *session, _ *urfave.Context) error { return s.print(manPage(s.commands)) },
}

// manPage writes the manual in mdoc(7).
func manPage(list []*command) string {
	list = withParts(list)
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(".Dd %s", manDate())
	line(".Dt LINTEL 1\n.Os\n.Sh NAME\n.Nm lintel\n.Nd check and draw the design of a distributed system")
	line(".Sh SYNOPSIS")
	for _, c := range list {
		if len(c.parts) > 0 {
			continue
		}
		line(".Nm lintel %s", c.name)
		for _, word := range strings.Fields(c.args) {
			if inner, ok := strings.CutPrefix(word, "["); ok {
				line(".Op Ar %s", roff(strings.TrimRight(inner, "]…"))+dots(inner))
			} else {
				line(".Ar %s", roff(word))
			}
		}
		line(".Op Ar flags")
	}
	line(".Sh DESCRIPTION")
	line("%s", roff(rootSummary))
	line(".Pp\nA design is a CUE package, or a single CUE, JSON or YAML file.\nFlags may stand anywhere; all after\n.Fl -\nare arguments.")
	line("These flags go with every command:")
	manFlags(&b, globalFlags)
	line(".Sh COMMANDS")
	for _, c := range list {
		line(".Ss lintel %s", c.name)
		line("%s.", roff(c.summary))
		for _, paragraph := range strings.Split(c.about, "\n\n") {
			line(".Pp\n%s", roff(paragraph))
		}
		if len(c.parts) > 0 {
			line(".Pp\nThe commands below it follow.")
		}
		manFlags(&b, c.flags)
	}
	line(".Sh ENVIRONMENT")
	line(".Bl -tag -width Ds")
	for _, v := range [][2]string{
		{"NO_COLOR", "When set, the output has no colour."},
		{"FORCE_COLOR", "When set, and not to 0, the output has colour even where it is no terminal. CLICOLOR_FORCE does the same."},
		{"TERM", "When it is dumb, the output has no colour."},
		{"SOURCE_DATE_EPOCH", "The date of lintel render --stamp, in seconds since 1970."},
		{"PATH", "Where lintel render looks for lintel-graphviz when it is not beside lintel."},
	} {
		line(".It Ev %s\n%s", v[0], roff(v[1]))
	}
	line(".El")
	line(".Sh FILES\n.Bl -tag -width Ds\n.It Pa .lintel.cue\nSettings of the designs in its folder and below: the field\n.Li lint\nof a design.\nThe nearest one counts.\n.El")
	line(".Sh EXIT STATUS")
	line(".Bl -tag -width Ds\n.It 0\nNothing was found at or above the severity of\n.Fl -fail-on .\n.It 1\nSomething was.\n.It 2\nBad input, settings or usage, or failed input or output.\n.It 3\nA bug in lintel.\n.El")
	line(".Sh EXAMPLES")
	for _, c := range slices.Concat([]*command{{examples: rootExamples}}, list) {
		for _, e := range c.examples {
			line("%s:\n.Pp\n.Dl %s", roff(sentence(e.what)), roff(e.line))
			line(".Pp")
		}
	}
	text := strings.TrimSuffix(b.String(), ".Pp\n")
	return text
}

// manDate gives the day of the commit that lintel was built from, as mdoc wants it.
func manDate() string {
	if t, err := time.Parse(time.RFC3339, versionOf().Time); err == nil {
		return t.UTC().Format("January 2, 2006")
	}
	return "January 1, 2026"
}

func dots(s string) string {
	if strings.Contains(s, "…") {
		return " ..."
	}
	return ""
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func manFlags(b *strings.Builder, flags []flagSpec) {
	if len(flags) == 0 {
		return
	}
	b.WriteString(".Bl -tag -width Ds\n")
	for _, f := range flags {
		b.WriteString(".It ")
		if f.short != "" {
			b.WriteString("Fl " + f.short + " , ")
		}
		b.WriteString("Fl -" + f.name)
		if f.value != "" {
			b.WriteString(" Ar " + roff(f.value))
		}
		b.WriteString("\n" + roff(f.usage) + "\n")
		if f.initial != "" {
			b.WriteString("The default is\n.Li " + f.initial + " .\n")
		}
	}
	b.WriteString(".El\n")
}

// roff escapes a text, and puts each sentence on a line of its own and no more than 80 bytes on one, as
// mdoc wants.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "…", "...", "-", `\-`).Replace(s)
	var lines []string
	for _, sentence := range strings.Split(strings.Join(strings.Fields(s), " "), ". ") {
		lines = append(lines, strings.Split(filled(sentence, 0, 78)+".", "\n")...)
	}
	last := len(lines) - 1
	lines[last] = strings.TrimSuffix(lines[last], ".")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
