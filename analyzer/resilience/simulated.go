package resilience

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
)

// Simulate estimates the probability of the top of a tree by drawing states of its events, and gives an interval that
// holds it with the confidence that Confidence tells: that of C. J. Clopper and E. S. Pearson (1934), which errs on the
// safe side however rare the top is. The states are always the same ones; work is the number of gate and event words, of 64
// states each, that it may take.
func Simulate(t *faulttree.Tree, work int, l Limits) Probability {
	return simulate(t, work, l, 1)
}

func simulate(t *faulttree.Tree, work int, l Limits, seed uint64) Probability {
	s := newSampler(t, seed)
	batches := max(1, work/s.cost)
	drawn, failed := 0, 0
	for k := range batches {
		if k > 0 && l.stopped() {
			break // time says nothing about what was drawn
		}
		s.draw()
		failed += s.failed()
		drawn += 64 * batchWords
	}
	low, high := clopperPearson(failed, drawn, (1-Confidence)/2)
	return Probability{low, high, Simulated}
}

// batchWords is how many words of 64 states are drawn at a time.
const batchWords = 64

type batch [batchWords]uint64

// sampler draws states of a tree.
type sampler struct {
	tree  *faulttree.Tree
	order []int // gates that the top needs, inputs first
	used  []int // events that it needs
	event []batch
	gate  []batch
	rand  *rand.Rand
	cost  int // words of a batch

	never, always batch
}

func newSampler(t *faulttree.Tree, seed uint64) *sampler {
	s := &sampler{tree: t, event: make([]batch, len(t.Events)), gate: make([]batch, len(t.Gates)), rand: rand.New(rand.NewPCG(seed, 0))}
	seen, used := make([]bool, len(t.Gates)), make([]bool, len(t.Events))
	type frame struct{ gate, next int }
	var stack []frame
	enter := func(r faulttree.Ref) {
		if e, ok := r.Event(); ok && !used[e] {
			used[e] = true
			s.used = append(s.used, e)
		} else if g, ok := r.Gate(); ok && !seen[g] {
			seen[g] = true
			stack = append(stack, frame{g, 0})
		}
	}
	enter(t.Top)
	inputs := 0
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		in := t.Gates[f.gate].In
		if f.next == len(in) {
			s.order = append(s.order, f.gate)
			inputs += len(in)
			stack = stack[:len(stack)-1]
			continue
		}
		f.next++
		enter(in[f.next-1])
	}
	for i := range s.always {
		s.always[i] = ^uint64(0)
	}
	s.cost = (len(s.used) + inputs + 1) * batchWords
	return s
}

// draw draws the events of a batch: from one that occurs to the next by the geometric distribution, so that rare ones
// cost little.
func (s *sampler) draw() {
	for _, e := range s.used {
		b, p := &s.event[e], s.tree.Events[e].P
		*b = batch{}
		flip := p > 0.5
		if flip {
			p = 1 - p
		}
		if p > 0 {
			scale := 1 / math.Log1p(-p)
			for at := -1.0; ; {
				at += 1 + math.Floor(math.Log(1-s.rand.Float64())*scale)
				if at >= 64*batchWords {
					break
				}
				b[int(at)>>6] |= 1 << (int(at) & 63)
			}
		}
		if flip {
			for i := range b {
				b[i] = ^b[i]
			}
		}
	}
}

func (s *sampler) of(r faulttree.Ref) *batch {
	if e, ok := r.Event(); ok {
		return &s.event[e]
	}
	if g, ok := r.Gate(); ok {
		return &s.gate[g]
	}
	if r == faulttree.True {
		return &s.always
	}
	return &s.never
}

// failed counts the states of the batch in which the top occurs.
func (s *sampler) failed() (n int) {
	for _, g := range s.order {
		gate, out := &s.tree.Gates[g], &s.gate[g]
		switch {
		case gate.Op == faulttree.And:
			*out = s.always
			for _, in := range gate.In {
				x := s.of(in)
				for i := range out {
					out[i] &= x[i]
				}
			}
		case gate.Op == faulttree.Or:
			*out = batch{}
			for _, in := range gate.In {
				x := s.of(in)
				for i := range out {
					out[i] |= x[i]
				}
			}
		default:
			s.atLeast(gate, out)
		}
	}
	for _, w := range s.of(s.tree.Top) {
		n += bits.OnesCount64(w)
	}
	return n
}

// atLeast counts in all states at once: digit k of the count of each is a bit of digits[k].
func (s *sampler) atLeast(g *faulttree.Gate, out *batch) {
	if g.K <= 0 {
		*out = s.always
		return
	}
	digits := make([]batch, bits.Len(uint(len(g.In))))
	for _, in := range g.In {
		carry := *s.of(in)
		for k := range digits {
			for i := range carry {
				digits[k][i], carry[i] = digits[k][i]^carry[i], digits[k][i]&carry[i]
			}
		}
	}
	*out = batch{}
	if g.K > len(g.In) {
		return
	}
	for i := range out {
		more, equal := uint64(0), ^uint64(0) // the digits so far, from the highest, are above those of K; are the same
		for k := len(digits) - 1; k >= 0; k-- {
			d := digits[k][i]
			if g.K>>k&1 == 1 {
				equal &= d
			} else {
				more |= equal & d
				equal &^= d
			}
		}
		out[i] = more | equal
	}
}

// clopperPearson gives the interval for k of n, of which either side is wrong with at most the probability tail.
func clopperPearson(k, n int, tail float64) (low, high float64) {
	solve := func(above func(p float64) bool) (a, b float64) {
		a, b = 0, 1
		for range 200 {
			p := (a + b) / 2
			if p <= a || p >= b {
				break
			}
			if above(p) {
				b = p
			} else {
				a = p
			}
		}
		return a, b
	}
	high = 1
	if k > 0 {
		low, _ = solve(func(p float64) bool { return analyzer.BinomialTail(n, k, p) > tail })
	}
	if k < n { // at most k of n occur is at least n-k of n do not
		_, high = solve(func(p float64) bool { return analyzer.BinomialTail(n, n-k, 1-p) < tail })
	}
	return low, high
}
