package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"lintel/analyzer/change"
	"lintel/schema"
)

// set finds the splices that set the field of e, or tells where it has to be set by hand.
func (e *editor) set(sources []*source) *Elsewhere {
	e.sources = sources
	if e.field.Value == nil {
		return e.remove(tops(sources))
	}
	return e.into(tops(sources), e.field.Path, e.field.Value, 0)
}

func (s *session) elsewhere(f change.Field, place schema.Range, format string, args ...any) *Elsewhere {
	return &Elsewhere{Field: f, Place: place, Why: fmt.Sprintf(format, args...)}
}

// editor sets one field.
type editor struct {
	*session
	texts   map[string][]byte // as the sources were parsed from
	sources []*source
	field   change.Field

	src     *source
	splices []splice // of src: what sets the field
}

// write makes splices of a source the edit of the field.
func (e *editor) write(src *source, list ...splice) *Elsewhere {
	e.src, e.splices = src, list
	return nil
}

// into sets path[depth:] in the structs that path[:depth] leads to.
func (e *editor) into(scopes []*scope, path []string, value change.Value, depth int) *Elsewhere {
	at := path[:depth+1]
	found := statements(scopes, path[depth])
	last := depth == len(path)-1
	if len(found) == 0 {
		place, entity, ok := stated(e.design, at)
		if ok && (entity || last && !e.isDefault(place)) {
			return e.notLiteral(at, place)
		}
		return e.add(scopes, path, value, depth)
	}
	if last {
		if len(found) > 1 {
			return e.elsewhere(e.field, e.rangeOf(found[0].scope.src, found[0].field), "%s is stated in %d places", pathText(at), len(found))
		}
		return e.replace(found[0], at, value)
	}
	var next []*scope
	for _, st := range found {
		next = append(next, st.scopes()...)
	}
	if len(next) > 0 {
		return e.into(next, path, value, depth+1)
	}
	st := found[0]
	list, ok := st.value().(*ast.ListLit)
	if ok && len(found) == 1 && depth == 2 && path[0] == "modules" && path[depth] == "dependsOn" && len(path) > depth+1 {
		return e.listToStruct(st.scope, list, path[depth+1], path[depth+2:], value)
	}
	if ok && isLiteral(list) && len(found) == 1 {
		// A struct takes the place of the list: of placement, say.
		return e.replace(st, at, []change.Field{nest(path[depth+1:], value)})
	}
	if place, _, ok := stated(e.design, path); ok && !e.isDefault(place) {
		return e.notLiteral(path, place)
	}
	if len(found) == 1 && refers(st.value()) {
		// A struct of its own beside what it is taken from.
		end := st.field.Value.End().Offset()
		inner := []change.Field{nest(path[depth+1:], value)}
		return e.write(st.scope.src, splice{end, end, " & " + st.scope.style().value(inner, indentAt(st.scope.src.text, end), 0)})
	}
	return e.elsewhere(e.field, e.rangeOf(st.scope.src, st.field), "%s %s", pathText(at), whatIs(st.scope.src, st.field.Value))
}

// refers reports whether an expression is a mere reference.
func refers(x ast.Expr) bool {
	switch x.(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		return true
	}
	return false
}

// nest gives the field that a path below a struct leads to.
func nest(path []string, value change.Value) change.Field {
	for i := len(path) - 1; i > 0; i-- {
		value = []change.Field{{Path: path[i : i+1], Value: value}}
	}
	return change.Field{Path: path[:1], Value: value}
}

// replace writes a value in the place of a literal one.
func (e *editor) replace(st statement, at []string, value change.Value) *Elsewhere {
	src, old := st.scope.src, st.value()
	if !isLiteral(old) {
		return e.elsewhere(e.field, e.rangeOf(src, st.field), "%s %s", pathText(at), whatIs(src, st.field.Value))
	}
	start, end := old.Pos().Offset(), old.End().Offset()
	if hasComments(src.text, start, end) {
		if list, ok := old.(*ast.ListLit); ok {
			if items, ok := value.([]string); ok {
				return e.lengthen(st, at, list, items)
			}
		}
		return e.elsewhere(e.field, e.rangeOf(src, st.field), "the value of %s holds comments, which would be lost", pathText(at))
	}
	stl := st.scope.style()
	indent := indentAt(src.text, start)
	column := len([]rune(string(src.text[lineStart(src.text, start):start])))
	return e.write(src, splice{start, end, stl.value(value, indent, column)})
}

// hasComments reports whether a comment stands between two offsets, outside of texts.
func hasComments(text []byte, start, end int) bool {
	quoted := false
	for i := start; i < end; i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case quoted && text[i] == '\\':
			i++
		case !quoted && text[i] == '/' && i+1 < end && text[i+1] == '/':
			return true
		}
	}
	return false
}

// lengthen adds items to a list whose comments have to stay; those that it has already have to come first.
func (e *editor) lengthen(st statement, at []string, list *ast.ListLit, items []string) *Elsewhere {
	src := st.scope.src
	n := len(list.Elts)
	for i, x := range list.Elts {
		lit, ok := x.(*ast.BasicLit)
		if !ok || i >= len(items) {
			n = -1
			break
		}
		if text, err := literal.Unquote(lit.Value); err != nil || text != items[i] {
			n = -1
			break
		}
	}
	if n <= 0 {
		return e.elsewhere(e.field, e.rangeOf(src, st.field), "the value of %s holds comments, which would be lost", pathText(at))
	}
	stl := st.scope.style()
	last := list.Elts[n-1]
	end := last.End().Offset()
	comma := skipBlanks(src.text, end)
	hasComma := comma < len(src.text) && src.text[comma] == ','
	indent := indentAt(src.text, last.Pos().Offset())
	splices := []splice{}
	if !hasComma {
		splices = append(splices, splice{end, end, ","})
	}
	var b strings.Builder
	for i, item := range items[n:] {
		b.WriteString(stl.eol + indent + stl.text(item))
		if hasComma || i < len(items[n:])-1 {
			b.WriteString(",")
		}
	}
	eol := lineEnd(src.text, end)
	return e.write(src, append(splices, splice{eol, eol, b.String()})...)
}

// listToStruct turns the list form of dependsOn into the struct that details need. Every element becomes a field, in its place.
func (e *editor) listToStruct(sc *scope, list *ast.ListLit, key string, rest []string, value change.Value) *Elsewhere {
	src := sc.src
	stl := sc.style()
	var splices []splice
	found := false
	detail := func() string {
		if len(rest) == 0 {
			return stl.field([]string{key}, value, indentAt(src.text, list.Pos().Offset()))
		}
		inner := nest(rest, value)
		return stl.label(key) + ": " + stl.oneLine([]change.Field{inner})
	}
	for _, x := range list.Elts {
		lit, ok := x.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return e.elsewhere(e.field, src.rangeAt(x.Pos().Offset(), x.End().Offset()), "%s holds an element that is not written out", pathText(e.field.Path[:3]))
		}
		name, err := literal.Unquote(lit.Value)
		if err != nil {
			return e.elsewhere(e.field, src.rangeAt(x.Pos().Offset(), x.End().Offset()), "%v", err)
		}
		text := stl.label(name) + ": {}"
		if name == key {
			found, text = true, detail()
		}
		splices = append(splices, splice{x.Pos().Offset(), x.End().Offset(), text})
		// Between lines a struct has no commas.
		if comma := skipBlanks(src.text, x.End().Offset()); !src.json && src.text[comma] == ',' && endsLine(src.text, comma+1) {
			splices = append(splices, splice{comma, comma + 1, ""})
		}
	}
	open, end := list.Lbrack.Offset(), list.Rbrack.Offset()
	head := "{"
	switch n := len(list.Elts); {
	case found:
	case n == 0:
		head += detail()
	default:
		last := list.Elts[n-1]
		at := last.End().Offset()
		comma := skipBlanks(src.text, at)
		if !endsLine(src.text, at) && !(src.text[comma] == ',' && endsLine(src.text, comma+1)) {
			splices = append(splices, splice{at, at, ", " + detail()})
			break
		}
		if src.json {
			splices = append(splices, splice{at, at, ","})
		}
		at = lineEnd(src.text, at)
		splices = append(splices, splice{at, at, stl.eol + indentAt(src.text, last.Pos().Offset()) + detail()})
	}
	splices = append(splices, splice{open, open + 1, head}, splice{end, end + 1, "}"})
	return e.write(src, splices...)
}

// rangeOf is the place of a field: its label and its value, as far as they stand on one line.
func (e *editor) rangeOf(src *source, f *ast.Field) schema.Range {
	start, end := f.Label.Pos().Offset(), f.Value.End().Offset()
	if stop := lineEnd(src.text, start); end > stop {
		end = f.Label.End().Offset()
	}
	return src.rangeAt(start, end)
}

func (src *source) rangeAt(start, end int) schema.Range {
	line := 1 + bytes.Count(src.text[:start], []byte("\n"))
	col := start - lineStart(src.text, start) + 1
	endLine := line + bytes.Count(src.text[start:end], []byte("\n"))
	return schema.Range{File: src.name, StartLine: line, StartColumn: col, EndLine: endLine, EndColumn: end - lineStart(src.text, end) + 1}
}

// add writes a new field, or a new struct with it, into the best of scopes.
func (e *editor) add(scopes []*scope, path []string, value change.Value, depth int) *Elsewhere {
	if len(scopes) == 0 {
		return e.notLiteral(path[:depth], e.placeOf(path[:depth]))
	}
	return e.insert(e.best(scopes, path[:depth]), path[depth:], value)
}

// best is the scope in which the design declares what a path leads to, or the first that is a struct of its own.
func (e *editor) best(scopes []*scope, path []string) *scope {
	place, _, ok := schema.Range{}, false, false
	if len(path) > 0 {
		place, _, ok = stated(e.design, path)
	}
	rank := func(s *scope) int {
		n := 0
		if s.lit == nil && s.src.json {
			return 100
		}
		if ok && s.field != nil && s.src.name == place.File && e.rangeOf(s.src, s.field).StartLine == place.StartLine {
			n -= 4
		}
		if s.deep {
			n++
		}
		if s.implicit() {
			n += 2
		}
		return n
	}
	return slices.MinFunc(scopes, func(a, b *scope) int { return rank(a) - rank(b) })
}

// insert writes a new field into a scope.
func (e *editor) insert(s *scope, path []string, value change.Value) *Elsewhere {
	src := s.src
	stl := s.style()
	if s.implicit() {
		return e.insertIntoChain(s, path, value)
	}
	before := s.neighbour(path[0])
	if before == nil {
		return e.insertFirst(s, path, value)
	}
	indent := indentAt(src.text, before.Pos().Offset())
	if !beginsLine(src.text, before.Pos().Offset()) {
		indent = e.innerIndent(s)
	}
	return e.insertAfter(s, before.End().Offset(), indent, stl.field(path, value, indent))
}

// innerIndent is the indentation of the fields of s, where none of them begins a line.
func (e *editor) innerIndent(s *scope) string {
	for _, d := range s.decls {
		if at := d.Pos().Offset(); beginsLine(s.src.text, at) {
			return indentAt(s.src.text, at)
		}
	}
	if s.lit == nil {
		return ""
	}
	return indentAt(s.src.text, s.lit.Lbrace.Offset()) + s.src.style().unit
}

// insertFirst writes a field that comes before all others of its scope, or is the only one.
func (e *editor) insertFirst(s *scope, path []string, value change.Value) *Elsewhere {
	src, stl := s.src, s.style()
	fields := slices.ContainsFunc(s.decls, isField)
	if s.lit == nil {
		if !fields {
			text := stl.field(path, value, "") + stl.eol
			if n := len(src.text); n > 0 && src.text[n-1] != '\n' {
				text = stl.eol + text
			}
			return e.write(src, splice{len(src.text), len(src.text), text})
		}
		for _, d := range s.decls {
			if isField(d) {
				at := lineStart(src.text, startWithComments(d))
				return e.write(src, splice{at, at, stl.field(path, value, "") + stl.eol})
			}
		}
	}
	open := s.lit.Lbrace.Offset() + 1
	end := s.lit.Rbrace.Offset()
	if !endsLine(src.text, open) {
		text := stl.field(path, value, indentAt(src.text, open))
		if fields || len(s.decls) > 0 {
			text += ", "
		}
		if !fields && len(s.decls) == 0 && strings.TrimSpace(string(src.text[open:end])) == "" {
			return e.write(src, splice{open, end, text})
		}
		return e.write(src, splice{open, open, text})
	}
	indent := e.innerIndent(s)
	at := lineEnd(src.text, open)
	text := stl.eol + indent + stl.field(path, value, indent)
	if src.json && fields {
		text += ","
	}
	return e.write(src, splice{at, at, text})
}

func isField(d ast.Decl) bool {
	_, ok := d.(*ast.Field)
	return ok
}

// startWithComments is the offset at which a declaration begins, with the comments above it.
func startWithComments(d ast.Decl) int {
	start := d.Pos().Offset()
	for _, c := range ast.Comments(d) {
		if c.Doc {
			start = min(start, c.Pos().Offset())
		}
	}
	return start
}

// insertIntoChain writes a field beside the one of a struct without braces: the struct gets its braces where it fits
// on one line, else the chain is written once more.
func (e *editor) insertIntoChain(s *scope, path []string, value change.Value) *Elsewhere {
	src, stl := s.src, s.style()
	inner := s.decls[len(s.decls)-1]
	start, end := inner.Pos().Offset(), inner.End().Offset()
	fits := lineEnd(src.text, start) >= end
	text := stl.field(path, value, indentAt(src.text, start))
	if fits && !strings.Contains(text, "\n") && end+len(text)-lineStart(src.text, start) <= maxLine {
		if s.neighbour(path[0]) == nil {
			return e.write(src, splice{start, start, "{" + text + ", "}, splice{end, end, "}"})
		}
		return e.write(src, splice{start, start, "{"}, splice{end, end, ", " + text + "}"})
	}
	var chain []string
	outer, field := s, (*ast.Field)(nil)
	for outer.implicit() && outer.field != nil {
		field = outer.field
		name, ok := labelName(field.Label)
		if !ok {
			return e.elsewhere(e.field, e.rangeOf(src, field), "%s is no plain name", pathText(e.field.Path))
		}
		chain = append([]string{name}, chain...)
		outer = outer.outer
	}
	if field == nil {
		return e.elsewhere(e.field, e.placeOf(e.field.Path), "there is no struct to write it into")
	}
	end = field.End().Offset()
	indent := indentAt(src.text, field.Pos().Offset())
	stl = outer.style()
	return e.insertAfter(outer, end, indent, stl.field(append(chain, path...), value, indent))
}

// insertAfter writes a declaration behind the one that ends at an offset.
func (e *editor) insertAfter(s *scope, end int, indent, text string) *Elsewhere {
	src := s.src
	next := skipBlanks(src.text, end)
	comma := next < len(src.text) && src.text[next] == ','
	if !endsLine(src.text, end) && !(comma && endsLine(src.text, next+1)) {
		return e.write(src, splice{end, end, ", " + text})
	}
	at := lineEnd(src.text, end)
	line := src.style().eol + indent + text
	switch {
	case comma:
		return e.write(src, splice{at, at, line + ","})
	case src.json:
		return e.write(src, splice{end, end, ","}, splice{at, at, line})
	}
	return e.write(src, splice{at, at, line})
}
