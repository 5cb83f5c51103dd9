// Package raster draws a scene as a PNG picture.
package raster

import (
	"fmt"
	"io"
	"math"

	"lintel/internal/diagram/scene"
)

// The limits of Write.
const (
	MinScale = 0.1
	MaxScale = 10
	// MaxPixels keeps a picture in what programs that show it can hold: 1.6 GB of memory. Write itself takes less.
	MaxPixels = 400_000_000
	// maxSide is the longest side that common programs open.
	maxSide = 65_535
)

// Write draws s in the colours of t and writes it as PNG, scale pixels for each unit. It refuses
// pictures of more than MaxPixels, which programs could not open, and scales outside MinScale to MaxScale.
func Write(w io.Writer, s *scene.Scene, t scene.Theme, scale float64) error {
	width, height, err := size(s, scale)
	if err != nil {
		return err
	}
	d := &drawing{theme: t, scale: scale, fonts: glyphs{}}
	d.prepare(&s.Root)
	p := &pngWriter{w: w}
	d.encode(p, width, height)
	p.text("Title", s.Title)
	p.text("Description", s.Description)
	p.chunk("IEND")
	return p.err
}

// size returns the size of the picture in pixels.
func size(s *scene.Scene, scale float64) (width, height int, err error) {
	if !(scale >= MinScale && scale <= MaxScale) {
		return 0, 0, fmt.Errorf("a scale of %v is not possible; --scale takes a number from %v to %v", scale, MinScale, MaxScale)
	}
	x, y := math.Ceil(s.Width*scale), math.Ceil(s.Height*scale)
	if !(x >= 1 && y >= 1) {
		return 0, 0, fmt.Errorf("a picture of %v by %v units has no pixels", s.Width, s.Height)
	}
	if x > maxSide || y > maxSide || x*y > MaxPixels {
		return 0, 0, fmt.Errorf("a PNG of %.0f × %.0f pixels is too large for programs to open; "+
			"choose a smaller --scale than %v, or --view overview, or SVG or PDF", x, y, scale)
	}
	return int(x), int(y), nil
}
