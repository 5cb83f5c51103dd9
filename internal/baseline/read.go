package baseline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"

	"lintel/schema"
)

// maxErrors bounds the faults of one file that are told.
const maxErrors = 10

// Read reads the text of a baseline. The error, if any, is of type schema.Errors, with places in the file called name.
func Read(name string, text []byte) (*Baseline, error) {
	r := &reader{name: name, text: bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))}
	for i, c := range r.text {
		if c == '\n' {
			r.ends = append(r.ends, i)
		}
	}
	b := r.read()
	if len(r.errs) > 0 {
		return nil, r.errs
	}
	return b, nil
}

type reader struct {
	name string
	text []byte
	ends []int // offsets of the line ends
	errs schema.Errors
}

const writeAnew = "lintel baseline write makes a new one, once this file is removed"

func (r *reader) read() *Baseline {
	if len(bytes.TrimSpace(r.text)) == 0 {
		r.fail(0, 0, "the baseline is empty", "lintel baseline write fills it")
		return nil
	}
	if r.conflicts(); len(r.errs) > 0 {
		return nil
	}
	var whole json.RawMessage
	if err := json.Unmarshal(r.text, &whole); err != nil {
		at := len(r.text) - 1
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) && syntax.Offset > 0 {
			at = int(syntax.Offset) - 1
		}
		r.fail(at, at+1, "this is no valid JSON: "+err.Error(), "each entry stands on a line of its own and ends with a comma; "+writeAnew)
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(r.text))
	if open, _ := d.Token(); open != json.Delim('{') {
		r.notABaseline()
		return nil
	}
	b := &Baseline{}
	var hasVersion, hasFindings bool
	for d.More() {
		key, _ := d.Token()
		at := r.next(d)
		switch key {
		case "schemaVersion":
			hasVersion = true
			var v any
			_ = d.Decode(&v) // the text is valid JSON
			if v != float64(Version) {
				r.version(at, int(d.InputOffset()), v)
				return nil
			}
		case "findings":
			hasFindings = true
			if r.text[at] != '[' {
				r.skip(d)
				r.fail(at, at+1, "findings is no list", writeAnew)
				return nil
			}
			r.entries(d, b)
		default: // of a later version, or for people
			r.skip(d)
		}
	}
	if !hasVersion || !hasFindings {
		r.notABaseline()
		return nil
	}
	r.duplicates(b)
	return b
}

func (r *reader) notABaseline() {
	r.fail(0, 0, "this is no baseline of lintel: it has no schemaVersion with findings", "a baseline is written by lintel baseline write")
}

func (r *reader) version(from, to int, v any) {
	hint := writeAnew
	if n, ok := v.(float64); ok && n > Version {
		hint = "a newer lintel wrote it: use that one, or remove the file and write it anew"
	}
	r.fail(from, to, fmt.Sprintf("schemaVersion is %s, and this lintel knows %d", r.text[from:to], Version), hint)
}

// conflicts tells of the marks that git leaves where it could not merge.
func (r *reader) conflicts() {
	start := 0
	for line := range bytes.Lines(r.text) {
		if bytes.HasPrefix(line, []byte("<<<<<<< ")) {
			r.fail(start, start+len(bytes.TrimRight(line, "\r\n")), "git could not merge the baseline here",
				"keep the lines of both sides and take out those that start with <<<<<<<, ||||||| , ======= and >>>>>>>; then lintel baseline prune takes out what is mended")
		}
		start += len(line)
	}
}

// skip reads a value and forgets it.
func (r *reader) skip(d *json.Decoder) {
	var v json.RawMessage
	_ = d.Decode(&v)
}

// next gives the offset of the value that the decoder reads next.
func (r *reader) next(d *json.Decoder) int {
	at := int(d.InputOffset())
	for at < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[at]) >= 0 {
		at++
	}
	return at
}

func (r *reader) entries(d *json.Decoder, b *Baseline) {
	_, _ = d.Token() // [
	for d.More() {
		at := r.next(d)
		var raw json.RawMessage
		_ = d.Decode(&raw)
		if string(raw) == "null" {
			continue
		}
		var e Entry
		err := json.Unmarshal(raw, &e)
		var wrong *json.UnmarshalTypeError
		end := at + len(raw)
		switch {
		case errors.As(err, &wrong) && wrong.Field != "":
			r.fail(at, end, fmt.Sprintf("%s is a %s", wrong.Field, wrong.Value), "a field of an entry is a text, count a whole number; "+writeAnew)
		case err != nil:
			r.fail(at, end, "this is no entry of a baseline", "an entry has rule, design, system, kind, subject, fingerprint and message")
		case e.Rule == "" || e.Design == "" || e.Kind == "":
			r.fail(at, end, "the entry names no "+firstEmpty(e), "an entry has rule, design, system, kind, subject, fingerprint and message")
		case !isFingerprint(e.Fingerprint):
			r.fail(at, end, fmt.Sprintf("%q is no fingerprint", e.Fingerprint), "a fingerprint has 32 digits or letters from a to f; lintel check --format json shows those of the findings")
		case e.Count < 0:
			r.fail(at, end, fmt.Sprintf("count is %d", e.Count), "at least 1")
		default:
			e.Line = r.place(at, end).StartLine
			b.Entries = append(b.Entries, e)
		}
	}
	_, _ = d.Token() // ]
}

func firstEmpty(e Entry) string {
	switch {
	case e.Rule == "":
		return "rule"
	case e.Design == "":
		return "design"
	}
	return "kind"
}

func isFingerprint(s string) bool {
	return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == ""
}

// duplicates tells of entries that stand in the file twice.
func (r *reader) duplicates(b *Baseline) {
	first := map[id]int{}
	for i := range b.Entries {
		e := &b.Entries[i]
		j, ok := first[e.id()]
		if !ok {
			first[e.id()] = i
			continue
		}
		if len(r.errs) < maxErrors {
			r.errs = append(r.errs, schema.Error{
				Pos: r.line(e.Line), Message: fmt.Sprintf("%s of %s stands in the baseline twice", e.Rule, e.Subject), Hint: "keep one of the two lines; findings that occur twice have a count",
				Related: []schema.Related{{Message: "the first one", Pos: r.line(b.Entries[j].Line)}}, Snippet: r.snippet(e.Line),
			})
		}
	}
}

func (r *reader) fail(from, to int, message, hint string) {
	if len(r.errs) >= maxErrors {
		return
	}
	at := schema.Range{File: r.name}
	if to > from {
		at = r.place(from, to)
	}
	r.errs = append(r.errs, schema.Error{Pos: at, Message: message, Hint: hint, Snippet: r.snippet(at.StartLine)})
}

// place gives the range of text[from:to], on one line: that of its start.
func (r *reader) place(from, to int) schema.Range {
	n := sort.SearchInts(r.ends, from)
	start, end := 0, len(r.text)
	if n > 0 {
		start = r.ends[n-1] + 1
	}
	if n < len(r.ends) {
		end = r.ends[n]
	}
	return schema.Range{File: r.name, StartLine: n + 1, StartColumn: from - start + 1, EndLine: n + 1, EndColumn: max(min(to, end), from+1) - start + 1}
}

// line gives the range of a whole line.
func (r *reader) line(n int) schema.Range {
	return schema.Range{File: r.name, StartLine: n, StartColumn: 1, EndLine: n, EndColumn: len(r.snippet(n)) + 1}
}

// snippet gives a line of the text, or "".
func (r *reader) snippet(n int) string {
	if n < 1 || n > len(r.ends)+1 {
		return ""
	}
	start, end := 0, len(r.text)
	if n > 1 {
		start = r.ends[n-2] + 1
	}
	if n <= len(r.ends) {
		end = r.ends[n-1]
	}
	return strings.TrimRight(string(r.text[start:end]), "\r")
}
