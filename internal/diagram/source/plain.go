package source

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain makes s one line of text that every format can hold: line breaks and tabs become spaces; other control
// characters, invalid UTF-8, noncharacters, and the controls that turn the direction of the text around them
// become U+FFFD, the replacement character. It is cut where it is longer than anyone reads in a diagram: dot refuses
// more than 16,384 bytes in a quoted string.
func plain(s string) string {
	return strings.Map(plainRune, cut(s, mostPlain))
}

const mostPlain = 1000 // characters

// cut shortens s to at most that many characters.
func cut(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n == most {
			if _, size := utf8.DecodeRuneInString(s[i:]); i+size < len(s) {
				return s[:i] + "…"
			}
		}
	}
	return s
}

func plainRune(r rune) rune {
	switch {
	case r == '\t', r == '\n', r == '\v', r == '\f', r == '\r', r == 0x85, r == 0x2028, r == 0x2029:
		return ' '
	case unicode.IsControl(r), r == utf8.RuneError, r == 0xfeff,
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, // these could turn the rest of the file's line around
		r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe,
		r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f:
		return utf8.RuneError
	}
	return r
}

// wrap breaks s, which is plain, into lines of at most width columns where it can: at spaces, else after
// punctuation, else anywhere. Wide characters take two columns. There is at least one line, which may be empty.
func wrap(s string, width int) []string {
	var lines []string
	for !fits(s, width) {
		cut := breakAt(s, width)
		lines = append(lines, strings.TrimRight(s[:cut], " "))
		s = strings.TrimLeft(s[cut:], " ")
	}
	if s != "" || lines == nil {
		lines = append(lines, s)
	}
	return lines
}

// breakAt returns how many bytes of s go on a line of at most width columns; at least one character.
func breakAt(s string, width int) int {
	space, mark, end, used := 0, 0, 0, 0
	for i, r := range s {
		if r == ' ' {
			space = i
		}
		used += runeColumns(r)
		if used > width && i > 0 {
			break
		}
		end = i + utf8.RuneLen(r)
		if strings.ContainsRune("-_./:,;", r) {
			mark = end
		}
	}
	switch {
	case space > end/3:
		return space
	case mark > end/3:
		return mark
	}
	// Keep what belongs to one character together.
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if runeColumns(r) > 0 || end > 400 {
			break
		}
		end += size
	}
	return end
}

func fits(s string, width int) bool {
	n := 0
	for _, r := range s {
		if n += runeColumns(r); n > width {
			return false
		}
	}
	return true
}

func runeColumns(r rune) int {
	switch {
	case r == 0x200d, r >= 0xfe00 && r <= 0xfe0f, unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0x1f300 && r <= 0x1faff,
		r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// address returns s as an address that is safe to follow and needs no escape in any format, made of letters, digits
// and -._~:/?#@!$&*+,;=% only; "" where it is not one of http, https or mailto.
func address(s string) string {
	const most = 2000 // bytes: not every program takes more
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || len(s) > most {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto":
		if u.Opaque == "" {
			return ""
		}
	default:
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(u.String()) {
		if c < 0x80 && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~:/?#@!&+,=%", c) >= 0) {
			b.WriteByte(c)
		} else {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
