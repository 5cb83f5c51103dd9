package report

import (
	"strings"

	"lintel/schema"
)

// underlined returns a source line and the marks that underline r in it, both cropped to room
// columns.
func underlined(line string, r schema.Range, mark string, room int) (shown, marks string) {
	l := show(line)
	from := l.column(r.StartColumn - 1)
	to := l.width
	if r.EndLine <= r.StartLine {
		to = l.column(r.EndColumn - 1)
	}
	to = max(to, from+1)
	lo, hi := window(l, from, to, room)
	var b strings.Builder
	if lo > 0 {
		b.WriteString("… ")
	}
	start := -1
	for _, c := range l.cells {
		if c.col >= lo && c.col+c.width <= hi {
			if start < 0 {
				start = c.col
			}
			b.WriteString(c.text)
		}
	}
	start = max(start, 0)
	shift := 0
	if lo > 0 {
		shift = 2
	}
	if hi < l.width {
		b.WriteString(" …")
	}
	length := max(min(to, max(hi, from+1))-from, 1)
	return strings.TrimRight(b.String(), " "), strings.Repeat(" ", max(from-start, 0)+shift) + strings.Repeat(mark, length)
}

// window chooses the columns of a line that are shown where the line is wider than room.
func window(l shownLine, from, to, room int) (lo, hi int) {
	if l.width <= room {
		return 0, l.width
	}
	inner := max(room-4, 8)
	if to <= inner {
		return 0, inner
	}
	// Keep some of what stands before the underlined part, and all of that part if it fits.
	lo = max(from-inner/3, 0)
	if to > lo+inner {
		lo = max(min(from, to-inner), lo)
		lo = min(lo, from)
	}
	return lo, min(lo+inner, l.width)
}
