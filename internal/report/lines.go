package report

import (
	"bytes"
	"unicode/utf16"

	"lintel/rules"
	"lintel/schema"
)

// lines finds lines of the sources of a report. It remembers where the lines of each file start, so
// that many findings in one large file cost no more than one reading of it.
type lines struct {
	r     *Report
	files map[*byte]fileLines
}

type fileLines struct {
	text   []byte
	starts []int
}

func newLines(r *Report) *lines { return &lines{r, map[*byte]fileLines{}} }

// at returns the line on which a range starts, without its end.
func (l *lines) at(res *rules.Result, r schema.Range) (string, bool) {
	return l.line(res, r.File, r.StartLine)
}

func (l *lines) line(res *rules.Result, file string, n int) (string, bool) {
	text, ok := l.r.source(res, file)
	if !ok || n < 1 || len(text) == 0 {
		return "", false
	}
	f, ok := l.files[&text[0]]
	if !ok {
		f = fileLines{text: text, starts: []int{0}}
		for i, c := range text {
			if c == '\n' {
				f.starts = append(f.starts, i+1)
			}
		}
		l.files[&text[0]] = f
	}
	if n > len(f.starts) {
		return "", false
	}
	line := f.text[f.starts[n-1]:]
	if n < len(f.starts) {
		line = f.text[f.starts[n-1] : f.starts[n]-1]
	}
	return string(bytes.TrimSuffix(line, []byte("\r"))), true
}

// utf16Column turns a column in bytes, as the model has it, into one in UTF-16 code units, as editors and
// code hosts count.
func (l *lines) utf16Column(res *rules.Result, file string, line, column int) int {
	text, ok := l.line(res, file, line)
	if !ok || column < 1 {
		return max(column, 1)
	}
	n := 0
	for _, c := range text[:min(column-1, len(text))] {
		n += utf16.RuneLen(c)
	}
	return n + 1 + max(column-1-len(text), 0)
}
