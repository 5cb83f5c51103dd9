package schema

import "fmt"

// Range is the place of a value in a file that the user wrote. Lines and columns start at 1,
// columns count bytes (as CUE does), and the end is exclusive. The zero Range means that the place
// is unknown, as it is for a value that no file states.
type Range struct {
	File                   string // slash-separated, relative to the working folder where it lies below it
	StartLine, StartColumn int
	EndLine, EndColumn     int
}

// IsKnown reports whether r names a place.
func (r Range) IsKnown() bool { return r.StartLine > 0 }

// String gives "file:line:column", or only the file where the line is unknown.
func (r Range) String() string {
	if !r.IsKnown() {
		return r.File
	}
	return fmt.Sprintf("%s:%d:%d", r.File, r.StartLine, r.StartColumn)
}

// Compare orders ranges by file, then start, then end.
func (r Range) Compare(o Range) int {
	switch {
	case r.File != o.File:
		if r.File < o.File {
			return -1
		}
		return 1
	case r.StartLine != o.StartLine:
		return r.StartLine - o.StartLine
	case r.StartColumn != o.StartColumn:
		return r.StartColumn - o.StartColumn
	case r.EndLine != o.EndLine:
		return r.EndLine - o.EndLine
	}
	return r.EndColumn - o.EndColumn
}

// Places holds where the fields of one struct of the design are stated, by the field's path below
// that struct ("replicas", "redundancy.mode"). A field that the user did not state has no place.
type Places []FieldPlace

// FieldPlace is one entry of Places.
type FieldPlace struct {
	Field string
	Range Range
}

// Of returns the place of a field and whether the user stated it.
func (p Places) Of(field string) (Range, bool) {
	for i := range p {
		if p[i].Field == field {
			return p[i].Range, true
		}
	}
	return Range{}, false
}

// Ref is a name that refers to another part of the design, with the place where it is written.
type Ref struct {
	Name string
	Pos  Range
}
