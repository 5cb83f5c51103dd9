package schema

import (
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/token"
)

// policies makes the policies of a struct of them that has been checked.
func (b builder) policies(n *node) []*Policy {
	if len(n.fields) == 0 {
		return nil
	}
	set := b.doc.policyValues(n)
	lock := &PolicyLock{}
	out := make([]*Policy, len(n.fields))
	for i := range n.fields {
		f := &n.fields[i]
		v := set.LookupPath(cue.MakePath(cue.Str(f.name)))
		p := &Policy{Name: f.name, Value: v, Lock: lock, Pos: f.labelPos(), Places: deepPlaces(nil, "", f.value)}
		for k := range f.value.fields {
			switch x := &f.value.fields[k]; x.name {
			case "message":
				p.Message = x.value.text
			case "severity":
				p.Severity = x.value.text
			case "description":
				p.Description = x.value.text
			case "link":
				p.Link = x.value.text
			case "ok":
				p.OK = b.examples(x, v)
			case "bad":
				p.Bad = b.examples(x, v)
			}
		}
		out[i] = p
	}
	slices.SortFunc(out, func(a, b *Policy) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// examples makes the designs that stand beside a policy.
func (b builder) examples(f *field, policy cue.Value) []PolicyExample {
	var out []PolicyExample
	add := func(name string, sel cue.Selector, n *node, pos Range) {
		d := &Design{System: "example", Path: pos.File, Files: []string{pos.File}, Sources: b.doc.sources}
		b.design(n, d)
		if n.field("system") == nil {
			d.Pos = firstLine(pos)
		}
		d.Normalize()
		out = append(out, PolicyExample{Name: name, Value: policy.LookupPath(cue.MakePath(cue.Str(f.name), sel)), Design: d, Pos: pos})
	}
	for i, item := range f.value.items {
		add("", cue.Index(i), item, item.pos)
	}
	for i := range f.value.fields {
		x := &f.value.fields[i]
		add(x.name, cue.Str(x.name), x.value, x.labelPos())
	}
	slices.SortStableFunc(out, func(a, b PolicyExample) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// deepPlaces gives where the fields of n and all below them are stated: "modules.facts.fanIn", "mayUse.0.kind". The
// fields of examples are left out: they are designs, with places of their own.
func deepPlaces(out Places, prefix string, n *node) Places {
	for i := range n.fields {
		f := &n.fields[i]
		out = append(out, FieldPlace{prefix + f.name, f.span()})
		if prefix == "" && (f.name == "ok" || f.name == "bad") {
			continue
		}
		out = deepPlaces(out, prefix+f.name+".", f.value)
	}
	for i, item := range n.items {
		at := prefix + strconv.Itoa(i)
		out = append(out, FieldPlace{at, firstLine(item.pos)})
		out = deepPlaces(out, at+".", item)
	}
	return out
}

// policyValues gives a struct of policies as a CUE value: that of the evaluator, or, where the document was read
// without it, one that is made of the tree. Examples are left out of the latter.
func (doc *document) policyValues(n *node) cue.Value {
	if doc.policies.Exists() {
		return doc.policies
	}
	list := make([]any, 0, len(n.fields))
	for i := range n.fields {
		policy := node{kind: structNode}
		for _, f := range n.fields[i].value.fields {
			if f.name != "ok" && f.name != "bad" {
				policy.fields = append(policy.fields, f)
			}
		}
		list = append(list, &ast.Field{Label: ast.NewString(n.fields[i].name), Value: expression(&policy)})
	}
	return cuecontext.New().BuildExpr(ast.NewStruct(list...))
}

// expression writes a tree as CUE syntax.
func expression(n *node) ast.Expr {
	switch n.kind {
	case boolNode:
		return ast.NewBool(n.text == "true")
	case numberNode:
		text, negative := strings.CutPrefix(n.text, "-")
		kind := token.INT
		if strings.ContainsAny(text, ".eE") && !strings.HasPrefix(text, "0x") {
			kind = token.FLOAT
		}
		lit := ast.NewLit(kind, text)
		if negative {
			return &ast.UnaryExpr{Op: token.SUB, X: lit}
		}
		return lit
	case stringNode:
		return ast.NewString(n.text)
	case listNode:
		out := &ast.ListLit{}
		for _, item := range n.items {
			out.Elts = append(out.Elts, expression(item))
		}
		return out
	case structNode:
		fields := make([]any, len(n.fields))
		for i := range n.fields {
			fields[i] = &ast.Field{Label: ast.NewString(n.fields[i].name), Value: expression(n.fields[i].value)}
		}
		return ast.NewStruct(fields...)
	}
	return ast.NewNull()
}
