package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// contradiction tells of statements of a design that cannot hold together:
//
//   - a placement whose counts do not add up to the replicas (with autoscaling: lie outside its bounds);
//   - redundancy.need above the replicas; need above the alternatives of a dependency;
//   - a module that is its own alternative (a warning), and one that waits for itself at startup; a
//     module that calls itself at runtime is none;
//   - autoscaling with a floor above its ceiling, and replicas outside the two;
//   - a failure domain that lies in itself;
//   - sessions kept in each replica and in another module at once;
//   - a journey that uses what the dependencies it uses do not lead to (a warning);
//   - a journey that is down before anything fails. It takes no part in the failure analysis of other
//     rules. What brings it down is told once, with all such journeys.
var contradiction = &Rule{
	ID: "HYG002", Name: "contradiction", Severity: Error,
	Summary: "The design contradicts itself.",
	Sources: []Source{
		{"Vesely et al., Fault Tree Handbook (NUREG-0492): a fault tree that is true before any event is not coherent", "https://www.nrc.gov/reading-rm/doc-collections/nuregs/staff/sr0492/index.html"},
	},
	Run: runContradiction,
}

func runContradiction(p *Pass) {
	down := findDownBefore(p)
	for i, m := range p.Design.Modules {
		p.contradictingReplicas(m, down.modules[int32(i)])
		p.contradictingPlacement(m)
		p.contradictingSession(m)
		for k := range p.Analysis.DependenciesOf(int32(i)) {
			d := &p.Analysis.DependenciesOf(int32(i))[k]
			p.contradictingDependency(d, down.dependencies[d.Dependency])
		}
	}
	p.domainsInThemselves()
	p.unreachedUses()
	p.keysOnce()
}

// effect is what a contradiction does to journeys, with proof.
type effect struct {
	journeys []int32
	paths    []JourneyPath
}

// add puts the effect into a finding. A nil effect adds nothing.
func (e *effect) add(p *Pass, f *Finding) {
	if e == nil || len(e.journeys) == 0 {
		return
	}
	f.Journeys = journeyNames(p.Analysis, e.journeys)
	f.Message += ", so " + isDown(f.Journeys) + " before anything fails"
	f.Paths = e.paths
	if len(e.paths) > 0 {
		f.Path = e.paths[0].Path
	}
}

func isDown(journeys []string) string {
	if len(journeys) == 1 {
		return journeys[0] + " is down"
	}
	return enumerate(journeys) + " are down"
}

func (p *Pass) contradictingReplicas(m *schema.Module, e *effect) {
	subject := Subject{OfModule, m.Name}
	n := m.ReliableReplicas()
	if s := m.Autoscaling; s != nil {
		_, stated := m.Places.Of("replicas")
		switch {
		case s.Min > s.Max:
			p.Report(Finding{
				Subject:     subject,
				Message:     fmt.Sprintf("the autoscaling of %s has a floor of %d above its ceiling of %d", m.Name, s.Min, s.Max),
				Location:    placeOfFirst(m, "autoscaling.min", "autoscaling"),
				Suggestions: []string{fmt.Sprintf("autoscaling: {min: %d, max: %d}, if they were swapped", s.Max, s.Min)},
				Key:         "autoscaling",
			})
		case stated && (m.Replicas < s.Min || m.Replicas > s.Max):
			p.Report(Finding{
				Subject:     subject,
				Message:     fmt.Sprintf("%s has %s, which its autoscaling from %d to %d does not allow", m.Name, counted(m.Replicas, "replica"), s.Min, s.Max),
				Location:    placeOfFirst(m, "replicas"),
				Suggestions: []string{"leave replicas out: autoscaling.min says what can be relied on", "or let autoscaling begin at that number"},
				Key:         "replicas",
			})
		}
	}
	switch {
	case m.Redundancy.Need != nil && *m.Redundancy.Need > n && n > 0:
		f := Finding{
			Subject:     subject,
			Message:     fmt.Sprintf("%s needs %d replicas to work but can rely on %d only", m.Name, *m.Redundancy.Need, n),
			Location:    placeOfFirst(m, "redundancy.need", "redundancy"),
			Suggestions: []string{fmt.Sprintf("%s: %d or more, or redundancy.need: %d or fewer", replicaField(m), *m.Redundancy.Need, n)},
			Key:         "need",
		}
		e.add(p, &f)
		p.Report(f)
	case e != nil && n <= 0:
		f := Finding{
			Subject:     subject,
			Message:     fmt.Sprintf("%s has no replicas", m.Name),
			Location:    placeOfFirst(m, replicaField(m)),
			Suggestions: []string{fmt.Sprintf("%s: 1 or more, or %s", replicaField(m), p.withoutReplicas(m))},
			Key:         "down",
		}
		if m.Autoscaling != nil {
			f.Message = fmt.Sprintf("the autoscaling of %s goes down to no replicas", m.Name)
		}
		e.add(p, &f)
		p.Report(f)
	}
}

// withoutReplicas says what else to do about a module without replicas.
func (p *Pass) withoutReplicas(m *schema.Module) string {
	a := p.Analysis
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if d.HardRuntime() && a.Module(d.From) != m && slices.ContainsFunc(d.Targets, func(t int32) bool { return a.Module(t) == m }) {
			return "no hard dependency on it"
		}
	}
	if len(p.Design.Journeys) > 0 {
		return "no journey that enters there"
	}
	return "leave it out of the design until it runs"
}

func (p *Pass) contradictingPlacement(m *schema.Module) {
	if !placementContradicts(m) {
		return
	}
	sum := 0
	for _, c := range m.Placement.Counts {
		sum += c.Count
	}
	message := fmt.Sprintf("%s has %s but places %d", m.Name, counted(m.Replicas, "replica"), sum)
	if s := m.Autoscaling; s != nil {
		message = fmt.Sprintf("%s has %d to %d replicas but places %d", m.Name, s.Min, s.Max, sum)
	}
	p.Report(Finding{
		Subject:     Subject{OfModule, m.Name},
		Message:     message,
		Location:    placeOfFirst(m, "placement"),
		Suggestions: []string{fmt.Sprintf("%s: %d, or other counts", replicaField(m), sum), "or list the failure domains without counts, to spread the replicas evenly"},
		Key:         "placement",
	})
}

func (p *Pass) contradictingSession(m *schema.Module) {
	if m.Session == nil || m.Session.In.Name == "" || m.Session.Kept == "shared" || m.Session.Kept == "" {
		return
	}
	p.Report(Finding{
		Subject:     Subject{OfModule, m.Name},
		Message:     fmt.Sprintf("%s keeps its sessions in its own replicas (%s) and in %s", m.Name, m.Session.Kept, m.Session.In.Name),
		Location:    placeOfFirst(m, "session.kept", "session"),
		Suggestions: []string{fmt.Sprintf("session: {kept: \"shared\", in: %q}, if they are there", m.Session.In.Name)},
		Key:         "session",
	})
}

func (p *Pass) contradictingDependency(d *analyzer.Dependency, e *effect) {
	from := p.Analysis.Module(d.From).Name
	alternatives := d.Dependency.Targets()
	subject := Subject{OfDependency, edgeName(from, d.Key)}
	if slices.ContainsFunc(alternatives, func(ref schema.Ref) bool { return ref.Name == from }) {
		switch {
		case len(d.AnyOf) > 0:
			p.Report(Finding{
				Severity:    Warning,
				Subject:     subject,
				Message:     fmt.Sprintf("%s names itself as an alternative of %s: it cannot stand in for itself", from, d.Key),
				Location:    d.At("anyOf"),
				Suggestions: []string{"leave it out: what its replicas do for each other is said by redundancy"},
				Key:         "itself",
				Aliases:     dependencyAliases(p.Analysis, d),
			})
		case d.When == schema.Startup && d.Strength == schema.Hard:
			p.Report(Finding{
				Subject:     subject,
				Message:     fmt.Sprintf("%s waits for itself at startup, so its first replica never starts", from),
				Location:    d.Pos,
				Suggestions: []string{"remove it, or make it soft if only a second replica waits for the first"},
				Key:         "itself",
				Aliases:     dependencyAliases(p.Analysis, d),
			})
		}
	}
	known := len(d.Targets)
	if d.Need <= len(alternatives) && (e == nil || d.Need <= known) {
		return
	}
	message := fmt.Sprintf("%s needs %d of %s of %s", from, d.Need, counted(len(alternatives), "alternative"), d.Key)
	if d.Need <= len(alternatives) {
		message += fmt.Sprintf(", of which the design has %d", known)
	}
	f := Finding{
		Subject:     subject,
		Message:     message,
		Location:    d.At("need"),
		Suggestions: []string{fmt.Sprintf("need: %d or fewer, or more alternatives", max(known, 1))},
		Key:         "need",
		Aliases:     dependencyAliases(p.Analysis, d),
	}
	e.add(p, &f)
	p.Report(f)
}

// domainsInThemselves reports each ring of failure domains once, at its first in order of name.
func (p *Pass) domainsInThemselves() {
	a := p.Analysis
	domains := p.Design.FailureDomains
	in := make([]int32, len(domains))
	for i, d := range domains {
		in[i] = -1
		if parent, ok := a.DomainIndex(d.In.Name); ok {
			in[i] = parent
		}
	}
	walked := make([]int, len(domains)) // by which walk, counted from 1; a ring is found by one alone
	for start := range domains {
		i := int32(start)
		for ; i >= 0 && walked[i] == 0; i = in[i] {
			walked[i] = start + 1
		}
		if i < 0 || walked[i] != start+1 {
			continue
		}
		ring := []int32{i}
		for next := in[i]; next != i; next = in[next] {
			ring = append(ring, next)
		}
		p.reportRing(ring)
	}
}

func (p *Pass) reportRing(ring []int32) {
	domains := p.Design.FailureDomains
	first := slices.Index(ring, slices.Min(ring))
	ring = append(ring[first:], ring[:first]...)
	names := domainNames(p.Analysis, ring)
	f := Finding{
		Subject:     Subject{OfFailureDomain, names[0]},
		Message:     fmt.Sprintf("%s lies in itself", names[0]),
		Location:    domains[ring[0]].At("in"),
		Suggestions: []string{"leave out the in of the outermost one"},
		Key:         "in",
		Aliases:     names[1:],
	}
	if len(names) > 1 {
		f.Message += ", through " + enumerate(names[1:])
		f.Path = append(names, names[0])
		for _, d := range ring[1:min(len(ring), maxShownPlaces)] {
			if at := domains[d].At("in"); at.IsKnown() {
				f.Related = append(f.Related, Related{fmt.Sprintf("%s lies in %s", domains[d].Name, domains[d].In.Name), at})
			}
		}
	}
	p.Report(f)
}

// unreachedUses reports what a journey says it uses although the dependencies of its entry that it
// uses do not lead there: without those it needs nothing of it, as far as the design goes.
func (p *Pass) unreachedUses() {
	a := p.Analysis
	for _, j := range a.Journeys() {
		if j.Stated == nil || j.Entry < 0 || !j.Stated.HasUses {
			continue
		}
		var reached map[int32]bool
		for _, ref := range j.Stated.Uses {
			t, ok := a.ModuleIndex(ref.Name)
			if !ok || t == j.Entry || usesDirectly(a, j, t) {
				continue
			}
			if reached == nil {
				reached = reachedByUses(a, j)
			}
			if reached[t] {
				continue
			}
			entry := a.Module(j.Entry).Name
			f := Finding{
				Severity:    Warning,
				Subject:     Subject{OfJourney, j.Name},
				Message:     fmt.Sprintf("%s uses %s, but no dependency of its entry %s that it uses leads there", j.Name, ref.Name, entry),
				Location:    j.Stated.At("uses"),
				Journeys:    []string{j.Name},
				Suggestions: []string{fmt.Sprintf("list the dependency of %s that leads to %s, or leave it out", entry, ref.Name)},
				Key:         "uses " + ref.Name,
			}
			if ref.Pos.IsKnown() {
				f.Location = ref.Pos
			}
			p.Report(f)
		}
	}
}

func usesDirectly(a *analyzer.Analysis, j analyzer.Journey, t int32) bool {
	return slices.ContainsFunc(a.DependenciesOf(j.Entry), func(d analyzer.Dependency) bool { return contains(d.Targets, t) })
}

func reachedByUses(a *analyzer.Analysis, j analyzer.Journey) map[int32]bool {
	seen := map[int32]bool{}
	var queue []int32
	follow := func(d *analyzer.Dependency) {
		for _, t := range d.Targets {
			if !seen[t] {
				seen[t] = true
				queue = append(queue, t)
			}
		}
	}
	all, own := a.Dependencies(), a.DependenciesOf(j.Entry)
	for k := range own {
		if !slices.ContainsFunc(j.Ignored, func(i int32) bool { return &all[i] == &own[k] }) {
			follow(&own[k])
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		if m := queue[0]; m != j.Entry {
			next := a.DependenciesOf(m)
			for k := range next {
				follow(&next[k])
			}
		}
	}
	return seen
}

// downBefore holds what brings journeys down before anything fails: modules that have no capacity,
// and dependencies with fewer alternatives than they need.
type downBefore struct {
	modules      map[int32]*effect
	dependencies map[*schema.Dependency]*effect
}

// maxCauses bounds the causes for which the journeys are sought, each of which costs time linear in
// the design.
const maxCauses = 100

func findDownBefore(p *Pass) downBefore {
	a := p.Analysis
	out := downBefore{map[int32]*effect{}, map[*schema.Dependency]*effect{}}
	lost := a.Failures().Before.Lost
	if len(lost) == 0 {
		return out
	}
	sim := a.Simulate(analyzer.Scenario{})
	down := func(m int32) bool { return sim.ModuleDown[m] }
	noCapacity := func(m int32) bool { return sim.NoCapacity[m] }
	journeys := a.Journeys()
	starts := make([][]int32, len(lost))
	var all []int32
	for i, j := range lost {
		starts[i] = failedReachOfJourney(a, &journeys[j], down, func(int32) bool { return false })
		all = append(all, starts[i]...)
	}
	reached := failedReach(a, all, down)
	for _, j := range lost {
		reached[journeys[j].Entry] = true
	}
	// The journeys that a cause takes down are those from which ways of failed dependencies lead to it.
	callers := make([][]int32, a.Modules())
	deps := a.Dependencies()
	for i := range deps {
		if d := &deps[i]; d.HardRuntime() && fails(d, down) {
			for _, t := range d.Targets {
				if down(t) {
					callers[t] = append(callers[t], d.From)
				}
			}
		}
	}
	causes := 0
	find := func(m int32, d *analyzer.Dependency) *effect {
		e := &effect{}
		if causes++; causes > maxCauses {
			return e
		}
		before := map[int32]bool{m: true}
		for queue := []int32{m}; len(queue) > 0; queue = queue[1:] {
			for _, c := range callers[queue[0]] {
				if !before[c] {
					before[c] = true
					queue = append(queue, c)
				}
			}
		}
		for i, j := range lost {
			path := wayOfJourney(a, &journeys[j], starts[i], before, down, m, d)
			if path == nil {
				continue
			}
			e.journeys = append(e.journeys, j)
			if len(e.paths) < maxShownWays {
				e.paths = append(e.paths, JourneyPath{journeys[j].Name, moduleNames(a, path)})
			}
		}
		return e
	}
	for m := range int32(a.Modules()) {
		if !reached[m] {
			continue
		}
		if noCapacity(m) {
			if e := find(m, nil); len(e.journeys) > 0 || causes > maxCauses {
				out.modules[m] = e
			}
			continue
		}
		own := a.DependenciesOf(m)
		for k := range own {
			if d := &own[k]; d.HardRuntime() && len(d.Targets) > 0 && len(d.Targets) < neededTargets(d) {
				if e := find(m, d); len(e.journeys) > 0 || causes > maxCauses {
					out.dependencies[d.Dependency] = e
				}
			}
		}
	}
	return out
}

// wayOfJourney returns the way by which a journey that is down reaches its cause: module m, or its
// dependency d where that is not nil. before holds the modules that the cause takes down; starts is
// where failed dependencies lead from the entry, or the entry itself where all of them count.
func wayOfJourney(a *analyzer.Analysis, j *analyzer.Journey, starts []int32, before map[int32]bool, down func(int32) bool, m int32, d *analyzer.Dependency) []int32 {
	all := a.Dependencies()
	if j.Entry == m && (d == nil || !slices.ContainsFunc(j.Ignored, func(i int32) bool { return &all[i] == d })) {
		return []int32{m}
	}
	stop := func(t int32) bool { return t == m }
	var best []int32
	for _, s := range starts {
		if !before[s] {
			continue
		}
		way := failedWay(a, s, down, stop, nil)
		if way != nil && (best == nil || len(way) < len(best)) {
			best = way
		}
	}
	if best != nil && len(j.Ignored) > 0 {
		best = append([]int32{j.Entry}, best...)
	}
	return best
}
