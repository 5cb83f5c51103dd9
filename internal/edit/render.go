package edit

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"

	"lintel/analyzer/change"
)

// style is how a source writes what is new in it.
type style struct {
	json   bool
	quoted bool   // every label is quoted
	unit   string // one step of indentation
	eol    string // what ends a line
}

// maxLine is the width in characters up to which a struct is written on one line.
const maxLine = 100

func (st style) label(name string) string {
	if st.json {
		return jsonText(name)
	}
	if st.quoted || ast.StringLabelNeedsQuoting(name) {
		return literal.String.Quote(name)
	}
	return name
}

// field writes a field whose path is nested in structs of one field each. Indent is that of its line.
func (st style) field(path []string, value change.Value, indent string) string {
	if st.json {
		for i := len(path) - 1; i > 0; i-- {
			value = []change.Field{{Path: path[i : i+1], Value: value}}
		}
		path = path[:1]
	}
	var b strings.Builder
	for _, name := range path {
		b.WriteString(st.label(name) + ": ")
	}
	head := b.String()
	return head + st.value(value, indent, len([]rune(indent))+len([]rune(head)))
}

// value writes a value, which begins at a column; a struct that is too long for its line goes over several.
func (st style) value(v change.Value, indent string, column int) string {
	line := st.oneLine(v)
	fields, ok := v.([]change.Field)
	if !ok || len(fields) < 2 || column+len([]rune(line)) <= maxLine {
		return line
	}
	inner := indent + st.unit
	var b strings.Builder
	b.WriteString("{")
	for i, f := range fields {
		b.WriteString(st.eol + inner + st.field(f.Path, f.Value, inner))
		if st.json && i < len(fields)-1 {
			b.WriteString(",")
		}
	}
	b.WriteString(st.eol + indent + "}")
	return b.String()
}

func (st style) oneLine(v change.Value) string {
	switch v := v.(type) {
	case string:
		return st.text(v)
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return number(v)
	case []string:
		items := make([]string, len(v))
		for i, s := range v {
			items[i] = st.text(s)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case []change.Field:
		items := make([]string, len(v))
		for i, f := range v {
			items[i] = st.label(f.Path[0]) + ": " + st.oneLine(f.Value)
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	return "null"
}

func (st style) text(s string) string {
	if st.json {
		return jsonText(s)
	}
	return literal.String.Quote(s)
}

func jsonText(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return strconv.Quote(s)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// number writes a number so that it reads back as the same one, in the notation that people use.
func number(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e15) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
