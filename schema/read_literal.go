package schema

import (
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// isLiteral reports whether files hold nothing but literals, structs and lists, so that they can be
// read straight from their syntax. An import of the schema that is used only to embed
// schema.#System at the top changes no value, so it counts as literal too.
func isLiteral(files []*source) bool {
	for _, f := range files {
		if f.syntax == nil || !literalFile(f.syntax) {
			return false
		}
	}
	return true
}

func literalFile(f *ast.File) bool {
	schemaName, uses := "", 0
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.Package, *ast.CommentGroup:
		case *ast.ImportDecl:
			for _, spec := range d.Specs {
				if importPath(spec) != ImportPath || schemaName != "" {
					return false
				}
				schemaName = "schema"
				if spec.Name != nil {
					schemaName = spec.Name.Name
				}
			}
		case *ast.EmbedDecl:
			if schemaName == "" || !isSystem(d.Expr, schemaName) {
				return false
			}
			uses++
		default:
			if !literalField(d) {
				return false
			}
		}
	}
	return schemaName == "" || uses > 0 // CUE refuses an import that is not used
}

// importPath is the path that an import names, as it is written.
func importPath(spec *ast.ImportSpec) string {
	path, _ := literal.Unquote(spec.Path.Value)
	return path
}

func literalField(d ast.Decl) bool {
	f, ok := d.(*ast.Field)
	if !ok || f.Constraint != token.ILLEGAL || f.Alias != nil || len(f.Attrs) > 0 {
		return false
	}
	switch l := f.Label.(type) {
	case *ast.Ident:
		if strings.HasPrefix(l.Name, "_") || strings.HasPrefix(l.Name, "#") {
			return false
		}
	case *ast.BasicLit:
		if l.Kind != token.STRING {
			return false
		}
		if _, err := literal.Unquote(l.Value); err != nil {
			return false
		}
	default:
		return false
	}
	return literalValue(f.Value)
}

func literalValue(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		switch x.Kind {
		case token.INT, token.FLOAT:
			_, ok := numberText(x.Value, false)
			return ok
		case token.STRING:
			if strings.HasPrefix(strings.TrimLeft(x.Value, "#"), "'") {
				return false // bytes
			}
			_, err := literal.Unquote(x.Value)
			return err == nil
		}
		return x.Kind == token.TRUE || x.Kind == token.FALSE || x.Kind == token.NULL
	case *ast.UnaryExpr:
		n, ok := x.X.(*ast.BasicLit)
		return ok && (x.Op == token.SUB || x.Op == token.ADD) && (n.Kind == token.INT || n.Kind == token.FLOAT) && literalValue(n)
	case *ast.StructLit:
		for _, d := range x.Elts {
			if _, ok := d.(*ast.CommentGroup); ok {
				continue
			}
			if !literalField(d) {
				return false
			}
		}
		return true
	case *ast.ListLit:
		for _, e := range x.Elts {
			if !literalValue(e) {
				return false
			}
		}
		return true
	}
	return false
}

// readLiteral reads files for which isLiteral holds, unifying what they state more than once.
func readLiteral(files []*source) (*node, Errors) {
	r := &literalReader{}
	root := &node{kind: structNode, pos: Range{File: files[0].name, StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 1}}
	u := newUnifier()
	for _, f := range files {
		r.file, r.lines, r.line = f, linesOf(f.text), 0
		r.decls(u, root, f.syntax.Decls, nil)
	}
	return root, u.finish()
}

// literalReader builds the tree of one file after another.
type literalReader struct {
	file  *source
	lines lines
	line  int // of the last position, from 0: the next one is mostly near
}

func (r *literalReader) decls(u *unifier, into *node, decls []ast.Decl, path []string) {
	if into.fields == nil {
		into.fields = make([]field, 0, len(decls))
	}
	for _, d := range decls {
		f, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		name := labelText(f.Label)
		u.add(into, field{name: name, pos: r.span(f.Label.Pos(), f.Label.End()), value: r.value(u, f.Value, append(path, name))}, path)
	}
}

func (r *literalReader) value(u *unifier, x ast.Expr, path []string) *node {
	n := &node{pos: r.span(x.Pos(), x.End())}
	switch x := x.(type) {
	case *ast.BasicLit:
		switch x.Kind {
		case token.INT, token.FLOAT:
			n.kind = numberNode
			n.text, _ = numberText(x.Value, false)
		case token.STRING:
			n.kind = stringNode
			n.text, _ = literal.Unquote(x.Value)
		case token.NULL:
			n.kind = nullNode
		default:
			n.kind, n.text = boolNode, x.Value
		}
	case *ast.UnaryExpr:
		n.kind = numberNode
		n.text, _ = numberText(x.X.(*ast.BasicLit).Value, x.Op == token.SUB)
	case *ast.StructLit:
		n.kind = structNode
		r.decls(u, n, x.Elts, path)
	case *ast.ListLit:
		n.kind = listNode
		n.items = make([]*node, 0, len(x.Elts))
		for i, e := range x.Elts {
			n.items = append(n.items, r.value(u, e, append(path, indexText(i))))
		}
	}
	return n
}

func labelText(l ast.Label) string {
	switch l := l.(type) {
	case *ast.Ident:
		return l.Name
	case *ast.BasicLit:
		s, _ := literal.Unquote(l.Value)
		return s
	}
	return ""
}

// span gives the range between two positions of the current file.
func (r *literalReader) span(start, end token.Pos) Range {
	p := Range{File: r.file.name}
	p.StartLine, p.StartColumn = r.at(start.Offset())
	p.EndLine, p.EndColumn = r.at(end.Offset())
	return p
}

func (r *literalReader) at(offset int) (line, column int) {
	const near = 4 // lines
	i := r.line
	for steps := 0; r.lines[i] > offset || i+1 < len(r.lines) && r.lines[i+1] <= offset; steps++ {
		switch {
		case steps == near:
			line, column = r.lines.at(offset)
			r.line = line - 1
			return line, column
		case r.lines[i] > offset:
			i--
		default:
			i++
		}
	}
	r.line = i
	return i + 1, offset - r.lines[i] + 1
}

func spanOf(name string, start, end token.Pos) Range {
	s, e := start.Position(), end.Position()
	return Range{File: name, StartLine: s.Line, StartColumn: s.Column, EndLine: e.Line, EndColumn: e.Column}
}
