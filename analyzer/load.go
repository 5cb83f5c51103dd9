package analyzer

import (
	"math"
	"slices"

	"lintel/schema"
)

// Load is the demand on each module in requests a second, carried from the journeys' peaks along
// "calls": what a module is asked for, its journeys' peaks included, times the calls of a dependency
// is asked of the dependency's target, or of its alternatives by their Share.
//
// Retries are not part of it: it is the demand of a system that works.
type Load struct {
	// Demand by module. Where Known it is exact. Elsewhere it is the part that is certain, a lower
	// bound: what is not stated counts as nothing, and of a demand without a finite value only that
	// part counts which has not gone round the cycle.
	Demand []float64
	// Known tells whether the demand could be computed: every way from a journey to the module
	// states peak and calls, and the value is finite. A module that no journey reaches has a known
	// demand of 0. A dependency with calls 0 and a journey with peak 0 are no way.
	Known []bool
	// Missing lists what is not stated on the way, in order: journeys without peak and dependencies without calls.
	MissingPeak  []int32 // journeys
	MissingCalls []int32 // dependencies
	// Diverges lists the modules whose demand has no finite value, because calls multiply round a
	// cycle, in order: those on such a cycle, and those that are called from there.
	Diverges []int32
}

// loadSearch is the working memory of Load.
type loadSearch struct {
	a      *Analysis
	demand *demandGraph
	down   []bool // by module: does not work, so asks for nothing and is asked for nothing; nil where all do
	lost   []bool // by journey: does not work, so asks for nothing; nil where all do
	cut    []link // what carries nothing, sorted

	// A journey with "uses" asks its entry, but not all that the entry depends on. So its peak is
	// kept apart from the requests that arrive at the entry from other modules.
	own        []float64 // by module: the stated peaks of the journeys that enter there
	ownUnknown []bool    // by module: one of them states no peak
	used       []float64 // by dependency: the stated peaks of the journeys that use it first
	usedAny    []bool    // by dependency: such a journey has a peak, stated or not
	usedMore   []bool    // by dependency: such a journey states no peak

	arriving []float64 // by module: what other modules ask for, as far as it is known
	endless  []bool    // by module: without a finite value
	unknown  []bool    // by module: what other modules ask for is not known
	asked    []bool    // by module: other modules ask for something, or may
}

// Share is the part of the calls of d that each of its targets gets: an anyOf deals them evenly, and
// each is made to Need of the alternatives, so that n of them get Need/n each. Targets that the
// design does not have get none.
func (d *Dependency) Share() float64 { return evenShare(d, len(d.Targets)) }

func evenShare(d *Dependency, targets int) float64 {
	if need := max(d.Need, 1); need < targets {
		return float64(need) / float64(targets)
	}
	return 1
}

// Load returns the demand on each module. Soft and asynchronous dependencies carry demand as hard
// synchronous ones do; startup, deploy and recovery dependencies carry none. The alternatives of an
// anyOf share its demand evenly.
//
// Where calls go round a cycle, the demand is the sum of a series, which is found by solving the
// linear equations of each strongly connected component: exactly in one of up to 200 modules, to
// twelve digits by iteration in a larger one. If a large one resists, its demand is not Known.
func (a *Analysis) Load() *Load { return a.LoadWithout(nil) }

// LoadWithout returns the demand that is left when the given modules, by index, do not work: they and
// the journeys that enter there ask for nothing, and the alternatives that remain of an anyOf share
// what those that are down leave to them. It does not find out what else fails with them; see Simulate.
func (a *Analysis) LoadWithout(down []bool) *Load {
	var lost []bool
	if down != nil {
		lost = make([]bool, len(a.journeys))
		for j := range lost {
			e := a.journeys[j].Entry
			lost[j] = e >= 0 && down[e]
		}
	}
	return a.load(down, lost, nil)
}

// LoadAfter returns the demand that is left in scenario s, whose simulation is o. Modules and journeys that are down
// ask for nothing, and what s cuts carries nothing; the alternatives that remain of an anyOf share what the others
// leave to them. A journey that works asks its entry and what it uses of it, even if the entry is down for others.
func (a *Analysis) LoadAfter(s Scenario, o *Simulation) *Load {
	lost := make([]bool, len(a.journeys))
	for _, j := range o.Lost {
		lost[j] = true
	}
	return a.load(o.ModuleDown, lost, a.linksCut(s))
}

func (a *Analysis) load(down, lost []bool, cut []link) *Load {
	n, edges := a.Modules(), len(a.dependencies)
	s := &loadSearch{
		a: a, demand: a.demandGraph(), down: down, lost: lost, cut: cut,
		own: make([]float64, n), ownUnknown: make([]bool, n),
		used: make([]float64, edges), usedAny: make([]bool, edges), usedMore: make([]bool, edges),
		arriving: make([]float64, n), endless: make([]bool, n), unknown: make([]bool, n), asked: make([]bool, n),
	}
	l := &Load{Demand: make([]float64, n), Known: make([]bool, n)}
	l.MissingPeak = s.enter()
	l.MissingCalls = s.spread()
	s.solve()
	for v := range n {
		l.Demand[v] = finite(s.arriving[v] + s.own[v])
		l.Known[v] = !s.unknown[v] && !s.ownUnknown[v] && !s.endless[v]
		if s.endless[v] {
			l.Diverges = append(l.Diverges, int32(v))
		}
	}
	return l
}

// statedRate returns a number of the design. One that is no number of requests counts as not stated.
func statedRate(v *float64) (float64, bool) {
	if v == nil || !(*v >= 0) || math.IsInf(*v, 1) {
		return 0, false
	}
	return *v, true
}

// finite cuts off a sum or product that has become too large for a number.
func finite(x float64) float64 { return min(x, math.MaxFloat64) }

// demandGraph is what Load looks at each time, in the order of the edges.
type demandGraph struct {
	rate    []float64 // by dependency: its calls; 0 where it carries no demand, below 0 where they are not stated
	may     *digraph  // the dependencies that carry demand, or would with their calls stated
	certain *digraph  // those that do
}

func (a *Analysis) computeDemandGraph() *demandGraph {
	g := &demandGraph{rate: make([]float64, len(a.dependencies))}
	for i := range a.dependencies {
		d := &a.dependencies[i]
		if d.When != schema.Runtime {
			continue
		}
		calls, stated := statedRate(d.Calls)
		if !stated {
			calls = -1
		}
		g.rate[i] = calls
	}
	g.may = a.graphOf(func(k int32) bool { return g.rate[k] != 0 })
	g.certain = g.may.where(func(_ int32, e int32) bool { return g.rate[g.may.dependency[e]] > 0 })
	return g
}

// CarriesDemand reports whether dependency k carries demand, or would with its calls stated.
func (a *Analysis) CarriesDemand(k int32) bool { return a.demandGraph().rate[k] != 0 }

// working returns the edges of g that reach a module that is not down, from one that is not, or on the way of a journey
// that goes on.
func (s *loadSearch) working(g *digraph) *digraph {
	if s.down == nil {
		return g
	}
	return g.where(func(v, e int32) bool {
		if s.down[g.head[e]] || s.down[v] && !s.usedAny[g.dependency[e]] {
			return false
		}
		if len(s.cut) == 0 {
			return true
		}
		_, cut := slices.BinarySearchFunc(s.cut, link{g.dependency[e], g.head[e]}, compareLinks)
		return !cut
	})
}

// enter notes what the journeys ask for, and returns those that state no peak.
func (s *loadSearch) enter() (missing []int32) {
	for i := range s.a.journeys {
		j := &s.a.journeys[i]
		if j.Entry < 0 || s.lost != nil && s.lost[i] {
			continue
		}
		var peak float64
		stated := false
		if j.Stated != nil {
			peak, stated = statedRate(j.Stated.Peak)
		}
		if !stated {
			missing = append(missing, int32(i))
			s.ownUnknown[j.Entry] = true
		} else if peak == 0 {
			continue
		}
		s.own[j.Entry] = finite(s.own[j.Entry] + peak)
		ignored := j.Ignored // in order
		for k := s.a.byModule[j.Entry]; k < s.a.byModule[j.Entry+1]; k++ {
			if len(ignored) > 0 && ignored[0] == k {
				ignored = ignored[1:]
				continue
			}
			s.used[k] = finite(s.used[k] + peak)
			s.usedAny[k] = true
			s.usedMore[k] = s.usedMore[k] || !stated
		}
	}
	return missing
}

// spread finds the modules that demand may reach, and those where it is not known, and returns the
// dependencies on the way that state no calls.
func (s *loadSearch) spread() (missing []int32) {
	g := s.working(s.demand.may)
	reach := func(in []bool, starts func(k int32) bool) {
		var queue []int32
		visit := func(v int32) {
			if !in[v] {
				in[v] = true
				queue = append(queue, v)
			}
		}
		for e, k := range g.dependency {
			if starts(k) {
				visit(g.head[e])
			}
		}
		for len(queue) > 0 {
			v := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			for _, h := range g.heads(v) {
				visit(h)
			}
		}
	}
	silent := func(k int32) bool { return s.demand.rate[k] < 0 }
	carries := func(k int32) bool { return s.usedAny[k] || s.asked[s.a.dependencies[k].From] }

	reach(s.asked, func(k int32) bool { return s.usedAny[k] })
	reach(s.unknown, func(k int32) bool { return s.usedMore[k] || silent(k) && carries(k) })
	for e, k := range g.dependency {
		if silent(k) && carries(k) && (e == 0 || g.dependency[e-1] != k) {
			missing = append(missing, k)
		}
	}
	return missing
}

// solve computes what arrives at each module over the calls that are stated, from the callers to the
// called.
func (s *loadSearch) solve() {
	g := s.working(s.demand.certain)
	calls := make([]float64, g.edges())
	for e := 0; e < len(calls); {
		k, end := g.dependency[e], e+1
		for end < len(calls) && g.dependency[end] == k {
			end++
		}
		ours := s.demand.rate[k]
		if len(s.a.dependencies[k].Targets) > 1 {
			ours *= evenShare(&s.a.dependencies[k], end-e)
		}
		for ; e < end; e++ {
			calls[e] = ours
		}
	}
	c := g.components()
	members := c.members()
	local := make([]int32, g.vertices())
	for i := len(members) - 1; i >= 0; i-- {
		s.solveComponent(g, calls, c, members[i], local)
		for _, v := range members[i] {
			for e := g.first[v]; e < g.first[v+1]; e++ {
				h := g.head[e]
				if c.of[h] == c.of[v] {
					continue
				}
				flow := finite(finite(s.arriving[v]+s.used[g.dependency[e]]) * calls[e])
				s.arriving[h] = finite(s.arriving[h] + flow)
				s.endless[h] = s.endless[h] || s.endless[v]
				s.unknown[h] = s.unknown[h] || s.unknown[v]
			}
		}
	}
}

// solveComponent adds to what arrives at the members of a component what they ask of each other.
func (s *loadSearch) solveComponent(g *digraph, calls []float64, c *components, members []int32, local []int32) {
	flows := &cycleFlows{inflow: make([]float64, len(members))}
	for i, v := range members {
		local[v] = int32(i)
		flows.inflow[i] = s.arriving[v]
	}
	for _, v := range members {
		for e := g.first[v]; e < g.first[v+1]; e++ {
			if h := g.head[e]; c.of[h] == c.of[v] {
				flows.from = append(flows.from, local[v])
				flows.to = append(flows.to, local[h])
				flows.gain = append(flows.gain, calls[e])
				flows.inflow[local[h]] = finite(flows.inflow[local[h]] + finite(s.used[g.dependency[e]]*calls[e]))
			}
		}
	}
	if len(flows.gain) == 0 {
		return
	}
	asked, endless, unknown := false, false, false
	for _, v := range members {
		asked = asked || s.asked[v]
		endless = endless || s.endless[v]
		unknown = unknown || s.unknown[v]
	}
	if !asked {
		return
	}
	total, verdict := flows.solve()
	endless = endless || verdict == flowsDiverge
	unknown = unknown || verdict == flowsUndecided
	for i, v := range members {
		s.endless[v], s.unknown[v] = endless, unknown
		s.arriving[v] = flows.inflow[i]
		if verdict != flowsDiverge {
			s.arriving[v] = total[i]
		}
	}
}
