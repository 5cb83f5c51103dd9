package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"lintel/schema"
)

// notLiteral tells that what a path leads to does not stand in a struct of the design's own, but at a place that gives it.
func (e *editor) notLiteral(at []string, place schema.Range) *Elsewhere {
	what := pathText(at)
	if !place.IsKnown() {
		return e.elsewhere(e.field, e.placeOf(at), "%s does not stand in the source by itself", what)
	}
	src := e.sourceOf(place)
	if src == nil {
		return e.elsewhere(e.field, place, "%s comes from %s, which is imported", what, place.File)
	}
	offset := src.offset(place)
	const unknown = "does not stand in one place by itself"
	reason := unknown
	var value ast.Expr
	ast.Walk(src.file, func(n ast.Node) bool {
		if !n.Pos().IsValid() || n.Pos().Offset() > offset || n.End().Offset() < offset {
			return n == ast.Node(src.file)
		}
		switch n := n.(type) {
		case *ast.Comprehension:
			reason = "comes from a comprehension"
		case *ast.Field:
			switch l := n.Label.(type) {
			case *ast.Ident:
				if strings.HasPrefix(l.Name, "#") || strings.HasPrefix(l.Name, "_") {
					reason = "comes from the template " + l.Name
				}
			case *ast.ListLit:
				reason = "comes from a pattern for all fields, " + string(bytes.TrimSpace(src.text[l.Pos().Offset():l.End().Offset()]))
			case *ast.Interpolation, *ast.ParenExpr:
				if reason == unknown {
					reason = "has a name that is computed"
				}
			}
			value = n.Value
		case *ast.LetClause:
			reason = "comes from " + n.Ident.Name
		}
		return true
	}, nil)
	if reason == unknown && value != nil && !isLiteral(value) {
		reason = whatIs(src, value)
	}
	return e.elsewhere(e.field, place, "%s %s", what, reason)
}

// sourceOf is the file of the design in which a place lies, nil where it is another one.
func (e *editor) sourceOf(place schema.Range) *source {
	if i := slices.IndexFunc(e.sources, func(s *source) bool { return s.name == place.File }); i >= 0 {
		return e.sources[i]
	}
	return nil
}

// isDefault reports whether what stands in a place is a default, beside which a value can be stated: the field of a template
// such as replicas: *1 | int.
func (e *editor) isDefault(place schema.Range) bool {
	src := e.sourceOf(place)
	if src == nil || !place.IsKnown() {
		return false
	}
	offset, is := src.offset(place), false
	ast.Walk(src.file, func(n ast.Node) bool {
		if !n.Pos().IsValid() || n.Pos().Offset() > offset || n.End().Offset() < offset {
			return n == ast.Node(src.file)
		}
		if f, ok := n.(*ast.Field); ok && f.Label.Pos().Offset() == offset {
			is = hasDefault(f.Value)
		}
		return true
	}, nil)
	return is
}

// offset is where a range begins in the text.
func (src *source) offset(r schema.Range) int {
	at := 0
	for line := 1; line < r.StartLine; line++ {
		i := bytes.IndexByte(src.text[at:], '\n')
		if i < 0 {
			return len(src.text)
		}
		at += i + 1
	}
	return min(at+r.StartColumn-1, len(src.text))
}

// whatIs says what an expression is that is not written out, as the predicate of a sentence.
func whatIs(src *source, x ast.Expr) string {
	text := func(x ast.Expr) string {
		t := strings.Join(strings.Fields(string(src.text[x.Pos().Offset():x.End().Offset()])), " ")
		if r := []rune(t); len(r) > 40 {
			t = string(r[:39]) + "…"
		}
		return t
	}
	switch x := x.(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		return "is taken from " + text(x)
	case *ast.Interpolation:
		return "is put together: " + text(x)
	case *ast.BinaryExpr:
		if x.Op == token.OR && hasDefault(x) {
			return "has a default: " + text(x)
		}
		return fmt.Sprintf("is an expression: %s", text(x))
	case *ast.UnaryExpr:
		return "is a default or a bound: " + text(x)
	case *ast.StructLit:
		return "is a struct that is not written out"
	case *ast.ListLit:
		return "is a list that is not written out"
	}
	return "is an expression: " + text(x)
}

func hasDefault(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BinaryExpr:
		return x.Op == token.OR && (hasDefault(x.X) || hasDefault(x.Y))
	case *ast.UnaryExpr:
		return x.Op == token.MUL
	}
	return false
}
