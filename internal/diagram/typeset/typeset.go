// Package typeset sets text in the fonts that are part of the program, so that a picture is the same
// on every machine: it measures, breaks and cuts text, shapes it into glyphs, gives their outlines, and
// makes subsets of the fonts to put into SVG and PDF files.
//
// Lengths are in units of the picture, 1/96 inch. All functions may be called from several goroutines.
package typeset

import "unicode/utf8"

// Style is how text is set.
type Style struct {
	Size float64 // of the em square
	Bold bool
}

// Width returns the length of s, on one line.
func Width(s string, st Style) float64 {
	f := face(latin, st.Bold)
	units := 0
	for _, r := range s {
		g := f.plain(r)
		if g == 0 {
			return widthOfRuns(Shape(s, st))
		}
		units += f.font.advance(g)
	}
	return float64(units) / float64(f.font.unitsPerEm) * st.Size
}

func widthOfRuns(runs []Run) float64 {
	w := 0.0
	for _, r := range runs {
		w += r.Width
	}
	return w
}

// Ascent and Descent return how far text reaches above and below its baseline, both positive: letters of Latin
// script with their accents and most others. Heaped marks and some Arabic letters reach up to 0.2 em further.
func Ascent(st Style) float64  { return 0.97 * st.Size }
func Descent(st Style) float64 { return 0.25 * st.Size }

// runeLength returns the bytes of a character as range over a string reads them: 1 for an invalid byte.
func runeLength(r rune) int {
	if r == utf8.RuneError {
		return 1
	}
	return utf8.RuneLen(r)
}
