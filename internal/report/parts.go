package report

import (
	"bytes"
	"fmt"
	"io"

	"github.com/fatih/color"

	"lintel/rules"
	"lintel/schema"
)

// This file gives the parts of reports to formats that show findings among other things, such as a review.

// Findings writes the findings of a report as Text does, without headings and without the sum.
func Findings(w io.Writer, r *Report, o TextOptions) error {
	if o.Width <= 0 {
		o.Width = 80
	}
	t := &textWriter{palette: newPalette(o.Color), lines: newLines(r), width: o.Width}
	for res, f := range r.findings() {
		t.finding(res, f)
	}
	_, err := w.Write(t.out.Bytes())
	return err
}

// Annotations writes the findings and the faults of a report as workflow commands of GitHub, and nothing else.
func Annotations(w io.Writer, r *Report) error {
	var b bytes.Buffer
	annotate(&b, r)
	_, err := w.Write(b.Bytes())
	return err
}

// WithoutCommands writes a text into the log of a GitHub workflow so that nothing in it is taken for a command.
func WithoutCommands(w io.Writer, text []byte) error {
	if len(text) == 0 {
		return nil
	}
	token := "lintel-" + hashed(string(text))
	_, err := fmt.Fprintf(w, "::stop-commands::%s\n%s::%s::\n", token, text, token)
	return err
}

// JSONParts gives parts of a report in the form that JSON writes them in. Fingerprints of its findings are unique.
type JSONParts struct{ seen fingerprints }

// NewJSONParts gives the parts for one output.
func NewJSONParts() *JSONParts { return &JSONParts{fingerprints{}} }

// Finding gives a finding of a design.
func (j *JSONParts) Finding(res *rules.Result, f *rules.Finding) any {
	return findingJSON(res, f, j.seen)
}

// Location gives a place.
func (j *JSONParts) Location(at schema.Range) any { return jsonLocation(at) }

// Error gives a fault of the input.
func (j *JSONParts) Error(e *schema.Error) any {
	out := jsonError{Message: e.Message, Hint: e.Hint, Location: jsonLocation(e.Pos), Related: []jsonRelated{}}
	for _, rel := range e.Related {
		out.Related = append(out.Related, jsonRelated{rel.Message, jsonLocation(rel.Pos)})
	}
	return out
}

// WriteJSON writes a value as all JSON of lintel is written.
func WriteJSON(w io.Writer, v any) error { return writeJSON(w, v) }

// Proof is a path that shows a finding to be right.
type Proof struct {
	Label    string // "path" or "cycle"
	Path     []string
	Journeys string // those that take it, "browse, checkout"; or ""
}

// Proofs gives the paths of a finding, each once.
func Proofs(f *rules.Finding) []Proof {
	var out []Proof
	for _, p := range proofs(f) {
		out = append(out, Proof{p.label(), p.path, p.journeys})
	}
	return out
}

// Place gives where a finding is shown.
func Place(res *rules.Result, f *rules.Finding) schema.Range { return place(res, f) }

// Visible gives s with every character that could steer a terminal or reorder text replaced by a visible one.
func Visible(s string) string { return visible(s) }

// Wrapped breaks a text at its spaces into lines of width columns, for a lead of first columns that stands in front of
// it; all but the first line are indented.
func Wrapped(s string, first, width int, indent string) string {
	return wrapText(s, first, width, indent)
}

// TextWidth gives the terminal columns of a text without control characters.
func TextWidth(s string) int { return width(s) }

// Palette colours the parts of a text, or leaves them as they are.
type Palette struct {
	Bold, Rule, Good, Bad, Changed func(a ...any) string
	Severity                       map[rules.Severity]func(a ...any) string
}

// NewPalette gives the palette of Text.
func NewPalette(on bool) Palette {
	p := newPalette(on)
	paint := func(attrs ...color.Attribute) func(a ...any) string {
		c := color.New(attrs...)
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return Palette{
		Bold: p.bold, Rule: p.gutter, Good: paint(color.FgGreen), Bad: paint(color.FgRed), Changed: paint(color.FgYellow),
		Severity: p.severity,
	}
}
