package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// unifier adds what several declarations state about the same thing into one tree, as CUE's
// unification does for concrete values.
type unifier struct {
	errs  Errors
	wrong []*node                  // stated with different values
	index map[*node]map[string]int // of structs with many fields: label to field
}

func newUnifier() *unifier { return &unifier{index: map[*node]map[string]int{}} }

// indexFrom is the number of fields from which a struct is searched by an index.
const indexFrom = 12

func (u *unifier) find(n *node, name string) int {
	if len(n.fields) < indexFrom {
		for i := range n.fields {
			if n.fields[i].name == name {
				return i
			}
		}
		return -1
	}
	idx := u.index[n]
	if idx == nil {
		idx = make(map[string]int, 2*len(n.fields))
		for i := range n.fields {
			idx[n.fields[i].name] = i
		}
		u.index[n] = idx
	}
	if i, ok := idx[name]; ok {
		return i
	}
	return -1
}

// add states f in n, which path leads to.
func (u *unifier) add(n *node, f field, path []string) {
	i := u.find(n, f.name)
	if i < 0 {
		n.fields = append(n.fields, f)
		if idx := u.index[n]; idx != nil {
			idx[f.name] = len(n.fields) - 1
		}
		return
	}
	u.unify(n.fields[i].value, f.value, append(path, f.name))
}

// unify states b about a, in place; the first place is kept.
func (u *unifier) unify(a, b *node, path []string) {
	switch {
	case a.kind != b.kind:
		u.conflict(a, b, path)
	case a.kind == structNode:
		for _, f := range b.fields {
			u.add(a, f, path)
		}
	case a.kind == listNode:
		if len(a.items) != len(b.items) {
			u.conflict(a, b, path)
			return
		}
		for i := range a.items {
			u.unify(a.items[i], b.items[i], append(path, indexText(i)))
		}
	case a.text != b.text:
		u.conflict(a, b, path)
	}
}

// conflict reports that a and b state different values for path. The value is then unknown, from
// the end of the reading on: a third statement is compared with the first.
func (u *unifier) conflict(a, b *node, path []string) {
	first, second := a.String(), b.String()
	if a.kind != b.kind && a.kind == listNode {
		first = "a list"
	} else if a.kind != b.kind && b.kind == listNode {
		second = "a list"
	}
	u.errs = append(u.errs, conflictError(spotOf(path).subject(), first, a.pos, second, b.pos))
	u.wrong = append(u.wrong, a)
}

// finish marks what is stated with different values as unknown, and gives the errors.
func (u *unifier) finish() Errors {
	for _, n := range u.wrong {
		*n = node{kind: unknownNode, pos: n.pos}
	}
	return u.errs
}

// conflictError tells that subject is stated with two values.
func conflictError(subject, first string, firstPos Range, second string, secondPos Range) Error {
	e := Error{Pos: secondPos, Message: fmt.Sprintf("%s is stated twice with different values: %s here, %s before", subject, second, first)}
	if firstPos.IsKnown() {
		e.Related = []Related{{Message: first + " is stated here", Pos: firstPos}}
	}
	e.Hint = "keep one of the two"
	if strings.HasPrefix(first, "a ") && strings.HasPrefix(second, "a ") && strings.HasPrefix(first, "a list") != strings.HasPrefix(second, "a list") {
		e.Hint = "state it in the same form in both places"
	}
	return e
}

// String describes n for a message: the literal of a scalar, the kind of anything else.
func (n *node) String() string {
	switch n.kind {
	case nullNode:
		return "null"
	case boolNode, numberNode:
		return n.text
	case stringNode:
		return shortQuote(n.text)
	case listNode:
		return "a list of " + count(strconv.Itoa(len(n.items)), "element")
	case structNode:
		return "a struct"
	}
	return "an unknown value"
}

// shortQuote quotes s, cut to a length that fits into a message.
func shortQuote(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return strconv.Quote(s)
}

// indexText is the step of a path into a list. The leading NUL tells it from a label.
func indexText(i int) string { return "\x00" + strconv.Itoa(i) }

// isSelector reports whether the spot is a field of a policy that selects, or what lies in one: "modules" holds no
// modules by name there.
func (s *spot) isSelector() bool {
	for ; s != nil && s.in != nil; s = s.in {
		if s.in.keyed && s.in.in != nil && s.in.in.field == "policies" {
			return holdsConstraints(s.field)
		}
	}
	return false
}

// spotOf is the place in the document that a path of labels and indices leads to.
func spotOf(path []string) *spot {
	s := &spot{}
	for _, step := range path {
		if index, ok := strings.CutPrefix(step, "\x00"); ok {
			i, _ := strconv.Atoi(index)
			s = &spot{in: s, index: i}
			continue
		}
		s = &spot{in: s, field: step, keyed: s.field != "" && !s.keyed && noun(s.field) != "" && !s.isSelector()}
	}
	return s
}
