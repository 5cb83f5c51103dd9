package schema

import (
	"slices"
	"strings"
)

// Error is one fault of the input, with the user's own place.
type Error struct {
	Pos     Range // only File is set where the fault has no line (an unreadable file, say)
	Message string
	Hint    string    // what to do; may be ""
	Related []Related // other places that belong to the fault
	// Snippet is the source line at Pos, "" where there is none.
	Snippet string
}

// Related is a further place of an Error.
type Related struct {
	Message string
	Pos     Range
}

// Error gives "place: message", on one line.
func (e Error) Error() string {
	if p := e.Pos.String(); p != "" {
		return p + ": " + e.Message
	}
	return e.Message
}

// Errors is all that is wrong with the input of one Load, sorted by place, without repetition.
type Errors []Error

// Error gives one line for each error.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// sorted returns e by place and message, without repetition.
func (e Errors) sorted() Errors {
	slices.SortStableFunc(e, func(a, b Error) int {
		if c := a.Pos.Compare(b.Pos); c != 0 {
			return c
		}
		return strings.Compare(a.Message, b.Message)
	})
	return slices.CompactFunc(e, func(a, b Error) bool { return a.Pos == b.Pos && a.Message == b.Message })
}
