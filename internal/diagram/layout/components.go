package layout

import "lintel/internal/diagram"

// tied returns the nodes of d in pieces: those that lines or groups tie to each other, in the order of their
// first nodes.
func tied(d *diagram.Diagram) [][]int {
	leader := make([]int, len(d.Nodes)+len(d.Groups))
	for i := range leader {
		leader[i] = i
	}
	find := func(i int) int {
		for leader[i] != i {
			leader[i] = leader[leader[i]]
			i = leader[i]
		}
		return i
	}
	join := func(a, b int) { leader[find(a)] = find(b) }
	for i, n := range d.Nodes {
		if n.Group >= 0 {
			join(i, len(d.Nodes)+n.Group)
		}
	}
	for i, g := range d.Groups {
		if g.Parent >= 0 {
			join(len(d.Nodes)+i, len(d.Nodes)+g.Parent)
		}
	}
	for _, e := range d.Edges {
		join(e.From, e.To)
	}
	place := map[int]int{}
	var list [][]int
	for i := range d.Nodes {
		at, ok := place[find(i)]
		if !ok {
			at = len(list)
			place[find(i)] = at
			list = append(list, nil)
		}
		list[at] = append(list[at], i)
	}
	return list
}
