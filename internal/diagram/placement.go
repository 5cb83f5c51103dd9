package diagram

import (
	"fmt"

	"lintel/schema"
)

// standing is the number of a module's replicas that stand in one failure domain; -1 where their place
// is unknown.
type standing struct {
	domain int32
	count  int
}

func (b *builder) domain(ref schema.Ref) int32 {
	if d, ok := b.a.DomainIndex(ref.Name); ok {
		return d
	}
	return -1
}

// standings tells where the reliable replicas of m stand, as schema.Module.ReplicaDomains does, without
// a list as long as the replicas are many.
func (b *builder) standings(m *schema.Module) []standing {
	n := m.ReliableReplicas()
	if n <= 0 {
		return nil
	}
	switch p := m.Placement; {
	case p == nil:
		return []standing{{-1, n}}
	case len(p.Spread) > 0:
		out := make([]standing, min(n, len(p.Spread)))
		for i := range out {
			out[i] = standing{b.domain(p.Spread[i]), n / len(p.Spread)}
			if i < n%len(p.Spread) {
				out[i].count++
			}
		}
		return out
	default:
		var out []standing
		for _, c := range p.Counts {
			if count := min(c.Count, n); count > 0 {
				out = append(out, standing{b.domain(c.Domain), count})
				n -= count
			}
		}
		if n > 0 {
			out = append(out, standing{-1, n})
		}
		return out
	}
}

// domainOfReplica returns the failure domain of a replica of m, counted from 1, given where the replicas
// stand; -1 where it is unknown.
func domainOfReplica(m *schema.Module, stand []standing, replica int) int32 {
	if p := m.Placement; p != nil && len(p.Spread) > 0 {
		return stand[(replica-1)%len(p.Spread)].domain
	}
	for _, s := range stand {
		if replica <= s.count {
			return s.domain
		}
		replica -= s.count
	}
	return -1
}

// groupByDomain makes a group of each failure domain of the chosen kind, and of those that hold one,
// where replicas of shown modules stand. A replica stands in the innermost group around its place.
func (b *builder) groupByDomain() error {
	by := b.o.GroupBy
	b.d.GroupBy = by
	domains := b.a.Design.FailureDomains
	isFrame := make([]bool, len(domains))
	for d, f := range domains {
		if by == GroupByDomain || string(f.Kind) == string(by) {
			for at := int32(d); at >= 0; at = b.a.DomainParent(at) {
				isFrame[at] = true
			}
		}
	}
	innermost := make([]int32, len(domains)) // by domain: the frame that its replicas stand in
	for d := range domains {
		at := int32(d)
		for at >= 0 && !isFrame[at] {
			at = b.a.DomainParent(at)
		}
		innermost[d] = at
	}
	used := make([]bool, len(domains))
	placed := false
	for i, m := range b.a.Design.Modules {
		if !b.shown[i] {
			continue
		}
		for _, s := range b.standings(m) {
			if s.domain < 0 {
				continue
			}
			for at := innermost[s.domain]; at >= 0 && !used[at]; at = b.a.DomainParent(at) {
				used[at], placed = true, true
			}
		}
	}
	if !placed {
		what := "failure domain"
		if by != GroupByDomain {
			what = string(by)
		}
		option := "group-by"
		if by == GroupByDomain && b.o.View == ViewDeployment {
			option = "view"
		}
		return &OptionError{Option: option, Detail: fmt.Sprintf("no module that is drawn is placed in a %s", what), Hint: "state failureDomains, and the placement of modules in them"}
	}

	children := make([][]int32, len(domains))
	var roots []int32
	for d := range domains {
		if !used[d] {
			continue
		}
		if p := b.a.DomainParent(int32(d)); p >= 0 {
			children[p] = append(children[p], int32(d))
		} else {
			roots = append(roots, int32(d))
		}
	}
	groupOf := make([]int32, len(domains))
	type entry struct {
		domain int32
		parent int
	}
	var stack []entry
	for i := len(roots) - 1; i >= 0; i-- {
		stack = append(stack, entry{roots[i], -1})
	}
	for len(stack) > 0 {
		e := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		g := len(b.groups)
		groupOf[e.domain] = int32(g)
		b.groups = append(b.groups, Group{Name: domains[e.domain].Name, Kind: string(domains[e.domain].Kind), Parent: e.parent})
		b.domainOf = append(b.domainOf, e.domain)
		for i := len(children[e.domain]) - 1; i >= 0; i-- {
			stack = append(stack, entry{children[e.domain][i], g})
		}
	}
	b.frameOf = make([]int32, len(domains))
	for d := range domains {
		b.frameOf[d] = -1
		if at := innermost[d]; at >= 0 && used[at] {
			b.frameOf[d] = groupOf[at]
		}
	}
	return nil
}
