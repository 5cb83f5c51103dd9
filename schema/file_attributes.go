package schema

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// excluded reports whether a CUE file's attributes take it out of its package: @ignore(), or @if()
// with a condition that does not hold when no tag is set.
func excluded(f *source) bool {
	if f.head == nil {
		return false
	}
	for _, d := range f.head.Decls {
		switch d := d.(type) {
		case *ast.Attribute:
			switch key, body := d.Split(); key {
			case "ignore":
				return true
			case "if":
				if x, err := parser.ParseExpr("", body); err == nil && !holdsWithoutTags(x) {
					return true
				}
			}
		case *ast.CommentGroup:
		default:
			return false
		}
	}
	return false
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
