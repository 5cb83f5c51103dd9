package typeset

// Cut returns s, or as much of its start as fits into width with an ellipsis; never part of a grapheme cluster.
// Line breaks and control characters become spaces.
func Cut(s string, st Style, width float64) string { return s }

// Wrap breaks s into at most lines lines of at most width: at spaces, else after punctuation (- _ . / :) and
// capital letters of camel case, else between grapheme clusters. What does not fit is cut with an ellipsis.
func Wrap(s string, st Style, width float64, lines int) []string { return []string{s} }
