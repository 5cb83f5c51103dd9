package policy

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"lintel/schema"
)

func stated(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

func fraction(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

func truth(b *bool) any {
	if b == nil {
		return nil
	}
	return *b
}

func list(names []string) any {
	if names == nil {
		return []string{}
	}
	return names
}

func anys(numbers []int) any {
	out := make([]any, len(numbers))
	for i, n := range numbers {
		out[i] = n
	}
	return out
}

func refs(list []schema.Ref) any {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = r.Name
	}
	return out
}

// composite is the key of a list or a struct.
type composite string

// keyOf gives a value that stands for v in a map: equal for equal values only.
func keyOf(v any) any {
	switch v := v.(type) {
	case []string, []any, map[string]any:
		return composite(literal(v))
	default:
		return v
	}
}

// literal writes a value in CUE, on one line; the fields of structs are sorted.
func literal(v any) string {
	switch v := v.(type) {
	case string:
		return quote(v)
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return floatLiteral(v)
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = quote(s)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = literal(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, quote(k)+": "+literal(v[k]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// quote writes text as CUE does, whose escapes are not all of those that Go has.
func quote(s string) string { return ast.NewString(s).Value }

// Label writes the name of a field as CUE does: in quotes where it needs them.
func Label(name string) string {
	if ast.IsValidIdent(name) && !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, "#") {
		return name
	}
	return quote(name)
}

// floatLiteral writes a number without a fraction as an integer, so that it unifies with what users write.
func floatLiteral(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// expression gives a value as CUE's syntax.
func expression(v any) ast.Expr {
	switch v := v.(type) {
	case string:
		return ast.NewString(v)
	case bool:
		return ast.NewBool(v)
	case []string:
		out := &ast.ListLit{}
		for _, s := range v {
			out.Elts = append(out.Elts, ast.NewString(s))
		}
		return out
	case []any:
		out := &ast.ListLit{}
		for _, e := range v {
			out.Elts = append(out.Elts, expression(e))
		}
		return out
	case map[string]any:
		out := &ast.StructLit{}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out.Elts = append(out.Elts, &ast.Field{Label: ast.NewString(k), Value: expression(v[k])})
		}
		return out
	}
	text := literal(v)
	if negative, ok := strings.CutPrefix(text, "-"); ok {
		return &ast.UnaryExpr{Op: token.SUB, X: numberLit(negative)}
	}
	return numberLit(text)
}

func numberLit(text string) *ast.BasicLit {
	kind := token.INT
	if strings.Contains(text, ".") {
		kind = token.FLOAT
	}
	return ast.NewLit(kind, text)
}

// toCUE gives a value in the context of a policy. Structs are closed all the way down, so that a selector that asks for a
// field which is not there does not unify.
func toCUE(ctx *cue.Context, v any) cue.Value {
	switch v := v.(type) {
	case string, bool, int:
		return ctx.Encode(v)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return ctx.Encode(int64(v))
		}
		return ctx.BuildExpr(expression(v))
	case []string, []any:
		return ctx.BuildExpr(expression(v))
	}
	definition := &ast.StructLit{Elts: []ast.Decl{&ast.Field{Label: ast.NewIdent("#Value"), Value: expression(v)}}}
	return ctx.BuildExpr(definition).LookupPath(cue.MakePath(cue.Def("#Value")))
}
