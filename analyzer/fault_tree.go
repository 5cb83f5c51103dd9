package analyzer

import (
	"math"
	"slices"
	"strconv"

	"lintel/analyzer/faulttree"
)

// Target is what an analysis asks about: a journey, or a module as those that depend on it see it. The index that is
// not meant is -1.
type Target struct{ Journey, Module int32 }

// OfJourney is the failure of a journey.
func OfJourney(j int32) Target { return Target{j, -1} }

// OfModule is the failure of a module: it does not work.
func OfModule(m int32) Target { return Target{-1, m} }

// FaultTree is the failure of one target as a fault tree.
type FaultTree struct {
	*faulttree.Tree
	Of []Event // what Tree.Events[i] stands for
	// Orders is the largest order up to which the minimal cut sets of the tree are those of the target, math.MaxInt where
	// all are. Fewer are where the tree leaves out the single replicas of a module that has very many.
	Orders int
}

// FaultTrees makes the fault trees of one design. What its targets have in common is made once. Its methods must not be
// called by several goroutines at once.
//
// Dependencies may form cycles, and a fault tree may not: the tree of a module is its failure in the least fixed point,
// as a formula over events. Modules that need each other plainly are one. What is left of a cycle, through alternatives, is
// unrolled: after as many rounds as it has parts, nothing more can fail.
type FaultTrees struct {
	analysis *Analysis
	model    *failureModel
	scheme   scheme
	named    *named
	folded   *folded
}

// FaultTrees prepares the fault trees of the design.
func (a *Analysis) FaultTrees() (*FaultTrees, error) {
	m := a.failureModel()
	return &FaultTrees{analysis: a, model: m, scheme: m.scheme()}, nil
}

// MaxNamed is the largest number of replicas of one module that stand in a fault tree one by one.
const MaxNamed = 512

// Of gives the tree of a target with each replica as an event of its own. unavailability gives the probability of an
// event, NaN where it is not known.
//
// A module with more than MaxNamed replicas fails in it with failure domains only: its own replicas are left out, and the
// probability of the tree is not that of the target (Folded has that). Its minimal cut sets are still, up to Orders.
func (t *FaultTrees) Of(target Target, unavailability func(Event) float64) *FaultTree {
	if t.named == nil {
		t.named = newNamed(t)
	}
	return t.named.tree(target, unavailability)
}

// node gives the node of a target, or -1 where a journey's entry is unknown.
func (t *FaultTrees) node(target Target) int32 {
	if target.Journey >= 0 {
		return t.model.journeyNode[target.Journey]
	}
	return target.Module
}

func (t *FaultTrees) name(target Target) string {
	if target.Journey >= 0 {
		return t.analysis.journeys[target.Journey].Name
	}
	return t.analysis.Module(target.Module).Name
}

// moduleOf gives the module of a node.
func (m *failureModel) moduleOf() []int32 {
	out := make([]int32, m.nodes())
	for n := range out {
		out[n] = int32(n)
	}
	for j, n := range m.journeyNode {
		if n >= 0 {
			out[n] = m.analysis.journeys[j].Entry
		}
	}
	return out
}

const noRef faulttree.Ref = -1 << 31

// named holds the formulas over single replicas.
type named struct {
	*FaultTrees
	formula
	events  []Event
	domains []faulttree.Ref // by domain: it is down; noRef where not made
	lacks   []faulttree.Ref // by module: it has no capacity; noRef where not made
	orders  []int           // by module: up to how many events its cut sets are complete
	fails   []faulttree.Ref // by node; noRef where not made
	names   []string        // by event; "" where not made
}

func newNamed(t *FaultTrees) *named {
	a := t.analysis
	return &named{
		FaultTrees: t, formula: newFormula(),
		domains: slices.Repeat([]faulttree.Ref{noRef}, len(a.domainParent)),
		lacks:   slices.Repeat([]faulttree.Ref{noRef}, a.Modules()),
		orders:  make([]int, a.Modules()),
		fails:   slices.Repeat([]faulttree.Ref{noRef}, t.model.nodes()),
	}
}

func (t *named) tree(target Target, unavailability func(Event) float64) *FaultTree {
	out := &FaultTree{Tree: &faulttree.Tree{Name: t.name(target), Top: faulttree.False}, Orders: math.MaxInt}
	n := t.node(target)
	if n < 0 {
		return out
	}
	parts := t.scheme.under(n)
	for _, c := range parts {
		if t.fails[t.scheme.components[c][0]] == noRef {
			t.scheme.solve(&t.formula, t.scheme.components[c], t.capacity, t.fails)
		}
		for _, m := range t.scheme.components[c] {
			out.Orders = min(out.Orders, t.orders[t.scheme.moduleOf[m]])
		}
	}
	event, gate := map[int]faulttree.Ref{}, make([]faulttree.Ref, len(t.gates))
	for i := range gate {
		gate[i] = noRef
	}
	var copied func(r faulttree.Ref) faulttree.Ref
	copied = func(r faulttree.Ref) faulttree.Ref {
		if i, ok := r.Event(); ok {
			to, known := event[i]
			if !known {
				to = faulttree.EventRef(len(out.Events))
				event[i] = to
				out.Of = append(out.Of, t.events[i])
				out.Events = append(out.Events, faulttree.Event{Name: t.eventName(i), P: unavailability(t.events[i])})
			}
			return to
		}
		i, ok := r.Gate()
		if !ok {
			return r
		}
		if gate[i] != noRef {
			return gate[i]
		}
		g := t.gates[i]
		in := make([]faulttree.Ref, len(g.In))
		for k, x := range g.In {
			in[k] = copied(x)
		}
		gate[i] = faulttree.GateRef(len(out.Gates))
		out.Gates = append(out.Gates, faulttree.Gate{Name: "g" + strconv.Itoa(len(out.Gates)+1), Op: g.Op, K: g.K, In: in})
		return gate[i]
	}
	out.Top = copied(t.fails[n])
	return out
}

func (t *named) eventName(i int) string {
	if len(t.names) < len(t.events) {
		t.names = append(t.names, make([]string, len(t.events)-len(t.names))...)
	}
	if t.names[i] == "" {
		t.names[i] = t.analysis.EventName(t.events[i])
	}
	return t.names[i]
}

func (t *named) event(e Event) faulttree.Ref {
	t.events = append(t.events, e)
	return faulttree.EventRef(len(t.events) - 1)
}

func (t *named) domainDown(d int32) faulttree.Ref {
	if d < 0 {
		return faulttree.False
	}
	if t.domains[d] == noRef {
		t.domains[d] = t.or(t.event(Event{DomainEvent, -1, 0, d}), t.domainDown(t.analysis.domainParent[d]))
	}
	return t.domains[d]
}

// capacity gives the failure of a module for want of replicas.
func (t *named) capacity(i int32) faulttree.Ref {
	if t.lacks[i] != noRef {
		return t.lacks[i]
	}
	c := &t.model.capacities.modules[i]
	t.orders[i] = math.MaxInt
	fails := faulttree.True
	switch enough := c.replicas - c.need + 1; {
	case c.replicas == 0 || enough <= 0:
	case c.external || c.replicas > MaxNamed:
		in, weights := t.places(i)
		fails = t.weighing(enough, in, weights)
		if c.external {
			fails = t.or(fails, t.event(Event{ExternalEvent, i, 0, -1}))
		} else {
			t.orders[i] = t.model.capacities.leastOwn(t.analysis, i) - 1
			if c.manual {
				fails = t.or(fails, t.event(Event{ReplicaEvent, i, 1, -1}))
			}
		}
		if t.over {
			t.over, t.orders[i] = false, 0
		}
	default:
		m := t.analysis.Module(i)
		lost := make([]faulttree.Ref, c.replicas)
		for r := range lost {
			lost[r] = t.event(Event{ReplicaEvent, i, r + 1, -1})
		}
		first := lost[0]
		for r := range lost {
			lost[r] = t.or(lost[r], t.domainDown(t.analysis.domainOfReplica(m, r+1)))
		}
		fails = t.atLeast(enough, lost)
		if c.manual {
			fails = t.or(fails, first)
		}
	}
	if c.manual {
		fails = t.or(fails, t.domainDown(c.primary))
	}
	t.lacks[i] = fails
	return fails
}

// places lists the known domains in which a module's replicas stand, and how many in each.
func (t *named) places(i int32) (down []faulttree.Ref, replicas []int) {
	for _, r := range t.model.capacities.of(i) {
		if r.domain >= 0 {
			down, replicas = append(down, t.domainDown(r.domain)), append(replicas, r.count)
		}
	}
	return down, replicas
}

// leastOwn is a lower bound of the number of events in a cut set of module i's capacity that holds one of its replicas,
// the primary aside: it takes the largest domains first.
func (c *capacities) leastOwn(a *Analysis, i int32) int {
	m := &c.modules[i]
	enough := m.replicas - m.need + 1
	if enough > m.replicas {
		return math.MaxInt // no number of replicas matters
	}
	under := map[int32]int{}
	for _, r := range c.of(i) {
		for d := r.domain; d >= 0; d = a.domainParent[d] {
			under[d] += r.count
		}
	}
	var sizes []int
	for _, n := range under {
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	least, taken := enough, 0
	for s, n := range sizes {
		taken += n
		least = min(least, s+1+max(1, enough-taken))
	}
	return least
}
