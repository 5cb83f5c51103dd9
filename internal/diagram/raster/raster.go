// Package raster draws a scene as a PNG picture.
package raster

import (
	"errors"
	"io"

	"lintel/internal/diagram/scene"
)

// Write draws s in the colours of t and writes it as PNG, scale pixels for each unit. It refuses
// pictures that would not fit into memory.
func Write(w io.Writer, s *scene.Scene, t scene.Theme, scale float64) error {
	return errors.New("not yet")
}
