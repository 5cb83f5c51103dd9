package policy

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// Facts holds what policies ask about one design; each answer is computed when it is first asked for. It must not be
// used by two goroutines at once.
type Facts struct {
	analysis *analyzer.Analysis
	// counted tells which failure domains the loss of which counts, as lintel's own rules see it; nil is all.
	counted func() []bool

	edgeList      []edge
	edgesKnown    bool
	groupList     []group
	groupsKnown   bool
	journeyList   []journey
	through       [][]int32 // journeys by module
	single        *singlePoints
	component     []int32
	componentSize []int32
	writers       [][]string
	figures       *analyzer.Metrics
	adjacent      *analyzer.Neighbours
	whole         *analyzer.ModuleFailures
	demand        *analyzer.Load
	offsets       []int32 // of the dependencies of each module
}

// NewFacts prepares the facts about a design. It costs nothing. Counted tells by failure domain whether its loss counts;
// nil is all of them.
func NewFacts(a *analyzer.Analysis, counted func() []bool) *Facts {
	return &Facts{analysis: a, counted: counted}
}

// group is one group of modules.
type group struct {
	name                     string
	members                  []int32
	modules, teams, layers   []string
	kinds                    []string
	dependencies, dependents []string
	metrics                  *analyzer.GroupMetrics
}

// journey is what there is to know about one journey.
type journey struct {
	modules, singlePoints, singleDomains, teams []string
	tiers                                       []int
}

// singlePoints tells which single events bring journeys down.
type singlePoints struct {
	ofModule, ofDomain [][]int32 // journeys, sorted
}

func (f *Facts) metrics(m int32) *analyzer.ModuleMetrics {
	return &f.system().Modules[m]
}

func (f *Facts) system() *analyzer.Metrics {
	if f.figures == nil {
		f.figures = f.analysis.Metrics()
	}
	return f.figures
}

func (f *Facts) neighbours() *analyzer.Neighbours {
	if f.adjacent == nil {
		f.adjacent = f.analysis.Neighbours(nil)
	}
	return f.adjacent
}

func (f *Facts) moduleFailures() *analyzer.ModuleFailures {
	if f.whole == nil {
		f.whole = f.analysis.ModuleFailures()
	}
	return f.whole
}

func (f *Facts) load() *analyzer.Load {
	if f.demand == nil {
		f.demand = f.analysis.Load()
	}
	return f.demand
}

// firstDependency gives the index of a module's first dependency.
func (f *Facts) firstDependency(m int32) int32 {
	if f.offsets == nil {
		f.offsets = make([]int32, f.analysis.Modules()+1)
		for _, d := range f.analysis.Dependencies() {
			f.offsets[d.From+1]++
		}
		for i := range f.analysis.Modules() {
			f.offsets[i+1] += f.offsets[i]
		}
	}
	return f.offsets[m]
}

// edges gives every dependency with each of its targets that the design has, in order.
func (f *Facts) edges() []edge {
	if !f.edgesKnown {
		deps := f.analysis.Dependencies()
		for i := range deps {
			for _, t := range deps[i].Targets {
				f.edgeList = append(f.edgeList, edge{int32(i), deps[i].From, t})
			}
		}
		f.edgesKnown = true
	}
	return f.edgeList
}

// components gives the strongly connected component of each module.
func (f *Facts) components() []int32 {
	if f.component == nil {
		f.component = analyzer.Components(f.neighbours().DependsOn)
		f.componentSize = make([]int32, f.analysis.Modules())
		for _, c := range f.component {
			f.componentSize[c]++
		}
	}
	return f.component
}

func (f *Facts) cycleCount() int {
	f.components()
	n := 0
	for _, size := range f.componentSize {
		if size > 1 {
			n++
		}
	}
	return n
}

func (f *Facts) cyclicModules() int {
	f.components()
	n := 0
	for _, size := range f.componentSize {
		if size > 1 {
			n += int(size)
		}
	}
	return n
}

// moduleValue gives the value of a field of a module.
func (f *Facts) moduleValue(m int32, path string) any {
	return moduleShape().at(&subject{facts: f, module: m}, path)
}

// valuesOf gives the distinct texts that modules state in a field, sorted.
func (f *Facts) valuesOf(modules []int32, path string) []string {
	var out []string
	for _, m := range modules {
		if v, ok := f.moduleValue(m, path).(string); ok {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (f *Facts) distinct(path string) []string { return f.valuesOf(f.everyModule(), path) }

func (f *Facts) everyModule() []int32 {
	out := make([]int32, f.analysis.Modules())
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

func (f *Facts) namesOf(modules []int32) []string {
	out := make([]string, len(modules))
	for i, m := range modules {
		out[i] = f.analysis.Module(m).Name
	}
	return out
}

func (f *Facts) moduleNames() []string { return f.namesOf(f.everyModule()) }

func (f *Facts) statedJourneys() []string {
	var out []string
	for _, j := range f.analysis.Design.Journeys {
		out = append(out, j.Name)
	}
	return out
}

func (f *Facts) domainNames() []string {
	var out []string
	for _, d := range f.analysis.Design.FailureDomains {
		out = append(out, d.Name)
	}
	return out
}

// writersOf lists the modules that write to m.
func (f *Facts) writersOf(m int32) []string {
	if f.writers == nil {
		f.writers = make([][]string, f.analysis.Modules())
		deps := f.analysis.Dependencies()
		for i := range deps {
			if a := deps[i].Access; a == schema.Write || a == schema.ReadWrite {
				for _, t := range deps[i].Targets {
					f.writers[t] = append(f.writers[t], f.analysis.Module(deps[i].From).Name)
				}
			}
		}
		for t := range f.writers {
			slices.Sort(f.writers[t])
			f.writers[t] = slices.Compact(f.writers[t])
		}
	}
	return f.writers[m]
}

// domainsOf lists the failure domains of a kind in which the replicas of a module stand.
func (f *Facts) domainsOf(m int32, kind schema.DomainKind) []string {
	var out []string
	for _, name := range f.analysis.Module(m).ReplicaDomains() {
		d, ok := f.analysis.DomainIndex(name)
		for steps := 0; ok && d >= 0 && steps <= len(f.analysis.Design.FailureDomains); steps++ {
			if domain := f.analysis.Design.FailureDomains[d]; domain.Kind == kind {
				out = append(out, domain.Name)
			}
			d = f.analysis.DomainParent(d)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// placed tells whether the place of each replica of a module is known.
func (f *Facts) placed(m int32) bool {
	return !slices.ContainsFunc(f.analysis.Module(m).ReplicaDomains(), func(name string) bool {
		_, ok := f.analysis.DomainIndex(name)
		return !ok
	})
}

func (f *Facts) journeyOf(s *subject) *analyzer.Journey { return &f.analysis.Journeys()[s.journey] }

func (f *Facts) journeyNames(journeys []int32) []string {
	out := make([]string, len(journeys))
	for i, j := range journeys {
		out[i] = f.analysis.Journeys()[j].Name
	}
	return out
}

// singlePoints gives the single events that bring journeys down.
func (f *Facts) singlePoints() *singlePoints {
	if f.single != nil {
		return f.single
	}
	f.single = &singlePoints{make([][]int32, f.analysis.Modules()), make([][]int32, len(f.analysis.Design.FailureDomains))}
	failures := f.analysis.Failures()
	var counted []bool
	if f.counted != nil {
		counted = f.counted()
	}
	for i, e := range failures.Events {
		at := &f.single.ofModule
		of := e.Module
		if e.Kind == analyzer.DomainEvent {
			at, of = &f.single.ofDomain, e.Domain
			if counted != nil && !counted[of] {
				continue
			}
		}
		if lost := failures.Outcomes[i].Lost; len(lost) > 0 {
			all := slices.Concat((*at)[of], lost)
			slices.Sort(all)
			(*at)[of] = slices.Compact(all)
		}
	}
	return f.single
}

func (f *Facts) allSinglePoints() []string {
	var out []string
	for m, lost := range f.singlePoints().ofModule {
		if len(lost) > 0 {
			out = append(out, f.analysis.Module(int32(m)).Name)
		}
	}
	return out
}

func (f *Facts) allSingleDomains() []string {
	var out []string
	for d, lost := range f.singlePoints().ofDomain {
		if len(lost) > 0 {
			out = append(out, f.analysis.Design.FailureDomains[d].Name)
		}
	}
	return out
}

// journeysThrough lists the journeys whose way leads through a module.
func (f *Facts) journeysThrough(m int32) []string {
	f.journeys()
	return f.journeyNames(f.through[m])
}

// journeys follows each journey from its entry, along the runtime dependencies that count for it.
func (f *Facts) journeys() []journey {
	all := f.analysis.Journeys()
	if f.through != nil {
		return f.journeyList
	}
	f.through = make([][]int32, f.analysis.Modules())
	f.journeyList = make([]journey, len(all))
	single := f.singlePoints()
	seen := make([]int, f.analysis.Modules()) // the last journey that came by, from 1
	for j := range all {
		way := f.follow(&all[j], seen, j+1)
		out := &f.journeyList[j]
		for _, m := range way {
			f.through[m] = append(f.through[m], int32(j))
			if t := f.analysis.Module(m).Tier; t != nil {
				out.tiers = append(out.tiers, *t)
			}
		}
		slices.Sort(out.tiers)
		out.tiers = slices.Compact(out.tiers)
		out.modules, out.teams = f.namesOf(way), f.valuesOf(way, "team")
	}
	for m, lost := range single.ofModule {
		for _, j := range lost {
			f.journeyList[j].singlePoints = append(f.journeyList[j].singlePoints, f.analysis.Module(int32(m)).Name)
		}
	}
	for d, lost := range single.ofDomain {
		for _, j := range lost {
			f.journeyList[j].singleDomains = append(f.journeyList[j].singleDomains, f.analysis.Design.FailureDomains[d].Name)
		}
	}
	return f.journeyList
}

// follow gives the modules on the way of a journey, sorted. The entry's dependencies that its "uses" leaves out do not
// count, unless the way comes back to the entry.
func (f *Facts) follow(j *analyzer.Journey, seen []int, mark int) []int32 {
	if j.Entry < 0 {
		return nil
	}
	var way []int32
	back := false
	visit := func(m int32) {
		back = back || m == j.Entry
		if seen[m] != mark {
			seen[m] = mark
			way = append(way, m)
		}
	}
	deps := f.analysis.Dependencies()
	first := f.firstDependency(j.Entry)
	step := func(m int32, counts func(k int32) bool) {
		for k := f.firstDependency(m); k < f.firstDependency(m+1); k++ {
			if deps[k].When == schema.Runtime && counts(k) {
				for _, t := range deps[k].Targets {
					visit(t)
				}
			}
		}
	}
	all := func(int32) bool { return true }
	seen[j.Entry] = mark
	way = append(way, j.Entry)
	step(j.Entry, func(k int32) bool { return !slices.Contains(j.Ignored, k) && k >= first })
	for i := 1; i < len(way); i++ {
		step(way[i], all)
	}
	if back && len(j.Ignored) > 0 {
		n := len(way)
		step(j.Entry, all)
		for i := n; i < len(way); i++ {
			step(way[i], all)
		}
	}
	slices.Sort(way)
	return way
}

// groups gives the groups in order of name.
func (f *Facts) groups() []group {
	if f.groupsKnown {
		return f.groupList
	}
	f.groupsKnown = true
	index := map[string]int{}
	metrics := f.system().Groups
	for i := range metrics {
		index[metrics[i].Name] = i
		f.groupList = append(f.groupList, group{name: metrics[i].Name, metrics: &metrics[i]})
	}
	for i := range f.analysis.Modules() {
		if g, ok := index[f.analysis.Module(int32(i)).Group]; ok {
			f.groupList[g].members = append(f.groupList[g].members, int32(i))
		}
	}
	for _, e := range f.edges() {
		a, b := f.analysis.Module(e.from).Group, f.analysis.Module(e.to).Group
		if a != "" && b != "" && a != b {
			f.groupList[index[a]].dependencies = append(f.groupList[index[a]].dependencies, b)
			f.groupList[index[b]].dependents = append(f.groupList[index[b]].dependents, a)
		}
	}
	for i := range f.groupList {
		g := &f.groupList[i]
		g.modules = f.namesOf(g.members)
		g.teams, g.layers, g.kinds = f.valuesOf(g.members, "team"), f.valuesOf(g.members, "layer"), f.valuesOf(g.members, "kind")
		slices.Sort(g.dependencies)
		slices.Sort(g.dependents)
		g.dependencies, g.dependents = slices.Compact(g.dependencies), slices.Compact(g.dependents)
	}
	return f.groupList
}
