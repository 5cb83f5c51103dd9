package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// tabWidth is the number of columns of a tab in a snippet.
const tabWidth = 4

// visible returns s with every character that could steer the terminal or reorder the text (control
// characters, bidirectional overrides) replaced by a visible one: names and source lines come from
// files that anyone may have written.
func visible(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		b.WriteString(visibleRune(r))
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

func visibleRune(r rune) string {
	switch {
	case r == '\t':
		return strings.Repeat(" ", tabWidth)
	case r == '\n', r == '\r':
		return " "
	case r < ' ':
		return string(rune(0x2400) + r) // the control pictures of Unicode
	case r == 0x7f:
		return "\u2421"
	case r == 0xfeff:
		return ""
	case r == utf8.RuneError, unicode.Is(unicode.Cc, r), unicode.Is(unicode.Bidi_Control, r), r == 0x2028, r == 0x2029:
		return "\ufffd"
	}
	return string(r)
}

// width returns the number of terminal columns of a text without control characters.
func width(s string) int {
	if isPlain(s) {
		return len(s)
	}
	return uniseg.StringWidth(s)
}

// shownLine is a source line as the terminal shows it.
type shownLine struct {
	cells []cell
	width int
}

// cell is one character as a reader sees it, which may be several code points.
type cell struct {
	text       string
	start      int // offset of its first byte in the source line
	col, width int // in terminal columns
}

func show(line string) shownLine {
	var l shownLine
	rest, state, at := line, -1, 0
	for rest != "" {
		var cluster string
		if c := rest[0]; c < 0x80 && (len(rest) == 1 || rest[1] < 0x80) {
			cluster, rest, state = rest[:1], rest[1:], -1
		} else {
			cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		}
		text := visible(cluster)
		w := width(text)
		l.cells = append(l.cells, cell{text, at, l.width, w})
		l.width += w
		at += len(cluster)
	}
	return l
}

// column returns the terminal column of a byte offset of the line; a byte within a character counts
// as its start, and one past the end as the line's width.
func (l shownLine) column(offset int) int {
	for i := len(l.cells) - 1; i >= 0; i-- {
		if l.cells[i].start <= offset {
			if i == len(l.cells)-1 && offset > l.cells[i].start {
				return l.width
			}
			return l.cells[i].col
		}
	}
	return 0
}
