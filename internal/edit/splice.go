package edit

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"
)

// splice puts new text in the place of the bytes from start to end.
type splice struct {
	start, end int
	text       string
}

// spliced applies splices, which do not overlap; those at one offset are applied in their order.
func spliced(text []byte, list []splice) []byte {
	slices.SortStableFunc(list, func(a, b splice) int { return cmp.Compare(a.start, b.start) })
	var out []byte
	at := 0
	for _, s := range list {
		if s.start < at || s.end < s.start || s.end > len(text) {
			return text // a mistake, and the proof that follows says so
		}
		out = append(out, text[at:s.start]...)
		out = append(out, s.text...)
		at = s.end
	}
	return append(out, text[at:]...)
}

// formatted is what "cue fmt" makes of new where old is as it would make it; all other files stay as they are.
func formatted(name string, old, new []byte) []byte {
	if !strings.HasSuffix(strings.ToLower(name), ".cue") {
		return new
	}
	if kept, err := format.Source(old); err != nil || !bytes.Equal(kept, old) {
		return new
	}
	if out, err := format.Source(new); err == nil {
		return out
	}
	return new
}

// lineStart is the offset at which the line of an offset begins.
func lineStart(text []byte, offset int) int { return bytes.LastIndexByte(text[:offset], '\n') + 1 }

// lineEnd is the offset of the end of the line of an offset, without what ends it.
func lineEnd(text []byte, offset int) int {
	end := len(text)
	if i := bytes.IndexByte(text[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	if end > offset && text[end-1] == '\r' {
		end--
	}
	return end
}

// indentAt is the blank space with which the line of an offset begins.
func indentAt(text []byte, offset int) string {
	start := lineStart(text, offset)
	i := start
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	return string(text[start:i])
}

// beginsLine reports whether nothing but blank space stands before an offset on its line.
func beginsLine(text []byte, offset int) bool {
	return lineStart(text, offset)+len(indentAt(text, offset)) == offset
}

// skipBlanks passes over blanks on one line.
func skipBlanks(text []byte, offset int) int {
	for offset < len(text) && (text[offset] == ' ' || text[offset] == '\t') {
		offset++
	}
	return offset
}

// endsLine reports whether nothing but a comment stands from an offset to the end of its line.
func endsLine(text []byte, offset int) bool {
	i := skipBlanks(text, offset)
	return i == len(text) || text[i] == '\n' || text[i] == '\r' || bytes.HasPrefix(text[i:], []byte("//"))
}

// style is how a file writes things.
func (src *source) style() style {
	if src.writes == nil {
		src.writes = new(src.findStyle())
	}
	return *src.writes
}

func (src *source) findStyle() style {
	st := style{json: src.json, unit: "\t", eol: "\n"}
	if bytes.Contains(src.text, []byte("\r\n")) {
		st.eol = "\r\n"
	}
	for line := range bytes.Lines(src.text) {
		if n := len(line) - len(bytes.TrimLeft(line, " \t")); n > 0 && len(bytes.TrimSpace(line)) > 0 {
			if line[0] == ' ' {
				st.unit = string(line[:n])
			}
			break
		}
	}
	return st
}

// style is how things are written in a scope: labels are quoted where all others there are.
func (s *scope) style() style {
	st := s.src.style()
	labels, quoted := 0, 0
	for _, d := range s.decls {
		if f, ok := d.(*ast.Field); ok {
			if name, ok := labelName(f.Label); ok && !ast.StringLabelNeedsQuoting(name) {
				labels++
				if _, ok := f.Label.(*ast.BasicLit); ok {
					quoted++
				}
			}
		}
	}
	st.quoted = labels > 0 && labels == quoted
	return st
}
