// Package source writes a diagram in the languages of other drawing programs, which lay it out themselves.
//
// Names and all other texts of a diagram may hold anything. Every writer first makes them plain (see plain),
// then writes them so that its language takes them for text and for nothing else. Parts are called n0, n1, …
// (nodes) and g0, g1, … (groups), by index in the diagram.
package source

import (
	"fmt"
	"io"
	"strings"

	"lintel/internal/diagram"
)

// DOT writes d for Graphviz. It returns a *ViewError for a view that has no nodes and edges.
func DOT(w io.Writer, d *diagram.Diagram) error { return write(w, d, "dot", writeDOT) }

// Mermaid writes d as a flowchart that GitHub and GitLab draw (Mermaid 11.3 or later). It returns a *ViewError for
// a view that has no nodes and edges.
func Mermaid(w io.Writer, d *diagram.Diagram) error { return write(w, d, "mermaid", writeMermaid) }

// D2 writes d for the D2 compiler (0.7 or later). It returns a *ViewError for a view that has no nodes and edges.
func D2(w io.Writer, d *diagram.Diagram) error { return write(w, d, "d2", writeD2) }

// PlantUML writes d as a C4 container diagram, with the macros that PlantUML ships. It returns a *ViewError for
// a view that has no nodes and edges.
func PlantUML(w io.Writer, d *diagram.Diagram) error { return write(w, d, "plantuml", writePlantUML) }

func write(w io.Writer, d *diagram.Diagram, format string, to func(*text, *diagram.Diagram)) error {
	if !Supports(format, d.View) {
		return &ViewError{Format: format, View: d.View}
	}
	var t text
	to(&t, d)
	_, err := io.WriteString(w, t.String())
	return err
}

// Supports reports whether format (dot, mermaid, d2 or plantuml) can show the view v.
func Supports(format string, v diagram.View) bool {
	switch format {
	case "dot", "mermaid", "d2", "plantuml":
		return v != diagram.ViewMatrix
	}
	return false
}

// ViewError says that a format cannot show a view.
type ViewError struct {
	Format string
	View   diagram.View
}

func (e *ViewError) Error() string {
	return fmt.Sprintf("%s cannot show the view %q: it draws boxes and arrows only; use svg, png, pdf, html or json", e.Format, string(e.View))
}

// text is what is being written.
type text struct{ strings.Builder }

func (t *text) line(indent int, format string, args ...any) {
	for range indent {
		t.WriteString("  ")
	}
	fmt.Fprintf(t, format, args...)
	t.WriteByte('\n')
}
