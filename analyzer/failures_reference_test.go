package analyzer_test

import (
	"cmp"
	"maps"
	"slices"

	"lintel/schema"
)

// reference answers the questions of the failure model slowly and obviously: maps of names, and
// the sentences of the model one after the other. It shares no code with the analyzer.
type reference struct {
	design  *schema.Design
	modules map[string]*schema.Module
	domains map[string]*schema.FailureDomain
}

type refReplica struct {
	module  string
	replica int
}

// refScenario is what occurs at once.
type refScenario struct {
	replicas  map[refReplica]bool
	domains   map[string]bool
	externals map[string]bool
	modules   map[string]bool // as a whole
	cuts      map[refCut]bool
}

// refCut is a dependency of a module that does not reach one of its targets.
type refCut struct{ module, key, target string }

func newReference(d *schema.Design) *reference {
	r := &reference{d, map[string]*schema.Module{}, map[string]*schema.FailureDomain{}}
	for _, m := range d.Modules {
		r.modules[m.Name] = m
	}
	for _, f := range d.FailureDomains {
		r.domains[f.Name] = f
	}
	return r
}

// domainDown: its event occurs or the domain it is in is down. A domain whose chain of holders
// never ends is a root.
func (r *reference) domainDown(name string, s refScenario) bool {
	if s.domains[name] {
		return true
	}
	if r.circular(name) {
		return false
	}
	in := r.domains[name].In.Name
	return r.domains[in] != nil && r.domainDown(in, s)
}

func (r *reference) circular(name string) bool {
	seen := map[string]bool{}
	for r.domains[name] != nil {
		if seen[name] {
			return true
		}
		seen[name] = true
		name = r.domains[name].In.Name
	}
	return false
}

func refReplicas(m *schema.Module) int {
	if m.Autoscaling != nil {
		return m.Autoscaling.Min
	}
	return m.Replicas
}

func refNeed(m *schema.Module) int {
	if m.Redundancy.Need != nil {
		return *m.Redundancy.Need
	}
	if m.Redundancy.Mode == schema.Quorum {
		return refReplicas(m)/2 + 1
	}
	return 1
}

func refManual(m *schema.Module) bool {
	return m.Redundancy.Mode == schema.ActivePassive && m.Redundancy.Failover == schema.ManualFailover
}

func (r *reference) replicaUp(m *schema.Module, replica int, s refScenario) bool {
	if s.replicas[refReplica{m.Name, replica}] {
		return false
	}
	at := m.ReplicaDomains()[replica-1]
	return r.domains[at] == nil || !r.domainDown(at, s)
}

// primaryUp: where the placement counts replicas in several domains, nothing says in which of them the
// primary stands, and no domain takes it.
func (r *reference) primaryUp(m *schema.Module, s refScenario) bool {
	if m.Placement != nil && len(m.Placement.Spread) == 0 {
		different := map[string]bool{}
		for _, at := range m.ReplicaDomains() {
			different[at] = true
		}
		if len(different) > 1 {
			return !s.replicas[refReplica{m.Name, 1}]
		}
	}
	return r.replicaUp(m, 1, s)
}

func (r *reference) hasCapacity(m *schema.Module, s refScenario) bool {
	if s.modules[m.Name] || s.externals[m.Name] || refReplicas(m) == 0 {
		return false
	}
	up := 0
	for i := 1; i <= refReplicas(m); i++ {
		if r.replicaUp(m, i, s) {
			up++
		}
	}
	if refManual(m) && !r.primaryUp(m, s) {
		return false
	}
	return up >= refNeed(m)
}

func refRuntime(d *schema.Dependency) bool { return d.When == schema.Runtime }
func refHard(d *schema.Dependency) bool    { return d.Strength == schema.Hard }

// reaches tells whether no cut is in the way. What a design needs in another phase is not cut.
func (s refScenario) reaches(m *schema.Module, d *schema.Dependency, target string) bool {
	return !refRuntime(d) || !s.cuts[refCut{m.Name, d.Key, target}]
}

// targets are the known ones.
func (r *reference) targets(d *schema.Dependency) map[string]bool {
	out := map[string]bool{}
	for _, t := range d.Targets() {
		if r.modules[t.Name] != nil {
			out[t.Name] = true
		}
	}
	return out
}

func (r *reference) satisfied(m *schema.Module, d *schema.Dependency, failed map[string]bool, s refScenario) bool {
	targets := r.targets(d)
	if len(targets) == 0 {
		return true
	}
	working := 0
	for t := range targets {
		if !failed[t] && s.reaches(m, d, t) {
			working++
		}
	}
	if len(d.AnyOf) == 0 {
		return working == 1
	}
	return working >= d.Need
}

// failed returns the modules that do not work: the least set.
func (r *reference) failed(s refScenario) map[string]bool {
	failed := map[string]bool{}
	for _, m := range r.design.Modules {
		if !r.hasCapacity(m, s) {
			failed[m.Name] = true
		}
	}
	for changed := true; changed; {
		changed = false
		for _, m := range r.design.Modules {
			if failed[m.Name] {
				continue
			}
			for _, d := range m.DependsOn {
				if refHard(d) && refRuntime(d) && !r.satisfied(m, d, failed, s) {
					failed[m.Name], changed = true, true
				}
			}
		}
	}
	return failed
}

// refJourney is a journey with the dependencies of its entry that count.
type refJourney struct {
	name   string
	entry  string // "" where the design does not have it
	counts []*schema.Dependency
}

func (r *reference) journeys() []refJourney {
	var out []refJourney
	for _, j := range r.design.Journeys {
		m := r.modules[j.Entry.Name]
		if m == nil {
			out = append(out, refJourney{name: j.Name})
			continue
		}
		rj := refJourney{name: j.Name, entry: m.Name}
		for _, d := range m.DependsOn {
			listed := false
			for _, t := range d.Targets() {
				for _, u := range j.Uses {
					listed = listed || u.Name == t.Name
				}
			}
			if listed || !j.HasUses {
				rj.counts = append(rj.counts, d)
			}
		}
		out = append(out, rj)
	}
	if len(out) == 0 {
		for _, m := range r.design.Modules {
			if m.Entry {
				out = append(out, refJourney{m.Name, m.Name, m.DependsOn})
			}
		}
	}
	if len(out) == 0 {
		needed := map[string]bool{}
		for _, m := range r.design.Modules {
			for _, d := range m.DependsOn {
				for t := range r.targets(d) {
					if t != m.Name {
						needed[t] = true
					}
				}
			}
		}
		stores := []schema.Kind{schema.Database, schema.Cache, schema.Queue, schema.ObjectStore, schema.Search}
		for _, m := range r.design.Modules {
			if !needed[m.Name] && m.Kind != schema.External && !slices.Contains(stores, m.Kind) {
				out = append(out, refJourney{m.Name, m.Name, m.DependsOn})
			}
		}
	}
	return out
}

func (r *reference) journeyWorks(j refJourney, s refScenario, failed map[string]bool) bool {
	if j.entry == "" {
		return true // it can't be told, and is never called lost
	}
	if !r.hasCapacity(r.modules[j.entry], s) {
		return false
	}
	for _, d := range j.counts {
		if refHard(d) && refRuntime(d) && !r.satisfied(r.modules[j.entry], d, failed, s) {
			return false
		}
	}
	return true
}

// degraded looks, for a journey that works, for an unsatisfied soft dependency on its way.
func (r *reference) degraded(j refJourney, failed map[string]bool, s refScenario) bool {
	if j.entry == "" {
		return false
	}
	visited := map[string]bool{}
	found := false
	var visit func(m *schema.Module, deps []*schema.Dependency)
	visit = func(m *schema.Module, deps []*schema.Dependency) {
		for _, d := range deps {
			if !refRuntime(d) {
				continue
			}
			if !refHard(d) && !r.satisfied(m, d, failed, s) {
				found = true
			}
			for t := range r.targets(d) {
				if !failed[t] && !visited[t] && s.reaches(m, d, t) {
					visited[t] = true
					visit(r.modules[t], r.modules[t].DependsOn)
				}
			}
		}
	}
	visit(r.modules[j.entry], j.counts)
	return found
}

// refOutcome names journeys, modules and dependencies ("module key") as sets.
type refOutcome struct {
	lost, degraded, down, unsatisfied map[string]bool
}

func (r *reference) outcome(s refScenario) refOutcome {
	o := refOutcome{map[string]bool{}, map[string]bool{}, r.failed(s), map[string]bool{}}
	for _, j := range r.journeys() {
		if !r.journeyWorks(j, s, o.down) {
			o.lost[j.name] = true
		} else if r.degraded(j, o.down, s) {
			o.degraded[j.name] = true
		}
	}
	for _, m := range r.design.Modules {
		for _, d := range m.DependsOn {
			if len(d.AnyOf) > 0 && !r.satisfied(m, d, o.down, s) {
				o.unsatisfied[m.Name+" "+d.Key] = true
			}
		}
	}
	return o
}

// beyond leaves out what before lists.
func (o refOutcome) beyond(before refOutcome) refOutcome {
	minus := func(a, b map[string]bool) map[string]bool {
		a = maps.Clone(a)
		for k := range b {
			delete(a, k)
		}
		return a
	}
	return refOutcome{
		minus(o.lost, before.lost), minus(o.degraded, before.degraded),
		minus(o.down, before.down), minus(o.unsatisfied, before.unsatisfied),
	}
}

// path is the shortest way from the journey's entry to a culprit, over modules that fail because of
// s, the first in order of names; nil where s does not bring the journey down. It keeps for each
// module reached the best path of the current length.
func (r *reference) path(j refJourney, s refScenario) []string {
	none := refScenario{}
	before, after := r.failed(none), r.failed(s)
	if j.entry == "" || !r.journeyWorks(j, none, before) || r.journeyWorks(j, s, after) {
		return nil
	}
	culprit := func(name string) bool {
		return r.hasCapacity(r.modules[name], none) && !r.hasCapacity(r.modules[name], s)
	}
	if culprit(j.entry) {
		return []string{j.entry}
	}
	step := func(m *schema.Module, deps []*schema.Dependency) map[string]bool {
		out := map[string]bool{}
		for _, d := range deps {
			if refHard(d) && refRuntime(d) && !r.satisfied(m, d, after, s) {
				for t := range r.targets(d) {
					if after[t] && !before[t] {
						out[t] = true
					}
				}
			}
		}
		return out
	}
	level := map[string][]string{}
	for t := range step(r.modules[j.entry], j.counts) {
		level[t] = []string{j.entry, t}
	}
	for range len(r.modules) + 1 {
		var best []string
		for t, path := range level {
			if culprit(t) && (best == nil || slices.Compare(path, best) < 0) {
				best = path
			}
		}
		if best != nil {
			return best
		}
		next := map[string][]string{}
		for t, path := range level {
			for u := range step(r.modules[t], r.modules[t].DependsOn) {
				longer := append(slices.Clone(path), u)
				if old := next[u]; old == nil || slices.Compare(longer, old) < 0 {
					next[u] = longer
				}
			}
		}
		level = next
	}
	return []string{"no path"}
}

// spare tries all sets of replicas.
func (r *reference) spare(m *schema.Module) int {
	n := refReplicas(m)
	least := n + 1 // the smallest set that takes the capacity
	for set := range 1 << n {
		s := refScenario{replicas: map[refReplica]bool{}}
		size := 0
		for i := range n {
			if set>>i&1 == 1 {
				s.replicas[refReplica{m.Name, i + 1}] = true
				size++
			}
		}
		if !r.hasCapacity(m, s) {
			least = min(least, size)
		}
	}
	return least - 1
}

// refEvent is one event and the scenario in which nothing else occurs.
type refEvent struct {
	kind   int // replica, domain, external
	module string
	number int
	domain string
	alike  int
}

func (e refEvent) scenario() refScenario {
	switch e.kind {
	case 0:
		return refScenario{replicas: map[refReplica]bool{{e.module, e.number}: true}}
	case 1:
		return refScenario{domains: map[string]bool{e.domain: true}}
	}
	return refScenario{externals: map[string]bool{e.module: true}}
}

// events returns all single events that can matter, alike replicas told by their first, and those
// that were left out because they take no capacity.
func (r *reference) events() (listed, harmless []refEvent) {
	none := refScenario{}
	for _, m := range r.design.Modules {
		if m.Kind == schema.External {
			e := refEvent{kind: 2, module: m.Name, alike: 1}
			if r.hasCapacity(m, none) {
				listed = append(listed, e)
			} else {
				harmless = append(harmless, e)
			}
			continue
		}
		sets := map[string]int{} // → place in listed
		for i := 1; i <= refReplicas(m); i++ {
			e := refEvent{kind: 0, module: m.Name, number: i, alike: 1}
			if !r.hasCapacity(m, none) || r.hasCapacity(m, e.scenario()) {
				harmless = append(harmless, e)
				continue
			}
			set := m.ReplicaDomains()[i-1]
			if r.domains[set] == nil {
				set = "unknown place"
			}
			if refManual(m) && i == 1 {
				set = "the primary"
			}
			if k, ok := sets[set]; ok {
				listed[k].alike++
				continue
			}
			sets[set] = len(listed)
			listed = append(listed, e)
		}
	}
	for _, f := range r.design.FailureDomains {
		listed = append(listed, refEvent{kind: 1, domain: f.Name, alike: 1})
	}
	slices.SortFunc(listed, func(x, y refEvent) int {
		return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.module+x.domain, y.module+y.domain), cmp.Compare(x.number, y.number))
	})
	return listed, harmless
}
