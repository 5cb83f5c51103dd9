package schema

import (
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
)

// designPackage is the package of a folder that states a design, and its first file; "" where there is none.
func (fo *folder) designPackage() (name string, first *source) {
	for pkg, files := range fo.packages {
		if slices.ContainsFunc(files, looksLikeDesign) && (name == "" || pkg < name) {
			name, first = pkg, files[0]
		}
	}
	return name, first
}

// withPackageHint adds to the errors of a file without a package that it may be meant for the package beside it.
func (l *loader) withPackageHint(errs Errors, dir string) {
	for i := range errs {
		e := &errs[i]
		if !strings.HasPrefix(e.Message, "the design has no ") {
			continue
		}
		if pkg, first := l.folder(dir).designPackage(); pkg != "" {
			e.Hint += "; or give it the package of " + first.name + ", package " + pkg + ", to make both one design"
		}
	}
}

// strayLint tells of the files without a package that state only settings beside a package with a design: they would
// be passed over, and what they waive with them.
func strayLint(fo *folder) Errors {
	pkg, first := fo.designPackage()
	if pkg == "" {
		return nil
	}
	var errs Errors
	for _, f := range fo.loose {
		if f.syntax == nil || looksLikeDesign(f) {
			continue
		}
		for _, d := range f.syntax.Decls {
			if field, ok := d.(*ast.Field); ok && labelText(field.Label) == "lint" {
				errs = append(errs, Error{Pos: spanOf(f.name, field.Label.Pos(), field.Label.End()), Message: "this file takes no part in the design of " + first.name,
					Hint:    "give it the package of that design: package " + pkg,
					Snippet: lineOf(f.text, field.Label.Pos().Line())})
				break
			}
		}
	}
	return errs
}
