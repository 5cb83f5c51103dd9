// Package policy judges the policies that teams write in CUE: it holds what a selector sees of a design, decides
// whether a thing of the design unifies with a selector or a requirement, and finds the things at fault. It knows
// no findings; the package rules makes them.
package policy

import (
	"slices"
	"strings"
)

// shape is what a selector sees of one kind of thing: its fields, in the order in which they are documented.
type shape struct {
	noun   string // "module"
	fields []field
}

// field is one field of a shape. Its value is what get gives, or a struct of its own of the shape sub.
type field struct {
	name string
	typ  string // the CUE type of the value
	doc  string // one sentence
	// seconds names the fact that holds a duration as a number.
	seconds string

	// get gives the value: a string, bool, int, float64, []string, []any or map[string]any; nil is absent.
	get func(s *subject) any

	// some gives of the structs in a value only the fields of the given names; nil where get gives none.
	some func(s *subject, only []string) any

	sub *shape
	// turn gives the thing that sub describes, where it is another one; nil for the thing itself.
	turn func(s *subject) *subject
	// has tells whether the struct is there; nil for always.
	has func(s *subject) bool
}

func (s *shape) field(name string) *field {
	for i := range s.fields {
		if s.fields[i].name == name {
			return &s.fields[i]
		}
	}
	return nil
}

func (s *shape) names() []string {
	out := make([]string, len(s.fields))
	for i := range s.fields {
		out[i] = s.fields[i].name
	}
	return out
}

// find returns the field that a path leads to, "redundancy.mode", or the first step that leads nowhere and the shape
// that lacks it.
func (s *shape) find(path string) (f *field, wrong string, in *shape) {
	for step := range strings.SplitSeq(path, ".") {
		if s == nil {
			return nil, step, nil
		}
		if f = s.field(step); f == nil {
			return nil, step, s
		}
		in, s = s, f.sub
	}
	return f, "", in
}

// value gives the value of a field of s, which may be a struct of its own; nil is absent.
func (f *field) value(s *subject) any {
	if f.sub == nil {
		return f.get(s)
	}
	if s = f.of(s); s == nil {
		return nil
	}
	return f.sub.all(s, nil)
}

// of gives the thing that the struct of f describes, nil where it is absent.
func (f *field) of(s *subject) *subject {
	if f.has != nil && !f.has(s) {
		return nil
	}
	if f.turn != nil {
		return f.turn(s)
	}
	return s
}

// all gives the fields of a thing that are there, all of them or, at any depth, only those of the given names.
func (sh *shape) all(s *subject, only []string) map[string]any {
	out := map[string]any{}
	for i := range sh.fields {
		f := &sh.fields[i]
		if only != nil && !slices.Contains(only, f.name) {
			continue
		}
		v := any(nil)
		if f.some != nil && only != nil {
			v = f.some(s, only)
		} else if f.sub == nil {
			v = f.get(s)
		} else if of := f.of(s); of != nil {
			v = f.sub.all(of, only)
		}
		if v != nil {
			out[f.name] = v
		}
	}
	return out
}

// at gives the value that a path of fields leads to; nil where something on it is absent.
func (sh *shape) at(s *subject, path string) any {
	for {
		step, rest, more := strings.Cut(path, ".")
		f := sh.field(step)
		if f == nil {
			return nil
		}
		if !more {
			return f.value(s)
		}
		if f.sub == nil {
			return nil
		}
		if s = f.of(s); s == nil {
			return nil
		}
		sh, path = f.sub, rest
	}
}

// Field is a field that a selector sees, for documents.
type Field struct {
	Path string // "facts.fanIn"
	Type string // in CUE
	Doc  string
}

// Fields lists what a selector of the given name (modules, dependencies, groups, journeys, design) sees. The modules
// that a dependency is from and to are as modules are, and not repeated.
func Fields(selector string) []Field {
	var out []Field
	var walk func(sh *shape, prefix string)
	walk = func(sh *shape, prefix string) {
		for i := range sh.fields {
			f := &sh.fields[i]
			switch {
			case f.sub == nil || f.turn != nil:
				out = append(out, Field{prefix + f.name, f.typ, f.doc})
			default:
				walk(f.sub, prefix+f.name+".")
			}
		}
	}
	if sh := shapeOf(selector); sh != nil {
		walk(sh, "")
	}
	return out
}

// The selectors.
const (
	modulesSelector      = "modules"
	dependenciesSelector = "dependencies"
	groupsSelector       = "groups"
	journeysSelector     = "journeys"
	designSelector       = "design"
)

var selectors = []string{modulesSelector, dependenciesSelector, groupsSelector, journeysSelector, designSelector}

func shapeOf(selector string) *shape {
	switch selector {
	case modulesSelector:
		return moduleShape()
	case dependenciesSelector:
		return dependencyShape()
	case groupsSelector:
		return groupShape()
	case journeysSelector:
		return journeyShape()
	case designSelector:
		return designShape()
	}
	return nil
}
