package edit

import (
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// source is a file with its syntax.
type source struct {
	name string
	text []byte
	file *ast.File
	json bool // every label is quoted, and commas stand between fields

	writes *style // see style; nil until it is asked for
}

// parse reads a CUE or JSON file.
func parse(name string, text []byte) (*source, error) {
	f, err := parser.ParseFile(name, text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	return &source{name: name, text: text, file: f, json: isJSON(name)}, nil
}

func isJSON(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".json") }

// scope is a struct that is written out in a source: fields can be written into it.
type scope struct {
	src   *source
	decls []ast.Decl
	lit   *ast.StructLit // nil for the top of a file
	field *ast.Field     // whose value it is; nil for the top of a file and what is embedded there
	outer *scope         // that holds field
	deep  bool           // one of several structs that make the value, or embedded in another
}

// implicit reports whether s is written as a chain of labels, without braces.
func (s *scope) implicit() bool { return s.lit != nil && !s.lit.Lbrace.IsValid() }

// statement is a field of a scope.
type statement struct {
	scope *scope
	field *ast.Field
}

// tops gives the scopes at the top of sources.
func tops(sources []*source) []*scope {
	var out []*scope
	for _, src := range sources {
		top := &scope{src: src, decls: src.file.Decls}
		if src.json {
			top.deep = true // the object is a struct within the file
		}
		out = append(out, top.andEmbedded()...)
	}
	return out
}

// andEmbedded gives s and the struct literals that are embedded in it.
func (s *scope) andEmbedded() []*scope {
	out := []*scope{s}
	for _, d := range s.decls {
		if e, ok := d.(*ast.EmbedDecl); ok {
			if lit, ok := e.Expr.(*ast.StructLit); ok {
				inner := &scope{src: s.src, decls: lit.Elts, lit: lit, outer: s, deep: !s.src.json}
				out = append(out, inner.andEmbedded()...)
			}
		}
	}
	return out
}

// statements finds the fields of a name in scopes.
func statements(scopes []*scope, name string) []statement {
	var out []statement
	for _, s := range scopes {
		for _, d := range s.decls {
			f, ok := d.(*ast.Field)
			if !ok || f.Constraint != token.ILLEGAL {
				continue
			}
			if n, ok := labelName(f.Label); ok && n == name {
				out = append(out, statement{s, f})
			}
		}
	}
	return out
}

// labelName gives the name of a regular field; ok is false for hidden fields, definitions, patterns and what is
// computed.
func labelName(l ast.Label) (name string, ok bool) {
	switch l := l.(type) {
	case *ast.Alias:
		if inner, ok := l.Expr.(ast.Label); ok {
			return labelName(inner)
		}
	case *ast.Ident:
		if strings.HasPrefix(l.Name, "_") || strings.HasPrefix(l.Name, "#") {
			return "", false
		}
		return l.Name, true
	case *ast.BasicLit:
		switch l.Kind {
		case token.STRING:
			name, err := literal.Unquote(l.Value)
			return name, err == nil
		case token.TRUE, token.FALSE, token.NULL:
			return l.Value, true
		}
	}
	return "", false
}

// scopes gives the structs that the value of a field is written as: one, or several where they are unified.
func (st statement) scopes() []*scope {
	var out []*scope
	var open func(x ast.Expr, deep bool)
	open = func(x ast.Expr, deep bool) {
		switch x := x.(type) {
		case *ast.StructLit:
			s := &scope{src: st.scope.src, decls: x.Elts, lit: x, field: st.field, outer: st.scope, deep: deep}
			out = append(out, s.andEmbedded()...)
		case *ast.Alias:
			open(x.Expr, deep)
		case *ast.ParenExpr:
			open(x.X, deep)
		case *ast.BinaryExpr:
			if x.Op == token.AND {
				open(x.X, true)
				open(x.Y, true)
			}
		}
	}
	open(st.field.Value, false)
	return out
}

// value is the value of a field, without an alias of its own.
func (st statement) value() ast.Expr {
	x := st.field.Value
	for {
		switch y := x.(type) {
		case *ast.Alias:
			x = y.Expr
		case *ast.ParenExpr:
			x = y.X
		default:
			return x
		}
	}
}

// isLiteral reports whether a value is written out: it depends on nothing.
func isLiteral(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return true
	case *ast.UnaryExpr:
		n, ok := x.X.(*ast.BasicLit)
		return ok && (x.Op == token.SUB || x.Op == token.ADD) && (n.Kind == token.INT || n.Kind == token.FLOAT)
	case *ast.ListLit:
		for _, e := range x.Elts {
			if !isLiteral(e) {
				return false
			}
		}
		return true
	case *ast.StructLit:
		for _, d := range x.Elts {
			switch d := d.(type) {
			case *ast.CommentGroup:
			case *ast.Field:
				if _, ok := labelName(d.Label); !ok || !isLiteral(d.Value) || d.Constraint != token.ILLEGAL {
					return false
				}
			default:
				return false
			}
		}
		return true
	}
	return false
}
