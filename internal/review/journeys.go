package review

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// standing is what one state says of one journey.
type standing struct {
	singlePoints, modules int
	survives              []string
	down                  bool
}

// standings gives the standing of each journey, by index. It costs one pass over the design for every 64 journeys.
func (s *side) standings() []standing {
	journeys := s.a.Journeys()
	out := make([]standing, len(journeys))
	for _, p := range s.points {
		for _, j := range p.Journeys {
			out[j].singlePoints++
		}
	}
	kinds := s.domainKinds()
	failures := s.a.Failures()
	for _, j := range failures.Before.Lost {
		out[j].down = true
	}
	fatal := make([]uint32, len(journeys)) // kinds of domains of which some one takes the journey down, as bits
	for i, e := range failures.Events {
		if e.Kind == analyzer.DomainEvent {
			for _, j := range failures.Outcomes[i].Lost {
				fatal[j] |= 1 << kinds[e.Domain]
			}
		}
	}
	reach := newHardReach(s.a)
	for first := 0; first < len(journeys); first += 64 {
		batch := journeys[first:min(first+64, len(journeys))]
		needed := reach.from(batch)
		in := s.kindsOfPlaces(needed, kinds)
		for k := range batch {
			st := &out[first+k]
			for _, w := range needed {
				st.modules += int(w >> k & 1)
			}
			if st.down {
				continue
			}
			for kind, w := range in {
				if w>>k&1 == 1 && fatal[first+k]>>kind&1 == 0 {
					st.survives = append(st.survives, string(domainKinds[kind]))
				}
			}
			slices.Sort(st.survives)
		}
	}
	return out
}

var domainKinds = [...]schema.DomainKind{schema.Host, schema.Rack, schema.Power, schema.Net, schema.Zone, schema.Region, schema.Provider}

// domainKinds gives for each failure domain the index of its kind; one that the schema does not know counts as a host.
func (s *side) domainKinds() []int {
	out := make([]int, len(s.a.Design.FailureDomains))
	for d, f := range s.a.Design.FailureDomains {
		out[d] = max(slices.Index(domainKinds[:], f.Kind), 0)
	}
	return out
}

// kindsOfPlaces gives for each kind of failure domains the journeys, as bits, that need something that is placed in one.
func (s *side) kindsOfPlaces(needed []uint64, kinds []int) [len(domainKinds)]uint64 {
	domains := make([]uint64, len(kinds))
	for m, w := range needed {
		p := s.a.Module(int32(m)).Placement
		if w == 0 || p == nil {
			continue
		}
		place := func(name string) {
			if d, ok := s.a.DomainIndex(name); ok {
				domains[d] |= w
			}
		}
		for _, r := range p.Spread {
			place(r.Name)
		}
		for _, c := range p.Counts {
			if c.Count > 0 {
				place(c.Domain.Name)
			}
		}
	}
	var out [len(domainKinds)]uint64
	for d, w := range domains {
		if w == 0 {
			continue
		}
		for o := int32(d); o >= 0; o = s.a.DomainParent(o) {
			out[kinds[o]] |= w
		}
	}
	return out
}

// hardReach finds what journeys need: their entry, and what that reaches along hard runtime dependencies.
type hardReach struct {
	a     *analyzer.Analysis
	order []int32 // modules so that callers come before what they call, but for cycles
	of    []int32 // strongly connected component by module
	size  []int32 // by component
}

func newHardReach(a *analyzer.Analysis) *hardReach {
	next := a.Neighbours((*analyzer.Dependency).HardRuntime).DependsOn
	r := &hardReach{a: a, of: analyzer.Components(next)}
	// Every edge leads to the lower number.
	r.order = make([]int32, len(next))
	r.size = make([]int32, len(next))
	for m := range r.order {
		r.order[m] = int32(m)
		r.size[r.of[m]]++
	}
	slices.SortStableFunc(r.order, func(x, y int32) int { return int(r.of[y] - r.of[x]) })
	return r
}

// from gives for each module the journeys, at most 64, that need it, as bits in their order.
func (r *hardReach) from(journeys []analyzer.Journey) []uint64 {
	reached := make([]uint64, r.a.Modules()) // as something that is called, with all of its dependencies
	entries := make([]uint64, r.a.Modules())
	deps := r.a.Dependencies()
	for k, j := range journeys {
		if j.Entry < 0 {
			continue
		}
		bit := uint64(1) << k
		entries[j.Entry] |= bit
		if len(j.Ignored) == 0 {
			reached[j.Entry] |= bit
			continue
		}
		ignored := map[*schema.Dependency]bool{}
		for _, d := range j.Ignored {
			ignored[deps[d].Dependency] = true
		}
		for i := range r.a.DependenciesOf(j.Entry) {
			d := &r.a.DependenciesOf(j.Entry)[i]
			if d.HardRuntime() && !ignored[d.Dependency] {
				for _, t := range d.Targets {
					reached[t] |= bit
				}
			}
		}
	}
	for at := 0; at < len(r.order); {
		c := r.of[r.order[at]]
		members := r.order[at : at+int(r.size[c])]
		at += len(members)
		var w uint64
		for _, m := range members {
			w |= reached[m]
		}
		if w == 0 {
			continue
		}
		for _, m := range members {
			reached[m] = w
		}
		for _, m := range members {
			own := r.a.DependenciesOf(m)
			for i := range own {
				if own[i].HardRuntime() {
					for _, t := range own[i].Targets {
						reached[t] |= w
					}
				}
			}
		}
	}
	for m, w := range entries {
		reached[m] |= w
	}
	return reached
}

// compareJourneys tells of which journeys the standing differs. Either side may be nil.
func (m *match) compareJourneys(old, new *side) []JourneyChange {
	var out []JourneyChange
	var before []standing
	at := map[string]int{} // old journeys by their new name
	if old != nil {
		before = old.standings()
		for i, j := range old.a.Journeys() {
			at[m.newJourney(j.Name)] = i
		}
	}
	seen := make([]bool, len(before))
	if new != nil {
		for i, s := range new.standings() {
			c := JourneyChange{Name: new.a.Journeys()[i].Name, Status: Added, NewSinglePoints: s.singlePoints, NewModules: s.modules, SurvivesNew: s.survives, NewDown: s.down}
			if k, ok := at[c.Name]; ok {
				seen[k] = true
				o := before[k]
				if o.singlePoints == s.singlePoints && o.modules == s.modules && o.down == s.down && slices.Equal(o.survives, s.survives) {
					continue
				}
				c.Status = Changed
				c.OldSinglePoints, c.OldModules, c.SurvivesOld, c.OldDown = o.singlePoints, o.modules, o.survives, o.down
				if name := old.a.Journeys()[k].Name; name != c.Name {
					c.OldName = name
				}
			}
			out = append(out, c)
		}
	}
	for k, o := range before {
		if !seen[k] {
			out = append(out, JourneyChange{Name: old.a.Journeys()[k].Name, Status: Removed, OldSinglePoints: o.singlePoints, OldModules: o.modules, SurvivesOld: o.survives, OldDown: o.down})
		}
	}
	slices.SortStableFunc(out, func(a, b JourneyChange) int {
		if a.Name < b.Name {
			return -1
		} else if a.Name > b.Name {
			return 1
		}
		return 0
	})
	return out
}

// deadJourneys gives the journeys of the old design, by their new names, that were up there and are gone from the new one
// or down in it before anything fails. None where either side is nil.
func (m *match) deadJourneys(old, new *side) map[string]bool {
	if old == nil || new == nil {
		return nil
	}
	alive := map[string]bool{}
	down := new.downJourneys()
	for i, j := range new.a.Journeys() {
		alive[j.Name] = !down[int32(i)]
	}
	out := map[string]bool{}
	was := old.downJourneys()
	for i, j := range old.a.Journeys() {
		if name := m.newJourney(j.Name); !was[int32(i)] && !alive[name] {
			out[name] = true
		}
	}
	return out
}

// downJourneys are those, by index, that are down before anything fails.
func (s *side) downJourneys() map[int32]bool {
	out := map[int32]bool{}
	for _, j := range s.a.Failures().Before.Lost {
		out[j] = true
	}
	return out
}

func (m *match) newJourney(name string) string {
	if m == nil {
		return name
	}
	return mapped(m.journeyNames(), name)
}
