package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
)

// plainFields are the fields of a policy that hold plain values.
var plainFields = [...]string{"message", "description", "link", "severity", "forbid", "acyclic", "layers", "strict", "independent", "ok", "bad"}

// holdsConstraints reports whether a field of a policy need not be concrete. One that there is not is most likely a
// misspelt one that need not be.
func holdsConstraints(field string) bool { return !slices.Contains(plainFields[:], field) }

// inConstraint reports whether the evaluation walks what may be a constraint: below lint.policies.NAME.FIELD.
func (ev *evaluation) inConstraint() bool {
	return len(ev.path) > 3 && ev.path[0] == "lint" && ev.path[1] == "policies" && holdsConstraints(ev.path[3])
}

// keepPolicies notes the policies of the design, for those who judge by them.
func (ev *evaluation) keepPolicies() {
	ev.doc.policies, ev.doc.constraints = ev.root.LookupPath(policiesPath()), ev.constraints
}

// constraint turns a value that need not be concrete into a node. What is no plain value is an unknownNode, and noted,
// so that the checker can compare it with the type of its field.
func (ev *evaluation) constraint(v cue.Value, pos Range) *node {
	n := &node{pos: pos}
	unknown := func() *node {
		*n = node{kind: unknownNode, pos: pos}
		if ev.constraints == nil {
			ev.constraints = map[*node]cue.Value{}
		}
		ev.constraints[n] = v
		return n
	}
	if v.Err() != nil && v.IncompleteKind() != cue.StructKind {
		if err := v.Validate(); err != nil {
			ev.explain(err)
		}
		return unknown()
	}
	switch v.IncompleteKind() {
	case cue.StructKind:
		if op, _ := v.Expr(); op == cue.OrOp || op == cue.CallOp {
			return unknown()
		}
		it, err := v.Fields(cue.Optional(true))
		if err != nil {
			return unknown()
		}
		n.kind = structNode
		ev.fields(n, it)
		if len(n.fields) == 0 {
			if err := v.Validate(); err != nil {
				ev.explain(err)
				return unknown()
			}
		}
		return n
	case cue.ListKind:
		it, err := v.List()
		if err != nil || v.Kind() != cue.ListKind {
			return unknown()
		}
		n.kind = listNode
		ev.items(n, it)
		return n
	}
	if !v.IsConcrete() {
		return unknown()
	}
	return ev.plain(n, v)
}

// checkConcrete explains what is wrong with a value that the walk does not meet, as in hidden fields and definitions,
// and what is not concrete. The constraints of policies need not be.
func (ev *evaluation) checkConcrete(v cue.Value) {
	policies := v.LookupPath(policiesPath())
	if !policies.Exists() {
		if err := v.Validate(cue.Concrete(true)); err != nil {
			ev.explain(err)
		}
		return
	}
	if err := v.Validate(); err != nil {
		ev.explain(err)
		return
	}
	ev.eachField(v, func(name string, v cue.Value) {
		if name != "lint" {
			ev.concrete(v)
			return
		}
		ev.eachField(v, func(name string, v cue.Value) {
			if name != "policies" {
				ev.concrete(v)
				return
			}
			ev.concretePolicies(v)
		})
	})
}

// concretePolicies holds the fields of policies that are no constraints to be concrete.
func (ev *evaluation) concretePolicies(set cue.Value) {
	ev.eachField(set, func(_ string, v cue.Value) {
		ev.eachField(v, func(name string, v cue.Value) {
			if !holdsConstraints(name) {
				ev.concrete(v)
			}
		})
	})
}

func (ev *evaluation) concrete(v cue.Value) {
	if err := v.Validate(cue.Concrete(true)); err != nil {
		ev.explain(err)
	}
}

func (ev *evaluation) eachField(v cue.Value, f func(name string, v cue.Value)) {
	it, err := v.Fields()
	if err != nil {
		ev.concrete(v) // no struct
		return
	}
	for it.Next() {
		f(it.Selector().Unquoted(), it.Value())
	}
}

func policiesPath() cue.Path { return cue.MakePath(cue.Str("lint"), cue.Str("policies")) }

// constraint checks a constraint against the type of its field: whether a value of the type can fit it.
func (c *checker) constraint(v cue.Value, n *node, t *valueType, at *spot) {
	kind := v.IncompleteKind()
	if kind == cue.BottomKind || kind&kindsOf(t) != 0 && kind&(cue.ListKind|cue.StructKind)&kindsOf(t) != 0 {
		return // the reader has told, or any list or struct may fit
	}
	if kind&kindsOf(t) == 0 {
		hint := "it is " + want(t) + typeValues(t)
		if t.list != nil && t.list.elem.any && kind == cue.StringKind {
			hint = "to ask for an element: " + at.label() + `: list.Contains("…"), with import "list"`
		}
		c.fault(n.pos, hint, "%s asks for %s, and can only be %s", at.subject(), kindsInWords(kind), want(t))
		return
	}
	if t.name == "Percent" {
		if op, d, ok := shareIn(v); ok {
			c.shareForPercent(n, d, op+d.shift(0), at)
			return
		}
	}
	text := constraintOf(t)
	if text == "" {
		return
	}
	of := cuecontext.New().CompileString(text)
	if of.Err() == nil && v.Unify(of).Validate() != nil {
		c.fault(n.pos, "it is "+want(t)+typeValues(t), "%s is a constraint that nothing fits", at.subject())
	}
}

// isShare reports whether d is above 0 and at most 1: most likely a share, such as 0.999, where a percentage is asked for.
func (d decimal) isShare() bool {
	return !d.neg && d.digits != "" && (d.exp <= 0 || d.exp == 1 && d.digits == "1")
}

// shareIn finds a share among the bounds of a constraint on a percentage, and the operator before it.
func shareIn(v cue.Value) (op string, d decimal, ok bool) {
	o, args := v.Expr()
	switch o {
	case cue.AndOp, cue.OrOp:
		for _, a := range args {
			if op, d, ok = shareIn(a); ok {
				return op, d, true
			}
		}
	case cue.GreaterThanEqualOp, cue.GreaterThanOp, cue.LessThanEqualOp, cue.LessThanOp, cue.NotEqualOp:
		if len(args) == 1 && args[0].Kind()&cue.NumberKind != 0 {
			d, err := parseDecimal(fmt.Sprint(args[0]))
			return o.String(), d, err == nil && d.isShare()
		}
	case cue.NoOp:
		if v.Kind()&cue.NumberKind != 0 {
			d, err := parseDecimal(fmt.Sprint(v))
			return "", d, err == nil && d.isShare()
		}
	}
	return "", decimal{}, false
}

// shareForPercent tells of a share where a percentage is asked for; text is how it is written.
func (c *checker) shareForPercent(n *node, d decimal, text string, at *spot) {
	op := text[:len(text)-len(strings.TrimLeft(text, "<>=!"))]
	c.fault(n.pos, fmt.Sprintf("write %s: %s%s for %s %%", at.label(), op, d.shift(2), d.shift(2)),
		"%s is %s, which would be %s %%", at.subject(), text, d.shift(0))
}

// kindsOf gives the kinds of the values of a type.
func kindsOf(t *valueType) (k cue.Kind) {
	if t.boolean {
		k |= cue.BoolKind
	}
	for i := range t.numbers {
		k |= cue.IntKind
		if !t.numbers[i].integer {
			k |= cue.FloatKind
		}
	}
	if t.text != nil {
		k |= cue.StringKind
	}
	if t.list != nil {
		k |= cue.ListKind
	}
	if t.fields != nil {
		k |= cue.StructKind
	}
	return k
}

func kindsInWords(k cue.Kind) string {
	var parts []string
	for _, x := range []struct {
		kind cue.Kind
		word string
	}{{cue.NullKind, "null"}, {cue.BoolKind, "true or false"}, {cue.NumberKind, "a number"}, {cue.StringKind, "a string"}, {cue.BytesKind, "bytes"}, {cue.ListKind, "a list"}, {cue.StructKind, "a struct"}} {
		if k&x.kind != 0 {
			parts = append(parts, x.word)
		}
	}
	return strings.Join(parts, " or ")
}

// typeValues lists the values of a type of few values, or its bounds.
func typeValues(t *valueType) string {
	switch {
	case t.text != nil && len(t.text.values) > 0:
		return ": " + either(t.text.values)
	case len(t.numbers) == 1 && t.numbers[0].min != "" && t.numbers[0].max != "" && len(t.numbers[0].max) < 7:
		return " from " + t.numbers[0].min + " to " + t.numbers[0].max
	case len(t.numbers) == 1 && t.numbers[0].min != "":
		return ", at least " + t.numbers[0].min
	}
	return ""
}

// constraintOf writes the scalars of a type as CUE, "" for none.
func constraintOf(t *valueType) string {
	var parts []string
	if t.boolean {
		parts = append(parts, "bool")
	}
	for _, n := range t.numbers {
		s := "number"
		if n.integer {
			s = "int"
		}
		if n.min != "" {
			op := " & >="
			if n.above {
				op = " & >"
			}
			s += op + n.min
		}
		if n.max != "" {
			s += " & <=" + n.max
		}
		parts = append(parts, "("+s+")")
	}
	if x := t.text; x != nil {
		if x.any || x.date {
			parts = append(parts, "string")
		}
		for _, s := range x.values {
			parts = append(parts, strconv.Quote(s))
		}
		for _, p := range x.patterns {
			parts = append(parts, fmt.Sprintf("=~%q", p))
		}
	}
	return strings.Join(parts, " | ")
}
