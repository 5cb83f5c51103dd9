package schema

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"cuelang.org/go/cue/ast"
)

// standIn is the schema with every definition open to anything. A design evaluated with it holds
// the user's values and places alone, and the decoder reports all that is wrong with them. That
// gives the values that the schema itself gives, because the schema states no CUE defaults.
var standIn = sync.OnceValue(func() string {
	var b strings.Builder
	b.WriteString("package schema\n")
	for _, name := range definitionNames() {
		b.WriteString(name + ": _\n")
	}
	return b.String()
})

// definitionNames gives the names of the schema's definitions, as "#Module", but for those of single rules.
func definitionNames() []string {
	var out []string
	files, _ := fs.Glob(definition, "*.cue") // the pattern is right, and the files are embedded
	for _, file := range files {
		text, _ := definition.ReadFile(file)
		for line := range bytes.Lines(text) {
			name, _, ok := bytes.Cut(line, []byte(":"))
			if ok && len(name) > 1 && name[0] == '#' && !bytes.ContainsAny(name, " 0123456789") {
				out = append(out, string(name))
			}
		}
	}
	return out
}

// schemaUse is how a design uses the schema.
type schemaUse uint8

const (
	noSchema     schemaUse = iota
	embedsSystem           // schema.#System is embedded at the top, and nothing else is used
	usesParts              // other definitions are used, whose constraints the decoder may not see
)

// useOfSchema tells how files use the schema.
func useOfSchema(files []*source) schemaUse {
	use := noSchema
	for _, f := range files {
		name := schemaName(f)
		if name == "" {
			continue
		}
		use = max(use, embedsSystem)
		embedded := map[ast.Node]bool{}
		for _, d := range f.syntax.Decls {
			if e, ok := d.(*ast.EmbedDecl); ok && isSystem(e.Expr, name) {
				embedded[e.Expr] = true
			}
		}
		ast.Walk(f.syntax, func(n ast.Node) bool {
			if embedded[n] {
				return false
			}
			if id, ok := n.(*ast.Ident); ok && id.Name == name {
				use = usesParts
			}
			return use != usesParts
		}, nil)
	}
	return use
}

// definitionFor is the schema itself, as far as files can speak of it.
func definitionFor(files []*source) string {
	if importsOthers(files) || slices.ContainsFunc(files, func(f *source) bool { return bytes.Contains(f.text, []byte("olic")) }) {
		return string(single())
	}
	return string(withoutPolicies())
}

// importsOthers reports whether files import packages that are not CUE's own.
func importsOthers(files []*source) bool {
	for _, f := range files {
		for spec := range f.syntax.ImportSpecs() {
			if first, _, _ := strings.Cut(importPath(spec), "/"); strings.Contains(first, ".") {
				return true
			}
		}
	}
	return false
}

// schemaName is the name under which a file imports the schema, or "".
func schemaName(f *source) (name string) {
	for spec := range f.syntax.ImportSpecs() {
		if importPath(spec) == ImportPath {
			name = "schema"
			if spec.Name != nil {
				name = spec.Name.Name
			}
		}
	}
	return name
}

// isSystem reports whether x is the definition of a whole design, of the package imported as name.
func isSystem(x ast.Expr, name string) bool {
	sel, ok := x.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	def, ok2 := sel.Sel.(*ast.Ident)
	return ok && ok2 && pkg.Name == name && (def.Name == "#System" || def.Name == "#Settings")
}
