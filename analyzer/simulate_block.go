package analyzer

import (
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
)

// blockWords is the number of machine words, of 64 scenarios each, that one pass over the graph
// carries.
const (
	blockWords     = 8
	blockScenarios = 64 * blockWords
)

// word holds one bit for each scenario of a block.
type word [blockWords]uint64

func (w *word) set(scenario int) { w[scenario>>6] |= 1 << (scenario & 63) }

func (w *word) has(scenario int) bool { return w[scenario>>6]>>(scenario&63)&1 == 1 }

func (w *word) or(x *word) {
	for i := range w {
		w[i] |= x[i]
	}
}

func (w *word) and(x *word) {
	for i := range w {
		w[i] &= x[i]
	}
}

func (w *word) without(x *word) {
	for i := range w {
		w[i] &^= x[i]
	}
}

// firstOf returns the word of the first n scenarios.
func firstOf(n int) (w word) {
	for s := range n {
		w.set(s)
	}
	return w
}

func (w *word) any() bool {
	var all uint64
	for i := range w {
		all |= w[i]
	}
	return all != 0
}

// each visits the scenarios that w holds.
func (w *word) each(visit func(scenario int)) {
	for i, x := range w {
		for ; x != 0; x &= x - 1 {
			visit(i<<6 + bits.TrailingZeros64(x))
		}
	}
}

// block simulates blockScenarios scenarios at once. Rows are those of the plan.
type block struct {
	m     *failureModel
	down  []word
	way   []word // the way from the row meets a soft dependency that is not satisfied; valid where the row works
	first int32  // no row before it fails
	queue []int32
	ready []bool
	// counters of gate, reused
	digits []word
}

func (m *failureModel) newBlock() *block {
	if b, ok := m.blocks.Get().(*block); ok {
		return b
	}
	return &block{
		m:     m,
		down:  make([]word, m.plan.rows),
		way:   make([]word, m.plan.rows),
		ready: make([]bool, m.plan.rows),
	}
}

func (m *failureModel) release(b *block) { m.blocks.Put(b) }

func (b *block) reset() {
	clear(b.down)
	b.first = int32(len(b.down))
}

// deprive takes module i's capacity in a scenario.
func (b *block) deprive(i int32, scenario int) {
	m := b.m
	b.fail(i, scenario)
	for _, n := range m.copies[m.copyAt[i]:m.copyAt[i+1]] {
		b.fail(n, scenario)
	}
}

func (b *block) fail(node int32, scenario int) {
	if r := b.m.plan.row[node]; r >= 0 {
		b.down[r].set(scenario)
		b.first = min(b.first, r)
	}
}

// run carries the failures on to the rows that need those that fail: the least fixed point.
func (b *block) run() {
	p := &b.m.plan
	rest := p.components
	for len(rest) > 0 && rest[0].to <= b.first {
		rest = rest[1:]
	}
	if len(rest) > 0 && rest[0].from < b.first {
		b.first = rest[0].from
	}
	for r := b.first; int(r) < p.rows; {
		if len(rest) > 0 && rest[0].from <= r {
			b.settle(nil, rest[0], &p.within, b.failRow)
			r, rest = rest[0].to, rest[1:]
			continue
		}
		b.failRow(r)
		r++
	}
}

// settle evaluates the rows of a component until nothing changes. It begins with all in order and
// goes on with those that read a row that changed.
func (b *block) settle(order []int32, s span, within *digraph, eval func(r int32) (changed bool)) {
	queue := b.queue[:0]
	for i := s.from; i < s.to; i++ {
		r := i
		if order != nil {
			r = order[i]
		}
		queue = append(queue, r)
		b.ready[r] = true
	}
	for k := 0; k < len(queue); k++ {
		r := queue[k]
		b.ready[r] = false
		if eval(r) {
			for _, q := range within.heads(r) {
				if !b.ready[q] {
					b.ready[q] = true
					queue = append(queue, q)
				}
			}
		}
		if k > int(s.to-s.from) {
			// Drop what is done, so that the queue stays about as small as the component.
			queue = queue[:copy(queue, queue[k+1:])]
			k = -1
		}
	}
	b.queue = queue[:0]
}

func (b *block) failRow(r int32) (changed bool) {
	p := &b.m.plan
	acc := b.down[r]
	for _, t := range p.plain.heads(r) {
		acc.or(&b.down[t])
	}
	for _, g := range p.gates.of(r) {
		b.unsatisfied(&g, &acc)
	}
	if acc == b.down[r] {
		return false
	}
	b.down[r] = acc
	return true
}

// unsatisfied adds to acc the scenarios in which at least g.fatal of g's targets fail.
func (b *block) unsatisfied(g *planGate, acc *word) {
	if int(g.fatal) == len(g.targets) {
		all := b.down[g.targets[0]]
		for _, t := range g.targets[1:] {
			all.and(&b.down[t])
		}
		acc.or(&all)
		return
	}
	// A counter for each scenario, bit-sliced: digits[k] holds digit k of all of them. They start
	// so that the last digit carries over when the count reaches fatal.
	n := bits.Len32(uint32(g.fatal - 1))
	start := uint32(1)<<n - uint32(g.fatal)
	if cap(b.digits) < n {
		b.digits = make([]word, n)
	}
	digits := b.digits[:n]
	for k := range digits {
		var fill uint64
		if start>>k&1 == 1 {
			fill = ^uint64(0)
		}
		for i := range digits[k] {
			digits[k][i] = fill
		}
	}
	for _, t := range g.targets {
		carry := b.down[t]
		if !carry.any() {
			continue
		}
		for k := range digits {
			d := &digits[k]
			for i := range carry {
				d[i], carry[i] = d[i]^carry[i], d[i]&carry[i]
			}
		}
		acc.or(&carry)
	}
}

// runWays finds, after run, the rows whose way meets an unsatisfied soft dependency.
func (b *block) runWays() {
	p := &b.m.plan
	clear(b.way)
	always := firstOf(blockScenarios)
	for _, r := range p.softBefore {
		b.way[r] = always
	}
	rest := p.wayComponents
	for i := int32(0); int(i) < p.rows; {
		if len(rest) > 0 && rest[0].from == i {
			b.settle(p.wayOrder, rest[0], &p.wayWithin, b.wayRow)
			i, rest = rest[0].to, rest[1:]
			continue
		}
		b.wayRow(p.wayOrder[i])
		i++
	}
}

func (b *block) wayRow(r int32) (changed bool) {
	p := &b.m.plan
	acc := b.way[r]
	for _, t := range p.plain.heads(r) {
		// Where t fails, so does r, whose way then matters to nobody.
		acc.or(&b.way[t])
	}
	for _, t := range p.soft.heads(r) {
		acc.or(&b.down[t])
		acc.or(&b.way[t])
	}
	for _, g := range p.softGates.of(r) {
		b.unsatisfied(&g, &acc)
	}
	for _, t := range p.wayTargets.heads(r) {
		way, down := &b.way[t], &b.down[t]
		for i := range acc {
			acc[i] |= way[i] &^ down[i]
		}
	}
	if acc == b.way[r] {
		return false
	}
	b.way[r] = acc
	return true
}

// tally counts for each scenario the modules that fail in it.
type tally struct{ digits [32]word }

// add counts n modules in each scenario that w holds.
func (t *tally) add(w *word, n int32) {
	for k := 0; n != 0; k, n = k+1, n>>1 {
		if n&1 == 0 {
			continue
		}
		for i, carry := range w {
			for d := k; carry != 0; d++ {
				t.digits[d][i], carry = t.digits[d][i]^carry, t.digits[d][i]&carry
			}
		}
	}
}

func (t *tally) count(scenario int) int {
	n := 0
	for k := range t.digits {
		if t.digits[k].has(scenario) {
			n |= 1 << k
		}
	}
	return n
}

// tally counts the modules that fail in each scenario beyond those that are down before.
func (b *block) tally() *tally {
	t := new(tally)
	for r := b.first; int(r) < len(b.down); r++ {
		if w := &b.down[r]; w.any() {
			t.add(w, b.m.plan.weight[r])
		}
	}
	return t
}

// perScenario collects, for each scenario of a block, the indices whose words hold it.
type perScenario struct {
	index []int32 // those with a word that is not empty, in order
	words []word
}

func (l *perScenario) add(i int32, w word) {
	if w.any() {
		l.index = append(l.index, i)
		l.words = append(l.words, w)
	}
}

// lists returns the indices by scenario, sorted as they were added; nil where there are none. The
// lists share one array.
func (l *perScenario) lists(scenarios int) [][]int32 {
	out := make([][]int32, scenarios)
	if len(l.index) == 0 {
		return out
	}
	at := make([]int32, blockScenarios+1)
	for k := range l.words {
		l.words[k].each(func(s int) { at[s+1]++ })
	}
	sums(at)
	all := make([]int32, at[blockScenarios])
	next := append([]int32(nil), at...)
	for k := range l.words {
		l.words[k].each(func(s int) {
			all[next[s]] = l.index[k]
			next[s]++
		})
	}
	for s := range out {
		if at[s] < at[s+1] {
			out[s] = all[at[s]:at[s+1]:at[s+1]]
		}
	}
	l.index, l.words = l.index[:0], l.words[:0]
	return out
}

// eachBlock calls visit for the blocks 0 to n-1, several at a time, each on a block of its own.
func (m *failureModel) eachBlock(n int, visit func(b *block, i int)) {
	var next atomic.Int64
	work := func() {
		b := m.newBlock()
		defer m.release(b)
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			b.reset()
			visit(b, i)
		}
	}
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) - 1 {
		wait.Go(work)
	}
	if n > 0 {
		work()
	}
	wait.Wait()
}
