package analyzer

import (
	"math"
	"slices"
	"strconv"

	"lintel/analyzer/faulttree"
)

// FoldedTree is a fault tree for the probability of a target alone. It is small where a design is large:
//
//   - The replicas of a module are a few events, one for each number of replicas that failure domains can take: with c of
//     n lost to domains, the module fails when enough of the n-c others do, of which the probability is that of a binomial
//     tail. The events are independent, and their probabilities such that all that apply together make that tail.
//   - What brings the target down under the same condition, a pattern of failure domains, is one event.
//
// Both keep the probability of the top, to the last digits of floating-point numbers.
type FoldedTree struct {
	*faulttree.Tree
	Parts [][]Part // by event of the tree: it occurs when any of these, independent ones, does
	// Modules and Domains take part in the tree.
	Modules, Domains []int32
	// Loose tells that the probability is a bound of the target's, below or above it.
	Loose bool
}

// Part is an event of the design that is part of one of the tree.
type Part struct {
	Event Event
	P     float64
}

// folded makes folded trees.
type folded struct {
	*FaultTrees
	conditions formula // over failure domains: event d is that of domain d
	domains    []faulttree.Ref
	modules    []*foldedModule

	seen, seenModule, inner []int32 // by node, by module, by node: the last tree that they are part of
	tree                    int32
	fails                   []faulttree.Ref // by node, of this tree
}

// foldedModule is how a module fails for want of replicas.
type foldedModule struct {
	replicas int             // those that count, the primary of a manual failover aside
	enough   int             // how many must be lost
	primary  bool            // replica 1 fails the module alone
	unsure   int             // 1 where it is open whether a domain took the primary's place, else 0
	external bool            // it has no replicas of its own, but one event
	down     []faulttree.Ref // what fails it alone: over failure domains; two entries, a lower and an upper bound, where loose
	steps    []foldStep
	chances  []foldedChance
}

// foldStep is that domains have taken some replicas.
type foldStep struct {
	condition   faulttree.Ref // domains have taken least of them, or more
	least, most int           // they have taken from least to most where the next step's condition does not hold
}

// foldedChance holds the probabilities of a module's steps for one probability of a single replica.
type foldedChance struct {
	q     float64
	high  bool
	p     []float64 // by step
	log   []float64 // ln(1 − p)
	loose bool
}

func newFolded(t *FaultTrees) *folded {
	n := t.model.nodes()
	return &folded{
		FaultTrees: t, conditions: newFormula(),
		domains: slices.Repeat([]faulttree.Ref{noRef}, len(t.analysis.domainParent)),
		modules: make([]*foldedModule, t.analysis.Modules()),
		seen:    make([]int32, n), inner: make([]int32, n), seenModule: make([]int32, t.analysis.Modules()),
		fails: slices.Repeat([]faulttree.Ref{faulttree.False}, n),
	}
}

// Folded gives the folded tree of a target. unavailability gives the probability of an event, of a module's replicas that
// of the first. Where the tree is loose, high asks for the upper bound.
func (t *FaultTrees) Folded(target Target, unavailability func(Event) float64, high bool) *FoldedTree {
	if t.folded == nil {
		t.folded = newFolded(t)
	}
	return t.folded.make(target, unavailability, high)
}

func (t *folded) domainDown(d int32) faulttree.Ref {
	if d < 0 {
		return faulttree.False
	}
	if t.domains[d] == noRef {
		t.domains[d] = t.conditions.or(faulttree.EventRef(int(d)), t.domainDown(t.analysis.domainParent[d]))
	}
	return t.domains[d]
}

// maxSteps bounds the steps of a module.
const maxSteps = 64

func (t *folded) module(i int32) *foldedModule {
	if t.modules[i] != nil {
		return t.modules[i]
	}
	c := &t.model.capacities.modules[i]
	m := &foldedModule{replicas: c.replicas, enough: c.replicas - c.need + 1, external: c.external}
	t.modules[i] = m
	if c.replicas == 0 || m.enough <= 0 {
		m.down = []faulttree.Ref{faulttree.True}
		return m
	}
	f := &t.conditions
	var in []faulttree.Ref
	var weights []int
	primary := faulttree.False
	if c.manual {
		primary = t.domainDown(c.primary)
	}
	m.primary = c.manual && !c.external
	if m.primary {
		m.replicas--
	}
	at := t.analysis.domainOfReplica(t.analysis.Module(i), 1)
	for _, r := range t.model.capacities.of(i) {
		n := r.count
		if m.primary && r.domain == at && (at < 0 || c.primary == at) {
			n-- // where the primary is up, its domain is as well
		}
		if r.domain >= 0 && n > 0 {
			in, weights = append(in, t.domainDown(r.domain)), append(weights, n)
		}
	}
	if m.primary && at >= 0 && c.primary != at {
		m.replicas++ // its place counts among those that domains can take
		m.unsure = 1
	}
	down := f.weighing(m.enough, in, weights)
	if f.over {
		f.over = false
		m.down = []faulttree.Ref{primary, f.or(append(slices.Clone(in), primary)...)}
		in, weights = nil, nil
	} else {
		m.down = []faulttree.Ref{f.or(down, primary)}
	}
	if m.external || m.enough > m.replicas {
		return m
	}
	sums, all := reachable(weights, m.enough-1)
	for from := 0; from < len(sums); {
		to := max(from+1, (len(m.steps)+1)*len(sums)/maxSteps)
		s := foldStep{f.weighing(sums[from], in, weights), sums[from], sums[from]}
		if f.over { // what is taken beyond the step before is as good as all
			f.over = false
			m.steps[len(m.steps)-1].most = m.enough - 1
			break
		}
		switch {
		case to == len(sums) && (to > from+1 || !all):
			s.most = m.enough - 1
		case to > from+1 || !all:
			s.most = sums[to] - 1
		}
		m.steps = append(m.steps, s)
		from = to
	}
	return m
}

// reachable lists the sums of some of the weights up to most, ascending: all of them, or some where there are many.
func reachable(weights []int, most int) (sums []int, all bool) {
	sums, all = []int{0}, true
	for _, w := range weights {
		more := sums
		for _, s := range sums {
			if s+w <= most {
				more = append(more, s+w)
			}
		}
		slices.Sort(more)
		sums = slices.Compact(more)
		if len(sums) > 64*maxSteps {
			all = false
			thin := sums[:0:0]
			for k := 0; k < len(sums); k += 2 {
				thin = append(thin, sums[k])
			}
			sums = thin
		}
	}
	return sums, all
}

// chance gives the probabilities of a module's steps.
func (m *foldedModule) chance(q float64, high bool) *foldedChance {
	for i := range m.chances {
		if c := &m.chances[i]; math.Float64bits(c.q) == math.Float64bits(q) && c.high == high {
			return c
		}
	}
	c := foldedChance{q: q, high: high, p: make([]float64, len(m.steps)), log: make([]float64, len(m.steps))}
	before := 0.0
	for k, s := range m.steps {
		low := lossTail(m.replicas-s.least-m.unsure, m.enough-s.least, q)
		tail := lossTail(m.replicas-s.most, m.enough-s.most, q)
		if s.least != s.most || m.unsure > 0 {
			c.loose = c.loose || math.Abs(tail-low) > 1e-14*tail
		}
		if !high {
			tail = low
		}
		tail = max(tail, before)
		if math.IsNaN(q) {
			tail = q
		}
		switch {
		case k == 0 || math.IsNaN(tail):
			c.p[k] = tail
		case before >= 1:
			c.p[k] = 1
		default:
			c.p[k] = min((tail-before)/(1-before), 1)
		}
		c.log[k] = math.Log1p(-c.p[k])
		before = tail
	}
	m.chances = append(m.chances, c)
	return &m.chances[len(m.chances)-1]
}

// lossTail is the probability that at least k of n replicas are down.
func lossTail(n, k int, q float64) float64 {
	if n == 1 && k == 1 {
		return q
	}
	return binomialTail(n, k, q)
}

// event names a step: that so many replicas fail by themselves.
func (m *foldedModule) event(module int32, s foldStep) Event {
	if m.replicas == 1 && !m.primary {
		return Event{ReplicaEvent, module, 1, -1}
	}
	return Event{ReplicasEvent, module, m.enough - s.least, -1}
}

// bundle is what brings the target down under one condition.
type bundle struct {
	log   float64 // of the probability that none of the parts occurs
	parts []Part
}

func (t *folded) make(target Target, unavailability func(Event) float64, high bool) *FoldedTree {
	out := &FoldedTree{Tree: &faulttree.Tree{Name: t.name(target), Top: faulttree.False}}
	n := t.node(target)
	switch {
	case n < 0:
		return out
	case t.model.down[n]:
		out.Top = faulttree.True
		return out
	}
	t.tree++
	b := &foldedBuilder{folded: t, out: out, high: high, q: unavailability, f: newFormula(), copies: map[faulttree.Ref]faulttree.Ref{}}
	top, gates := b.closure(n)
	b.inside(gates)
	for _, g := range gates {
		top = append(top, b.gate(&t.model.gates[g]))
	}
	for _, c := range b.order {
		x := b.bundles[c]
		p := -math.Expm1(x.log)
		top = append(top, b.f.and(b.copied(c), b.event(x.parts, p)))
	}
	out.Top = b.f.or(top...)
	out.Gates = b.f.gates
	for i := range out.Gates {
		out.Gates[i].Name = "g" + strconv.Itoa(i+1)
	}
	slices.Sort(out.Modules)
	slices.Sort(out.Domains)
	return out
}

type foldedBuilder struct {
	*folded
	out     *FoldedTree
	high    bool
	q       func(Event) float64
	f       formula
	copies  map[faulttree.Ref]faulttree.Ref // of conditions
	bundles map[faulttree.Ref]*bundle
	order   []faulttree.Ref // the bundles' conditions as they came
}

func (b *foldedBuilder) event(parts []Part, p float64) faulttree.Ref {
	switch p {
	case 0:
		return faulttree.False
	case 1:
		return faulttree.True
	}
	b.out.Events = append(b.out.Events, faulttree.Event{P: p})
	b.out.Parts = append(b.out.Parts, parts)
	return faulttree.EventRef(len(b.out.Events) - 1)
}

// copied gives a condition as a formula of the tree.
func (b *foldedBuilder) copied(r faulttree.Ref) faulttree.Ref {
	if r == faulttree.True || r == faulttree.False {
		return r
	}
	to, ok := b.copies[r]
	if ok {
		return to
	}
	if d, ok := r.Event(); ok {
		e := Event{DomainEvent, -1, 0, int32(d)}
		q := b.q(e)
		to = b.event([]Part{{e, q}}, q)
		b.out.Domains = append(b.out.Domains, int32(d))
	} else {
		i, _ := r.Gate()
		g := &b.conditions.gates[i]
		in := make([]faulttree.Ref, len(g.In))
		for k, x := range g.In {
			in[k] = b.copied(x)
		}
		need := g.K
		switch g.Op {
		case faulttree.And:
			need = len(in)
		case faulttree.Or:
			need = 1
		}
		to = b.f.atLeast(need, in)
	}
	b.copies[r] = to
	return to
}

// terms tells how module i fails for want of replicas: what fails it alone, and events under conditions.
func (b *foldedBuilder) terms(i int32, alone func(r faulttree.Ref), step func(condition faulttree.Ref, e Event, p, log float64)) {
	m := b.module(i)
	if m.unsure > 0 && b.model.capacities.modules[i].replicas <= maxUnsure {
		alone(b.oneByOne(i))
		return
	}
	if b.high {
		alone(b.copied(m.down[len(m.down)-1]))
	} else {
		alone(b.copied(m.down[0]))
	}
	b.out.Loose = b.out.Loose || len(m.down) > 1
	if m.external {
		e := Event{ExternalEvent, i, 0, -1}
		q := b.q(e)
		step(faulttree.True, e, q, math.Log1p(-q))
		return
	}
	if len(m.steps) == 0 && !m.primary {
		return
	}
	q := b.q(Event{ReplicaEvent, i, 1, -1})
	if m.primary {
		step(faulttree.True, Event{ReplicaEvent, i, 1, -1}, q, math.Log1p(-q))
	}
	if len(m.steps) > 0 {
		c := m.chance(q, b.high)
		b.out.Loose = b.out.Loose || c.loose
		for k, s := range m.steps {
			step(s.condition, m.event(i, s), c.p[k], c.log[k])
		}
	}
}

// maxUnsure is the largest number of replicas that stand in a folded tree one by one, which keeps it exact where it is open
// which of them is the primary of a manual failover.
const maxUnsure = 64

// oneByOne gives the failure of module i for want of replicas, each of them an event of its own.
func (b *foldedBuilder) oneByOne(i int32) faulttree.Ref {
	c, m := &b.model.capacities.modules[i], b.analysis.Module(i)
	lost := make([]faulttree.Ref, c.replicas)
	primary := faulttree.False
	for r := range lost {
		e := Event{ReplicaEvent, i, r + 1, -1}
		q := b.q(e)
		own := b.event([]Part{{e, q}}, q)
		if r == 0 {
			primary = own
		}
		lost[r] = b.f.or(own, b.copied(b.domainDown(b.analysis.domainOfReplica(m, r+1))))
	}
	return b.f.or(b.f.atLeast(c.replicas-c.need+1, lost), primary, b.copied(b.domainDown(c.primary)))
}

// closure gathers in bundles what fails the target without any choice, and gives what fails it alone, and the choices
// that it comes to.
func (b *foldedBuilder) closure(n int32) (alone []faulttree.Ref, choices []int32) {
	b.bundles = map[faulttree.Ref]*bundle{}
	known := map[faulttree.Ref]bool{}
	stack := []int32{n}
	b.seen[n] = b.tree
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if i := b.scheme.moduleOf[v]; b.seenModule[i] != b.tree {
			b.seenModule[i] = b.tree
			b.out.Modules = append(b.out.Modules, i)
			b.terms(i, func(r faulttree.Ref) {
				if r != faulttree.False && !known[r] {
					known[r] = true
					alone = append(alone, r)
				}
			}, func(condition faulttree.Ref, e Event, p, log float64) {
				if p == 0 {
					return
				}
				x := b.bundles[condition]
				if x == nil {
					x = &bundle{}
					b.bundles[condition] = x
					b.order = append(b.order, condition)
				}
				x.log += log
				x.parts = append(x.parts, Part{e, p})
			})
		}
		for g := b.model.gateAt[v]; g < b.model.gateAt[v+1]; g++ {
			gate := &b.model.gates[g]
			switch {
			case !gate.hard:
			case int(gate.need) < len(gate.targets):
				choices = append(choices, g)
			default:
				for _, to := range gate.targets {
					if b.seen[to] != b.tree {
						b.seen[to] = b.tree
						stack = append(stack, to)
					}
				}
			}
		}
	}
	return alone, choices
}

// inside makes the failures of the alternatives of choices, as far as they fail without what fails the target itself:
// nothing else matters (x ∨ f(x) = x ∨ f(false)).
func (b *foldedBuilder) inside(choices []int32) {
	var nodes []int32
	reach := func(to int32) {
		if b.seen[to] != b.tree && b.inner[to] != b.tree {
			b.inner[to] = b.tree
			nodes = append(nodes, to)
		} else if b.seen[to] == b.tree {
			b.fails[to] = faulttree.False
		}
	}
	for _, g := range choices {
		gate := &b.model.gates[g]
		outside := 0
		for _, to := range gate.targets {
			if b.seen[to] != b.tree {
				outside++
			}
		}
		if outside < len(gate.targets)-int(gate.need)+1 {
			continue // it can't fail alone
		}
		for _, to := range gate.targets {
			reach(to)
		}
	}
	for k := 0; k < len(nodes); k++ {
		for g := b.model.gateAt[nodes[k]]; g < b.model.gateAt[nodes[k]+1]; g++ {
			if gate := &b.model.gates[g]; gate.hard {
				for _, to := range gate.targets {
					reach(to)
				}
			}
		}
	}
	slices.SortFunc(nodes, func(x, y int32) int {
		if c := int(b.scheme.of[x]) - int(b.scheme.of[y]); c != 0 {
			return c
		}
		return int(x) - int(y)
	})
	lacks := map[int32]faulttree.Ref{}
	capacity := func(i int32) faulttree.Ref {
		if b.seenModule[i] == b.tree { // the journey's own entry
			return faulttree.False
		}
		r, ok := lacks[i]
		if !ok {
			b.out.Modules = append(b.out.Modules, i)
			var in []faulttree.Ref
			b.terms(i, func(r faulttree.Ref) { in = append(in, r) },
				func(condition faulttree.Ref, e Event, p, _ float64) {
					if p > 0 {
						in = append(in, b.f.and(b.copied(condition), b.event([]Part{{e, p}}, p)))
					}
				})
			r = b.f.or(in...)
			lacks[i] = r
		}
		return r
	}
	for from := 0; from < len(nodes); {
		to := from + 1
		for to < len(nodes) && b.scheme.of[nodes[to]] == b.scheme.of[nodes[from]] {
			to++
		}
		b.scheme.solve(&b.f, nodes[from:to], capacity, b.fails)
		from = to
	}
	for _, g := range choices { // of those that were passed over
		for _, to := range b.model.gates[g].targets {
			if b.inner[to] != b.tree {
				b.fails[to] = faulttree.False
			}
		}
	}
}

func (b *foldedBuilder) gate(g *gate) faulttree.Ref {
	in := make([]faulttree.Ref, len(g.targets))
	for k, to := range g.targets {
		in[k] = b.fails[to]
	}
	return b.f.atLeast(len(in)-int(g.need)+1, in)
}
