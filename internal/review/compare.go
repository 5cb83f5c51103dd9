package review

import "lintel/rules"

// Compare compares two states of one design; one of them may be nil, for a design that came or went.
func Compare(old, new *rules.Result) *Comparison {
	c := &Comparison{Old: old, New: new}
	switch {
	case old == nil:
		c.Status = Added
	case new == nil:
		c.Status = Removed
	default:
		c.Status = Unchanged
	}
	return c
}

// Pair compares the designs of two states. Designs are paired by their path, then by the files' renames (old path to
// new path), then by the system's name where it is the only one on either side.
func Pair(old, new []*rules.Result, renamed map[string]string) []*Comparison {
	var out []*Comparison
	for _, n := range new {
		var o *rules.Result
		for _, r := range old {
			if r.Design.Path == n.Design.Path {
				o = r
			}
		}
		out = append(out, Compare(o, n))
	}
	return out
}
