package faulttree

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"os"
	"testing"
)

// bruteForce evaluates a tree in every state of its events: the slow and obvious reference. It gives the probability of
// the top, and the number of minimal cut sets by order.
func bruteForce(t *Tree) (p float64, count []int) {
	n := len(t.Events)
	top := make([]bool, 1<<n)
	for s := range top {
		top[s] = occurs(t, t.Top, uint(s), map[Ref]bool{})
		if !top[s] {
			continue
		}
		q := 1.0
		for i, e := range t.Events {
			if s>>i&1 == 1 {
				q *= e.P
			} else {
				q *= 1 - e.P
			}
		}
		p += q
	}
	count = make([]int, n+1)
	for s := range top {
		minimal := top[s]
		for i := 0; i < n && minimal; i++ {
			minimal = s>>i&1 == 0 || !top[s&^(1<<i)]
		}
		if minimal {
			count[bits.OnesCount(uint(s))]++
		}
	}
	return p, count
}

// occurs evaluates r in the state s, a set of events.
func occurs(t *Tree, r Ref, s uint, known map[Ref]bool) bool {
	switch {
	case r == True:
		return true
	case r == False:
		return false
	case r.isEvent():
		return s>>r.event()&1 == 1
	}
	if v, ok := known[r]; ok {
		return v
	}
	g := &t.Gates[r]
	n := 0
	for _, in := range g.In {
		if occurs(t, in, s, known) {
			n++
		}
	}
	v := n >= g.K
	switch g.Op {
	case And:
		v = n == len(g.In)
	case Or:
		v = n > 0
	}
	known[r] = v
	return v
}

// randomTree is any tree: shared and private events, constants, inputs that stand twice, thresholds out of range.
func randomTree(r *rand.Rand, most int) *Tree {
	t := &Tree{}
	n := 1 + r.IntN(most)
	alike := r.IntN(2) == 0
	for i := range n {
		p := r.Float64()
		switch {
		case alike:
			p = []float64{0.5, 0.1}[r.IntN(2)]
		case r.IntN(4) == 0:
			p = float64(r.IntN(2))
		}
		t.Events = append(t.Events, Event{fmt.Sprint("e", i), p})
	}
	gates := 1 + r.IntN(most+2)
	private := 0
	for i := range gates {
		g := Gate{Name: fmt.Sprint("g", i), Op: Op(r.IntN(3))}
		for range 1 + r.IntN(5) {
			in := GateRef(max(0, i-1-r.IntN(min(max(i, 1), 4))))
			switch x := r.IntN(20); {
			case x == 0:
				in = False
			case x == 1:
				in = True
			case x < 7 && private < n:
				in = EventRef(private)
				private++
			case x < 12 || i == 0:
				in = EventRef(r.IntN(n))
			}
			g.In = append(g.In, in)
		}
		g.K = r.IntN(len(g.In) + 2)
		t.Gates = append(t.Gates, g)
	}
	t.Top = GateRef(gates - 1)
	return t
}

// clusterTree is what designs give: modules with replicas that stand in domains within domains, of which some are
// needed, and which need each other.
func clusterTree(r *rand.Rand, most int) *Tree {
	t := &Tree{}
	event := func(p float64) Ref {
		t.Events = append(t.Events, Event{fmt.Sprint("e", len(t.Events)), p})
		return EventRef(len(t.Events) - 1)
	}
	gate := func(op Op, k int, in ...Ref) Ref {
		t.Gates = append(t.Gates, Gate{fmt.Sprint("g", len(t.Gates)), op, k, in})
		return GateRef(len(t.Gates) - 1)
	}
	region := event(0.01)
	var zones []Ref
	for range 1 + r.IntN(3) {
		zones = append(zones, gate(Or, 0, event(0.05), region))
	}
	var modules []Ref
	for len(t.Events) < most-3 && (len(modules) < 3 || r.IntN(3) > 0) {
		n := 1 + r.IntN(min(6, most-len(t.Events)))
		p := []float64{0.1, 0.2, 0.3}[r.IntN(3)]
		onHosts := r.IntN(4) == 0
		var replicas []Ref
		for i := range n {
			q := p
			if r.IntN(6) == 0 {
				q = 0.15
			}
			down := []Ref{event(q)}
			if onHosts && len(t.Events) < most {
				down = append(down, event(0.02))
			}
			if r.IntN(5) > 0 {
				down = append(down, zones[i%len(zones)])
			}
			replicas = append(replicas, gate(Or, 0, down...))
		}
		in := []Ref{gate(AtLeast, 1+r.IntN(n), replicas...)}
		for _, m := range modules {
			if r.IntN(2) == 0 {
				in = append(in, m)
			}
		}
		modules = append(modules, gate(Or, 0, in...))
	}
	t.Top = gate(AtLeast, 1+r.IntN(2), modules...)
	return t
}

// denseTree has many gates over few events of few probabilities, each gate with many inputs and in many places: thresholds
// have like inputs and such that stand above them, too.
func denseTree(r *rand.Rand, most int) *Tree {
	t := &Tree{}
	n := min(most, 3+r.IntN(most))
	scale := []float64{1, 1e-3, 1e-7}[r.IntN(3)] // of so rare events products are much less than one can be told from
	for i := range n {
		t.Events = append(t.Events, Event{fmt.Sprint("e", i), scale * []float64{0.1, 0.3}[r.IntN(2)]})
	}
	gates := 2 + r.IntN(2*most)
	ops := [][]Op{{And, Or, Or, AtLeast}, {And, And, Or, AtLeast}, {And, Or, AtLeast, AtLeast}}[r.IntN(3)]
	for i := range gates {
		pool := r.Perm(n + i)
		in := make([]Ref, min(len(pool), 2+r.IntN(6)))
		for j := range in {
			if in[j] = EventRef(pool[j]); pool[j] >= n {
				in[j] = GateRef(pool[j] - n)
			}
		}
		t.Gates = append(t.Gates, Gate{fmt.Sprint("g", i), ops[r.IntN(len(ops))], 1 + r.IntN(len(in)), in})
	}
	t.Top = GateRef(gates - 1)
	return t
}

// guardedTree is a threshold of like events and others beside an event that decides some of its inputs. That event shows
// only when another one is known.
func guardedTree(r *rand.Rand, most int) *Tree {
	t := &Tree{Events: []Event{{"decides", 0.3}, {"shows", 0.4}}}
	decides, shows := EventRef(0), EventRef(1)
	event := func(p float64) Ref {
		t.Events = append(t.Events, Event{fmt.Sprint("e", len(t.Events)), p})
		return EventRef(len(t.Events) - 1)
	}
	gate := func(op Op, k int, in ...Ref) Ref {
		t.Gates = append(t.Gates, Gate{fmt.Sprint("g", len(t.Gates)), op, k, in})
		return GateRef(len(t.Gates) - 1)
	}
	guard := Op(r.IntN(2)) // of the threshold
	under := And - guard + Or
	show := gate(under, 0, decides, shows)
	if under == And && r.IntN(2) == 0 {
		show = gate(AtLeast, 2, decides, shows)
	}
	var in []Ref
	for len(t.Events) < most-2 && (len(in) < 3 || r.IntN(4) > 0) {
		switch r.IntN(4) {
		case 0:
			in = append(in, gate(Op(r.IntN(2)), 0, decides, event(0.2)))
		default:
			rest := []Ref{decides, gate(Op(r.IntN(2)), 0, decides, event(0.1)), event(0.1), False}[r.IntN(4)]
			for range min(2+r.IntN(3), most-len(t.Events)) {
				in = append(in, gate(Or, 0, event(0.2), rest))
			}
		}
	}
	threshold := gate(AtLeast, 1+r.IntN(len(in)), in...)
	t.Top = gate(under, 0, gate(guard, 0, threshold, show), shows)
	return t
}

// eachTree calls check with some hundreds of random trees of all kinds, or with 20,000 where LINTEL_LONG is set.
func eachTree(t *testing.T, most int, check func(t *testing.T, tree *Tree)) {
	t.Helper()
	seeds := uint64(1200)
	if os.Getenv("LINTEL_LONG") != "" {
		seeds = 20_000
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 7))
		tree := [...]func(*rand.Rand, int) *Tree{clusterTree, randomTree, denseTree, guardedTree}[seed%4](r, most)
		if check(t, tree); t.Failed() {
			t.Fatalf("seed %d: %+v", seed, tree)
		}
	}
}
