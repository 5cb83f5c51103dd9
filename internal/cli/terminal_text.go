package cli

import (
	"strings"

	"github.com/fatih/color"
)

// terminalText gives Markdown as a terminal shows it: headings in bold, tables as lines of "name:
// value", code indented, prose filled to width columns. It knows what the pages of the rules use.
func terminalText(markdown string, width int, colored bool) string {
	t := &terminalWriter{width: width}
	t.bold, t.dim = painter(colored, color.Bold), painter(colored, color.FgCyan)
	for line := range strings.Lines(markdown) {
		t.line(strings.TrimRight(line, "\n"))
	}
	t.endParagraph()
	return strings.TrimLeft(t.out.String(), "\n")
}

func painter(on bool, attrs ...color.Attribute) func(a ...any) string {
	c := color.New(attrs...)
	if on {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
	return c.SprintFunc()
}

type terminalWriter struct {
	out       strings.Builder
	width     int
	bold, dim func(a ...any) string
	fenced    bool
	paragraph []string
	indent    string
	table     [][]string
}

func (t *terminalWriter) line(line string) {
	if strings.HasPrefix(line, "```") {
		t.endParagraph()
		t.fenced = !t.fenced
		return
	}
	if t.fenced {
		t.out.WriteString(strings.TrimRight("    "+t.dim(strings.ReplaceAll(line, "\t", "    ")), " ") + "\n")
		return
	}
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "":
		t.endParagraph()
		t.out.WriteString("\n")
	case strings.HasPrefix(line, "#"):
		t.endParagraph()
		t.out.WriteString(t.bold(plain(strings.TrimSpace(strings.TrimLeft(line, "#")))) + "\n")
	case strings.HasPrefix(trimmed, "|"):
		if len(t.table) == 0 {
			t.endParagraph()
		}
		t.table = append(t.table, cells(trimmed))
	case strings.HasPrefix(trimmed, "- "), strings.HasPrefix(trimmed, "* "):
		t.endParagraph()
		t.indent = "  "
		t.paragraph = []string{"- " + trimmed[2:]}
	case numbered(trimmed):
		t.endParagraph()
		t.indent = "   "
		t.paragraph = []string{trimmed}
	default:
		t.paragraph = append(t.paragraph, trimmed)
	}
}

func numbered(s string) bool {
	digits := strings.TrimLeft(s, "0123456789")
	return digits != s && strings.HasPrefix(digits, ". ")
}

func (t *terminalWriter) endParagraph() {
	if len(t.table) > 0 {
		t.writeTable()
		t.table = nil
	}
	if len(t.paragraph) == 0 {
		return
	}
	text := filled(plain(strings.Join(t.paragraph, " ")), 0, t.width-len(t.indent))
	t.out.WriteString(strings.ReplaceAll(text, "\n", "\n"+t.indent) + "\n")
	t.paragraph, t.indent = nil, ""
}

// cells splits a row of a table; \| is a bar within a cell.
func cells(row string) []string {
	row = strings.ReplaceAll(strings.Trim(row, "|"), `\|`, "\x00")
	out := strings.Split(row, "|")
	for i := range out {
		out[i] = plain(strings.ReplaceAll(strings.TrimSpace(out[i]), "\x00", "|"))
	}
	return out
}

// writeTable gives a table of two columns as "name: value", and a wider one as a line for each row with
// the names of its columns below.
func (t *terminalWriter) writeTable() {
	head, rows := t.table[0], t.table[min(2, len(t.table)):]
	longest := 0
	for _, row := range rows {
		longest = max(longest, len(row[0]))
	}
	for _, row := range rows {
		if len(row) == 2 {
			lead := row[0] + ":" + strings.Repeat(" ", longest-len(row[0])+1)
			t.out.WriteString(lead + filled(row[1], longest+2, t.width) + "\n")
			continue
		}
		t.out.WriteString(row[0] + "\n")
		for i := 1; i < len(row) && i < len(head); i++ {
			if row[i] != "" {
				lead := "  " + head[i] + ": "
				t.out.WriteString(lead + strings.ReplaceAll(filled(row[i], len(lead), t.width), "\n"+strings.Repeat(" ", len(lead)), "\n    ") + "\n")
			}
		}
	}
}

// plain strips the marks of code, emphasis and links.
func plain(s string) string {
	var b strings.Builder
	for s != "" {
		switch {
		case s[0] == '`':
			code, rest, ok := strings.Cut(s[1:], "`")
			if !ok {
				b.WriteString(s)
				return b.String()
			}
			b.WriteString(code)
			s = rest
		case s[0] == '[':
			text, rest, ok := strings.Cut(s[1:], "](")
			url, after, closed := strings.Cut(rest, ")")
			if !ok || !closed || strings.ContainsAny(text, "[]") {
				b.WriteByte('[')
				s = s[1:]
				continue
			}
			b.WriteString(text + " <" + url + ">")
			s = after
		case strings.HasPrefix(s, "**"):
			s = s[2:]
		case s[0] == '\\' && len(s) > 1:
			b.WriteByte(s[1])
			s = s[2:]
		default:
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	return b.String()
}
