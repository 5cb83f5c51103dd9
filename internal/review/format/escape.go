package format

import (
	"strings"
	"unicode/utf8"

	"lintel/internal/report"
)

// Lengths from which names and sentences are cut in a comment, in characters.
const (
	longestName     = 80
	longestSentence = 600
)

// cut gives at most n characters of s.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	i := 0
	for at := range s {
		if i == n-1 {
			return s[:at] + "…"
		}
		i++
	}
	return s
}

// oneLine gives a text without what could steer a page and without runs of blanks, which Markdown reads.
func oneLine(s string) string { return strings.Join(strings.Fields(report.Visible(s)), " ") }

// prose gives a sentence as Markdown shows it, in a table too: nothing in it is taken for markup, for HTML, for a mention,
// for a reference to an issue or for an address. An invisible space does what escapes can't, since code hosts look for
// these in the text that comes of Markdown.
func prose(s string) string {
	s = cut(oneLine(s), longestSentence)
	var b strings.Builder
	list := len(s) - len(strings.TrimLeft(s, "0123456789")) // where the sign of a list could stand
	for i, c := range s {
		switch c {
		case '-', '+', '=', ')', '.':
			if i == list {
				b.WriteByte('\\')
			}
		}
		switch c {
		case '\\', '`', '*', '_', '[', ']', '~', '$', '^':
			b.WriteByte('\\')
			b.WriteRune(c)
		case '|':
			b.WriteString("&#124;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			if i > 0 {
				b.WriteRune(c)
			} else {
				b.WriteString("&gt;")
			}
		case '&':
			b.WriteString("&amp;")
		case '@', '#', '!', '%':
			b.WriteByte('\\')
			b.WriteRune(c)
			b.WriteString("\u200b")
		case ':':
			b.WriteRune(c)
			if strings.HasPrefix(s[i:], "://") || !strings.HasPrefix(s[i:], ": ") && i+1 < len(s) {
				b.WriteString("\u200b") // no address, and no emoji
			}
		case '.':
			b.WriteRune(c)
			if i >= 3 && strings.EqualFold(s[i-3:i], "www") {
				b.WriteString("\u200b")
			}
		case '-':
			b.WriteRune(c)
			if i >= 2 && strings.EqualFold(s[i-2:i], "gh") {
				b.WriteString("\u200b")
			}
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// code gives a name or a value as a span of code, in which code hosts look for nothing. One that a table, the span itself
// or a search for the tag of another comment could stumble over is given as prose.
func code(s string) string {
	s = cut(oneLine(s), longestName)
	if s == "" || strings.ContainsAny(s, "`|\\") || strings.Contains(s, "<!--") {
		return prose(s)
	}
	return "`" + s + "`"
}

// codeList gives "`a` → `b`".
func codeList(names []string, between string) string {
	const most = 8
	var out []string
	for i, n := range names {
		if len(names) > most && i == most/2 {
			out = append(out, "…")
		}
		if len(names) <= most || i < most/2 || i >= len(names)-most/2 {
			out = append(out, code(n))
		}
	}
	return strings.Join(out, between)
}
