// Package svg writes a scene as SVG.
package svg

import (
	"errors"
	"io"

	"lintel/internal/diagram/scene"
)

// Write writes s in the colours of t, with the glyphs that it needs embedded as fonts.
func Write(w io.Writer, s *scene.Scene, t scene.Theme) error { return errors.New("not yet") }
