package rules

import (
	"path"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/encoding/yaml"

	"lintel/schema"
)

// plainStatements returns, by module, the paths of the fields that are stated as a literal in a module that is nothing but a
// literal, in files in which nothing else could fill them in or refer to them. It is nil where that cannot be known: where
// the design was not read from files, or they hold, for modules as a whole, anything but literals (a pattern, a
// comprehension, an embedding other than that of the schema), or refer to fields of the design.
func plainStatements(d *schema.Design) map[string]map[string]bool {
	s := statements{plain: map[string]map[string]bool{}, mixed: map[string]bool{}}
	for _, name := range d.Files {
		text, ok := d.Sources[name]
		if !ok {
			return nil
		}
		file, err := parseFile(name, text)
		if err != nil || refersToFields(file) || !s.addFile(file) {
			return nil
		}
	}
	for name := range s.mixed {
		delete(s.plain, name)
	}
	return s.plain
}

func parseFile(name string, text []byte) (*ast.File, error) {
	switch path.Ext(name) {
	case ".yaml", ".yml":
		return yaml.Extract(name, text)
	}
	return parser.ParseFile(name, text)
}

// refersToFields reports whether an expression of the file refers to a field that is no definition, or may do so to one
// that another file of the package states.
func refersToFields(file *ast.File) bool {
	values := map[ast.Node]bool{} // of fields that are no definitions: what references to them resolve to
	ast.Walk(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok {
			name, _, err := ast.LabelName(f.Label)
			if err != nil || !strings.HasPrefix(name, "#") && !strings.HasPrefix(name, "_") {
				values[f.Value], values[f] = true, true
			}
		}
		return true
	}, nil)
	found := false
	ast.Walk(file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return !found
		}
		_, alias := id.Node.(*ast.Alias)
		elsewhere := id.Node == nil && slices.Contains([]string{"modules", "journeys", "failureDomains", "transactions", "system", "lint"}, id.Name) && !isLabel(file, id)
		found = found || alias || id.Node != nil && values[id.Node] || elsewhere
		return true
	}, nil)
	return found
}

// isLabel reports whether id is the label of a field and no reference.
func isLabel(file *ast.File, id *ast.Ident) bool {
	found := false
	ast.Walk(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok && f.Label == ast.Label(id) {
			found = true
		}
		return !found
	}, nil)
	return found
}

type statements struct {
	plain map[string]map[string]bool // by module: paths of fields
	mixed map[string]bool            // modules that something else may fill in
}

// addFile adds what a file states, and reports whether nothing in it concerns modules as a whole.
func (s *statements) addFile(file *ast.File) bool {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.Package, *ast.ImportDecl, *ast.CommentGroup, *ast.Attribute, *ast.LetClause:
		case *ast.EmbedDecl:
			switch x := decl.Expr.(type) {
			case *ast.SelectorExpr: // schema.#System
				if name, _, err := ast.LabelName(x.Sel); err != nil || name != "#System" {
					return false
				}
			case *ast.StructLit: // the whole of a JSON file
				if !s.addFile(&ast.File{Decls: x.Elts}) {
					return false
				}
			default:
				return false
			}
		case *ast.Field:
			name, plain := plainLabel(decl)
			if !plain {
				return false
			}
			if name == "modules" && !s.addModules(decl.Value) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (s *statements) addModules(value ast.Expr) bool {
	body, ok := value.(*ast.StructLit)
	if !ok {
		return false
	}
	for _, decl := range body.Elts {
		switch decl := decl.(type) {
		case *ast.CommentGroup, *ast.Attribute:
		case *ast.Field:
			name, plain := plainLabel(decl)
			if !plain {
				return false
			}
			if s.plain[name] == nil {
				s.plain[name] = map[string]bool{}
			}
			if !addLiterals(s.plain[name], "", decl.Value) {
				s.mixed[name] = true
			}
		default:
			return false
		}
	}
	return true
}

// addLiterals adds the paths of the literals in a struct that holds nothing but fields with literals, lists of literals and
// such structs, and reports whether it is one.
func addLiterals(paths map[string]bool, prefix string, value ast.Expr) bool {
	switch value := value.(type) {
	case *ast.BasicLit:
		paths[prefix] = true
		return true
	case *ast.UnaryExpr:
		_, ok := value.X.(*ast.BasicLit)
		return ok
	case *ast.Ident:
		if value.Name == "true" || value.Name == "false" {
			paths[prefix] = true
			return true
		}
		return false
	case *ast.ListLit:
		return !slices.ContainsFunc(value.Elts, func(e ast.Expr) bool { return !addLiterals(map[string]bool{}, "", e) })
	case *ast.StructLit:
		for _, decl := range value.Elts {
			switch decl := decl.(type) {
			case *ast.CommentGroup, *ast.Attribute:
			case *ast.Field:
				name, plain := plainLabel(decl)
				if !plain {
					return false
				}
				field := name
				if prefix != "" {
					field = prefix + "." + name
				}
				if !addLiterals(paths, field, decl.Value) {
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

// plainLabel returns the name of a field, and whether it is stated as such: no pattern, no alias, no interpolation, neither
// optional nor required.
func plainLabel(f *ast.Field) (string, bool) {
	switch label := f.Label.(type) {
	case *ast.Ident, *ast.BasicLit:
		name, _, err := ast.LabelName(label)
		return name, err == nil && f.Constraint == 0 && f.Alias == nil
	}
	return "", false
}
