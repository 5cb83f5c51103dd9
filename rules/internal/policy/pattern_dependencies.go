package policy

import (
	"slices"
	"sync"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"lintel/analyzer"
)

// dependenciesPattern is what is asked of the dependencies of a module, "dependsOn: [string]: timeout: string", taken
// apart so that each dependency is judged on its own.
type dependenciesPattern struct {
	each  *pattern // of those without a pattern of their own; nil asks for nothing
	named []namedPattern
}

type namedPattern struct {
	name     string
	optional bool
	*pattern // holds what each asks for, too
}

// dependencyFieldsShape is a dependency as a module's field dependsOn shows it.
var dependencyFieldsShape = sync.OnceValue(func() *shape {
	to := field{name: "to", typ: textType, doc: "The module that is needed; absent where there are alternatives.", get: func(s *subject) any {
		if d := s.d(); len(d.AnyOf) == 0 {
			return d.To.Name
		}
		return nil
	}}
	return &shape{noun: "dependency", fields: append([]field{to}, statedDependencyShape().fields...)}
})

// ownDependency gives the k-th dependency of a module.
func (s *subject) ownDependency(k int) *subject {
	first := s.facts.firstDependency(s.module)
	return &subject{facts: s.facts, module: s.module, edge: edge{dependency: first + int32(k), from: s.module, to: -1}}
}

// dependencies takes apart what is asked of dependsOn, nil where that can't be done.
func (c *compiler) dependencies(v cue.Value, path string) *dependenciesPattern {
	if op, _ := v.Expr(); op == cue.AndOp || op == cue.OrOp {
		return nil
	}
	v = dereferenced(v)
	lit, ok := expressionOf(v).(*ast.StructLit)
	if !ok || v.Err() != nil || v.IncompleteKind() != cue.StructKind || !isPlainBut(lit, isAnyString) || !v.Allows(cue.AnyString) {
		return nil
	}
	p := &dependenciesPattern{}
	compile := func(w cue.Value, path string) *pattern {
		if w.IncompleteKind() == cue.TopKind {
			return &pattern{shape: dependencyFieldsShape()}
		}
		return c.pattern(w, dependencyFieldsShape(), path)
	}
	if each := v.LookupPath(cue.MakePath(cue.AnyString)); each.Exists() {
		if each.Err() != nil {
			return nil
		}
		p.each = compile(each, path)
	}
	it, err := v.Fields(cue.Optional(true))
	for err == nil && it.Next() {
		w, name := it.Value(), it.Selector().Unquoted()
		if w.Err() != nil || it.Selector().ConstraintType() == cue.RequiredConstraint {
			return nil
		}
		p.named = append(p.named, namedPattern{name, it.Selector().ConstraintType() == cue.OptionalConstraint, compile(w, path+"."+name)})
	}
	if err != nil {
		return nil
	}
	return p
}

// isAnyString tells whether a label is "[string]".
func isAnyString(l ast.Label) bool {
	list, ok := l.(*ast.ListLit)
	if !ok || len(list.Elts) != 1 {
		return false
	}
	id, ok := list.Elts[0].(*ast.Ident)
	return ok && id.Name == "string" && id.Node == nil
}

// of gives what is asked of a dependency; nil is nothing.
func (p *dependenciesPattern) of(name string) *pattern {
	for i := range p.named {
		if p.named[i].name == name {
			return p.named[i].pattern
		}
	}
	return p.each
}

func (p *dependenciesPattern) matches(s *subject) bool {
	own := s.analysis().DependenciesOf(s.module)
	for i := range p.named {
		if !p.named[i].optional && !has(own, p.named[i].name) {
			return false
		}
	}
	for k := range own {
		if q := p.of(own[k].Key); q != nil && !q.matches(s.ownDependency(k)) {
			return false
		}
	}
	return true
}

// missed tells which dependencies are not as asked, and in what.
func (p *dependenciesPattern) missed(s *subject, path string) []miss {
	var out []miss
	own := s.analysis().DependenciesOf(s.module)
	for i := range p.named {
		if n := &p.named[i]; !n.optional && !has(own, n.name) {
			out = append(out, miss{path: path + "." + n.name})
		}
	}
	for k := range own {
		if q, d := p.of(own[k].Key), s.ownDependency(k); q != nil && !q.matches(d) {
			out = append(out, q.missed(d, path+"."+own[k].Key+".")...)
		}
	}
	return out
}

func has(own []analyzer.Dependency, name string) bool {
	return slices.ContainsFunc(own, func(d analyzer.Dependency) bool { return d.Key == name })
}
