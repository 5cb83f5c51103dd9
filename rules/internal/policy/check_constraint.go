package policy

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// checkConstraint tells of each part of a constraint that no value of a type can meet, or that CUE itself finds fault with
// only when there is a value to compare it with: patterns that are no regular expressions, calls with wrong arguments.
func (c *compiler) checkConstraint(v cue.Value, typ, name, path string) {
	refuse := func(hint string) {
		c.fault(v, path, fmt.Sprintf("%s: no %s is ever %s", path, name, textOf(v)), hint)
	}
	op, args := v.Expr()
	switch op {
	case cue.AndOp, cue.OrOp:
		for _, a := range args {
			c.checkConstraint(a, typ, name, path)
		}
		return
	case cue.RegexMatchOp, cue.NotRegexMatchOp:
		if s, err := args[0].String(); err == nil {
			c.checkRegexp(v, s, path)
		}
		return
	case cue.NotEqualOp:
		if s, err := args[0].String(); err == nil && strings.HasPrefix(typ, `"`) && c.isNever(args[0], typ) {
			c.fault(v, path, fmt.Sprintf("%s: every %s is %s", path, name, textOf(v)), didYouMean(s, valuesOf(typ), "use one of "+strings.Join(valuesOf(typ), ", ")))
		}
		return
	case cue.CallOp:
		if !c.checkCall(v, typ, path) {
			return
		}
		for _, a := range args[1:] {
			c.checkConstraint(a, "_", name, path)
		}
		element, isList := elementOf(typ)
		if isList && len(args) == 2 && textOf(args[0]) == "list.Contains" && c.isNever(args[1], element) {
			refuse("its elements are " + typeInWords(element))
		}
		return
	}
	if element, isList := elementOf(typ); isList && v.IncompleteKind() == cue.ListKind {
		if it, err := v.List(); err == nil {
			for it.Next() {
				c.checkConstraint(it.Value(), element, "element of "+name, path)
			}
		}
		if rest := v.LookupPath(cue.MakePath(cue.AnyIndex)); rest.Exists() {
			c.checkConstraint(rest, element, "element of "+name, path)
		}
		return
	}
	if c.isNever(v, typ) {
		hint := "it is " + typeInWords(typ)
		if s, err := v.String(); err == nil && strings.HasPrefix(typ, `"`) {
			hint = didYouMean(s, valuesOf(typ), "use one of "+strings.Join(valuesOf(typ), ", "))
		}
		refuse(hint)
	}
}

// isNever tells whether no value of a type meets a constraint.
func (c *compiler) isNever(v cue.Value, typ string) bool {
	if v.Err() != nil || typ == "_" {
		return false
	}
	u := v.Unify(c.typeOf(typ))
	return u.Err() != nil && !isIncomplete(u)
}

func elementOf(typ string) (string, bool) {
	element, ok := strings.CutPrefix(typ, "[...")
	return strings.TrimSuffix(element, "]"), ok
}

func (c *compiler) checkRegexp(v cue.Value, text, path string) bool {
	_, err := regexp.Compile(text)
	if err != nil {
		what, _ := strings.CutPrefix(err.Error(), "error parsing regexp: ")
		c.fault(v, path, fmt.Sprintf("%s: %s is no regular expression: %s", path, quote(text), what), `text is matched by regular expressions, such as =~"^pay-"; \\ stands before what means itself`)
	}
	return err == nil
}

// checkCall tries a call on a value of the type: CUE looks at its arguments only then.
func (c *compiler) checkCall(v cue.Value, typ, path string) bool {
	var sample string
	switch element, isList := elementOf(typ); {
	case isList && element == textType:
		sample = `["x"]`
	case isList:
		sample = "[1]"
	case typ == boolType:
		sample = "true"
	case typ == textType:
		sample = `"x"`
	case strings.HasPrefix(typ, `"`):
		sample = strconv.Quote(valuesOf(typ)[0])
	case typ == "_" || strings.HasPrefix(typ, "{"):
		return true
	default:
		sample = "1"
	}
	err := v.Unify(c.typeOf(sample)).Validate(cue.Concrete(true))
	if err == nil {
		return true
	}
	text := firstLine(err)
	if i := strings.Index(text, "cannot use "); i >= 0 && strings.Contains(text, " in argument ") {
		c.fault(v, path, fmt.Sprintf("%s: %s: %s", path, textOf(v), text[i:]), "")
		return false
	}
	return true
}

// checkSyntax tells of what is wrong in the text of a constraint that is not taken apart: patterns that are no regular
// expressions, and comparisons of fields with words that they never are.
func (c *compiler) checkSyntax(v cue.Value, sh *shape, path string) {
	x := expressionOf(v)
	if x == nil {
		return
	}
	regexpOf := func(op token.Token, x ast.Expr) {
		if op != token.MAT && op != token.NMAT {
			return
		}
		if text, ok := textLiteral(x); ok {
			c.checkRegexp(v, text, path)
		}
	}
	ast.Walk(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			regexpOf(n.Op, n.X)
		case *ast.BinaryExpr:
			regexpOf(n.Op, n.Y)
			if n.Op == token.EQL || n.Op == token.NEQ {
				c.checkWord(v, sh, path, n.X, n.Y)
				c.checkWord(v, sh, path, n.Y, n.X)
			}
		}
		return true
	}, nil)
}

// checkWord tells of a field that is compared with a word that it never is.
func (c *compiler) checkWord(v cue.Value, sh *shape, path string, field, word ast.Expr) {
	text, ok := textLiteral(word)
	if !ok || sh == nil {
		return
	}
	name, ok := pathOf(field)
	if !ok {
		return
	}
	if f, _, _ := sh.find(name); f != nil && strings.HasPrefix(f.typ, `"`) {
		for _, known := range valuesOf(f.typ) {
			if known == text {
				return
			}
		}
		c.fault(v, path, fmt.Sprintf("%s: no %s is ever %s", path, name, quote(text)), didYouMean(text, valuesOf(f.typ), "use one of "+strings.Join(valuesOf(f.typ), ", ")))
	}
}

// pathOf gives the path that a reference follows, "redundancy.mode".
func pathOf(x ast.Expr) (string, bool) {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name, true
	case *ast.SelectorExpr:
		first, ok := pathOf(x.X)
		name, _, err := ast.LabelName(x.Sel)
		return first + "." + name, ok && err == nil
	case *ast.ParenExpr:
		return pathOf(x.X)
	}
	return "", false
}

func textLiteral(x ast.Expr) (string, bool) {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, _, err := ast.LabelName(lit)
	return text, err == nil
}
