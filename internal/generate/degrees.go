package generate

import (
	"cmp"
	"math"
	"slices"
)

// curve is a distribution by its quantiles: value[i] at rank p[i], log-linear between.
type curve []struct{ p, value float64 }

// Meta's services: fan-out, fan-in and instances (Huye, Shkuro and Sambasivan, Lifting the veil on
// Meta's microservice architecture, USENIX ATC'23, and the data released with it). The published
// points are the median, p90, p99 and the maximum; for fan-in also that the ten most called services
// have 28.7 % of all callers and the top hundred 51.7 %; for instances also that 4.4 % of services
// have one. The other points make the sums come out. Values of fan-in and fan-out are one too
// large, so that 0 has a place on a logarithmic scale.
var (
	fanOut    = curve{{0, 1}, {0.12, 2}, {0.50, 5}, {0.75, 8}, {0.90, 14}, {0.99, 94}, {0.9995, 500}, {1, 5866}}
	fanIn     = curve{{0, 1}, {0.20, 1.6}, {0.50, 3}, {0.70, 4.2}, {0.90, 13}, {0.96, 28}, {0.99, 71}, {0.9946, 100}, {0.99946, 1500}, {1, 14085}}
	instances = curve{{0, 1}, {0.044, 1.5}, {0.50, 34}, {0.90, 186}, {0.99, 9243}, {1, 557_156}}
)

// at returns the value at rank p.
func (c curve) at(p float64) float64 {
	k, _ := slices.BinarySearchFunc(c, p, func(e struct{ p, value float64 }, p float64) int { return cmp.Compare(e.p, p) })
	k = min(max(k, 1), len(c)-1)
	a, b := c[k-1], c[k]
	return a.value * math.Pow(b.value/a.value, (p-a.p)/(b.p-a.p))
}

// degrees returns the degrees of n modules, smallest first, that follow c, none above most, and
// sum to total. Where n is smaller than Meta's, they are scaled.
func degrees(c curve, n, total, most int) []int {
	draw := func(scale float64) (out []int, sum int) {
		for i := range n {
			v := c.at((float64(i) + 0.5) / float64(n))
			if i == n-1 {
				v = c.at(1)
			}
			d := min(int(math.Round((v-1)*scale)), most)
			out, sum = append(out, d), sum+d
		}
		return out, sum
	}
	low, high := 0.0, 64.0
	for range 60 {
		if _, sum := draw((low + high) / 2); sum > total {
			high = (low + high) / 2
		} else {
			low = (low + high) / 2
		}
	}
	out, sum := draw(low)
	// What rounding left over goes to the middle, one each.
	for i := n / 2; sum < total && n > 1; i = (i + 1) % n {
		if out[i] < most {
			out[i]++
			sum++
		}
	}
	slices.Sort(out)
	return out
}

type degree struct {
	out, in int
	place   float64
}

// network draws who calls whom: fixed degrees, paired at random, then exchanged in pairs until few
// calls lead upwards and none is a repetition.
func (g *generator) network() {
	n, total := g.spec.Modules, g.spec.Dependencies
	out := degrees(fanOut, n, total, n/2)
	in := degrees(fanIn, n, total, n*4/5)
	g.Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	g.Shuffle(n, func(i, j int) { in[i], in[j] = in[j], in[i] })
	// Callers come first, what is called by many comes last.
	nodes := make([]degree, n)
	for i := range nodes {
		nodes[i] = degree{out[i], in[i], math.Log(float64(in[i])+1) - math.Log(float64(out[i])+1) + 0.5*g.NormFloat64()}
	}
	slices.SortFunc(nodes, func(a, b degree) int { return cmp.Compare(a.place, b.place) })

	callers, called := make([]int32, 0, total), make([]int32, 0, total)
	for i, d := range nodes {
		for range d.out {
			callers = append(callers, int32(i))
		}
		for range d.in {
			called = append(called, int32(i))
		}
	}
	g.Shuffle(total, func(i, j int) { called[i], called[j] = called[j], called[i] })

	type pair struct{ from, to int32 }
	seen := make(map[pair]int, total)
	for e := range callers {
		seen[pair{callers[e], called[e]}]++
	}
	good := func(from, to int32) bool { return from < to && seen[pair{from, to}] == 0 }
	for round := range 4 {
		for e := range callers {
			for range 20 << round {
				from, to := callers[e], called[e]
				if from < to && seen[pair{from, to}] == 1 {
					break
				}
				f := g.IntN(total)
				if good(from, called[f]) && good(callers[f], to) {
					seen[pair{from, to}]--
					seen[pair{callers[f], called[f]}]--
					called[e], called[f] = called[f], to
					seen[pair{callers[e], called[e]}]++
					seen[pair{callers[f], called[f]}]++
				}
			}
		}
	}
	g.targets = make([][]int32, n)
	pairs := 0
	clear(seen)
	join := func(from, to int32) {
		if from != to && seen[pair{from, to}] == 0 {
			seen[pair{from, to}] = 1
			g.targets[from] = append(g.targets[from], to)
			pairs++
		}
	}
	for e := range callers {
		join(callers[e], called[e])
	}
	g.closeCycles(nodes, join)
	// Repetitions that could not be exchanged are made up for.
	for range 100 * n {
		if from, to := callers[g.IntN(total)], called[g.IntN(total)]; pairs < total && from < to {
			join(from, to)
		}
	}
	for i := range g.targets {
		slices.Sort(g.targets[i])
	}
}

// closeCycles adds calls that lead back, from modules that few others call, to the caller or the
// caller's caller.
func (g *generator) closeCycles(nodes []degree, join func(from, to int32)) {
	n := len(nodes)
	callers := make([][]int32, n)
	for from, targets := range g.targets {
		for _, to := range targets {
			callers[to] = append(callers[to], int32(from))
		}
	}
	g.back = map[[2]int32]bool{}
	for range 100 * n {
		w := int32(g.IntN(n))
		if len(g.back) > n/150+1 {
			break
		}
		if nodes[w].out == 0 || len(callers[w]) == 0 || len(callers[w]) > 5 {
			continue
		}
		u := some(g, callers[w]...)
		if g.chance(0.6) && len(callers[u]) > 0 {
			u = some(g, callers[u]...)
		}
		if u < w {
			g.back[[2]int32{w, u}] = true
			join(w, u)
		}
	}
}
