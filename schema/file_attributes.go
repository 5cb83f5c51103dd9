package schema

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// excluded reports whether a CUE file's attributes take it out of its package: @ignore(), or @if()
// with a condition that does not hold when no tag is set.
func excluded(f *source) bool { return exclusion(f) != "" }

// leftOut tells of a file that the user names and CUE takes no notice of.
func leftOut(f *source) Error {
	return Error{Pos: Range{File: f.name}, Message: exclusion(f) + " leaves this file out",
		Hint: "lintel sets no tags; remove the attribute, or name another file"}
}

// exclusion is the attribute that takes a CUE file out of its package, or "".
func exclusion(f *source) string {
	if f.head == nil {
		return ""
	}
	for _, d := range f.head.Decls {
		switch d := d.(type) {
		case *ast.Attribute:
			switch key, body := d.Split(); key {
			case "ignore":
				return d.Text
			case "if":
				if x, err := parser.ParseExpr("", body); err == nil && !holdsWithoutTags(x) {
					return d.Text
				}
			}
		case *ast.CommentGroup:
		default:
			return ""
		}
	}
	return ""
}

// holdsWithoutTags computes a condition of @if() in which no tag is set.
func holdsWithoutTags(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return holdsWithoutTags(x.X)
	case *ast.UnaryExpr:
		return x.Op == token.NOT && !holdsWithoutTags(x.X)
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND:
			return holdsWithoutTags(x.X) && holdsWithoutTags(x.Y)
		case token.LOR:
			return holdsWithoutTags(x.X) || holdsWithoutTags(x.Y)
		}
	}
	return false
}
