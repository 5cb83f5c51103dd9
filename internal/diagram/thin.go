package diagram

import (
	"cmp"
	"slices"
)

// mostLines is the number of lines up to which an overview draws all.
const mostLines = 60

// thinOut leaves out lines of a picture all of whose groups are boxes, where there are very many: first
// those of boxes that most others use, or that use most others, which say so in their captions instead;
// then the lightest of the rest. Always kept are lines that are marked, and the heaviest of the rest
// from and to each box.
//
// Source, for the first: H. Müller, J. Uhl, Composing subsystem structures using (k,2)-partite graphs,
// Conference on Software Maintenance 1990, which takes out omnipresent modules before it draws.
func (b *builder) thinOut() {
	d := b.d
	allBoxes := len(b.groups) > 0 && !slices.Contains(b.collapsed, false)
	if d.Matrix != nil || b.placed || !b.summed && !allBoxes {
		return
	}
	most := max(mostLines, 2*len(d.Nodes))
	all := len(d.Edges)
	if all <= most {
		return
	}
	b.leaveOutOmnipresent()
	heavier := func(x, y *Edge) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), edgeOrder(x, y))
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
			if (e.State != Works || e.Change != NotChanged || len(e.OnPath) > 0) == urgent {
				keep[e] = true
			}
		}
	}
	d.Edges = slices.DeleteFunc(d.Edges, func(e *Edge) bool { return !keep[e] })
	b.leaveOut("Of %s the %s that tell the most are drawn; the matrix shows all.", counted(all, "line"), thousands(len(d.Edges)))
}

// leaveOutOmnipresent leaves out the lines of boxes that at least half of all others use, or that use
// half of all others, where there are enough boxes for that to say something. Lines between two of
// these stay.
func (b *builder) leaveOutOmnipresent() {
	const few = 20
	d := b.d
	if len(d.Nodes) < few {
		return
	}
	users, used := make([]int, len(d.Nodes)), make([]int, len(d.Nodes))
	for i, e := range d.Edges {
		if i > 0 && d.Edges[i-1].From == e.From && d.Edges[i-1].To == e.To {
			continue // another line of the same two
		}
		users[e.To]++
		used[e.From]++
	}
	half := (len(d.Nodes) - 1) / 2
	hub := func(i int) bool { return users[i] >= half || used[i] >= half }
	d.Edges = slices.DeleteFunc(d.Edges, func(e *Edge) bool {
		if len(e.Marks) > 0 || e.Change != NotChanged || hub(e.From) && hub(e.To) {
			return false
		}
		if users[e.To] >= half {
			d.Nodes[e.To].UsedBy = users[e.To]
			return true
		}
		if used[e.From] >= half {
			d.Nodes[e.From].Uses = used[e.From]
			return true
		}
		return false
	})
	var names []string
	for _, n := range d.Nodes {
		if n.UsedBy+n.Uses > 0 {
			names = append(names, n.Name)
		}
	}
	if len(names) > 0 {
		b.leaveOut("Left out are the lines of what most others use, or what uses most others: %s.", enumerate(names))
	}
}
