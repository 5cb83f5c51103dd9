package analyzer

import (
	"encoding/binary"
	"slices"

	"lintel/analyzer/faulttree"
)

// formula holds gates that are each there but once.
type formula struct {
	gates  []faulttree.Gate
	gateOf map[string]faulttree.Ref
	key    []byte
	over   bool // a gate was too large to be made
}

// maxStates bounds what a gate with weights is made of: forty domains that each hold another large number of replicas.
const maxStates = 20_000

func newFormula() formula { return formula{gateOf: map[string]faulttree.Ref{}} }

// atLeast gives the gate of these inputs, of which at least k must occur.
func (f *formula) atLeast(k int, in []faulttree.Ref) faulttree.Ref {
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
	switch {
	case k <= 0:
		return faulttree.True
	case k > len(kept):
		return faulttree.False
	}
	slices.Sort(kept)
	if all := k == len(kept); all || k == 1 {
		kept = slices.Compact(kept)
		if all {
			k = len(kept)
		}
	}
	if len(kept) == 1 {
		return kept[0]
	}
	f.key = binary.AppendVarint(f.key[:0], int64(k))
	for _, r := range kept {
		f.key = binary.AppendVarint(f.key, int64(r))
	}
	r, ok := f.gateOf[string(f.key)]
	if !ok {
		g := faulttree.Gate{Op: faulttree.AtLeast, K: k, In: kept}
		switch k {
		case 1:
			g.Op, g.K = faulttree.Or, 0
		case len(kept):
			g.Op, g.K = faulttree.And, 0
		}
		r = faulttree.GateRef(len(f.gates))
		f.gates = append(f.gates, g)
		f.gateOf[string(f.key)] = r
	}
	return r
}

func (f *formula) or(in ...faulttree.Ref) faulttree.Ref { return f.atLeast(1, in) }

func (f *formula) and(a, b faulttree.Ref) faulttree.Ref {
	return f.atLeast(2, []faulttree.Ref{a, b})
}

// weighing gives the gate that occurs when inputs of at least this weight do. Weights are at least 1.
func (f *formula) weighing(weight int, in []faulttree.Ref, weights []int) faulttree.Ref {
	order := make([]int, len(in))
	equal := true
	for i := range order {
		order[i] = i
		equal = equal && weights[i] == weights[0]
	}
	if equal && len(in) > 0 {
		return f.atLeast((weight+weights[0]-1)/weights[0], in)
	}
	slices.SortFunc(order, func(a, b int) int { return weights[b] - weights[a] })
	rest := make([]int, len(in)+1) // the weight of order[i:]
	for i := len(in) - 1; i >= 0; i-- {
		rest[i] = rest[i+1] + weights[order[i]]
	}
	sorted := make([]faulttree.Ref, len(in))
	for i, k := range order {
		sorted[i] = in[k]
	}
	type state struct{ from, weight int }
	known := map[state]faulttree.Ref{}
	var of func(i, weight int) faulttree.Ref
	of = func(i, weight int) faulttree.Ref {
		switch {
		case weight <= 0:
			return faulttree.True
		case weight > rest[i]:
			return faulttree.False
		}
		switch least := weights[order[len(order)-1]]; {
		case weight <= least:
			return f.or(sorted[i:]...)
		case rest[i]-weight < least:
			return f.atLeast(len(sorted)-i, sorted[i:])
		case len(known) > maxStates:
			f.over = true
			return faulttree.False
		}
		s := state{i, weight}
		r, ok := known[s]
		if !ok {
			r = f.or(f.and(in[order[i]], of(i+1, weight-weights[order[i]])), of(i+1, weight))
			known[s] = r
		}
		return r
	}
	return of(0, weight)
}
