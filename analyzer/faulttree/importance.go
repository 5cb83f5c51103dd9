package faulttree

import (
	"math"
	"slices"
)

// Importance says what a basic event contributes to the probability of the top, P. P(e) and P(¬e) are what P is when
// the event has occurred, and when it cannot occur.
type Importance struct {
	// Birnbaum is P(e) − P(¬e), the change of P with the event's own probability (Z. W. Birnbaum, On the importance
	// of different components in a multicomponent system, 1969).
	Birnbaum float64
	// FussellVesely is (P − P(¬e)) / P, the share of P that goes away with the event. Of the two definitions in use
	// this is the one of NUREG/CR-3385; the other takes the probability that a minimal cut set with the event occurs.
	FussellVesely float64
	// RiskAchievementWorth is P(e) / P: how many times as large P is while the event has occurred (NUREG/CR-3385).
	RiskAchievementWorth float64
	// RiskReductionWorth is P / P(¬e): how many times as large P is as without the event; +Inf where nothing else
	// makes the top occur (NUREG/CR-3385).
	RiskReductionWorth float64
}

// Importances gives those of all events of the tree, in their order, and the probability of the top. They are not known
// (ok is false) where the budget was spent before. Where the top cannot occur, all but Birnbaum are NaN:
// there is nothing to have a share in.
func (m *Model) Importances(b Budget) (list []Importance, top float64, ok bool) {
	value, ok := m.probabilities(b)
	if !ok {
		return nil, 0, false
	}
	list = make([]Importance, len(m.tree.Events))
	switch m.graph.top {
	case never:
		for i := range list {
			list[i] = ImportanceOf(0, m.tree.Events[i].P, 0)
		}
		return list, 0, true
	case always:
		for i := range list {
			list[i] = Importance{RiskAchievementWorth: 1, RiskReductionWorth: 1}
		}
		return list, 1, true
	}
	// How much the top's probability changes with that of each node: from the top down, by the chain rule.
	slope := make([]float64, m.graph.size())
	slope[m.graph.top] = 1
	for i := len(m.modules) - 1; i >= 0; i-- {
		mod := &m.modules[i]
		if len(mod.gates) == 0 {
			for _, v := range mod.variables {
				slope[v] = slope[mod.root]
			}
			continue
		}
		a := m.best[i]
		p := func(v int32) float64 { return value[mod.variables[v]] }
		byLevel := a.slopes(a.chances(p))
		for l, s := range byLevel {
			v := a.level[l].variable
			if a.level[l].of == 1 {
				slope[mod.variables[v]] += slope[mod.root] * s
			} else if a.level[l].count == 1 {
				slope[mod.variables[v]] += slope[mod.root] * groupSlope(byLevel[l:l+int(a.level[l].of)], p(v))
			}
		}
	}
	top = value[m.graph.top]
	for i, e := range m.tree.Events {
		list[i] = ImportanceOf(top, e.P, slope[i])
	}
	if !m.sharpen(list, top, b) {
		return nil, 0, false
	}
	return list, top, true
}

// mostSharpened bounds the events whose risk reduction worth is computed anew.
const mostSharpened = 1000

// sharpen computes P(¬e) anew where so little is left of P that the difference has lost its digits.
func (m *Model) sharpen(list []Importance, top float64, b Budget) bool {
	done := 0
	for i := range list {
		if !Cancels(list[i]) {
			continue
		}
		if done++; done > mostSharpened {
			list[i].RiskReductionWorth = math.Inf(1)
			continue
		}
		without, ok := m.ProbabilityAt(i, 0, b)
		if !ok {
			return false
		}
		list[i].RiskReductionWorth = top / without
	}
	return true
}

// Cancels reports whether the RiskReductionWorth that ImportanceOf gives comes from a difference of figures so close that
// it has few digits left: it is to be computed from the probability without the event.
func Cancels(x Importance) bool { return x.RiskReductionWorth > 1e4 }

// ProbabilityAt gives the probability of the top if that of the i-th event were p. The tree is prepared anew: the event may
// no longer be like others. It is not known (ok is false) where the budget was spent before.
func (m *Model) ProbabilityAt(i int, p float64, b Budget) (top float64, ok bool) {
	t := *m.tree
	t.Events = slices.Clone(t.Events)
	t.Events[i].P = p
	other, err := New(&t)
	if err != nil {
		return 0, false
	}
	return other.Probability(b)
}

// ImportanceOf is that of an event of probability p where the top has the probability top and changes with that of the
// event by birnbaum. All but Birnbaum are NaN where top is 0.
func ImportanceOf(top, p, birnbaum float64) Importance {
	out := Importance{Birnbaum: birnbaum, FussellVesely: math.NaN(), RiskAchievementWorth: math.NaN(), RiskReductionWorth: math.NaN()}
	if top == 0 {
		return out
	}
	without := max(top-p*birnbaum, 0)
	out.FussellVesely = p * birnbaum / top
	out.RiskAchievementWorth = (top + (1-p)*birnbaum) / top
	out.RiskReductionWorth = top / without
	if without < 1e-15*top {
		out.RiskReductionWorth = math.Inf(1)
	}
	return out
}

// slopes gives, by level, how much the probability of the root changes with the level's chance: one pass up for the
// probabilities, one down for the paths that lead to a node.
func (c *compiled) slopes(chance []float64) []float64 {
	out := make([]float64, len(c.level))
	if c.root < 2 {
		return out
	}
	nodes := c.reachable(c.root)
	value, reach := make([]float64, c.root+1), make([]float64, c.root+1)
	value[1], reach[c.root] = 1, 1
	for _, n := range nodes {
		d := &c.nodes[n]
		q := chance[d.level]
		value[n] = q*value[d.high] + (1-q)*value[d.low]
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		n := nodes[i]
		d := &c.nodes[n]
		q := chance[d.level]
		out[d.level] += reach[n] * (value[d.high] - value[d.low])
		reach[d.high] += q * reach[n]
		reach[d.low] += (1 - q) * reach[n]
	}
	return out
}

// groupSlope gives the slope by the probability p of one member of a group from those by the chances of its levels.
func groupSlope(byLevel []float64, p float64) float64 {
	n := len(byLevel)
	tail, inner := binomialTail(n, p), binomialTail(n-1, p)
	// The slope of the probability that at least k of n occur, by that of one of them, is that exactly k-1 of the others do.
	exactly := func(k int) float64 {
		if k < 0 || k >= n {
			return 0
		}
		if k == n-1 {
			return inner[k]
		}
		return inner[k] - inner[k+1]
	}
	sum := 0.0
	for k := 1; k <= n; k++ {
		if tail[k-1] == 0 {
			sum += byLevel[k-1] * float64(n-k+1) / float64(k) / float64(n)
			continue
		}
		rising := exactly(k - 1)
		before := 0.0
		if k > 1 {
			before = exactly(k - 2)
		}
		sum += byLevel[k-1] * (rising*tail[k-1] - tail[k]*before) / (tail[k-1] * tail[k-1])
	}
	return sum
}
