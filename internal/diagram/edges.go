package diagram

import (
	"cmp"
	"slices"
	"strings"

	"lintel/schema"
)

// edges makes the lines.
func (b *builder) edges() {
	lines := make(map[edgeKey]*Edge)
	in := b.findCycles()
	if b.o.Changes != nil {
		in.old = b.findCyclesOf(func(k int32) bool { return b.dependencyChange(k) != WasAdded })
	}
	deps := b.a.Dependencies()
	for k := range deps {
		d := &deps[k]
		if !b.shown[d.From] || !b.draws(int32(k)) {
			continue
		}
		for _, u := range b.boxesOf[d.From] {
			if fork, ok := b.choices[choiceKey{u, int32(k)}]; ok {
				b.addEdge(lines, in, u, fork, int32(k), d.Targets)
				for _, t := range d.Targets {
					for _, v := range b.ends(u, t) {
						b.addEdge(lines, in, fork, v, int32(k), []int32{t})
					}
				}
				continue
			}
			for _, t := range d.Targets {
				for _, v := range b.ends(u, t) {
					if u != v || d.From == t && b.d.Nodes[u].Role == ModuleNode {
						b.addEdge(lines, in, u, v, int32(k), []int32{t})
					}
				}
			}
		}
	}
	b.sortEdges()
}

func (b *builder) sortEdges() {
	slices.SortFunc(b.d.Edges, edgeOrder)
	b.edgeAt = make(map[[2]int][]int)
	for i, e := range b.d.Edges {
		ends := [2]int{e.From, e.To}
		b.edgeAt[ends] = append(b.edgeAt[ends], i)
	}
}

// edgeOrder puts the gravest of the lines between two nodes first.
func edgeOrder(x, y *Edge) int {
	return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), cmp.Compare(x.tie().gravity(), y.tie().gravity()))
}

// tie is how a dependency ties its caller to what it needs.
type tie struct {
	when     schema.Phase
	strength schema.Strength
	mode     schema.Mode
}

func (e *Edge) tie() tie { return tie{e.When, e.Strength, e.Mode} }

// gravity orders ties: what is needed at run time comes first, then what is hard, then what is waited for.
func (t tie) gravity() int {
	g := 4 * phaseOrder(t.when)
	if t.strength != schema.Hard {
		g += 2
	}
	if t.mode != schema.Sync {
		g++
	}
	return g
}

// edgeKey names a line. Between two modules there is one for each tie, between boxes of groups one for all.
type edgeKey struct {
	from, to int
	tie      tie
}

// addEdge adds dependency k, which leads to targets, to a line between two nodes. in tells the cycle of
// each node.
func (b *builder) addEdge(lines map[edgeKey]*Edge, in *cycles, from, to int, k int32, targets []int32) {
	d := &b.a.Dependencies()[k]
	nodes := b.d.Nodes
	faded := b.offWay(k) || nodes[from].Faded || nodes[to].Faded
	t := tie{d.When, d.Strength, d.Mode}
	key := edgeKey{from, to, t}
	protocol := d.Protocol
	if nodes[from].Role == SummaryNode || nodes[to].Role == SummaryNode {
		key.tie = tie{}
		protocol = "" // of one among many
	}
	if nodes[from].Role == ChoiceNode {
		protocol = "" // it is written on the line to the fork
	}
	e := lines[key]
	if e == nil {
		e = &Edge{
			From: from, To: to, Dependencies: []int32{k}, Count: 1,
			Mode: d.Mode, Strength: d.Strength, When: d.When, Protocol: protocol, Faded: faded,
		}
		lines[key] = e
		b.d.Edges = append(b.d.Edges, e)
	} else {
		if e.Dependencies[len(e.Dependencies)-1] != k {
			e.Dependencies = append(e.Dependencies, k)
			e.Count++
			e.Protocol = bothProtocols(e.Protocol, protocol)
		}
		if t.gravity() < e.tie().gravity() {
			e.Mode, e.Strength, e.When = d.Mode, d.Strength, d.When
		}
		e.Faded = e.Faded && faded
	}
	toFork := nodes[to].Role == ChoiceNode
	ends := []int{to}
	if toFork {
		ends = nil
		for _, t := range targets {
			ends = append(ends, b.ends(from, t)...)
		}
	}
	e.InCycle = e.InCycle || couples(d) && b.remains(k) && slices.ContainsFunc(ends, func(v int) bool { return in.both(from, v) })
	if s := b.lineState(k, targets, toFork); s > e.State {
		e.State = s
	}
}

// moreProtocols ends a list of protocols that are too many to name.
const moreProtocols = ", …"

// bothProtocols lists two protocols in order; of more, the first two that came. It names none where a
// dependency states none.
func bothProtocols(list, next string) string {
	switch all := strings.Split(list, ", "); {
	case list == "" || next == "":
		return ""
	case slices.Contains(all, next) || strings.HasSuffix(list, moreProtocols):
		return list
	case len(all) > 1:
		return list + moreProtocols
	case next < list:
		return next + ", " + list
	}
	return list + ", " + next
}

func phaseOrder(p schema.Phase) int {
	return slices.Index([]schema.Phase{schema.Runtime, schema.Startup, schema.Deploys, schema.Recovery}, p)
}

// mostEnds is the number of failure domains up to which a line is drawn to each of them, from a caller
// in another one and from a caller around them.
const mostEnds, mostEndsBelow = 2, 6

// ends returns the nodes of module t that lines lead to from node u. Where t stands in several failure
// domains these are: the one in the same domain as u; else those in the nearest domain around u that
// holds any, if they are few; else one for each outermost domain, if these are few; else the first.
func (b *builder) ends(u int, t int32) []int {
	all := b.boxesOf[t]
	if len(all) < 2 {
		return all
	}
	from := b.inGroup[u]
	for _, v := range all {
		if b.inGroup[v] == from {
			b.cut = true
			return []int{v}
		}
	}
	var near []int
	depth := -1
	for _, v := range all {
		switch k := b.commonDepth(from, b.inGroup[v]); {
		case k > depth:
			near, depth = []int{v}, k
		case k == depth:
			near = append(near, v)
		}
	}
	most := mostEnds
	if b.depthOf(from) == depth {
		most = mostEndsBelow
	}
	if len(near) > most {
		var outermost []int
		seen := map[int]bool{}
		for _, v := range near {
			if r := b.rootOf(b.inGroup[v]); !seen[r] {
				seen[r] = true
				outermost = append(outermost, v)
			}
		}
		near = near[:1]
		if len(outermost) <= most {
			near = outermost
		}
	}
	b.cut = b.cut || len(near) < len(all)
	return near
}

// depthOf is the number of groups around, and including, group g; 0 for none.
func (b *builder) depthOf(g int) int {
	n := 0
	for ; g >= 0; g = b.groups[g].Parent {
		n++
	}
	return n
}

func (b *builder) rootOf(g int) int {
	for g >= 0 && b.groups[g].Parent >= 0 {
		g = b.groups[g].Parent
	}
	return g
}

// commonDepth is the number of groups around both x and y.
func (b *builder) commonDepth(x, y int) int {
	dx, dy := b.depthOf(x), b.depthOf(y)
	for ; dx > dy; dx-- {
		x = b.groups[x].Parent
	}
	for ; dy > dx; dy-- {
		y = b.groups[y].Parent
	}
	for x != y {
		x, y, dx = b.groups[x].Parent, b.groups[y].Parent, dx-1
	}
	return dx
}
