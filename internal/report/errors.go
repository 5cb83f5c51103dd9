package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"lintel/schema"
)

// Errors writes the faults of the input for people: one line with the place first, then the source line,
// what to do, and further places.
func Errors(w io.Writer, faults schema.Errors, o TextOptions) error {
	if o.Width <= 0 {
		o.Width = 80
	}
	t := &textWriter{palette: newPalette(o.Color), width: o.Width}
	for i := range faults {
		t.fault(&faults[i])
	}
	_, err := w.Write(t.out.Bytes())
	return err
}

func (t *textWriter) fault(e *schema.Error) {
	place := ""
	if p := e.Pos.String(); p != "" {
		place = t.palette.bold(visible(p)) + ": "
	}
	// The first line stays whole, however long, for editors and other programs that read it.
	t.printf("%s%s%s\n", place, t.palette.error("error: "), visible(e.Message))
	gutter := 1
	if e.Pos.IsKnown() && e.Snippet != "" {
		gutter = len(strconv.Itoa(e.Pos.StartLine))
		t.sourceLine(e.Snippet, gutter, e.Pos, "^", t.palette.error)
	}
	for _, rel := range e.Related {
		text := visible(rel.Message)
		if p := rel.Pos.String(); p != "" {
			text += " (" + visible(p) + ")"
		}
		t.note(gutter, "note", t.palette.bold, text)
	}
	if e.Hint != "" {
		for line := range strings.Lines(e.Hint) {
			t.note(gutter, "help", t.palette.help, visible(strings.TrimRight(line, "\n")))
		}
	}
}

// sourceLine prints a source line with the number of its range, and underlines the range.
func (t *textWriter) sourceLine(line string, gutter int, at schema.Range, mark string, paint func(...any) string) {
	empty := strings.Repeat(" ", gutter) + " " + t.palette.gutter("|")
	shown, marks := underlined(line, at, mark, t.width-gutter-3)
	number := fmt.Sprintf("%*d", gutter, at.StartLine)
	t.printf("%s\n%s %s %s\n", empty, t.palette.gutter(number), t.palette.gutter("|"), shown)
	lead := len(marks) - len(strings.TrimLeft(marks, " "))
	t.printf("%s %s%s\n", empty, marks[:lead], paint(marks[lead:]))
}
