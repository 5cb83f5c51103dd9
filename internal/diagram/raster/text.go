package raster

import "lintel/internal/diagram/scene"

// glyphs keeps the outlines of glyphs that were used.
type glyphs struct{}

func (d *drawing) text(t *scene.Text) {}
