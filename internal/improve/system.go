package improve

import (
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/rules"
	"lintel/schema"
)

// system is a design as the search sees it: who needs whom, and what may be changed at a price.
//
// Its nodes are the modules, and one more for each journey that leaves out some of its entry's dependencies.
type system struct {
	a        *analyzer.Analysis
	settings *Settings

	journeys    []int32 // those that are asked about
	journeyNode []int32 // by journey; -1 where its entry is not there
	nodeModule  []int32 // by node
	copies      map[int32][]int32

	gates   []gate
	gatesOf [][]int32 // by node
	callers [][]int32 // by module: the gates that need it

	reached []bool // by module: a journey, or a module that is asked about, needs it
	targets []analyzer.Target

	counted []bool // by failure domain: its loss is an event of the goal

	vars      []variable
	moduleVar map[int32]int32 // by module
	softVar   map[int32]int32 // by dependency
	otherVar  map[int32]int32 // by external module: it gets an alternative
	names     map[string]bool // of modules, also of those to come
	now       []*capacity     // by module, where asked for
	sofar     snapshot
}

// gate is a hard runtime dependency.
type gate struct {
	owner      int32 // node
	dependency int32
	targets    []int32
	need       int
}

// variable is what may be changed by itself: one module's redundancy, one dependency's strength, or whether an external
// module gets an alternative.
type variable struct {
	module     int32 // whose redundancy, or which gets an alternative; else -1
	dependency int32 // which becomes soft; else -1
	options    []option
	cost       []int64 // of options, in units, ascending
	allowed    uint64  // the options that may be taken; the first, that all stays as it is, always may
}

// option is one way to change a variable.
type option struct {
	price   float64
	changes []change.Change
	capacity
}

// capacity is what the replicas of a module can lose.
type capacity struct {
	replicas, need int
	manual         bool
	primary        int32 // its failure domain; -1 where it is not known
	stands         []stand
}

// stand is a number of replicas in one failure domain.
type stand struct {
	domain int32
	count  int
}

// capacityOf is that of a module.
func capacityOf(a *analyzer.Analysis, m *schema.Module) capacity {
	c := capacity{
		replicas: max(m.ReliableReplicas(), 0), need: m.Need(), primary: -1,
		manual: m.Redundancy.Mode == schema.ActivePassive && m.Redundancy.Failover == schema.ManualFailover,
	}
	if d, ok := a.DomainIndex(m.PrimaryDomain()); ok {
		c.primary = d
	}
	add := func(name string, count int) {
		d, ok := a.DomainIndex(name)
		if !ok || count <= 0 {
			return
		}
		if i := slices.IndexFunc(c.stands, func(s stand) bool { return s.domain == d }); i >= 0 {
			c.stands[i].count += count
			return
		}
		c.stands = append(c.stands, stand{d, count})
	}
	if p := m.Placement; p != nil {
		for i, ref := range p.Spread[:min(len(p.Spread), c.replicas)] {
			count := c.replicas / len(p.Spread)
			if i < c.replicas%len(p.Spread) {
				count++
			}
			add(ref.Name, count)
		}
		left := c.replicas
		for _, k := range p.Counts {
			add(k.Domain.Name, min(k.Count, left))
			left -= min(k.Count, left)
		}
	}
	return c
}

// works reports whether the module has capacity while nothing fails.
func (c *capacity) works() bool { return c.replicas > 0 && c.replicas >= c.need }

// sparesOne reports whether any one replica can be lost.
func (c *capacity) sparesOne() bool { return c.replicas-1 >= c.need && !c.manual }

// survives reports whether failure domain d can be lost.
func (c *capacity) survives(a *analyzer.Analysis, d int32) bool {
	lost := 0
	for _, s := range c.stands {
		if a.InDomain(s.domain, d) {
			lost += s.count
		}
	}
	return c.works() && c.replicas-lost >= c.need && !(c.manual && c.primary >= 0 && a.InDomain(c.primary, d))
}

func newSystem(a *analyzer.Analysis, settings *Settings) *system {
	s := &system{
		a: a, settings: settings, copies: map[int32][]int32{}, names: map[string]bool{},
		moduleVar: map[int32]int32{}, softVar: map[int32]int32{}, otherVar: map[int32]int32{},
		callers: make([][]int32, a.Modules()), reached: make([]bool, a.Modules()),
	}
	for i, m := range a.Design.Modules {
		s.names[m.Name] = true
		s.addNode(int32(i), nil)
	}
	s.journeyNode = make([]int32, len(a.Journeys()))
	for j, journey := range a.Journeys() {
		s.journeyNode[j] = journey.Entry
		if journey.Entry >= 0 && len(journey.Ignored) > 0 {
			s.journeyNode[j] = int32(len(s.nodeModule))
			s.copies[journey.Entry] = append(s.copies[journey.Entry], s.journeyNode[j])
			s.addNode(journey.Entry, journey.Ignored)
		}
		if s.journeyNode[j] >= 0 && (len(settings.Journeys) == 0 || slices.Contains(settings.Journeys, journey.Name)) {
			s.journeys = append(s.journeys, int32(j))
		}
	}
	for g := range s.gates {
		for _, t := range s.gates[g].targets {
			s.callers[t] = append(s.callers[t], int32(g))
		}
	}
	s.findTargets()
	s.reach()
	s.countDomains()
	return s
}

func (s *system) addNode(module int32, ignored []int32) {
	node := int32(len(s.nodeModule))
	s.nodeModule = append(s.nodeModule, module)
	s.gatesOf = append(s.gatesOf, nil)
	deps := s.a.Dependencies()
	own := s.a.DependenciesOf(module)
	if len(own) == 0 {
		return
	}
	first := s.firstDependency(module)
	for k := range own {
		i := first + int32(k)
		d := &deps[i]
		if !d.HardRuntime() || len(d.Targets) == 0 || slices.Contains(ignored, i) {
			continue
		}
		need := 1
		if len(d.AnyOf) > 0 {
			need = min(max(d.Need, 1), len(d.Targets)+1)
		}
		s.gatesOf[node] = append(s.gatesOf[node], int32(len(s.gates)))
		s.gates = append(s.gates, gate{node, i, d.Targets, need})
	}
}

// firstDependency is the index of the first dependency of a module that has some.
func (s *system) firstDependency(module int32) int32 {
	deps := s.a.Dependencies()
	i, _ := slices.BinarySearchFunc(deps, module, func(d analyzer.Dependency, m int32) int { return int(d.From - m) })
	return int32(i)
}

// findTargets lists what promises an availability, for the goal slo.
func (s *system) findTargets() {
	if s.settings.Goal.kind != slo {
		return
	}
	for _, j := range s.journeys {
		if stated := s.a.Journeys()[j].Stated; stated != nil && stated.SLO.Availability != nil {
			s.targets = append(s.targets, analyzer.OfJourney(j))
		}
	}
	if len(s.settings.Journeys) > 0 {
		return
	}
	for i, m := range s.a.Design.Modules {
		if m.SLO.Availability != nil && m.Kind != schema.External {
			s.targets = append(s.targets, analyzer.OfModule(int32(i)))
		}
	}
}

// reach marks what the journeys, or the targets, need.
func (s *system) reach() {
	var queue []int32
	seen := make([]bool, len(s.nodeModule))
	add := func(n int32) {
		if !seen[n] {
			seen[n] = true
			queue = append(queue, n)
		}
	}
	if s.settings.Goal.kind == slo {
		for _, t := range s.targets {
			if t.Journey >= 0 {
				add(s.journeyNode[t.Journey])
			} else {
				add(t.Module)
			}
		}
	} else {
		for _, j := range s.journeys {
			add(s.journeyNode[j])
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		s.reached[s.nodeModule[n]] = true
		for _, g := range s.gatesOf[n] {
			for _, t := range s.gates[g].targets {
				add(t)
			}
		}
	}
}

// countDomains says which failure domains the goal is about: for no-spof those that rule RES001 counts, by its parameter
// too.
func (s *system) countDomains() {
	if s.settings.Goal.kind == noSPOF {
		s.counted = rules.CountedDomains(s.a, rules.Settings{File: s.settings.Lint})
		return
	}
	s.counted = make([]bool, len(s.a.Design.FailureDomains))
	for i, f := range s.a.Design.FailureDomains {
		s.counted[i] = s.settings.Goal.kind == survive && f.Kind == s.settings.Goal.domain
	}
}

// enclosing is the innermost failure domain of a kind that is d or holds it, or -1.
func (s *system) enclosing(d int32, kind schema.DomainKind) int32 {
	for d >= 0 && s.a.Design.FailureDomains[d].Kind != kind {
		d = s.a.DomainParent(d)
	}
	return d
}
