package diagram

import (
	"cmp"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// edges makes the lines.
func (b *builder) edges() {
	b.edgeAt = make(map[[2]int]int)
	b.findCycles()
	deps := b.a.Dependencies()
	for k := range deps {
		d := &deps[k]
		if !b.shown[d.From] || !b.draws(int32(k)) {
			continue
		}
		for _, u := range b.boxesOf[d.From] {
			if fork, ok := b.choices[choiceKey{u, int32(k)}]; ok {
				b.addEdge(u, fork, int32(k), d.Targets, true)
				for _, t := range d.Targets {
					for _, v := range b.ends(u, t) {
						b.addEdge(fork, v, int32(k), []int32{t}, false).Protocol = "" // it is written on the line to the fork
					}
				}
				continue
			}
			for _, t := range d.Targets {
				for _, v := range b.ends(u, t) {
					if u != v || d.From == t && b.d.Nodes[u].Role == ModuleNode {
						b.addEdge(u, v, int32(k), []int32{t}, false)
					}
				}
			}
		}
	}
	b.sortEdges()
}

func (b *builder) sortEdges() {
	slices.SortFunc(b.d.Edges, func(x, y *Edge) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	for i, e := range b.d.Edges {
		b.edgeAt[[2]int{e.From, e.To}] = i
	}
}

// addEdge adds dependency k, which leads to targets, to the line between two nodes.
func (b *builder) addEdge(from, to int, k int32, targets []int32, toFork bool) *Edge {
	d := &b.a.Dependencies()[k]
	nodes := b.d.Nodes
	faded := b.offWay(k) || nodes[from].Faded || nodes[to].Faded
	protocol := d.Protocol
	if nodes[from].Role == SummaryNode || nodes[to].Role == SummaryNode {
		protocol = "" // of one among many
	}
	var e *Edge
	if at, ok := b.edgeAt[[2]int{from, to}]; ok {
		e = b.d.Edges[at]
		if e.Dependencies[len(e.Dependencies)-1] != k {
			e.Dependencies = append(e.Dependencies, k)
			e.Count++
		}
		if e.Protocol != protocol {
			e.Protocol = ""
		}
		if d.Mode == schema.Sync {
			e.Mode = schema.Sync
		}
		if d.Strength == schema.Hard {
			e.Strength = schema.Hard
		}
		if phaseOrder(d.When) < phaseOrder(e.When) {
			e.When = d.When
		}
		e.Faded = e.Faded && faded
	} else {
		e = &Edge{
			From: from, To: to, Dependencies: []int32{k}, Count: 1,
			Mode: d.Mode, Strength: d.Strength, When: d.When, Protocol: protocol, Faded: faded,
		}
		b.edgeAt[[2]int{from, to}] = len(b.d.Edges)
		b.d.Edges = append(b.d.Edges, e)
	}
	for _, t := range targets {
		e.InCycle = e.InCycle || b.inCycle(d, t)
	}
	if s := b.lineState(k, targets, toFork); s > e.State {
		e.State = s
	}
	return e
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

// couples reports whether the caller of d can neither start nor work without it: cycles of such
// dependencies are marked.
func couples(d *analyzer.Dependency) bool {
	return d.Strength == schema.Hard && (d.When == schema.Runtime || d.When == schema.Startup)
}

func (b *builder) findCycles() {
	b.cycle = components(b.a.Neighbours(couples).DependsOn)
	b.cycleSize = make([]int32, len(b.cycle))
	for _, c := range b.cycle {
		b.cycleSize[c]++
	}
}

func (b *builder) inCycle(d *analyzer.Dependency, t int32) bool {
	return couples(d) && (d.From == t || b.cycle[d.From] == b.cycle[t] && b.cycleSize[b.cycle[t]] > 1)
}
