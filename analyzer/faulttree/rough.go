package faulttree

import (
	"cmp"
	"slices"
)

// mostSupport is what rough may take of memory in most cases, in words: 64 MB.
const mostSupport = 1 << 23

// rough gives bounds of the probability of a module in one pass, from those of its variables. Gates of a coherent tree
// over independent events are positively associated (J. D. Esary, F. Proschan, D. W. Walkup, Association of random
// variables, with applications, 1967): And is at least the product of its inputs, and Or at most what it is of
// independent ones. On the other side, inputs that have no event in common are independent, and leaving out the rest
// errs on the safe side. Where it takes more than support words to tell which have none, only one input counts.
func (g *graph) rough(m *module, least, most func(variable int32) float64, support int) (low, high float64) {
	nv := len(m.variables)
	lows, highs := make([]float64, m.size()), make([]float64, m.size())
	words := (nv + 63) / 64
	if words*m.size() > support {
		words = 0
	}
	supports := make([]uint64, words*m.size())
	of := func(x int32) []uint64 { return supports[int(x)*words : (int(x)+1)*words] }
	for v := range nv {
		lows[v], highs[v] = least(int32(v)), most(int32(v))
		if words > 0 {
			of(int32(v))[v/64] |= 1 << (v % 64)
		}
	}
	taken := make([]uint64, words)
	// apart lists inputs that have nothing in common, the first of them as they come.
	apart := func(in []int32) (out []int32) {
		if words == 0 {
			return in[:min(len(in), 1)]
		}
		clear(taken)
		for _, x := range in {
			s, free := of(x), true
			for w := range s {
				free = free && s[w]&taken[w] == 0
			}
			if !free {
				continue
			}
			for w := range s {
				taken[w] |= s[w]
			}
			out = append(out, x)
		}
		return out
	}
	for i, v := range m.gates {
		n, in, x := g.gate(v), slices.Clone(m.below[i]), int32(nv+i)
		for _, y := range in {
			for w, s := range of(y) {
				of(x)[w] |= s
			}
		}
		switch n.op {
		case And:
			lows[x], highs[x] = 1, 1
			for _, y := range in {
				lows[x] *= lows[y]
			}
			slices.SortStableFunc(in, func(a, b int32) int { return cmp.Compare(highs[a], highs[b]) })
			for _, y := range apart(in) {
				highs[x] *= highs[y]
			}
		case Or:
			for _, y := range in {
				highs[x] += (1 - highs[x]) * highs[y]
			}
			slices.SortStableFunc(in, func(a, b int32) int { return cmp.Compare(lows[b], lows[a]) })
			for _, y := range apart(in) {
				lows[x] += (1 - lows[x]) * lows[y]
			}
		default:
			lows[x], highs[x] = g.roughAtLeast(n, m.below[i], lows, highs, apart)
		}
	}
	return lows[m.size()-1], max(lows[m.size()-1], highs[m.size()-1])
}

// Rough gives bounds of the probability of the top that are certain but wide, where NewWithin gives none: it takes time and
// memory in proportion to the size of the tree, whose events must all have a probability.
func Rough(t *Tree) (low, high float64, err error) {
	if err := t.Validate(); err != nil {
		return 0, 1, err
	}
	g := simplify(t)
	of := func(e int32) float64 { return t.Events[e].P }
	switch {
	case g.top == never:
		return 0, 0, nil
	case g.top == always:
		return 1, 1, nil
	case g.isEvent(g.top):
		return of(g.top), of(g.top), nil
	}
	only := make([]bool, len(g.gates))
	only[len(only)-1] = true // the top, which is the last
	m := &g.listModules(only)[0]
	p := func(v int32) float64 { return of(m.variables[v]) }
	low, high = rounded(g.rough(m, p, p, mostSupport))
	return low, high, nil
}

// roughAtLeast is rough for AtLeast. Below, only inputs that have nothing in common count. Above, what stands for whole
// groups, and inputs that have something in common with others, each count as enough, beside the independent rest.
func (g *graph) roughAtLeast(n *node, below []int32, lows, highs []float64, apart func([]int32) []int32) (low, high float64) {
	rests := below[:len(below)-len(n.in)]
	in := below[len(rests):]
	alone := map[int32]bool{}
	for _, x := range apart(in) {
		alone[x] = true
	}
	// What occurs too often in the list, or is not apart, is left out.
	atLeast := func(p []float64) float64 {
		row := make([]float64, n.k+1) // probability that exactly j occur; of k, at least
		row[0] = 1
		for i, x := range in {
			if !alone[x] {
				continue
			}
			for range g.members(n.in[i]) {
				for j := n.k; j >= 1; j-- {
					if j == n.k {
						row[j] += row[j-1] * p[x]
					} else {
						row[j] = row[j]*(1-p[x]) + row[j-1]*p[x]
					}
				}
				row[0] *= 1 - p[x]
			}
		}
		return row[n.k]
	}
	seen := map[int32]bool{}
	for _, x := range in { // an input that stands twice counts twice, so one place of it is not enough
		if seen[x] {
			alone[x] = false
		}
		seen[x] = true
	}
	low, high = atLeast(lows), atLeast(highs)
	for _, x := range rests { // a rest can be an input as well
		high += highs[x]
	}
	for i, x := range in {
		if !alone[x] {
			high += highs[x] * float64(g.members(n.in[i]))
		}
	}
	// At least k of n hold one of any n-k+1 of them.
	if len(rests) == 0 && !slices.ContainsFunc(n.in, g.isGroup) {
		sorted := slices.Clone(in)
		slices.SortFunc(sorted, func(a, b int32) int { return cmp.Compare(highs[a], highs[b]) })
		one := 0.0 // not from the probability of none, which is 1 where these are small
		for _, x := range sorted[:len(sorted)-int(n.k)+1] {
			one += (1 - one) * highs[x]
		}
		high = min(high, one)
	}
	return low, min(high, 1)
}
