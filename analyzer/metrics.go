package analyzer

import "slices"

// Metrics holds the coupling figures of a design. All counts are of distinct modules, over all
// dependencies whatever their mode, strength and phase, an anyOf counting for each alternative; a
// module's dependency on itself does not count.
type Metrics struct {
	Modules []ModuleMetrics // by module
	Groups  []GroupMetrics  // in order of name; modules without a group are left out
	System  SystemMetrics
}

// ModuleMetrics holds the figures of one module.
type ModuleMetrics struct {
	// Ca and Ce are the afferent and efferent coupling: the number of modules that depend on the
	// module, and of those that it depends on, directly.
	//
	// Source: R. C. Martin, OO Design Quality Metrics, 1994; Agile Software Development, 2002.
	Ca, Ce int
	// Instability is Ce/(Ca+Ce), from 0 (nothing to follow, all to break) to 1; 0 where both are 0.
	//
	// Source: Martin, as above.
	Instability float64
	// DependsOn is the number of modules that the module reaches, itself included: John Lakos'
	// component dependency, and the visibility fan-out of MacCormack, Rusnak and Baldwin.
	DependsOn int
	// Dependents is the number of modules that reach the module, itself included: the visibility
	// fan-in.
	Dependents int
	// AIS and ADS are the absolute importance and absolute dependence of a service: the number of
	// services that invoke it, and of those that it invokes. In a design, where a dependency stands
	// for invocations, they are Ca and Ce. ACS, the absolute criticality, is their product.
	//
	// Source: D. Rud, A. Schmietendorf, R. Dumke, Product Metrics for Service-Oriented
	// Infrastructures, IWSM/MetriKon 2006.
	AIS, ADS, ACS int
	// Cyclic tells that the module lies in a cycle of two or more modules.
	Cyclic bool
}

// GroupMetrics holds the figures of one group. A module without a group is outside of all.
type GroupMetrics struct {
	Name        string
	Members     int
	Inside      int // dependencies (distinct pairs of modules) within the group
	Ca, Ce      int // modules outside that depend on the group's; modules outside that it depends on
	Crossing    int // pairs across its border, in both directions
	Instability float64
	// Cohesion is Inside/(Inside+Crossing), the share of the group's dependencies that stay within
	// it; 0 where both are 0.
	//
	// Source: the ratio of internal to all dependencies, after R. C. Martin's relational cohesion
	// and the modularity view of coupling and cohesion; there is no one standard definition.
	Cohesion float64
}

// SystemMetrics holds the figures of the whole design. All are 0 for a design without modules.
type SystemMetrics struct {
	Modules, Dependencies int // distinct pairs
	// CCD is the cumulative component dependency, the sum over all modules of the number of modules
	// that each reaches, itself included. ACD, the average, is CCD/n for n modules. RACD, relative,
	// is ACD/n. NCCD, normalized, is CCD divided by that of a balanced binary tree of n modules,
	// which is the sum of floor(log2(i))+1 over i from 1 to n, or (n+1)*log2(n+1)-n for a full tree:
	// below 1 is flat, above 1 deep, far above 1 hints at cycles.
	//
	// Source: J. Lakos, Large-Scale C++ Software Design, Addison-Wesley 1996, section 4.13. RACD is
	// a later addition, in use in ArchUnit, Sonargraph and others.
	CCD             int
	ACD, RACD, NCCD float64
	// PropagationCost is the density of the visibility matrix, the share of the n*n ordered pairs of
	// modules of which the first reaches the second. The diagonal counts, since a module always
	// reaches itself: the least value is 1/n. It is the same number as RACD.
	//
	// Source: A. MacCormack, J. Rusnak, C. Baldwin, Exploring the Structure of Complex Software
	// Designs, Management Science 52(7), 2006.
	PropagationCost float64
	// Cyclicality is the share of the modules that lie in cycles of two or more modules.
	//
	// Source: M. Sosa, J. Mihm, T. Browning, Linking Cyclicality and Product Quality, Manufacturing
	// & Service Operations Management 15(3), 2013.
	Cyclicality float64
	// SIY is the services' interdependence in the system: the number of pairs of modules that depend
	// on each other directly.
	//
	// Source: Rud, Schmietendorf and Dumke, as above.
	SIY int
}

// Metrics returns the coupling figures. The time is that of one pass over the graph for every 500
// modules, the memory linear.
func (a *Analysis) Metrics() *Metrics { return a.metrics() }

func (a *Analysis) computeMetrics() *Metrics {
	g := a.graph(nil).simple()
	r := g.reversed()
	c := g.components()
	dependsOn := g.reachable(c, c.members())
	back := c.reversedOrder()
	dependents := r.reachable(back, back.members())

	n := g.vertices()
	m := &Metrics{Modules: make([]ModuleMetrics, n)}
	m.System = SystemMetrics{Modules: n, Dependencies: g.edges()}
	cyclic := 0
	for v := range int32(n) {
		ca, ce := len(r.heads(v)), len(g.heads(v))
		m.Modules[v] = ModuleMetrics{
			Ca: ca, Ce: ce, Instability: share(ce, ca),
			DependsOn: dependsOn[v], Dependents: dependents[v],
			AIS: ca, ADS: ce, ACS: ca * ce,
			Cyclic: c.size[c.of[v]] > 1,
		}
		if m.Modules[v].Cyclic {
			cyclic++
		}
	}
	m.System.lakos(dependsOn)
	m.System.PropagationCost = m.System.RACD
	if n > 0 {
		m.System.Cyclicality = float64(cyclic) / float64(n)
	}
	m.System.SIY = g.mutualPairs(r)
	m.Groups = a.groupMetrics(g, r)
	return m
}

// share returns a/(a+b), or 0 where both are 0.
func share(a, b int) float64 {
	if a+b == 0 {
		return 0
	}
	return float64(a) / float64(a+b)
}

// mutualPairs returns the number of pairs of vertices with edges both ways. r is g, a simple graph,
// turned round; the heads of both are sorted.
func (g *digraph) mutualPairs(r *digraph) int {
	pairs := 0
	for v := range int32(g.vertices()) {
		to, from := g.heads(v), r.heads(v)
		for len(to) > 0 && len(from) > 0 {
			switch {
			case to[0] < from[0]:
				to = to[1:]
			case from[0] < to[0]:
				from = from[1:]
			default:
				pairs++
				to, from = to[1:], from[1:]
			}
		}
	}
	return pairs / 2 // each was met from both sides
}

// groupMetrics returns the figures of the groups; g and r are as in mutualPairs.
func (a *Analysis) groupMetrics(g, r *digraph) []GroupMetrics {
	var names []string
	for _, m := range a.Design.Modules {
		if m.Group != "" {
			names = append(names, m.Group)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	out := make([]GroupMetrics, len(names))
	for i, name := range names {
		out[i].Name = name
	}
	group := make([]int32, g.vertices()) // of a module; -1: none
	for v, m := range a.Design.Modules {
		group[v] = -1
		if i, ok := slices.BinarySearch(names, m.Group); ok {
			group[v] = int32(i)
			out[i].Members++
		}
	}

	// others calls count for each group but v's own that has a module in list, once.
	seen := make([]int32, len(names))
	mark := int32(0)
	others := func(v int32, list []int32, count func(i int32)) {
		mark++
		for _, w := range list {
			if i := group[w]; i >= 0 && i != group[v] && seen[i] != mark {
				seen[i] = mark
				count(i)
			}
		}
	}
	for v := range int32(g.vertices()) {
		own := group[v]
		for _, w := range g.heads(v) {
			other := group[w]
			if own == other {
				if own >= 0 {
					out[own].Inside++
				}
				continue
			}
			if own >= 0 {
				out[own].Crossing++
			}
			if other >= 0 {
				out[other].Crossing++
			}
		}
		others(v, g.heads(v), func(i int32) { out[i].Ca++ })
		others(v, r.heads(v), func(i int32) { out[i].Ce++ })
	}
	for i := range out {
		out[i].Instability = share(out[i].Ce, out[i].Ca)
		out[i].Cohesion = share(out[i].Inside, out[i].Crossing)
	}
	return out
}
