package rules

import (
	"slices"

	"lintel/analyzer"
	"lintel/rules/internal/policy"
	"lintel/schema"
)

// couples reports whether d ties its module to its targets in daily operation, which is what the
// coupling rules judge. What is needed only to deploy or to recover does not count, nor do the
// relations of monitors, recovers and backup, which are no dependencies.
func couples(d *analyzer.Dependency) bool {
	return d.When == schema.Runtime || d.When == schema.Startup
}

// isPlatform reports whether modules of kind k serve every other module alike, by an interface that
// knows nothing of their purpose, so that depending on them tells nothing about the cut of the
// system.
func isPlatform(k schema.Kind) bool {
	switch k {
	case schema.Configuration, schema.Discovery, schema.DNS, schema.Identity, schema.Monitoring, schema.Network:
		return true
	}
	return false
}

// kindNames lists the kinds that a parameter of a rule may name.
var kindNames = []string{
	string(schema.Service), string(schema.Frontend), string(schema.Gateway), string(schema.LoadBalancer),
	string(schema.Worker), string(schema.Job), string(schema.Function), string(schema.Database),
	string(schema.Cache), string(schema.Queue), string(schema.ObjectStore), string(schema.Search),
	string(schema.Discovery), string(schema.Configuration), string(schema.DNS), string(schema.Identity),
	string(schema.Monitoring), string(schema.Network), string(schema.External),
}

// kindsOf gives the value of a parameter that lists kinds.
func (p *Pass) kindsOf(param string) map[schema.Kind]bool {
	set := map[schema.Kind]bool{}
	for _, k := range p.Strings(param) {
		set[schema.Kind(k)] = true
	}
	return set
}

// coupling holds what several rules of one run need to know about who depends on whom. It is
// computed once a run, when it is first asked for.
type coupling struct {
	// Couples and Calls tell of each dependency whether it couples, see couples, and whether it is a
	// call, see isCall.
	Couples, Calls []bool
	// To holds for each module the distinct other modules that its coupling dependencies lead to,
	// sorted.
	To [][]int32
	// Platform tells of each module whether it is one that serves every other alike.
	Platform []bool
	// Fans holds what countFans counts.
	Fans *fans
}

// coupling returns the facts about the design of the pass.
func (p *Pass) coupling() *coupling {
	if p.shared.coupling == nil {
		p.shared.coupling = newCoupling(p.Analysis)
	}
	return p.shared.coupling
}

// shared holds what the rules of one run compute once for all of them, when the first asks for it.
type shared struct {
	coupling *coupling
	cycles   []analyzer.Cycle                 // over the dependencies that couple
	cyclic   bool                             // cycles are computed
	users    map[string]map[int32][]storeUser // of stores, by the kinds that are looked at
	points   *singlePoints                    // what RES001 tells
	demand   *replicaDemand                   // of whom copies are asked

	load        *analyzer.Load
	demandProof *demandProof
	hardCallers [][]int32 // as hardCallers

	storesInOneCopy map[int32]bool

	policyFacts *policy.Facts // what policies ask about the design
}

// cyclesOfCoupling returns the strongly connected components over the dependencies that couple.
func (p *Pass) cyclesOfCoupling() []analyzer.Cycle {
	if !p.shared.cyclic {
		p.shared.cycles, p.shared.cyclic = p.Analysis.Cycles(couples), true
	}
	return p.shared.cycles
}

func newCoupling(a *analyzer.Analysis) *coupling {
	all := a.Dependencies()
	c := &coupling{
		Couples:  make([]bool, len(all)),
		Calls:    make([]bool, len(all)),
		To:       make([][]int32, a.Modules()),
		Platform: make([]bool, a.Modules()),
	}
	for i := range c.Platform {
		c.Platform[i] = isPlatform(a.Module(int32(i)).Kind)
	}
	to := make([]int32, 0, len(all))
	for i, k := int32(0), 0; i < int32(a.Modules()); i++ {
		start := len(to)
		for ; k < len(all) && all[k].From == i; k++ {
			d := &all[k]
			c.Couples[k], c.Calls[k] = couples(d), isCall(a, d)
			if !c.Couples[k] {
				continue
			}
			for _, t := range d.Targets {
				if t != i {
					to = append(to, t)
				}
			}
		}
		own := to[start:]
		slices.Sort(own)
		to = to[:start+len(slices.Compact(own))]
		c.To[i] = to[start:len(to):len(to)]
	}
	c.Fans = countFans(a, c)
	return c
}

// fans holds, for each module, the distinct other modules that depend on it (In) and that it depends
// on (Out), sorted: the afferent and efferent couplings of R. Martin, with what says nothing about
// the cut of the system left out:
//   - dependencies that are needed only to deploy or to recover,
//   - dependencies on platform modules (see isPlatform) and of monitoring modules,
//   - a store that one module alone uses: it is the inside of that module,
//   - all alternatives of an anyOf but one: they are one contract, however often it is fulfilled.
type fans struct {
	In, Out [][]int32
}

func countFans(a *analyzer.Analysis, c *coupling) *fans {
	n := int32(a.Modules())
	f := &fans{In: make([][]int32, n), Out: make([][]int32, n)}
	watches := make([]bool, n)
	for i := range n {
		watches[i] = a.Module(i).Kind == schema.Monitoring
		if watches[i] {
			continue
		}
		for _, t := range c.To[i] {
			f.In[t] = append(f.In[t], i)
		}
	}
	counts := make([]bool, n)
	for i := range n {
		counts[i] = !c.Platform[i] && !(len(f.In[i]) <= 1 && a.Module(i).Kind.IsStore())
	}
	all := a.Dependencies()
	var choices []int32 // dependencies of one module with alternatives
	k := 0
	for i := range n {
		choices = choices[:0]
		for ; k < len(all) && all[k].From == i; k++ {
			if c.Couples[k] && len(all[k].Targets) > 1 {
				choices = append(choices, int32(k))
			}
		}
		if watches[i] || len(c.To[i]) == 0 {
			continue
		}
		out := make([]int32, 0, len(c.To[i]))
		for _, t := range c.To[i] {
			if counts[t] {
				out = append(out, t)
			}
		}
		if len(choices) > 0 {
			out = oneOfEach(a, i, out, choices)
		}
		f.Out[i] = out
	}
	return f
}

// oneOfEach leaves in out, of the alternatives of each of the dependencies choices of module i, those
// that other dependencies of i name as their only target, or else the first.
func oneOfEach(a *analyzer.Analysis, i int32, out, choices []int32) []int32 {
	keep := map[int32]bool{}
	deps := a.DependenciesOf(i)
	for k := range deps {
		if d := &deps[k]; len(d.Targets) == 1 && couples(d) {
			keep[d.Targets[0]] = true
		}
	}
	for _, k := range choices {
		targets := a.Dependencies()[k].Targets
		if slices.ContainsFunc(targets, func(t int32) bool { return keep[t] }) {
			continue
		}
		if at := slices.IndexFunc(targets, func(t int32) bool { return slices.Contains(out, t) }); at >= 0 {
			keep[targets[at]] = true
		}
	}
	return slices.DeleteFunc(out, func(t int32) bool { return !keep[t] })
}

// instability is R. Martin's Ce/(Ca+Ce): 0 for a module that only serves others, 1 for one that only
// uses others. A module without neighbours has 0.
func (f *fans) instability(i int32) float64 {
	in, out := len(f.In[i]), len(f.Out[i])
	if in+out == 0 {
		return 0
	}
	return float64(out) / float64(in+out)
}

// dependencyOn returns the first dependency of module from that couples it to module to, and whether
// there is one.
func dependencyOn(a *analyzer.Analysis, from, to int32) (*analyzer.Dependency, bool) {
	deps := a.DependenciesOf(from)
	for k := range deps {
		if couples(&deps[k]) && slices.Contains(deps[k].Targets, to) {
			return &deps[k], true
		}
	}
	return nil, false
}

// placeOf is the place of the dependency of module from on to, or of from where there is none.
func placeOf(a *analyzer.Analysis, from, to int32) schema.Range {
	if d, ok := dependencyOn(a, from, to); ok {
		return d.Pos
	}
	return a.Module(from).Pos
}
