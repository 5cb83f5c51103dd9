package analyzer

import (
	"encoding/binary"
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
	Parts [][]Part // by event of the tree: it occurs when any of these, independent ones, does; nil where not asked for
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

	seen, seenModule []int32 // by node, by module: the last tree that they fail without any choice
	tree             int32
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
		seen:    make([]int32, n), seenModule: make([]int32, t.analysis.Modules()),
	}
}

// Fold says what a folded tree is to be.
type Fold struct {
	High  bool // the upper bound, where the tree is loose
	Parts bool // with the parts of its events
}

// Folded gives the folded tree of a target. unavailability gives the probability of an event, of a module's replicas that
// of the first.
func (t *FaultTrees) Folded(target Target, unavailability func(Event) float64, how Fold) *FoldedTree {
	if t.folded == nil {
		t.folded = newFolded(t)
	}
	return t.folded.make(target, unavailability, how)
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
	return BinomialTail(n, k, q)
}

// event names a step: that so many replicas fail by themselves.
func (m *foldedModule) event(module int32, s foldStep) Event {
	if m.replicas == 1 && !m.primary {
		return Event{ReplicaEvent, module, 1, -1}
	}
	return Event{ReplicasEvent, module, m.enough - s.least, -1}
}

func (t *folded) make(target Target, unavailability func(Event) float64, how Fold) *FoldedTree {
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
	b := &foldedBuilder{folded: t, out: out, Fold: how, q: unavailability, f: newFormula(), copies: map[faulttree.Ref]faulttree.Ref{}}
	out.Top = b.build(n)
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
	Fold
	out    *FoldedTree
	q      func(Event) float64
	f      formula
	copies map[faulttree.Ref]faulttree.Ref // of conditions
	list   []*alternative
	index  map[int32]int32 // of list, by node
	stack  []int32
}

func (b *foldedBuilder) event(parts []Part, p float64) faulttree.Ref {
	switch p {
	case 0:
		return faulttree.False
	case 1:
		return faulttree.True
	}
	b.out.Events = append(b.out.Events, faulttree.Event{P: p})
	if b.Parts {
		b.out.Parts = append(b.out.Parts, parts)
	}
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
	if b.High {
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
		c := m.chance(q, b.High)
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

// gathering is what fails something without any choice: conditions alone, and bundles of events under conditions.
type gathering struct {
	alone   []faulttree.Ref
	known   map[faulttree.Ref]bool
	bundles map[faulttree.Ref]*bundle
	order   []faulttree.Ref // the bundles' conditions as they came
}

// bundle is what fails something under one condition.
type bundle struct {
	log   float64 // of the probability that none of the parts occurs
	parts []Part
}

func newGathering() *gathering {
	return &gathering{known: map[faulttree.Ref]bool{}, bundles: map[faulttree.Ref]*bundle{}}
}

// add takes module i in.
func (x *gathering) add(b *foldedBuilder, i int32) {
	b.out.Modules = append(b.out.Modules, i)
	b.terms(i, func(r faulttree.Ref) {
		if r != faulttree.False && !x.known[r] {
			x.known[r] = true
			x.alone = append(x.alone, r)
		}
	}, func(condition faulttree.Ref, e Event, p, log float64) {
		if p == 0 {
			return
		}
		y := x.bundles[condition]
		if y == nil {
			y = &bundle{}
			x.bundles[condition] = y
			x.order = append(x.order, condition)
		}
		y.log += log
		if b.Parts {
			y.parts = append(y.parts, Part{e, p})
		}
	})
}

// refs gives the inputs of an Or of all that was gathered.
func (x *gathering) refs(b *foldedBuilder) []faulttree.Ref {
	out := x.alone
	for _, c := range x.order {
		y := x.bundles[c]
		out = append(out, b.f.and(b.copied(c), b.event(y.parts, -math.Expm1(y.log))))
	}
	return out
}

// walk visits the nodes that n needs without any choice, n itself first, and the choices that it comes to. enter tells
// whether a node is to be visited.
func (b *foldedBuilder) walk(n int32, enter func(n int32) bool, visit func(n int32), choice func(g int32)) {
	stack := append(b.stack[:0], n)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		visit(v)
		for _, g := range b.scheme.choices.heads(v) {
			choice(g - int32(b.model.nodes()))
		}
		for _, to := range b.scheme.plain.heads(v) {
			if enter(to) {
				stack = append(stack, to)
			}
		}
	}
	b.stack = stack
}

// build gives the failure of node n. What it needs without any choice fails it, and is gathered at once. Of the
// alternatives of choices only that matters which fails without it (x ∨ f(x) = x ∨ f(false)).
func (b *foldedBuilder) build(n int32) faulttree.Ref {
	enter := func(v int32) bool {
		fresh := b.seen[v] != b.tree
		b.seen[v] = b.tree
		return fresh
	}
	top := newGathering()
	var choices []int32
	enter(n)
	b.walk(n, enter, func(v int32) {
		if i := b.scheme.moduleOf[v]; b.seenModule[i] != b.tree {
			b.seenModule[i] = b.tree
			top.add(b, i)
		}
	}, func(g int32) { choices = append(choices, g) })
	b.alternatives(choices)
	refs := top.refs(b)
	for _, g := range choices {
		refs = append(refs, b.choice(g))
	}
	return b.f.or(refs...)
}

// alternative is a target of choices.
type alternative struct {
	node    int32
	classes []*class
	choices []int32 // that it comes to without another
	fails   faulttree.Ref
}

// class is what the same alternatives need.
type class struct {
	gathering
	failing faulttree.Ref
}

// alternatives makes the failures of all alternatives that choices lead to. Modules that the same alternatives need are
// gathered together.
func (b *foldedBuilder) alternatives(choices []int32) {
	b.index = map[int32]int32{}
	b.reach(choices)
	users := map[int32][]int32{} // by node: the alternatives that need it, ascending
	var nodes []int32
	for k := 0; k < len(b.list); k++ {
		a := b.list[k]
		if b.model.down[a.node] {
			continue
		}
		mine := map[int32]bool{}
		enter := func(v int32) bool {
			if b.seen[v] == b.tree || mine[v] {
				return false
			}
			mine[v] = true
			return true
		}
		enter(a.node)
		b.walk(a.node, enter, func(v int32) {
			if len(users[v]) == 0 {
				nodes = append(nodes, v)
			}
			users[v] = append(users[v], int32(k))
		}, func(g int32) { a.choices = append(a.choices, g) })
		b.reach(a.choices)
	}
	classes := map[string]*class{}
	var order []*class
	var key []byte
	for _, v := range nodes {
		key = key[:0]
		for _, k := range users[v] {
			key = binary.AppendUvarint(key, uint64(k))
		}
		c := classes[string(key)]
		if c == nil {
			c = &class{gathering: *newGathering()}
			classes[string(key)] = c
			order = append(order, c)
			for _, k := range users[v] {
				b.list[k].classes = append(b.list[k].classes, c)
			}
		}
		if i := b.scheme.moduleOf[v]; b.seenModule[i] != b.tree { // else it is the journey's own entry
			c.add(b, i)
		}
	}
	for _, c := range order {
		c.failing = b.f.or(c.refs(b)...)
	}
	b.settle()
}

// reach lists the alternatives of choices that can fail alone.
func (b *foldedBuilder) reach(choices []int32) {
	for _, g := range choices {
		if !b.canFail(g) {
			continue
		}
		for _, to := range b.model.gates[g].targets {
			if _, known := b.index[to]; !known && b.seen[to] != b.tree {
				b.index[to] = int32(len(b.list))
				b.list = append(b.list, &alternative{node: to, fails: faulttree.False})
			}
		}
	}
}

// canFail tells whether enough alternatives of a choice can fail without what fails the target itself.
func (b *foldedBuilder) canFail(g int32) bool {
	gate := &b.model.gates[g]
	outside := 0
	for _, to := range gate.targets {
		if b.seen[to] != b.tree {
			outside++
		}
	}
	return outside > len(gate.targets)-int(gate.need)
}

// choice gives the failure of a choice.
func (b *foldedBuilder) choice(g int32) faulttree.Ref {
	if !b.canFail(g) {
		return faulttree.False
	}
	gate := &b.model.gates[g]
	var in []faulttree.Ref
	for _, to := range gate.targets {
		if b.seen[to] != b.tree {
			in = append(in, b.list[b.index[to]].fails)
		}
	}
	return b.f.atLeast(len(gate.targets)-int(gate.need)+1, in)
}

// settle makes the failures of alternatives, those that others need first: the least fixed point.
func (b *foldedBuilder) settle() {
	edges := collect(len(b.list), func(add func(from, to int32)) {
		for k, a := range b.list {
			for _, g := range a.choices {
				if b.canFail(g) {
					for _, to := range b.model.gates[g].targets {
						if b.seen[to] != b.tree {
							add(int32(k), b.index[to])
						}
					}
				}
			}
		}
	})
	for _, members := range edges.components().members() {
		for range members {
			changed := false
			for _, k := range members {
				a := b.list[k]
				var in []faulttree.Ref
				if b.model.down[a.node] {
					in = append(in, faulttree.True) // before anything fails
				}
				for _, c := range a.classes {
					in = append(in, c.failing)
				}
				for _, g := range a.choices {
					in = append(in, b.choice(g))
				}
				now := b.f.or(in...)
				changed = changed || now != a.fails
				a.fails = now
			}
			if !changed {
				break
			}
		}
	}
}
