package analyzer

import (
	"encoding/binary"
	"fmt"
	"slices"

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

	events  []Event
	eventOf map[Event]faulttree.Ref
	gates   []faulttree.Gate
	gateOf  map[string]faulttree.Ref
	domain  []faulttree.Ref // by domain: it is down; -1 where not made
	lacks   []faulttree.Ref // by module: it has no capacity; -1 where not made
	fails   []faulttree.Ref // by node
}

// maxTreeEvents bounds the fault trees of a design: a million replicas of one module are a million events.
const maxTreeEvents = 4_000_000

// FaultTrees prepares the fault trees of the design. The error tells of a design with too many replicas.
func (a *Analysis) FaultTrees() (*FaultTrees, error) {
	events := 0
	for i := range a.failureModel().capacities.modules {
		events += a.failureModel().capacities.modules[i].replicas
	}
	if events > maxTreeEvents {
		return nil, fmt.Errorf("the design has %d replicas, and exact analysis is limited to %d", events, maxTreeEvents)
	}
	t := &FaultTrees{
		analysis: a, model: a.failureModel(),
		eventOf: map[Event]faulttree.Ref{}, gateOf: map[string]faulttree.Ref{},
		domain: slices.Repeat([]faulttree.Ref{noRef}, len(a.domainParent)),
		lacks:  slices.Repeat([]faulttree.Ref{noRef}, a.Modules()),
	}
	t.solve()
	return t, nil
}

// Of gives the tree of a target. unavailability gives the probability of an event, NaN where it is not known.
func (t *FaultTrees) Of(target Target, unavailability func(Event) float64) *FaultTree {
	top := faulttree.False
	name := ""
	switch {
	case target.Journey >= 0:
		name = t.analysis.journeys[target.Journey].Name
		if n := t.model.journeyNode[target.Journey]; n >= 0 {
			top = t.fails[n]
		}
	default:
		name = t.analysis.Module(target.Module).Name
		top = t.fails[target.Module]
	}
	out := &FaultTree{Tree: &faulttree.Tree{Name: name}}
	event, gate := map[int]faulttree.Ref{}, map[int]faulttree.Ref{}
	var copied func(r faulttree.Ref) faulttree.Ref
	copied = func(r faulttree.Ref) faulttree.Ref {
		if i, ok := r.Event(); ok {
			if _, known := event[i]; !known {
				event[i] = faulttree.EventRef(len(out.Events))
				out.Of = append(out.Of, t.events[i])
				out.Events = append(out.Events, faulttree.Event{Name: t.analysis.EventName(t.events[i]), P: unavailability(t.events[i])})
			}
			return event[i]
		}
		i, ok := r.Gate()
		if !ok {
			return r
		}
		if to, known := gate[i]; known {
			return to
		}
		g := t.gates[i]
		in := make([]faulttree.Ref, len(g.In))
		for k, x := range g.In {
			in[k] = copied(x)
		}
		gate[i] = faulttree.GateRef(len(out.Gates))
		out.Gates = append(out.Gates, faulttree.Gate{Name: fmt.Sprintf("g%d", len(out.Gates)+1), Op: g.Op, K: g.K, In: in})
		return gate[i]
	}
	out.Top = copied(top)
	return out
}

const noRef faulttree.Ref = -1 << 31

func (t *FaultTrees) event(e Event) faulttree.Ref {
	r, ok := t.eventOf[e]
	if !ok {
		r = faulttree.EventRef(len(t.events))
		t.eventOf[e] = r
		t.events = append(t.events, e)
	}
	return r
}

// gate gives the gate of these inputs, of which at least k must occur.
func (t *FaultTrees) gate(k int, in []faulttree.Ref) faulttree.Ref {
	kept := make([]faulttree.Ref, 0, len(in))
	for _, r := range in {
		switch r {
		case faulttree.False:
		case faulttree.True:
			k--
		default:
			kept = append(kept, r)
		}
	}
	if k == 1 {
		slices.Sort(kept)
		kept = slices.Compact(kept)
	}
	switch {
	case k <= 0:
		return faulttree.True
	case k > len(kept):
		return faulttree.False
	case len(kept) == 1:
		return kept[0]
	}
	slices.Sort(kept)
	key := binary.AppendVarint(nil, int64(k))
	for _, r := range kept {
		key = binary.AppendVarint(key, int64(r))
	}
	r, ok := t.gateOf[string(key)]
	if !ok {
		g := faulttree.Gate{Op: faulttree.AtLeast, K: k, In: kept}
		switch k {
		case 1:
			g.Op, g.K = faulttree.Or, 0
		case len(kept):
			g.Op, g.K = faulttree.And, 0
		}
		r = faulttree.GateRef(len(t.gates))
		t.gates = append(t.gates, g)
		t.gateOf[string(key)] = r
	}
	return r
}

func (t *FaultTrees) or(in ...faulttree.Ref) faulttree.Ref { return t.gate(1, in) }

func (t *FaultTrees) domainDown(d int32) faulttree.Ref {
	if d < 0 {
		return faulttree.False
	}
	if t.domain[d] == noRef {
		t.domain[d] = t.or(t.event(Event{DomainEvent, -1, 0, d}), t.domainDown(t.analysis.domainParent[d]))
	}
	return t.domain[d]
}

// capacity gives the failure of a module for want of replicas.
func (t *FaultTrees) capacity(i int32) faulttree.Ref {
	if t.lacks[i] != noRef {
		return t.lacks[i]
	}
	c := &t.model.capacities.modules[i]
	m := t.analysis.Module(i)
	lost := make([]faulttree.Ref, c.replicas)
	for r := range lost {
		lost[r] = t.domainDown(t.analysis.domainOfReplica(m, r+1))
		if !c.external {
			lost[r] = t.or(t.event(Event{ReplicaEvent, i, r + 1, -1}), lost[r])
		}
	}
	fails := faulttree.True
	if c.replicas > 0 {
		fails = t.gate(c.replicas-c.need+1, lost)
	}
	if c.external {
		fails = t.or(fails, t.event(Event{ExternalEvent, i, 0, -1}))
	}
	if c.manual && c.replicas > 0 {
		fails = t.or(fails, t.domainDown(c.primary))
		if !c.external {
			fails = t.or(fails, t.event(Event{ReplicaEvent, i, 1, -1}))
		}
	}
	t.lacks[i] = fails
	return fails
}

// solve finds the failure of all nodes, those that others need first.
func (t *FaultTrees) solve() {
	m := t.model
	t.fails = slices.Repeat([]faulttree.Ref{noRef}, m.nodes())
	moduleOf := make([]int32, m.nodes())
	for n := range moduleOf {
		moduleOf[n] = int32(n)
	}
	for j, n := range m.journeyNode {
		if n >= 0 {
			moduleOf[n] = t.analysis.journeys[j].Entry
		}
	}
	all := collect(m.nodes(), func(add func(from, to int32)) {
		for g := range m.gates {
			if m.gates[g].hard {
				for _, to := range m.gates[g].targets {
					add(m.gates[g].owner, to)
				}
			}
		}
	})
	plain := collect(m.nodes(), func(add func(from, to int32)) {
		for g := range m.gates {
			if gate := &m.gates[g]; gate.hard && int(gate.need) >= len(gate.targets) {
				for _, to := range gate.targets {
					add(gate.owner, to)
				}
			}
		}
	})
	bunchOf := plain.components().of
	for _, members := range all.components().members() {
		var bunches [][]int32
		at := map[int32]int{}
		for _, n := range members {
			b, ok := at[bunchOf[n]]
			if !ok {
				b = len(bunches)
				at[bunchOf[n]] = b
				bunches = append(bunches, nil)
			}
			bunches[b] = append(bunches[b], n)
			t.fails[n] = faulttree.False
		}
		for range len(bunches) {
			changed := false
			for _, bunch := range bunches {
				in := []faulttree.Ref{}
				for _, n := range bunch {
					in = append(in, t.capacity(moduleOf[n]))
					for g := m.gateAt[n]; g < m.gateAt[n+1]; g++ {
						gate := &m.gates[g]
						if !gate.hard {
							continue
						}
						targets := make([]faulttree.Ref, len(gate.targets))
						for k, to := range gate.targets {
							targets[k] = t.fails[to]
						}
						in = append(in, t.gate(len(targets)-int(gate.need)+1, targets))
					}
				}
				fails := t.or(in...)
				if fails != t.fails[bunch[0]] {
					changed = true
				}
				for _, n := range bunch {
					t.fails[n] = fails
				}
			}
			if !changed {
				break
			}
		}
	}
}
