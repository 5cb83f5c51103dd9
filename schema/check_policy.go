package schema

import (
	"slices"
	"strings"
)

// counts checks the rules of a struct about how many of certain fields it states.
func (c *checker) counts(n *node, t *valueType, at *spot) {
	for _, list := range t.fields.mostOne {
		var first *field
		for i := range n.fields {
			f := &n.fields[i]
			if !slices.Contains(list, f.name) {
				continue
			}
			if first == nil {
				first = f
				continue
			}
			c.fault(f.pos, "keep one of them, and write a second policy for the other", "%s%s and %s exclude each other: a policy selects one kind of thing", at.prefix(), first.name, f.name)
			c.errs[len(c.errs)-1].Related = []Related{{Message: first.name + " stands here", Pos: first.pos}}
		}
	}
	for i, list := range t.fields.someOf {
		if len(n.fields) < t.fields.min {
			break // which has been told
		}
		if n.states(list) || c.meansOne(n, list, t, at) {
			continue
		}
		what := "selects nothing"
		if i > 0 {
			what = "demands nothing of what it selects"
		}
		c.fault(at.posOf(n), "add one of "+strings.Join(list, ", "), "%s %s", at.subject(), what)
	}
}

// fits reports whether a value is one of a type.
func (c *checker) fits(n *node, t *valueType) bool {
	before := len(c.errs)
	c.value(n, t, &spot{})
	ok := len(c.errs) == before
	c.errs = c.errs[:before]
	return ok
}

// meansOne reports whether an unknown field of n, of which the user is told, is most likely one of a list.
func (c *checker) meansOne(n *node, list []string, t *valueType, at *spot) bool {
	for _, name := range list {
		if c.misspelt(n, name, t, at) {
			return true
		}
	}
	return false
}
