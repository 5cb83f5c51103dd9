package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// terminalWidth returns the columns of the terminal that f is, or 0.
func terminalWidth(f *os.File) int {
	if !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil || w <= 0 {
		return 80
	}
	return w
}

// widthOf returns the columns to fill on a stream: those of the terminal within bounds in which prose
// can be read, and 80 on anything else, so that a report does not depend on where it is written.
func widthOf(stream io.Writer) int {
	if f, ok := stream.(*os.File); ok {
		if w := terminalWidth(f); w > 0 {
			return min(max(w, 40), 120)
		}
	}
	return 80
}

// tableWidthOf returns the columns that a table may take on a stream: those of the terminal, as prose does, and 0 on
// anything else, where nothing is cut for want of room.
func tableWidthOf(stream io.Writer) int {
	if _, ok := isTerminal(stream); ok {
		return widthOf(stream)
	}
	return 0
}

// colored decides for one stream. A flag wins over the environment: NO_COLOR (no-color.org), then
// FORCE_COLOR and CLICOLOR_FORCE, then the terminal, unless it is dumb or CLICOLOR is 0.
func (s *session) colored(stream io.Writer) bool {
	switch s.color {
	case "always":
		return true
	case "never":
		return false
	}
	if os.Getenv("NO_COLOR") != "" {
		return false
	}
	if forced(os.Getenv("FORCE_COLOR")) || forced(os.Getenv("CLICOLOR_FORCE")) {
		return true
	}
	if os.Getenv("TERM") == "dumb" || os.Getenv("CLICOLOR") == "0" {
		return false
	}
	_, ok := isTerminal(stream)
	return ok
}

func forced(v string) bool { return v != "" && v != "0" && v != "false" }
