// Package source writes a diagram in the languages of other drawing programs, which lay it out themselves.
// Names may hold any text: each writer escapes them as its language wants it.
package source

import (
	"errors"
	"io"

	"lintel/internal/diagram"
)

// DOT writes d for Graphviz.
func DOT(w io.Writer, d *diagram.Diagram) error { return errors.New("not yet") }

// Mermaid writes d as a flowchart that GitHub and GitLab draw.
func Mermaid(w io.Writer, d *diagram.Diagram) error { return errors.New("not yet") }

// D2 writes d for the D2 compiler.
func D2(w io.Writer, d *diagram.Diagram) error { return errors.New("not yet") }

// PlantUML writes d as a C4 container diagram.
func PlantUML(w io.Writer, d *diagram.Diagram) error { return errors.New("not yet") }
