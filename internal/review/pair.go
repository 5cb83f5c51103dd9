package review

import (
	"cmp"
	"slices"

	"lintel/rules"
	"lintel/schema"
)

// Pair compares the designs of two states. Designs are paired where they are found under the same path, failing that
// where their files were renamed (renamed gives new paths of files or folders by old ones), failing that by the system's
// name where it is the only one of that name on either side. A design whose system has another name than its partner's
// is paired with its namesake first, where one came or went. What is left was added or removed. The comparisons are in
// order of path.
func Pair(old, new []*rules.Result, renamed map[string]string) []*Comparison {
	p := pairDesigns(old, new, renamed)
	var out []*Comparison
	for i, n := range p.new {
		if k := p.partner[i]; k >= 0 {
			c := Compare(p.old[k], n)
			c.Moved = p.old[k].Design.Path != n.Design.Path
			out = append(out, c)
		} else {
			out = append(out, Compare(nil, n))
		}
	}
	for k, o := range p.old {
		if !p.taken[k] {
			out = append(out, Compare(o, nil))
		}
	}
	slices.SortStableFunc(out, func(a, b *Comparison) int {
		return cmp.Or(cmp.Compare(a.path(), b.path()), cmp.Compare(a.system(), b.system()))
	})
	return out
}

// Partners tells which designs Pair would compare with each other, in its order; one of the two is nil where the other
// has no partner.
func Partners(old, new []*schema.Design, renamed map[string]string) [][2]*schema.Design {
	p := pairDesigns(unjudged(old), unjudged(new), renamed)
	var out [][2]*schema.Design
	for i, n := range p.new {
		if k := p.partner[i]; k >= 0 {
			out = append(out, [2]*schema.Design{p.old[k].Design, n.Design})
		} else {
			out = append(out, [2]*schema.Design{nil, n.Design})
		}
	}
	for k, o := range p.old {
		if !p.taken[k] {
			out = append(out, [2]*schema.Design{o.Design, nil})
		}
	}
	shown := func(p [2]*schema.Design) *schema.Design { return cmp.Or(p[1], p[0]) }
	slices.SortStableFunc(out, func(a, b [2]*schema.Design) int {
		return cmp.Or(cmp.Compare(shown(a).Path, shown(b).Path), cmp.Compare(shown(a).System, shown(b).System))
	})
	return out
}

// unjudged gives designs the form of results.
func unjudged(list []*schema.Design) []*rules.Result {
	out := make([]*rules.Result, len(list))
	for i, d := range list {
		out[i] = &rules.Result{Design: d}
	}
	return out
}

// pairDesigns finds the partners.
func pairDesigns(old, new []*rules.Result, renamed map[string]string) *designs {
	p := &designs{old: slices.Clone(old), new: slices.Clone(new)}
	sortDesigns(p.old)
	sortDesigns(p.new)
	p.partner = make([]int, len(p.new))
	p.taken = make([]bool, len(p.old))
	for i := range p.partner {
		p.partner[i] = -1
	}
	samePath := func(o, n *rules.Result) bool { return o.Design.Path == n.Design.Path }
	moved := func(o, n *rules.Result) bool { return movedTo(o, n, renamed) }
	sameSystem := func(o, n *rules.Result) bool { return o.Design.System == n.Design.System }
	both := func(a, b func(o, n *rules.Result) bool) func(o, n *rules.Result) bool {
		return func(o, n *rules.Result) bool { return a(o, n) && b(o, n) }
	}
	p.pair(both(samePath, sameSystem), false)
	p.pair(both(moved, sameSystem), false)
	p.pair(sameSystem, true)
	p.pair(samePath, false)
	p.pair(moved, false)
	return p
}

// designs are those of two states on the way to be paired.
type designs struct {
	old, new []*rules.Result
	partner  []int  // by new design: the old one, or -1
	taken    []bool // by old design
}

// pair pairs what is left and alike: the first ones, or, where only is set, only those that are alike with no other.
func (p *designs) pair(alike func(o, n *rules.Result) bool, only bool) {
	for i, n := range p.new {
		if p.partner[i] >= 0 {
			continue
		}
		found, count := -1, 0
		for k, o := range p.old {
			if !p.taken[k] && alike(o, n) {
				if found < 0 {
					found = k
				}
				count++
			}
		}
		if found < 0 || only && (count > 1 || p.rivals(p.old[found], alike) > 1) {
			continue
		}
		p.partner[i], p.taken[found] = found, true
	}
}

func (p *designs) rivals(o *rules.Result, alike func(o, n *rules.Result) bool) int {
	count := 0
	for i, n := range p.new {
		if p.partner[i] < 0 && alike(o, n) {
			count++
		}
	}
	return count
}

// movedTo reports whether the path of o was renamed to that of n, or more than half of its files to files of n.
func movedTo(o, n *rules.Result, renamed map[string]string) bool {
	if to, ok := renamed[o.Design.Path]; ok && to == n.Design.Path {
		return true
	}
	hits := 0
	for _, f := range o.Design.Files {
		if to, ok := renamed[f]; ok && slices.Contains(n.Design.Files, to) {
			hits++
		}
	}
	return 2*hits > len(o.Design.Files)
}

func sortDesigns(list []*rules.Result) {
	slices.SortStableFunc(list, func(a, b *rules.Result) int {
		return cmp.Or(cmp.Compare(a.Design.Path, b.Design.Path), cmp.Compare(a.Design.System, b.Design.System))
	})
}

func (c *Comparison) path() string   { return c.any().Design.Path }
func (c *Comparison) system() string { return c.any().Design.System }

func (c *Comparison) any() *rules.Result {
	if c.New != nil {
		return c.New
	}
	return c.Old
}
