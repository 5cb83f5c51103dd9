// Package pdf writes a scene as a PDF file of one page: lines and areas as such, text that can be
// selected and searched, in embedded subsets of the fonts, links, and a structure with alternative texts
// for screen readers. The same scene gives the same bytes.
//
// It follows ISO 32000-1 (PDF 1.7).
package pdf

import (
	"fmt"
	"io"
	"math"

	"lintel/internal/diagram/scene"
)

// pointsPerUnit is how many points (1/72 inch) a unit (1/96 inch) has.
const pointsPerUnit = 0.75

// longestSide is what readers take for the side of a page, in its own units. A larger page has larger units.
const longestSide = 14400

// Write writes s in the colours of t, with selectable text in embedded fonts and links that can be followed.
func Write(w io.Writer, s *scene.Scene, t scene.Theme) error {
	if !(s.Width > 0 && s.Height > 0) || s.Width > farthest || s.Height > farthest {
		return fmt.Errorf("a page of %v by %v units is not possible", s.Width, s.Height)
	}
	p := &page{file: newFile(), theme: t, fonts: newFonts()}
	p.unit = max(1, math.Ceil(max(s.Width, s.Height)*pointsPerUnit/longestSide))
	p.write(s)
	_, err := w.Write(p.file.finish())
	return err
}
