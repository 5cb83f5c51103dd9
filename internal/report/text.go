package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// TextOptions steer Text.
type TextOptions struct {
	Width int // columns; 80 where it is 0
	Color bool
	// Notes adds what otherwise goes to stderr beside the report: the input's errors and the closing notes.
	Notes bool
}

// Limits of what one finding shows.
const (
	maxPaths           = 5
	maxRelated         = 8
	maxRelatedSnippets = 3
	maxSuggestions     = 5
)

// Text writes the report for people. It writes nothing for clean designs.
func Text(w io.Writer, r *Report, o TextOptions) error {
	if o.Width <= 0 {
		o.Width = 80
	}
	t := &textWriter{palette: newPalette(o.Color), lines: newLines(r), width: o.Width}
	if o.Notes {
		for i := range r.Errors {
			t.fault(&r.Errors[i])
		}
	}
	several := len(r.Results) > 1
	for _, res := range r.Results {
		if len(res.Findings) == 0 {
			continue
		}
		if several {
			t.heading(res)
		}
		for i := range res.Findings {
			t.finding(res, &res.Findings[i])
		}
	}
	if several && len(r.Settings) > 0 {
		t.title(r.besides())
	}
	for i := range r.Settings {
		t.finding(nil, &r.Settings[i])
	}
	if r.Summary().Total() > 0 {
		t.printf("%s\n", t.palette.bold(r.summaryLine()))
	}
	if o.Notes {
		for _, note := range ClosingNotes(r) {
			t.printf("%s\n", note)
		}
	}
	_, err := w.Write(t.out.Bytes())
	return err
}

type textWriter struct {
	out     bytes.Buffer
	palette *palette
	lines   *lines
	width   int
}

func (t *textWriter) printf(format string, args ...any) { fmt.Fprintf(&t.out, format, args...) }

func (t *textWriter) heading(res *rules.Result) {
	t.title(res.Design.System + " (" + res.Design.Path + ")")
}

func (t *textWriter) title(h string) {
	h = visible(h)
	t.printf("%s\n%s\n\n", t.palette.bold(h), t.palette.gutter(strings.Repeat("=", min(width(h), t.width))))
}

// finding prints one finding: header, place with snippet, proof, related places, suggestions.
func (t *textWriter) finding(res *rules.Result, f *rules.Finding) {
	head, name := f.Severity.String()+"["+f.Rule.Code()+"]", visible(f.Rule.Name)
	lead := head + " " + name + ": "
	message := visible(f.Message)
	t.printf("%s %s:%s\n", t.palette.severity[f.Severity](head), t.palette.bold(name),
		wrapText(message, width(lead), t.width, "  "))

	at := place(res, f)
	related := f.Related
	more := len(related) - maxRelated
	if more > 0 {
		related = related[:maxRelated]
	}
	gutter := t.gutterWidth(at, related)
	t.place(gutter, "-->", at)
	t.snippet(res, gutter, at, "^", t.palette.severity[f.Severity])

	paths := proofs(f)
	for i, p := range paths {
		if i == maxPaths {
			t.note(gutter, "path", t.palette.bold, visible(restOf(paths[i:])))
			break
		}
		t.path(gutter, p)
	}
	shown := []schema.Range{at}
	for i, rel := range related {
		t.related(res, gutter, rel, i < maxRelatedSnippets && !slices.ContainsFunc(shown, func(s schema.Range) bool {
			return s.File == rel.Location.File && s.StartLine == rel.Location.StartLine
		}))
		shown = append(shown, rel.Location)
	}
	if more > 0 {
		t.note(gutter, "note", t.palette.bold, fmt.Sprintf("and %d more", more))
	}
	for i, s := range f.Suggestions {
		// What is achieved by several is told with the last of them.
		if i >= maxSuggestions && f.Effect(i) == "" {
			continue
		}
		t.note(gutter, "help", t.palette.help, visible(s))
		if effect := f.Effect(i); effect != "" {
			indent := strings.Repeat(" ", gutter+4)
			t.printf("%s%s\n", indent, wrapText("→ "+visible(effect), len(indent)+1, t.width, indent+"   "))
		}
	}
	t.printf("\n")
}

func (t *textWriter) gutterWidth(at schema.Range, related []rules.Related) int {
	line := at.StartLine
	for i, rel := range related {
		if i < maxRelatedSnippets {
			line = max(line, rel.Location.StartLine)
		}
	}
	return len(strconv.Itoa(line))
}

func (t *textWriter) place(gutter int, arrow string, at schema.Range) {
	t.printf("%s%s %s\n", strings.Repeat(" ", gutter), t.palette.gutter(arrow), visible(at.String()))
}

func (t *textWriter) snippet(res *rules.Result, gutter int, at schema.Range, mark string, paint func(...any) string) {
	line, ok := t.lines.at(res, at)
	if !ok || !at.IsKnown() {
		return
	}
	t.sourceLine(line, gutter, at, mark, paint)
}

// note prints "= label: text" below a snippet, wrapped.
func (t *textWriter) note(gutter int, label string, paint func(...any) string, text string) {
	indent := strings.Repeat(" ", gutter+3)
	t.printf("%s %s %s%s\n", strings.Repeat(" ", gutter), t.palette.gutter("="), paint(label+":"),
		wrapText(text, gutter+3+len(label)+2, t.width, indent+"  "))
}

func (t *textWriter) path(gutter int, p proof) {
	suffix := ""
	if p.journeys != "" {
		suffix = "(" + visible(p.journeys) + ")"
	}
	names := make([]string, len(p.path))
	for i, n := range p.path {
		names[i] = visible(n)
	}
	t.printf("%s %s %s%s\n", strings.Repeat(" ", gutter), t.palette.gutter("="), t.palette.bold(p.label()+":"),
		wrapPath(names, suffix, gutter+3+len(p.label())+2, t.width, strings.Repeat(" ", gutter+5)))
}

func (t *textWriter) related(res *rules.Result, gutter int, rel rules.Related, snippet bool) {
	if !snippet || !rel.Location.IsKnown() {
		text := visible(rel.Message)
		if p := rel.Location.String(); p != "" {
			text += " (" + visible(p) + ")"
		}
		t.note(gutter, "note", t.palette.bold, text)
		return
	}
	t.note(gutter, "note", t.palette.bold, visible(rel.Message))
	t.place(gutter, ":::", rel.Location)
	t.snippet(res, gutter, rel.Location, "-", t.palette.underline)
}
