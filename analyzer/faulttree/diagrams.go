package faulttree

import (
	"math/bits"
	"sync/atomic"
)

// diagrams holds binary decision diagrams of coherent functions and zero-suppressed ones of their minimal cut sets, in
// one array. A node tests the variable of its level: high where it occurs, low where it does not. Diagram 0 is what
// never occurs (no set), 1 what always does (the empty set). A node stands after those that it leads to.
type diagrams struct {
	*storage
	nodes []ddNode
	table []int32 // open addressing; 0 is free
	mask  uint32
	cache []cached
	cmask uint32
	limit int // of nodes; beyond it, over is set and results mean nothing
	over  bool
	done  int          // inputs that compile has joined to their gates, and gates that it has finished
	ticks uint32       // steps so far
	stop  *atomic.Bool // set from outside to give up; looked at now and then
}

type ddNode struct {
	level     int32 // 0 is tested first
	low, high int32
}

type cached struct {
	a, b, op, result int32
}

const terminalLevel = 1<<31 - 1

// storage is the memory of diagrams, which is used by one after the other: what an order of variables has taken in vain is
// there for the next one, and nothing waits for the garbage collector.
type storage struct {
	nodes []ddNode
	table []int32
	cache []cached
}

// keepNodes is how much storage is kept from one computation to the next.
const keepNodes = 1 << 20

// firstTable is the size of tables at the start.
const firstTable = 1 << 8

// newDiagrams makes diagrams of up to limit nodes, in s, which must not be in use by others any more.
func newDiagrams(limit int, stop *atomic.Bool, s *storage) *diagrams {
	if s.table == nil {
		s.table, s.cache = make([]int32, firstTable), make([]cached, firstTable)
	}
	d := &diagrams{storage: s, limit: limit, stop: stop}
	d.nodes = append(s.nodes[:0], ddNode{level: terminalLevel}, ddNode{level: terminalLevel})
	d.table, d.cache = s.table[:firstTable], s.cache[:firstTable]
	d.mask, d.cmask = firstTable-1, firstTable-1
	clear(d.table)
	clear(d.cache)
	return d
}

// release ends the use of the storage; what was computed in it is gone.
func (d *diagrams) release() {
	d.storage.nodes, d.storage.table, d.storage.cache = d.nodes[:0], d.table, d.cache
	if cap(d.nodes) > keepNodes {
		*d.storage = storage{}
	}
	d.nodes, d.table, d.cache, d.storage = nil, nil, nil, nil
}

func hash3(a, b, c int32) uint32 {
	h := uint64(uint32(a))*0x9E3779B97F4A7C15 ^ uint64(uint32(b))*0xC2B2AE3D27D4EB4F ^ uint64(uint32(c))*0x165667B19E3779F9
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return uint32(h >> 32)
}

// node gives the node; the rules of reduction are the caller's.
func (d *diagrams) node(level, low, high int32) int32 {
	i := hash3(level, low, high) & d.mask
	for {
		n := d.table[i]
		if n == 0 {
			break
		}
		if p := &d.nodes[n]; p.level == level && p.low == low && p.high == high {
			return n
		}
		i = (i + 1) & d.mask
	}
	if d.ticks++; d.ticks%4096 == 0 && d.stop != nil && d.stop.Load() || len(d.nodes) >= d.limit {
		d.over = true
		return 0
	}
	n := int32(len(d.nodes))
	if len(d.nodes) == cap(d.nodes) {
		// Memory that is not used yet costs nothing, and copying what is there does.
		room := min(max(4*cap(d.nodes), 1<<10), max(d.limit, len(d.nodes)+1))
		d.nodes = append(make([]ddNode, 0, room), d.nodes...)
	}
	d.nodes = append(d.nodes, ddNode{level, low, high})
	d.table[i] = n
	// Large tables are filled more.
	if size := len(d.table); 2*len(d.nodes) > size && (size < 1<<22 || 4*len(d.nodes) > 3*size) {
		d.grow()
	}
	return n
}

func (d *diagrams) grow() {
	size := 2 * len(d.table)
	if cap(d.table) >= size {
		d.table = d.table[:size]
		clear(d.table)
	} else {
		d.table = nil // for the garbage collector
		d.storage.table = nil
		d.table = make([]int32, size)
	}
	d.mask = uint32(size - 1)
	for n := 2; n < len(d.nodes); n++ {
		p := &d.nodes[n]
		i := hash3(p.level, p.low, p.high) & d.mask
		for d.table[i] != 0 {
			i = (i + 1) & d.mask
		}
		d.table[i] = int32(n)
	}
	if half := len(d.cache); half < size && size <= 1<<22 {
		if cap(d.cache) >= size {
			d.cache = d.cache[:size]
			clear(d.cache[half:])
		} else {
			d.cache = append(make([]cached, 0, size), d.cache...)[:size]
		}
		d.cmask = uint32(size - 1)
		// An entry stays where it is or moves to the same place in the new half.
		for i, c := range d.cache[:half] {
			if c.op != 0 && hash3(c.a, c.b, c.op)&d.cmask != uint32(i) {
				d.cache[half+i], d.cache[i] = c, cached{}
			}
		}
	}
}

// compact keeps only what the roots need, whose numbers it changes, in memory of its own, and releases the storage.
// Nothing can be added then, but after reopen.
func (d *diagrams) compact(roots ...*int32) {
	keep := make([]uint64, len(d.nodes)/64+1)
	for _, r := range roots {
		keep[*r/64] |= 1 << (*r % 64)
	}
	keep[0] |= 3
	count := 0
	for w := len(keep) - 1; w >= 0; w-- {
		for b := 63; b >= 0; b-- {
			if keep[w]&(1<<b) == 0 {
				continue
			}
			count++
			n := &d.nodes[w*64+b]
			keep[n.low/64] |= 1 << (n.low % 64)
			keep[n.high/64] |= 1 << (n.high % 64)
		}
	}
	out := make([]ddNode, 0, count)
	to := d.table // which has more places than there are nodes
	for w, set := range keep {
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			n := d.nodes[i]
			to[i] = int32(len(out))
			out = append(out, ddNode{n.level, to[n.low], to[n.high]})
		}
	}
	for _, r := range roots {
		*r = to[*r]
	}
	d.release()
	d.nodes = out
}

// reopen makes diagrams in s that start with those of d, which is compact, under the same numbers.
func (d *diagrams) reopen(limit int, stop *atomic.Bool, s *storage) *diagrams {
	out := newDiagrams(max(limit, len(d.nodes)), stop, s)
	for _, n := range d.nodes[2:] {
		out.node(n.level, n.low, n.high)
	}
	return out
}

// The operations, as the cache tells them apart.
const (
	opAnd int32 = iota + 1
	opOr
	opMinimal
	opWithout
)

func (d *diagrams) bdd(level, low, high int32) int32 {
	if low == high {
		return low
	}
	return d.node(level, low, high)
}

func (d *diagrams) and(a, b int32) int32 {
	switch {
	case a == b || b == 1:
		return a
	case a == 1:
		return b
	case a == 0 || b == 0 || d.over:
		return 0
	}
	return d.combine(opAnd, a, b)
}

func (d *diagrams) or(a, b int32) int32 {
	switch {
	case a == b || b == 0:
		return a
	case a == 0:
		return b
	case a == 1 || b == 1:
		return 1
	case d.over:
		return 0
	}
	return d.combine(opOr, a, b)
}

// combine is and, or or, of two diagrams that are no constants, by those of the two ways at the first level of either.
func (d *diagrams) combine(op, a, b int32) int32 {
	if a > b {
		a, b = b, a
	}
	if c := &d.cache[hash3(a, b, op)&d.cmask]; c.a == a && c.b == b && c.op == op {
		return c.result
	}
	na, nb := d.nodes[a], d.nodes[b]
	level := min(na.level, nb.level)
	if na.level > level {
		na.low, na.high = a, a
	}
	if nb.level > level {
		nb.low, nb.high = b, b
	}
	var r int32
	if op == opAnd {
		r = d.bdd(level, d.and(na.low, nb.low), d.and(na.high, nb.high))
	} else {
		r = d.bdd(level, d.or(na.low, nb.low), d.or(na.high, nb.high))
	}
	if d.over {
		return 0
	}
	d.cache[hash3(a, b, op)&d.cmask] = cached{a, b, op, r}
	return r
}

// minimal turns the diagram of a coherent function into that of its minimal cut sets (A. Rauzy, New algorithms for
// fault trees analysis, Reliability Engineering and System Safety 40, 1993).
func (d *diagrams) minimal(f int32) int32 {
	if f < 2 || d.over {
		return f
	}
	slot := hash3(f, 0, opMinimal) & d.cmask
	if c := &d.cache[slot]; c.a == f && c.op == opMinimal {
		return c.result
	}
	n := d.nodes[f]
	low := d.minimal(n.low)
	high := d.without(d.minimal(n.high), n.low)
	r := low
	if high != 0 {
		r = d.node(n.level, low, high)
	}
	if d.over {
		return 0
	}
	d.cache[hash3(f, 0, opMinimal)&d.cmask] = cached{f, 0, opMinimal, r}
	return r
}

// without leaves out the sets in which g, a coherent function, occurs.
func (d *diagrams) without(sets, g int32) int32 {
	switch {
	case g == 0 || sets == 0:
		return sets
	case g == 1 || d.over:
		return 0
	case sets == 1:
		return 1
	}
	for d.nodes[g].level < d.nodes[sets].level {
		if g = d.nodes[g].low; g == 0 {
			return sets
		}
	}
	slot := hash3(sets, g, opWithout) & d.cmask
	if c := &d.cache[slot]; c.a == sets && c.b == g && c.op == opWithout {
		return c.result
	}
	s, t := d.nodes[sets], d.nodes[g]
	var low, high int32
	if s.level == t.level {
		low, high = d.without(s.low, t.low), d.without(s.high, t.high)
	} else {
		low, high = d.without(s.low, g), d.without(s.high, g)
	}
	r := low
	if high != 0 {
		r = d.node(s.level, low, high)
	}
	if d.over {
		return 0
	}
	d.cache[hash3(sets, g, opWithout)&d.cmask] = cached{sets, g, opWithout, r}
	return r
}

// reachable lists the nodes of a diagram, those that are led to first.
func (d *diagrams) reachable(root int32) []int32 {
	if root < 2 {
		return nil
	}
	seen := make([]uint64, root/64+1)
	seen[root/64] |= 1 << (root % 64)
	count := 0
	for w := int(root / 64); w >= 0; w-- {
		for b := 63; b >= 0; b-- {
			if seen[w]&(1<<b) == 0 {
				continue
			}
			n := int32(w*64 + b)
			count++
			if n < 2 {
				continue
			}
			for _, m := range [2]int32{d.nodes[n].low, d.nodes[n].high} {
				seen[m/64] |= 1 << (m % 64)
			}
		}
	}
	out := make([]int32, 0, count)
	for w, set := range seen {
		for set != 0 {
			b := bits.TrailingZeros64(set)
			set &^= 1 << b
			if n := int32(w*64 + b); n >= 2 {
				out = append(out, n)
			}
		}
	}
	return out
}
