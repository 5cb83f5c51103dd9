package schema

import (
	"bytes"
	"slices"
	"strings"

	"cuelang.org/go/cue/parser"
)

// furtherFaults looks for faults of syntax behind those that are known. CUE's parser loses its way
// at the first fault of structure, and what it says after that is mostly untrue. So the lines at
// fault are blanked, places staying as they are, and the file is parsed again; that is done only as
// long as a blanked line surely stood for itself.
func furtherFaults(f *source, known Errors) Errors {
	const most, large = 20, 1 << 20
	if len(f.text) > large {
		return known // each round parses the whole file
	}
	text := slices.Clone(f.text)
	all := known
	for fresh := known; len(fresh) > 0 && len(all) < most; {
		last := 0
		for _, e := range fresh {
			if e.Pos.StartLine != e.Pos.EndLine || !blankLine(text, e.Pos.StartLine) {
				return all
			}
			last = max(last, e.Pos.StartLine)
		}
		_, err := parser.ParseFile(f.abs, text, parser.AllErrors)
		if err == nil {
			break
		}
		rest := f.with(text)
		fresh = nil
		for _, e := range syntaxErrors(rest, err) {
			if e.Pos.StartLine > last {
				fresh = append(fresh, e)
			}
		}
		all = append(all, fresh...)
	}
	return all
}

// with is a source of the same name and another text.
func (f *source) with(text []byte) *source {
	return &source{name: f.name, abs: f.abs, format: f.format, text: text}
}

// blankLine overwrites a line of text with blanks, unless other lines may hang together with it: a
// bracket or string that it opens or closes, a value that it awaits, or one that it is.
func blankLine(text []byte, line int) bool {
	start := 0
	for n := 1; n < line; n++ {
		i := bytes.IndexByte(text[start:], '\n')
		if i < 0 {
			return false
		}
		start += i + 1
	}
	end := len(text)
	if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
		end = start + i
	}
	content := strings.TrimSpace(string(text[start:end]))
	before := bytesTrimRight(text[:start])
	if content == "" || strings.Contains(content, `"""`) || strings.Contains(content, `'''`) ||
		strings.Count(content, "{") != strings.Count(content, "}") ||
		strings.Count(content, "[") != strings.Count(content, "]") ||
		strings.Count(content, "(") != strings.Count(content, ")") ||
		strings.Count(content, `"`)%2 != 0 ||
		endsOpen([]byte(content)) || endsOpen(before) {
		return false
	}
	for i := start; i < end; i++ {
		text[i] = ' '
	}
	return true
}

// endsOpen reports whether a value has to follow text.
func endsOpen(text []byte) bool {
	return len(text) > 0 && strings.ContainsRune(":=&|+-*/<>!.\\", rune(text[len(text)-1]))
}
