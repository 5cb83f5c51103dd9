package scene

import (
	"strings"
	"unicode"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/typeset"
)

// The styles of text, and the distance of their lines.
var (
	titleStyle    = typeset.Style{Size: 20, Bold: true}
	subtitleStyle = typeset.Style{Size: 13.5}
	headStyle     = typeset.Style{Size: 11, Bold: true}
	bodyStyle     = typeset.Style{Size: 11.5}
	strongStyle   = typeset.Style{Size: 11.5, Bold: true}
	nameStyle     = typeset.Style{Size: 13, Bold: true}
	captionStyle  = typeset.Style{Size: 10.5}
	changeStyle   = typeset.Style{Size: 10.5, Bold: true}
	labelStyle    = typeset.Style{Size: 10}
	frameStyle    = typeset.Style{Size: 12, Bold: true}
	badgeStyle    = typeset.Style{Size: 9.5, Bold: true}
)

const (
	bodyLead    = 16.0
	nameLead    = 16.0
	captionLead = 14.0
	labelLead   = 12.0
)

// plainText returns s as it is set: without line breaks, control characters, and turns of direction that
// would reach into what follows.
func plainText(s string) string { return typeset.Clean(s) }

// wrap breaks s into at most lines lines; none where s holds nothing.
func wrap(s string, st typeset.Style, width float64, lines int) []string {
	s = strings.TrimSpace(plainText(s))
	if s == "" {
		return nil
	}
	return typeset.Wrap(s, st, width, lines)
}

// fill breaks a paragraph into lines that are as full as can be, at most lines of them.
func fill(s string, st typeset.Style, width float64, lines int) []string {
	s = strings.TrimSpace(plainText(s))
	all, ok := full(s, st, width)
	if !ok || len(all) > lines {
		return wrap(s, st, width, lines)
	}
	// A last line of one short word looks lost.
	if n := len(all); n > 1 && typeset.Width(all[n-1], st) < width/5 {
		if other, ok := full(s, st, width*0.86); ok && len(other) == n {
			return other
		}
	}
	return all
}

// full breaks s at spaces only; it fails where a word is too long.
func full(s string, st typeset.Style, width float64) (lines []string, ok bool) {
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case typeset.Width(word, st) > width:
			return nil, false
		case line == "":
			line = word
		case typeset.Width(line+" "+word, st) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines, true
}

func cut(s string, st typeset.Style, width float64) string {
	return typeset.Cut(strings.TrimSpace(plainText(s)), st, width)
}

// widest returns the length of the longest of lines.
func widest(lines []string, st typeset.Style) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, typeset.Width(l, st))
	}
	return w
}

// baseline returns where the baseline of a line of text lies whose middle is at y: capitals reach equally
// far above and below the middle.
func baseline(y float64, st typeset.Style) float64 { return y + 0.36*st.Size }

// write returns lines of text whose first lies below top.
func write(lines []string, x, top, lead float64, a Anchor, st typeset.Style, ink Ink) []Item {
	var items []Item
	for i, l := range lines {
		y := baseline(top+lead*(float64(i)+0.5), st)
		items = append(items, &Text{At: layout.Point{X: x, Y: y}, Anchor: a, Style: st, Ink: ink, String: l})
	}
	return items
}

// prose returns lines of a sentence from the left. A line that begins with a word that is read from right to left would
// be set as a whole from the right; here that word stands at the left and the rest after it.
func prose(lines []string, x, top, lead float64, st typeset.Style, ink Ink) []Item {
	var items []Item
	for i, l := range lines {
		at := x
		if first, rest := splitDirections(l); rest != "" {
			items = append(items, write([]string{first}, at, top+lead*float64(i), lead, Start, st, ink)...)
			at += typeset.Width(first, st) + typeset.Width(" ", st)
			l = rest
		}
		items = append(items, write([]string{l}, at, top+lead*float64(i), lead, Start, st, ink)...)
	}
	return items
}

// splitDirections parts a line that begins from right to left where it goes on from left to right.
func splitDirections(l string) (first, rest string) {
	if !typeset.RightToLeft(l) {
		return l, ""
	}
	for i, r := range l {
		if r == ' ' && i+1 < len(l) && !typeset.RightToLeft(l[i+1:]) && strings.ContainsFunc(l[i+1:], unicode.IsLetter) {
			return l[:i], l[i+1:]
		}
	}
	return l, ""
}
