package faulttree

import (
	"math"
	"math/big"
	"math/bits"
	"sync/atomic"
)

// counter counts the sets of a diagram by their size, one size after the other and modulo one prime after the other, so
// that a number takes a word of memory for each node and few sizes are there at a time. The exact numbers are put
// together from their rests in the end.
type counter struct {
	low     []int32 // by node, counted from 2 as in a diagram
	edges   []int32 // by node: where its edges start; there is one entry more
	to      []int32 // by edge
	sets    []int32 // by edge: which of weights the edge adds
	weights []orders
	root    int32
	stop    *atomic.Bool
}

// newCounter makes the counter of a diagram of cut sets.
func (c *compiled) newCounter(root int32, of func(variable int32) orders, limit int, stop *atomic.Bool) *counter {
	nodes := c.reachable(root)
	number := make([]int32, max(root, 1)+1)
	number[1] = 1
	t := &counter{low: make([]int32, 2, len(nodes)+2), edges: make([]int32, 2, len(nodes)+3), stop: stop}
	single := make([]int32, len(c.level)) // by level of a variable: its weights and one
	groups := map[int32][]orders{}
	groupAt := map[[2]int32]int32{}
	for _, n := range nodes {
		m := &c.nodes[n]
		l := c.level[m.level]
		if l.count > 1 {
			continue // counted with the first level of its group
		}
		number[n] = int32(len(t.low))
		t.low = append(t.low, number[m.low])
		t.edges = append(t.edges, int32(len(t.to)))
		if l.of == 1 {
			if single[m.level] == 0 {
				t.weights = append(t.weights, of(l.variable))
				single[m.level] = int32(len(t.weights))
			}
			t.to, t.sets = append(t.to, number[m.high]), append(t.sets, single[m.level]-1)
			continue
		}
		all, ok := groups[l.variable]
		if !ok {
			all = groupSets(of(l.variable), l.of, limit)
			groups[l.variable] = all
		}
		for count, rest := range c.exits(n) {
			key := [2]int32{l.variable, int32(count)}
			at, ok := groupAt[key]
			if !ok {
				at = int32(len(t.weights))
				groupAt[key] = at
				t.weights = append(t.weights, all[count])
			}
			t.to, t.sets = append(t.to, number[rest]), append(t.sets, at)
		}
	}
	t.edges = append(t.edges, int32(len(t.to)))
	t.root = number[root]
	return t
}

// size bounds what is to be counted: the highest order, and the bits of the number of all sets.
func (t *counter) size() (order, length int) {
	highest := make([]int32, len(t.low))
	logs := make([]float64, len(t.low)) // to the base 2
	logs[0] = math.Inf(-1)
	ofWeight, lengths := make([]float64, len(t.weights)), make([]int32, len(t.weights))
	for i, w := range t.weights {
		sum := new(big.Int)
		for k, n := range w {
			if n.Sign() > 0 {
				sum.Add(sum, n)
				lengths[i] = int32(k)
			}
		}
		ofWeight[i] = math.Inf(-1)
		if sum.Sign() > 0 {
			mantissa := new(big.Float)
			exponent := new(big.Float).SetInt(sum).MantExp(mantissa)
			m, _ := mantissa.Float64()
			ofWeight[i] = float64(exponent) + math.Log2(m)
		}
	}
	for n := 2; n < len(t.low); n++ {
		highest[n], logs[n] = highest[t.low[n]], logs[t.low[n]]
		for e := t.edges[n]; e < t.edges[n+1]; e++ {
			w := t.sets[e]
			more := logs[t.to[e]] + ofWeight[w]
			if math.IsInf(more, -1) {
				continue
			}
			highest[n] = max(highest[n], highest[t.to[e]]+lengths[w])
			a, b := max(logs[n], more), min(logs[n], more)
			logs[n] = a + math.Log2(1+math.Exp2(b-a))
		}
	}
	// Rounding moves a logarithm by far less than a bit.
	return int(highest[t.root]), int(max(logs[t.root], 0)) + 2
}

// primeBits is the length of the primes, each the largest below the one before.
const primeBits = 62

// count gives the numbers by size, up to limit; ok is false where stop was set.
func (t *counter) count(limit int) (out orders, ok bool) {
	highest, length := t.size()
	highest = min(highest, limit)
	if length < primeBits { // no number reaches the prime, so none has to be taken modulo it
		rests, ok := t.modulo(0, highest)
		if !ok {
			return nil, false
		}
		for _, r := range rests {
			out = append(out, new(big.Int).SetUint64(r))
		}
		return out, true
	}
	out = make(orders, highest+1)
	for k := range out {
		out[k] = new(big.Int)
	}
	product := big.NewInt(1)
	for p := uint64(1)<<primeBits - 1; product.BitLen() <= length; p -= 2 {
		prime := new(big.Int).SetUint64(p)
		if !prime.ProbablyPrime(0) { // which is exact for numbers of this size
			continue
		}
		rests, ok := t.modulo(p, highest)
		if !ok {
			return nil, false
		}
		// The number that has the rests so far and this one: x + product·((rest - x) / product modulo p).
		inverse := new(big.Int).ModInverse(new(big.Int).Mod(product, prime), prime)
		for k, x := range out {
			d := new(big.Int).SetUint64(rests[k])
			d.Sub(d, x)
			d.Mul(d, inverse).Mod(d, prime)
			x.Add(x, d.Mul(d, product))
		}
		product.Mul(product, prime)
	}
	return out, true
}

// modulo gives the numbers by size, from 0 to highest, modulo p; just the numbers where p is 0, none of which may take
// more than primeBits.
func (t *counter) modulo(p uint64, highest int) (rests []uint64, ok bool) {
	type term struct {
		order  int
		number uint64
	}
	weights := make([][]term, len(t.weights))
	deepest := 1
	for i, w := range t.weights {
		for k, n := range w {
			if n.Sign() == 0 || k > highest {
				continue
			}
			x := term{order: k, number: n.Uint64()}
			if p > 0 {
				x.number = new(big.Int).Mod(n, new(big.Int).SetUint64(p)).Uint64()
			}
			weights[i] = append(weights[i], x)
			deepest = max(deepest, k)
		}
	}
	columns := make([][]uint64, deepest+1)
	for k := range columns {
		columns[k] = make([]uint64, len(t.low))
	}
	rests = make([]uint64, highest+1)
	for k := range rests {
		column := columns[k%len(columns)]
		column[0], column[1] = 0, 0
		if k == 0 {
			column[1] = 1
		}
		for n := 2; n < len(column); n++ {
			if n%(1<<16) == 0 && t.stop != nil && t.stop.Load() {
				return nil, false
			}
			sum := column[t.low[n]]
			for e := t.edges[n]; e < t.edges[n+1]; e++ {
				for _, w := range weights[t.sets[e]] {
					if w.order > k {
						break
					}
					x := columns[(k-w.order)%len(columns)][t.to[e]]
					if x == 0 {
						continue
					}
					if w.number != 1 {
						if p == 0 {
							x *= w.number
						} else {
							high, low := bits.Mul64(x, w.number)
							_, x = bits.Div64(high, low, p)
						}
					}
					if sum += x; p > 0 && sum >= p {
						sum -= p
					}
				}
			}
			column[n] = sum
		}
		rests[k] = column[t.root]
	}
	return rests, true
}
