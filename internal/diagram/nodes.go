package diagram

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// part is what one node shows of a module: the replicas that stand in one group.
type part struct {
	group    int // in b.groups; -1 for none
	replicas int
	lost     int
}

// parts divides module i over the groups that its replicas stand in, in the order of the groups, those
// of unknown place last.
func (b *builder) parts(i int32) []part {
	m := b.module(i)
	whole := part{group: -1, replicas: max(m.ReliableReplicas(), 0)}
	if !b.placed {
		whole.group = int(b.groupOf[i])
		whole.lost = b.lostOf(i, nil)
		return []part{whole}
	}
	var out []part
	for _, s := range b.standings(m) {
		g := b.groupOfDomain(s.domain)
		k := slices.IndexFunc(out, func(p part) bool { return p.group == g })
		if k < 0 {
			k = len(out)
			out = append(out, part{group: g})
		}
		out[k].replicas += s.count
	}
	if len(out) == 0 {
		return []part{whole}
	}
	slices.SortFunc(out, func(x, y part) int {
		last := func(g int) int {
			if g < 0 {
				return len(b.groups)
			}
			return g
		}
		return last(x.group) - last(y.group)
	})
	for k := range out {
		g := out[k].group
		out[k].lost = b.lostOf(i, func(domain int32) bool { return b.groupOfDomain(domain) == g })
	}
	return out
}

func (b *builder) groupOfDomain(domain int32) int {
	if domain < 0 {
		return -1
	}
	return int(b.frameOf[domain])
}

// nodes makes the nodes and frames.
func (b *builder) nodes() {
	d := b.d
	b.frame, b.box = make([]int, len(b.groups)), make([]int, len(b.groups))
	for g, group := range b.groups {
		b.frame[g], b.box[g] = -1, -1
		if b.boxOf(g) >= 0 {
			continue
		}
		b.frame[g] = len(d.Groups)
		frame := group
		if frame.Parent >= 0 {
			frame.Parent = b.frame[frame.Parent]
		}
		frame.State = b.groupState(g)
		frame.Faded = true
		d.Groups = append(d.Groups, &frame)
	}
	b.boxesOf = make([][]int, b.a.Modules())
	b.choices = make(map[choiceKey]int)
	members := make([][]int32, len(b.groups)) // of boxes
	boxed := make([][]int, b.a.Modules())     // by module: the groups in whose boxes it is
	for i := range int32(b.a.Modules()) {
		if !b.shown[i] {
			continue
		}
		for _, p := range b.parts(i) {
			if p.group >= 0 {
				if box := b.boxOf(p.group); box >= 0 {
					if !slices.Contains(boxed[i], box) {
						boxed[i] = append(boxed[i], box)
						members[box] = append(members[box], i)
					}
					continue
				}
			}
			b.boxesOf[i] = append(b.boxesOf[i], b.addModule(i, p))
		}
	}
	for g := range b.groups {
		if b.collapsed[g] && b.boxOf(g) == g && len(members[g]) > 0 {
			b.box[g] = b.addSummary(g, members[g])
		}
	}
	for i, groups := range boxed {
		for _, g := range groups {
			b.boxesOf[i] = append(b.boxesOf[i], b.box[g])
		}
	}
}

// add appends a node that lies in group g.
func (b *builder) add(n *Node, g int) int {
	n.Group = -1
	if g >= 0 {
		n.Group = b.frame[g]
	}
	at := len(b.d.Nodes)
	b.d.Nodes = append(b.d.Nodes, n)
	b.inGroup = append(b.inGroup, g)
	if !n.Faded {
		for f := n.Group; f >= 0; f = b.d.Groups[f].Parent {
			b.d.Groups[f].Faded = false
		}
	}
	return at
}

func (b *builder) addModule(i int32, p part) int {
	m := b.module(i)
	n := &Node{
		Role: ModuleNode, Name: m.Name, Module: i,
		Kind: m.Kind, Technology: m.Technology, Description: m.Description, Links: m.Links, Tags: m.Tags,
		Team: m.Team, Tier: m.Tier, Entry: m.Entry,
		Replicas: p.replicas, Of: max(m.ReliableReplicas(), 0), Lost: p.lost,
		Redundancy: redundancyOf(m),
		Faded:      b.faded[i],
	}
	if m.Autoscaling != nil && m.Autoscaling.Max > m.Autoscaling.Min {
		n.ScalesTo = m.Autoscaling.Max
	}
	if b.sim != nil {
		n.DownBefore = b.before.ModuleDown[i]
		n.State = b.states[i]
		if b.placed {
			n.State = b.partState(i, p)
		}
	}
	at := b.add(n, p.group)
	if b.summed {
		return at
	}
	deps := b.a.DependenciesOf(i)
	for k := range deps {
		d, index := &deps[k], b.first[i]+int32(k)
		stated, unknown, went := b.alternatives(d)
		if !b.draws(index) || !isChoice(stated+went, d.Need) || !slices.ContainsFunc(d.Targets, func(t int32) bool { return b.shown[t] }) {
			continue
		}
		b.choices[choiceKey{at, index}] = b.add(&Node{
			Role: ChoiceNode, Name: d.Key, Module: -1,
			Need: max(d.Need, 1), Alternatives: stated, Unknown: unknown,
			State: b.dependencyState(index),
			Faded: n.Faded || b.offWay(index),
		}, p.group)
	}
	return at
}

// alternatives counts those that d states, those of them that the design does not have, and those that d stated before.
func (b *builder) alternatives(d *analyzer.Dependency) (stated, unknown, went int) {
	for i, ref := range d.AnyOf {
		if slices.ContainsFunc(d.AnyOf[:i], func(r schema.Ref) bool { return r.Name == ref.Name }) {
			continue
		}
		if b.o.Changes != nil && b.o.Changes.OfTarget(b.module(d.From).Name, d.Key, ref.Name) == WasRemoved && b.dependencyStays(d) {
			went++
			continue
		}
		stated++
		if _, ok := b.a.ModuleIndex(ref.Name); !ok {
			unknown++
		}
	}
	return stated, unknown, went
}

// dependencyStays reports whether d was not removed as a whole.
func (b *builder) dependencyStays(d *analyzer.Dependency) bool {
	return b.o.Changes.OfDependency(b.module(d.From).Name, d.Key) != WasRemoved
}

// isChoice reports whether a dependency with so many alternatives is drawn as a fork: one with a single
// one, which suffices, is a plain line.
func isChoice(alternatives, need int) bool {
	return alternatives > 1 || alternatives > 0 && need > 1
}

// draws reports whether dependency k is drawn at all: not where it is off the journey's way and the
// rest is dropped.
func (b *builder) draws(k int32) bool {
	return b.o.Rest == FadeRest || !b.offWay(k)
}

func (b *builder) offWay(k int32) bool { return b.way != nil && !b.way[k] }

func (b *builder) addSummary(g int, members []int32) int {
	n := &Node{Role: SummaryNode, Name: b.groups[g].Name, Module: -1, Members: len(members), Faded: true}
	for _, i := range members {
		n.Faded = n.Faded && b.faded[i]
		n.Entry = n.Entry || b.module(i).Entry
	}
	n.State, n.MembersDown = b.summaryState(g, members)
	for _, i := range members {
		if n.State != Failed && b.sim != nil && b.states[i] == Failed {
			n.FailedInside = append(n.FailedInside, b.module(i).Name)
		}
	}
	n.DownBefore = b.allDownBefore(members)
	parent := b.groups[g].Parent
	at := b.add(n, parent)
	b.inGroup[at] = g
	return at
}

// redundancyOf says in words how the replicas of m stand in for each other; "" where any one of them
// suffices, or there is only one.
func redundancyOf(m *schema.Module) string {
	if m.ReliableReplicas() < 2 {
		return ""
	}
	need := ""
	if m.Need() > 1 {
		need = fmt.Sprintf("%d needed", m.Need())
	}
	mode := ""
	switch m.Redundancy.Mode {
	case schema.Quorum:
		mode = "quorum"
	case schema.ActivePassive:
		mode = "active-passive"
		if m.Redundancy.Failover == schema.ManualFailover {
			mode = "active-passive, manual failover"
		}
	}
	if mode != "" && need != "" {
		return mode + ", " + need
	}
	return mode + need
}
