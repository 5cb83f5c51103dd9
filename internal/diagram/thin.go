package diagram

import (
	"cmp"
	"slices"
)

// mostLines is the number of lines up to which an overview draws all.
const mostLines = 60

// thinOut leaves out the lightest lines of a picture all of whose groups are boxes, where there are very
// many: kept are those that are marked, the heaviest line from and to each box, and of the rest
// those that fail, then the heaviest, up to two for each box.
func (b *builder) thinOut() {
	d := b.d
	allBoxes := len(b.groups) > 0 && !slices.Contains(b.collapsed, false)
	if d.Matrix != nil || b.placed || !b.summed && !allBoxes {
		return
	}
	most := max(mostLines, 2*len(d.Nodes))
	if len(d.Edges) <= most {
		return
	}
	heavier := func(x, y *Edge) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	}
	order := slices.SortedFunc(slices.Values(d.Edges), heavier)
	from, to := make([]bool, len(d.Nodes)), make([]bool, len(d.Nodes))
	keep := make(map[*Edge]bool, most)
	for _, e := range order {
		if len(e.Marks) > 0 || !from[e.From] || !to[e.To] {
			keep[e], from[e.From], to[e.To] = true, true, true
		}
	}
	for _, urgent := range []bool{true, false} {
		for _, e := range order {
			if len(keep) >= most {
				break
			}
			if (e.State != Works || len(e.OnPath) > 0) == urgent {
				keep[e] = true
			}
		}
	}
	all := len(d.Edges)
	d.Edges = slices.DeleteFunc(d.Edges, func(e *Edge) bool { return !keep[e] })
	b.note("Of %s the %s that stand for the most dependencies are drawn.", counted(all, "line"), thousands(len(d.Edges)))
}
