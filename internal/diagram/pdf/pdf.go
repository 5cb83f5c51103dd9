// Package pdf writes a scene as a PDF file of one page.
package pdf

import (
	"errors"
	"io"

	"lintel/internal/diagram/scene"
)

// Write writes s in the colours of t, with selectable text in embedded fonts and links that can be followed.
func Write(w io.Writer, s *scene.Scene, t scene.Theme) error { return errors.New("not yet") }
