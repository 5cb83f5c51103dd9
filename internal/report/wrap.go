package report

import "strings"

// wrap breaks words over lines: the first may hold first columns, the others rest columns. A word
// that is wider than a line stands alone on one.
func wrap(words []string, first, rest int) []string {
	var lines []string
	line, used, room := "", 0, first
	for _, w := range words {
		n := width(w)
		if used > 0 && used+1+n > room {
			lines = append(lines, line)
			line, used, room = "", 0, rest
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+w, used+n
	}
	return append(lines, line)
}

// wrapText breaks a text at its spaces and indents all lines but the first.
func wrapText(s string, first, width int, indent string) string {
	return strings.Join(wrap(strings.Fields(s), width-first, width-len(indent)), "\n"+indent)
}

// wrapPath breaks a path before its arrows and indents all lines but the first.
func wrapPath(names []string, suffix string, first, width int, indent string) string {
	words := make([]string, 0, len(names)+1)
	for i, n := range names {
		if i > 0 {
			n = "-> " + n
		}
		words = append(words, n)
	}
	if suffix != "" {
		words = append(words, suffix)
	}
	return strings.Join(wrap(words, width-first, width-len(indent)), "\n"+indent)
}
