package schema

import (
	"slices"
	"strings"
)

// decode turns the tree of a document into a design, or tells all that is wrong with it. The checks
// follow the table of the language; only a tree without faults is built.
func decode(doc *document) (*Design, Errors) {
	if errs := check(doc, &typeSystem); len(errs) > 0 {
		return nil, errs
	}
	b := builder{doc}
	d := &Design{
		Path:    doc.path,
		Files:   slices.Sorted(slices.Values(doc.files)),
		Sources: doc.sources,
	}
	b.design(doc.root, d)
	d.Normalize()
	return d, nil
}

// decodeSettings does the same for a settings file, which has a "lint" field and nothing else.
func decodeSettings(doc *document) (*Lint, Errors) {
	if errs := check(doc, &typeSettings); len(errs) > 0 {
		return nil, errs
	}
	b := builder{doc}
	lint := &Lint{}
	if doc.root == nil {
		return lint, nil
	}
	for i := range doc.root.fields {
		if f := &doc.root.fields[i]; f.name == "lint" {
			b.lint(f.value, lint)
		}
	}
	return lint, nil
}

// check gives all that is wrong with a document of type t.
func check(doc *document, t *valueType) Errors {
	c := newChecker(doc)
	root := doc.root
	if root == nil {
		root = &node{kind: structNode}
		if len(doc.files) > 0 {
			root.pos.File = doc.files[0]
		}
	}
	if root.kind != structNode && root.kind != unknownNode {
		what := "a design"
		if t == &typeSettings {
			what = "a settings file"
		}
		c.fault(firstLine(root.pos), "write the fields of "+what+" at the top level: "+strings.TrimSuffix(strings.TrimPrefix(sample("", t), "{"), "}"), "%s is a struct, not %s", what, kindOf(root))
		return c.errs
	}
	c.value(root, t, &spot{pos: root.pos})
	return c.errs.sorted()
}

// firstLine is r without the lines after its first.
func firstLine(r Range) Range {
	if r.EndLine > r.StartLine {
		r.EndLine, r.EndColumn = r.StartLine, r.StartColumn+1
	}
	return r
}
