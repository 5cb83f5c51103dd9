package analyzer

import (
	"cmp"
	"slices"

	"lintel/schema"
)

// capacities tells when each module has capacity: enough of its replicas are up, whatever its
// dependencies do. Replicas are held as counts per failure domain, so that a module with a million
// replicas costs no more than one with three.
type capacities struct {
	modules   []moduleCapacity
	residents []resident // of module i: modules[i].from up to modules[i].to
	fatal     [][]int32  // by domain: the modules, sorted, that its loss alone deprives of the capacity they have
	lodgers   [][]int32  // by domain: the modules, sorted, with a replica placed in that very domain
	children  [][]int32  // by domain: the domains that it holds directly
}

type moduleCapacity struct {
	replicas int
	need     int
	manual   bool // active-passive with manual failover: the primary is needed besides
	external bool
	primary  int32 // the domain of the primary, -1 where its place is unknown: no domain takes it then
	from, to int32 // residents
}

// resident is the part of a module's replicas that stands in one failure domain.
type resident struct {
	domain int32 // -1 where the place is unknown
	count  int
	first  int // the first of them, counted from 1
	second int // the second; 0 where there is none
}

// holds reports whether the module has capacity after the loss of that many of its replicas.
func (c *moduleCapacity) holds(lost int, primaryLost bool) bool {
	return c.replicas > 0 && c.replicas-lost >= c.need && !(c.manual && primaryLost)
}

func (c *capacities) of(m int32) []resident {
	return c.residents[c.modules[m].from:c.modules[m].to]
}

func (a *Analysis) resolveCapacities() *capacities {
	c := &capacities{
		modules:  make([]moduleCapacity, a.Modules()),
		fatal:    make([][]int32, len(a.domainParent)),
		lodgers:  make([][]int32, len(a.domainParent)),
		children: make([][]int32, len(a.domainParent)),
	}
	for d, p := range a.domainParent {
		if p >= 0 {
			c.children[p] = append(c.children[p], int32(d))
		}
	}
	found := make(map[int32]int)             // domain → index among the module's residents
	lost := make([]int, len(a.domainParent)) // by domain: replicas of the module that its loss takes
	var touched []int32
	for i, m := range a.Design.Modules {
		from := len(c.residents)
		clear(found)
		lodge := func(domain int32, count, first, second int) {
			k, ok := found[domain]
			if !ok {
				found[domain] = len(c.residents) - from
				c.residents = append(c.residents, resident{domain, count, first, second})
				return
			}
			r := &c.residents[from+k]
			r.count += count
			if r.second == 0 || first < r.second {
				r.second = first
			}
		}
		a.place(m, lodge)
		mc := &c.modules[i]
		*mc = moduleCapacity{
			replicas: max(m.ReliableReplicas(), 0),
			need:     max(m.Need(), 0),
			manual:   m.Redundancy.Mode == schema.ActivePassive && m.Redundancy.Failover == schema.ManualFailover,
			external: m.Kind == schema.External,
			primary:  a.domainOrUnknown(schema.Ref{Name: m.PrimaryDomain()}),
			from:     int32(from),
			to:       int32(len(c.residents)),
		}

		own := c.of(int32(i))
		touched = touched[:0]
		for _, r := range own {
			if r.domain >= 0 {
				c.lodgers[r.domain] = append(c.lodgers[r.domain], int32(i))
			}
			for d := r.domain; d >= 0; d = a.domainParent[d] {
				if lost[d] == 0 {
					touched = append(touched, d)
				}
				lost[d] += r.count
			}
		}
		for _, d := range touched {
			if mc.holds(0, false) && !mc.holds(lost[d], a.InDomain(mc.primary, d)) {
				c.fatal[d] = append(c.fatal[d], int32(i))
			}
		}
		for _, d := range touched {
			lost[d] = 0
		}
	}
	return c
}

// place tells lodge the domain of each of m's reliable replicas, many at a time, with the first and
// second of them (0 where there is none), in order of the first. It agrees with
// schema.Module.ReplicaDomains, without a list as long as the replicas are many.
func (a *Analysis) place(m *schema.Module, lodge func(domain int32, count, first, second int)) {
	n := m.ReliableReplicas()
	if n <= 0 {
		return
	}
	run := func(domain int32, count, first, stride int) {
		second := 0
		if count > 1 {
			second = first + stride
		}
		lodge(domain, count, first, second)
	}
	switch p := m.Placement; {
	case p == nil:
		run(-1, n, 1, 1)
	case len(p.Spread) > 0:
		rounds, rest := n/len(p.Spread), n%len(p.Spread)
		for i, ref := range p.Spread[:min(n, len(p.Spread))] {
			count := rounds
			if i < rest {
				count++
			}
			run(a.domainOrUnknown(ref), count, i+1, len(p.Spread))
		}
	default:
		placed := 0
		for _, pc := range p.Counts {
			if count := min(pc.Count, n-placed); count > 0 {
				run(a.domainOrUnknown(pc.Domain), count, placed+1, 1)
				placed += count
			}
		}
		if placed < n {
			run(-1, n-placed, placed+1, 1)
		}
	}
}

// domainOfReplica returns the failure domain of a replica, counted from 1, or -1.
func (a *Analysis) domainOfReplica(m *schema.Module, replica int) int32 {
	switch p := m.Placement; {
	case p == nil:
	case len(p.Spread) > 0:
		return a.domainOrUnknown(p.Spread[(replica-1)%len(p.Spread)])
	default:
		for _, pc := range p.Counts {
			if pc.Count <= 0 {
				continue
			}
			if replica <= pc.Count {
				return a.domainOrUnknown(pc.Domain)
			}
			replica -= pc.Count
		}
	}
	return -1
}

func (a *Analysis) domainOrUnknown(ref schema.Ref) int32 {
	if d, ok := a.domainIndex[ref.Name]; ok {
		return d
	}
	return -1
}

// fatalReplicas returns the sets of alike replicas of module i, any one of which takes its capacity
// with it, in order of their first.
func (c *capacities) fatalReplicas(i int32) []resident {
	m, sets := &c.modules[i], slices.Clone(c.of(i))
	if m.manual && len(sets) > 0 {
		primary := sets[0]
		primary.count = 1
		sets[0].count--
		sets[0].first = sets[0].second
		if sets[0].count == 0 {
			sets = sets[1:]
		}
		if m.holds(1, false) {
			sets = nil
		}
		sets = append(sets, primary)
	} else if m.holds(1, false) {
		sets = nil
	}
	slices.SortFunc(sets, func(x, y resident) int { return cmp.Compare(x.first, y.first) })
	return sets
}

// SurvivesDomain reports whether module m keeps its capacity when failure domain d, and nothing
// else, is lost; dependencies do not count. A replica whose place is unknown is not affected. It is
// false for a module that has no capacity to begin with.
func (a *Analysis) SurvivesDomain(m, d int32) bool {
	c := a.failureModel().capacities
	if m < 0 || int(m) >= len(c.modules) || !c.modules[m].holds(0, false) {
		return false
	}
	if d < 0 || int(d) >= len(c.fatal) {
		return true
	}
	_, lost := slices.BinarySearch(c.fatal[d], m)
	return !lost
}

// Spare is the number of replicas that module m can lose, whichever they are, and keep its
// capacity: 0 where one suffices to bring it down, -1 where it has no capacity to begin with. An
// external module's replicas count as another's do, though they fail only with their domains.
func (a *Analysis) Spare(m int32) int {
	c := a.failureModel().capacities
	if m < 0 || int(m) >= len(c.modules) || !c.modules[m].holds(0, false) {
		return -1
	}
	if c.modules[m].manual {
		return 0
	}
	return c.modules[m].replicas - c.modules[m].need
}

// deprived lists the modules, sorted, that have capacity but lose it in scenario s, and reports
// which domains are down (nil where none is). Events that do not exist (an index out of range, a
// replica of an external module, an external event of a module that is none) do nothing.
func (a *Analysis) deprived(c *capacities, s Scenario) (modules []int32, domainDown map[int32]bool) {
	modules = make([]int32, 0, len(s.Events)+len(s.Modules))
	known := func(m int32) bool { return m >= 0 && int(m) < len(c.modules) }
	for _, m := range s.Modules {
		if known(m) {
			modules = append(modules, m)
		}
	}
	var replicas []Event
	var domains []int32
	for _, e := range s.Events {
		switch e.Kind {
		case ExternalEvent:
			if known(e.Module) && c.modules[e.Module].external {
				modules = append(modules, e.Module)
			}
		case ReplicaEvent:
			if known(e.Module) && !c.modules[e.Module].external && e.Replica >= 1 && e.Replica <= c.modules[e.Module].replicas {
				replicas = append(replicas, e)
			}
		case DomainEvent:
			if e.Domain >= 0 && int(e.Domain) < len(c.children) {
				domains = append(domains, e.Domain)
			}
		}
	}
	single := len(domains) == 1 && len(replicas) == 0
	if single {
		modules = append(modules, c.fatal[domains[0]]...)
	}
	domainDown = c.domainsDown(s)
	if !single {
		modules = append(modules, a.deprivedOfReplicas(c, replicas, domainDown)...)
	}
	modules = slices.DeleteFunc(modules, func(m int32) bool { return !c.modules[m].holds(0, false) })
	slices.Sort(modules)
	return slices.Compact(modules), domainDown
}

// deprivedOfReplicas lists modules that lose their capacity with single replicas and domains.
func (a *Analysis) deprivedOfReplicas(c *capacities, replicas []Event, domainDown map[int32]bool) []int32 {
	type loss struct {
		replicas int
		primary  bool
	}
	losses := make(map[int32]loss)
	for d := range domainDown {
		for _, m := range c.lodgers[d] {
			losses[m] = loss{}
		}
	}
	for m := range losses {
		var l loss
		for _, r := range c.of(m) {
			if domainDown[r.domain] {
				l.replicas += r.count
			}
		}
		l.primary = domainDown[c.modules[m].primary]
		losses[m] = l
	}
	slices.SortFunc(replicas, func(x, y Event) int {
		return cmp.Or(cmp.Compare(x.Module, y.Module), cmp.Compare(x.Replica, y.Replica))
	})
	for i, e := range replicas {
		if i > 0 && replicas[i-1].Module == e.Module && replicas[i-1].Replica == e.Replica {
			continue
		}
		l := losses[e.Module]
		// Where counts leave the primary's place open, its domain's loss does not take it, but its own event does.
		l.primary = l.primary || e.Replica == 1
		if d := a.domainOfReplica(a.Module(e.Module), e.Replica); d < 0 || !domainDown[d] {
			l.replicas++ // else it is lost with its domain already
		}
		losses[e.Module] = l
	}
	var out []int32
	for m, l := range losses {
		if !c.modules[m].holds(l.replicas, l.primary) {
			out = append(out, m)
		}
	}
	return out
}
