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
	case a.kind == unknownNode:
	case b.kind == unknownNode:
		a.kind = unknownNode
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

// conflict reports that a and b state different values for path. The value is then unknown.
func (u *unifier) conflict(a, b *node, path []string) {
	u.errs = append(u.errs, conflictError(pathText(path), a.String(), a.pos, b.String(), b.pos))
	*a = node{kind: unknownNode, pos: a.pos}
}

// conflictError tells that path is stated with two values.
func conflictError(path, first string, firstPos Range, second string, secondPos Range) Error {
	if secondPos.IsKnown() && firstPos.IsKnown() && secondPos.File == firstPos.File && secondPos.Compare(firstPos) < 0 {
		first, second, firstPos, secondPos = second, first, secondPos, firstPos
	}
	e := Error{Pos: secondPos, Message: fmt.Sprintf("%s is stated twice with different values: %s here, %s before", path, second, first)}
	if firstPos.IsKnown() {
		e.Related = []Related{{Message: first + " is stated here", Pos: firstPos}}
	}
	e.Hint = "keep one of the two"
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
		if len(n.items) == 1 {
			return "a list of 1 element"
		}
		return fmt.Sprintf("a list of %d elements", len(n.items))
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
func indexText(i int) string { return "\x00[" + strconv.Itoa(i) + "]" }

// pathText joins the labels and indices of a path as a user would write them.
func pathText(path []string) string {
	var b strings.Builder
	for _, p := range path {
		switch {
		case strings.HasPrefix(p, "\x00"):
			b.WriteString(p[1:])
			continue
		case b.Len() > 0:
			b.WriteByte('.')
		}
		if plainLabel(p) {
			b.WriteString(p)
		} else {
			b.WriteString(strconv.Quote(p))
		}
	}
	if b.Len() == 0 {
		return "the design"
	}
	return b.String()
}

// plainLabel reports whether a label is clear without quotes in a message.
func plainLabel(s string) bool {
	if s == "" {
		return false
	}
	for _, r := range s {
		if r <= ' ' || strings.ContainsRune(`."[]{}:,`, r) || r == 0x7f {
			return false
		}
	}
	return true
}
