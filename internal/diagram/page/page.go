// Package page writes a design as one self-contained interactive HTML page.
package page

import (
	"context"
	"errors"
	"io"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
	"lintel/rules"
)

// Options says how the page starts.
type Options struct {
	Diagram diagram.Options
	Theme   scene.Theme // the page also offers the others
}

// Write writes the page of the design that a analyses, with the findings in r. It contains every view
// that fits the design, its facts and a simulation of failures, and loads nothing from elsewhere.
func Write(ctx context.Context, w io.Writer, a *analyzer.Analysis, r *rules.Result, o Options, e layout.Engine) error {
	return errors.New("not yet")
}
