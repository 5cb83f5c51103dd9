package report

import "strings"

// wrap breaks words over lines: the first may hold first columns, the others rest columns. The first
// line is empty where the first word fits only below. A word that is wider than a line stands alone.
func wrap(words []string, first, rest int) []string {
	var lines []string
	line, used, room := "", 0, first
	for i, w := range words {
		n := width(w)
		if used > 0 && used+1+n > room || i == 0 && n > first && first < rest {
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

// wrapText breaks a text at its spaces, to follow a lead of first columns that ends in a space; the space
// is part of what it returns, where the text starts on that line. All other lines are indented.
func wrapText(s string, first, width int, indent string) string {
	return joined(wrap(strings.Fields(s), width-first, width-len(indent)), indent)
}

func joined(lines []string, indent string) string {
	text := strings.Join(lines, "\n"+indent)
	if strings.HasPrefix(text, "\n") {
		return text
	}
	return " " + text
}

// wrapPath is wrapText for a path, which it breaks before its arrows.
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
	return joined(wrap(words, width-first, width-len(indent)), indent)
}
