package policy

import (
	"fmt"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
)

// miss is one field that does not meet a requirement.
type miss struct {
	path string
	has  any
	leaf *leaf // nil where a struct is absent
	// either tells that the requirement has alternatives, of which none is met.
	either string
	opts   bool // the requirement is for what is there
}

// missed tells which fields of a thing do not unify with p.
func (p *pattern) missed(s *subject, prefix string) []miss {
	var out []miss
	for _, q := range p.all {
		out = append(out, q.missed(s, prefix)...)
	}
	if len(p.any) > 0 {
		met := false
		var texts []string
		for _, q := range p.any {
			met = met || q.matches(s)
			texts = append(texts, q.text())
		}
		if !met {
			out = append(out, miss{path: strings.TrimSuffix(prefix, "."), either: strings.Join(texts, " or ")})
		}
	}
	for i := range p.fields {
		f := &p.fields[i]
		if f.matches(s) {
			continue
		}
		path := prefix + f.field.name
		if f.sub != nil {
			if of := f.field.of(s); of != nil {
				out = append(out, f.sub.missed(of, path+".")...)
			} else {
				out = append(out, f.sub.absent(path)...)
			}
			continue
		}
		if f.dependencies != nil {
			out = append(out, f.dependencies.missed(s, path)...)
			continue
		}
		out = append(out, miss{path: path, has: f.field.value(s), leaf: f.leaf, opts: f.optional})
	}
	if p.whole != nil && !p.matches(s) && len(out) == 0 {
		out = append(out, miss{path: strings.TrimSuffix(prefix, "."), either: p.whole.text})
	}
	return out
}

// absent lists what p asks for in a struct that is not there.
func (p *pattern) absent(path string) []miss {
	var out []miss
	for _, q := range p.all {
		out = append(out, q.absent(path)...)
	}
	for i := range p.fields {
		f := &p.fields[i]
		switch at := path + "." + f.field.name; {
		case f.optional:
		case f.sub != nil:
			out = append(out, f.sub.absent(at)...)
		default:
			out = append(out, miss{path: at, leaf: f.leaf})
		}
	}
	if len(out) == 0 {
		out = append(out, miss{path: path})
	}
	return out
}

// String says what is wrong: "replicas is 1, not >=3".
func (m miss) String() string {
	switch {
	case m.either != "" && m.path == "":
		return "it is not " + m.either
	case m.either != "":
		return m.path + " is not " + m.either
	case m.leaf == nil:
		return "there is no " + m.path
	case m.has == nil && (m.leaf.text == "string" || m.leaf.text == "_" || m.leaf.text == "number" || m.leaf.text == "bool"):
		return "there is no " + m.path
	case m.has == nil:
		return fmt.Sprintf("there is no %s, which must be %s", m.path, m.leaf.text)
	case m.leaf.text == "_|_":
		return fmt.Sprintf("%s is stated: %s", m.path, shown(m.has))
	}
	return fmt.Sprintf("%s is %s, not %s", m.path, shown(m.has), m.leaf.text)
}

// shown writes a value, cut to a length that fits into a message.
func shown(v any) string {
	if f, ok := v.(float64); ok {
		return roundedLiteral(f)
	}
	text := literal(v)
	const most = 60
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// suggestion gives what to write so that the requirement is met, where that can be told: "replicas: 3".
func (m miss) suggestion() string {
	if m.leaf == nil || m.path == "facts" || strings.Contains("."+m.path, ".facts.") || strings.HasPrefix(m.path, "from.") || strings.HasPrefix(m.path, "to.") || m.path == "name" {
		return ""
	}
	if m.leaf.text == "_|_" {
		return "leave out " + m.path
	}
	if v, ok := least(m.leaf.value); ok {
		return asStruct(m.path) + ": " + v
	}
	if m.has == nil {
		return "state " + m.path
	}
	return ""
}

// least gives the plainest value that meets a constraint: the value itself, its default, its bound, or its first
// alternative of two.
func least(v cue.Value) (string, bool) {
	if d, ok := v.Default(); ok && d.IsConcrete() {
		v = d
	}
	if v.IsConcrete() {
		switch v.Kind() {
		case cue.StringKind, cue.IntKind, cue.FloatKind, cue.NumberKind, cue.BoolKind:
			return textOf(evaluated(v)), true
		}
		return "", false
	}
	switch op, args := v.Expr(); op {
	case cue.AndOp:
		for _, a := range args {
			if text, ok := least(a); ok && fits(v, text) {
				return text, true
			}
		}
	case cue.OrOp:
		for _, a := range args {
			if text, ok := least(a); ok {
				return text, true
			}
		}
	case cue.GreaterThanEqualOp, cue.LessThanEqualOp:
		if k := args[0].Kind(); args[0].IsConcrete() && (k == cue.IntKind || k == cue.FloatKind) {
			return textOf(args[0]), true
		}
	case cue.GreaterThanOp, cue.LessThanOp:
		if n, err := args[0].Int64(); err == nil && args[0].Kind() == cue.IntKind {
			if op == cue.LessThanOp {
				return fmt.Sprint(n - 1), true
			}
			return fmt.Sprint(n + 1), true
		}
	}
	return "", false
}

// fits tells whether a literal meets a constraint.
func fits(v cue.Value, text string) bool {
	return v.Unify(cuecontext.New().CompileString(text)).Validate(cue.Concrete(true)) == nil
}

// evaluated gives a concrete scalar without the way by which it came about.
func evaluated(v cue.Value) cue.Value {
	var x any
	if v.Decode(&x) == nil && v.Kind() != cue.FloatKind {
		return cuecontext.New().Encode(x)
	}
	return v
}

// text writes p as CUE, on one line.
func (p *pattern) text() string {
	var parts []string
	for _, q := range p.all {
		parts = append(parts, q.text())
	}
	if len(p.any) > 0 {
		var either []string
		for _, q := range p.any {
			either = append(either, q.text())
		}
		parts = append(parts, strings.Join(either, " | "))
	}
	if p.whole != nil {
		parts = append(parts, p.whole.text)
	}
	if len(p.fields) > 0 || len(parts) == 0 {
		var fields []string
		for i := range p.fields {
			f := &p.fields[i]
			label := f.field.name
			if f.optional {
				label += "?"
			}
			switch {
			case f.sub == nil:
				fields = append(fields, label+": "+f.leaf.text)
			case len(f.sub.fields) == 1 && len(f.sub.all)+len(f.sub.any) == 0 && f.sub.whole == nil:
				inner := f.sub.text()
				fields = append(fields, label+": "+inner[1:len(inner)-1])
			default:
				fields = append(fields, label+": "+f.sub.text())
			}
		}
		parts = append(parts, "{"+strings.Join(fields, ", ")+"}")
	}
	return strings.Join(parts, " & ")
}
