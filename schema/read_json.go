package schema

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// lines turns offsets into lines and columns.
type lines []int // the offset of each line's start

func linesOf(text []byte) lines {
	ls := lines{0}
	for i, b := range text {
		if b == '\n' {
			ls = append(ls, i+1)
		}
	}
	return ls
}

func (ls lines) at(offset int) (line, column int) {
	i := sort.SearchInts(ls, offset+1) - 1
	return i + 1, offset - ls[i] + 1
}

// span is the range of the bytes from start up to, not including, end.
func (ls lines) span(file string, start, end int) Range {
	r := Range{File: file}
	r.StartLine, r.StartColumn = ls.at(start)
	r.EndLine, r.EndColumn = ls.at(end)
	return r
}

// readJSON reads a JSON file. It accepts what RFC 8259 defines, but no key twice in one object.
func readJSON(f *source) (*node, Errors) {
	r := &jsonReader{file: f.name, text: f.text, lines: linesOf(f.text)}
	root := r.document()
	return root, r.errs
}

type jsonReader struct {
	file  string
	text  []byte
	lines lines
	i     int
	depth int
	errs  Errors
	fatal bool // the rest cannot be read
}

func (r *jsonReader) document() *node {
	r.space()
	root := r.value()
	if r.fatal {
		return nil
	}
	if r.space(); r.i < len(r.text) {
		r.fail(r.i, 1, "there is more text after the end of the JSON value", "a JSON design is one object: {\"system\": …, \"modules\": …}")
		return nil
	}
	return root
}

// fail reports what stops the reading.
func (r *jsonReader) fail(at, n int, message, hint string) {
	if r.fatal {
		return
	}
	r.fatal = true
	r.errs = append(r.errs, Error{Pos: r.lines.span(r.file, at, min(at+n, max(len(r.text), at))), Message: message, Hint: hint})
}

func (r *jsonReader) space() {
	for r.i < len(r.text) {
		switch r.text[r.i] {
		case ' ', '\t', '\r', '\n':
			r.i++
		case '/', '#':
			r.fail(r.i, 1, "JSON has no comments", "remove the comment, or write the design in CUE or YAML, which have them")
			return
		default:
			return
		}
	}
}

// found names what stands at the current place.
func (r *jsonReader) found() string {
	if r.i >= len(r.text) {
		return "the end of the file"
	}
	c, _ := utf8.DecodeRune(r.text[r.i:])
	if c == '"' {
		return "a string"
	}
	return fmt.Sprintf("%q", string(c))
}

func (r *jsonReader) value() *node {
	if r.fatal {
		return nil
	}
	if r.i >= len(r.text) {
		r.fail(r.i, 0, "the file ends where a value should stand", "is a part of it missing?")
		return nil
	}
	start := r.i
	n := &node{}
	switch c := r.text[r.i]; {
	case c == '{':
		n.kind = structNode
		r.nested(func() { r.object(n) })
	case c == '[':
		n.kind = listNode
		r.nested(func() { r.array(n) })
	case c == '"':
		n.kind, n.text = stringNode, r.str()
	case c == '-' || c >= '0' && c <= '9':
		n.kind, n.text = numberNode, r.number()
	case c == '\'':
		r.fail(r.i, 1, "JSON strings stand in double quotes", "write \" in place of '")
	default:
		word := r.word()
		switch word {
		case "true", "false":
			n.kind, n.text = boolNode, word
		case "null":
			n.kind = nullNode
		case "":
			r.fail(r.i, 1, "a value is missing: found "+r.found(), "")
		default:
			hint := "strings stand in double quotes"
			if lower := strings.ToLower(word); lower == "true" || lower == "false" || lower == "null" {
				hint = "write " + lower
			}
			r.fail(start, len(word), fmt.Sprintf("%s is not a JSON value", shortQuote(word)), hint)
		}
	}
	if r.fatal {
		return nil
	}
	n.pos = r.lines.span(r.file, start, r.i)
	return n
}

func (r *jsonReader) word() string {
	start := r.i
	for r.i < len(r.text) && (r.text[r.i] == '_' || r.text[r.i]|0x20 >= 'a' && r.text[r.i]|0x20 <= 'z' || r.i > start && r.text[r.i] >= '0' && r.text[r.i] <= '9') {
		r.i++
	}
	return string(r.text[start:r.i])
}

func (r *jsonReader) nested(read func()) {
	if r.depth++; r.depth > maxDepth {
		r.fail(r.i, 1, fmt.Sprintf("nested more than %d levels deep", maxDepth), "")
		return
	}
	read()
	r.depth--
}

// closing reads what follows an element: it reports whether another one follows.
func (r *jsonReader) closing(closer byte, open int, what string) bool {
	r.space()
	if r.fatal {
		return false
	}
	switch {
	case r.i >= len(r.text):
		r.fail(open, 1, "this "+what+" is not closed", fmt.Sprintf("add a %q at its end", string(closer)))
		return false
	case r.text[r.i] == closer:
		r.i++
		return false
	case r.text[r.i] == ',':
		comma := r.i
		r.i++
		r.space()
		if r.i < len(r.text) && r.text[r.i] == closer {
			r.fail(comma, 1, "a comma stands before the end of this "+what, "remove the comma")
			return false
		}
		return true
	}
	if c := r.text[r.i]; c == '}' || c == ']' || c == ':' {
		r.fail(r.i, 1, fmt.Sprintf("found %q where a comma or %q should stand", string(c), string(closer)), "")
		return false
	}
	at := r.i
	word := tokenText(r.text, at)
	r.fail(at, len(word), "a comma is missing before "+clip(word), "")
	return false
}

// object reads an object, whose brace stands at the current place.
func (r *jsonReader) object(n *node) {
	open := r.i
	r.i++
	if r.space(); r.i < len(r.text) && r.text[r.i] == '}' {
		r.i++
		return
	}
	u := newUnifier()
	for !r.fatal {
		if r.i >= len(r.text) {
			r.fail(open, 1, "this object is not closed", `add a "}" at its end`)
			return
		}
		start := r.i
		if r.text[r.i] != '"' {
			hint := "keys stand in double quotes"
			if r.text[r.i] == '\'' {
				r.fail(r.i, 1, "JSON strings stand in double quotes", "write \" in place of '")
				return
			}
			if word := r.word(); word != "" {
				hint = fmt.Sprintf("write %q", word)
			}
			r.i = start
			r.fail(start, max(1, len(r.word())), "a key in double quotes is missing", hint)
			return
		}
		key := r.str()
		pos := r.lines.span(r.file, start, r.i)
		if r.space(); r.fatal {
			return
		}
		if r.i >= len(r.text) || r.text[r.i] != ':' {
			r.fail(r.i, 1, fmt.Sprintf("a colon is missing after the key %s: found %s", shortQuote(key), r.found()), "")
			return
		}
		r.i++
		r.space()
		v := r.value()
		if r.fatal {
			return
		}
		if i := u.find(n, key); i >= 0 {
			r.errs = append(r.errs, duplicateKey(key, pos, n.fields[i].pos))
		} else {
			u.add(n, field{name: key, pos: pos, value: v}, nil)
		}
		if !r.closing('}', open, "object") {
			return
		}
	}
}

// duplicateKey tells of a key that stands twice in one object.
func duplicateKey(key string, pos, first Range) Error {
	return Error{Pos: pos, Message: fmt.Sprintf("the key %s stands twice", shortQuote(key)), Hint: "remove one of the two, or give it another name",
		Related: []Related{{Message: "it stands here first", Pos: first}}}
}

func (r *jsonReader) array(n *node) {
	open := r.i
	r.i++
	if r.space(); r.i < len(r.text) && r.text[r.i] == ']' {
		r.i++
		return
	}
	for !r.fatal {
		if v := r.value(); v != nil {
			n.items = append(n.items, v)
		}
		if r.fatal || !r.closing(']', open, "list") {
			return
		}
	}
}

func (r *jsonReader) number() string {
	start := r.i
	for r.i < len(r.text) && strings.IndexByte("0123456789+-.eExX_abcdfABCDF", r.text[r.i]) >= 0 {
		r.i++
	}
	lit := string(r.text[start:r.i])
	if !validNumber(lit) {
		r.fail(start, len(lit), fmt.Sprintf("%s is not a number", shortQuote(lit)), "write it with digits, as 12, -3 or 99.95")
		return ""
	}
	text, ok := numberText(strings.TrimPrefix(lit, "-"), strings.HasPrefix(lit, "-"))
	if !ok {
		r.fail(start, len(lit), fmt.Sprintf("the number %s is too large", shortQuote(lit)), "")
	}
	return text
}

// validNumber reports whether s is a number by the grammar of RFC 8259.
func validNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	digits := func() bool {
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		s = s[i:]
		return i > 0
	}
	if strings.HasPrefix(s, "0") {
		s = s[1:]
	} else if !digits() {
		return false
	}
	if strings.HasPrefix(s, ".") {
		if s = s[1:]; !digits() {
			return false
		}
	}
	if strings.HasPrefix(s, "e") || strings.HasPrefix(s, "E") {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if !digits() {
			return false
		}
	}
	return s == ""
}

// str reads a string, whose opening quote stands at the current place.
func (r *jsonReader) str() string {
	start := r.i
	r.i++
	plain := r.i
	for r.i < len(r.text) && r.text[r.i] != '"' && r.text[r.i] != '\\' && r.text[r.i] >= ' ' {
		r.i++
	}
	if r.i < len(r.text) && r.text[r.i] == '"' {
		r.i++
		return string(r.text[plain : r.i-1])
	}
	b := append([]byte(nil), r.text[plain:r.i]...)
	for r.i < len(r.text) {
		switch c := r.text[r.i]; {
		case c == '"':
			r.i++
			return string(b)
		case c == '\n' || c == '\r':
			r.fail(start, r.i-start, "this string is not closed", "add a double quote at its end")
			return ""
		case c < ' ':
			r.fail(r.i, 1, fmt.Sprintf("a control character (0x%02X) stands in this string", c), `write it as an escape, as \t`)
			return ""
		case c != '\\':
			b = append(b, c)
			r.i++
		default:
			u, n := jsonEscape(r.text[r.i:])
			if n == 0 {
				r.fail(r.i, 2, "this escape is not known in JSON", `a backslash itself is written \\`)
				return ""
			}
			if lone, _ := hex4(r.text[r.i:]); n == 6 && utf16.IsSurrogate(lone) {
				r.fail(r.i, n, "this escape is half of a character", "a character beyond \\uFFFF is written as two escapes, or as itself")
				return ""
			}
			b = utf8.AppendRune(b, u)
			r.i += n
		}
	}
	r.fail(start, 1, "this string is not closed", "add a double quote at its end")
	return ""
}

// jsonEscape decodes the escape at the start of s and gives its length, 0 where it is none.
func jsonEscape(s []byte) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	if i := strings.IndexByte(`"\/bfnrt`, s[1]); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), 2
	}
	u, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(u) {
		if low, ok := hex4(s[6:]); ok {
			if c := utf16.DecodeRune(u, low); c != utf8.RuneError {
				return c, 12
			}
		}
		return utf8.RuneError, 6
	}
	return u, 6
}

// hex4 decodes \uXXXX.
func hex4(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var u rune
	for _, c := range s[2:6] {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if c >= '0' && c <= '9' {
			d = int(c - '0')
		}
		if d < 0 {
			return 0, false
		}
		u = u<<4 | rune(d)
	}
	return u, true
}
