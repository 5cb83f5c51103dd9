package cli

import (
	"cmp"
	"slices"
	"time"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/internal/report/availability"
	"lintel/schema"
)

// availabilityOf computes what is asked about a design.
func (s *session) availabilityOf(d *schema.Design, o availabilityOptions, work *boundedWork) (*availability.Report, error) {
	a := analyzer.New(d)
	targets, err := availabilityTargets(a, o)
	if err != nil {
		return nil, err
	}
	system, err := resilience.New(a, o.assume, work.limits)
	if err != nil {
		return nil, err
	}
	s.tellContradictions(a)
	r := &availability.Report{System: d.System, Path: d.Path, Assume: o.assume, Stated: statesAvailability(d)}
	p := s.startProgress()
	defer p.end()
	p.phase("computing availability", len(targets))
	for i, t := range targets {
		p.step()
		if len(r.Journeys)+len(r.Modules) > 0 && !work.deadline.IsZero() && time.Now().After(work.deadline) {
			// What is left is not even begun: of a very large design, making the trees alone takes longer.
			if t.Journey >= 0 {
				r.NotComputed = append(r.NotComputed, a.Journeys()[t.Journey].Name)
			} else {
				r.NotComputed = append(r.NotComputed, a.Module(t.Module).Name)
			}
			continue
		}
		work.target(len(targets) - i)
		work.phase(1)
		system.Limit(work.limits)
		g, err := targetAvailability(system, t, o)
		if err != nil {
			return nil, err
		}
		if t.Journey >= 0 {
			r.Journeys = append(r.Journeys, g)
		} else {
			r.Modules = append(r.Modules, g)
		}
	}
	for _, list := range [][]availability.Target{r.Journeys, r.Modules} {
		slices.SortStableFunc(list, func(a, b availability.Target) int {
			return cmp.Or(cmp.Compare(b.Worst.Mid(), a.Worst.Mid()), cmp.Compare(b.Best.Mid(), a.Best.Mid()), cmp.Compare(a.Name, b.Name))
		})
		for i := range list {
			r.Unknown = append(r.Unknown, list[i].Unknown...)
			r.Assumed = append(r.Assumed, list[i].Assumed...)
		}
	}
	r.Unknown, r.Assumed = distinctParts(r.Unknown), distinctParts(r.Assumed)
	return r, nil
}

// availabilityTargets finds what is asked about: journeys and modules by name, else all journeys and the modules that
// promise something.
func availabilityTargets(a *analyzer.Analysis, o availabilityOptions) ([]analyzer.Target, error) {
	var targets []analyzer.Target
	if len(o.journeys)+len(o.modules) > 0 {
		var err error
		if targets, err = targetsOf(a, o.journeys, o.modules); err != nil {
			return nil, err
		}
	} else {
		for j := range a.Journeys() {
			targets = append(targets, analyzer.OfJourney(int32(j)))
		}
	}
	named := len(o.journeys)+len(o.modules) > 0
	implied := map[string]bool{} // journeys that stand for a module, which says the same
	for _, j := range a.Journeys() {
		implied[j.Name] = j.Stated == nil && !named
	}
	for m := range int32(a.Modules()) {
		mod := a.Module(m)
		if (o.allModules || !named && mod.SLO.Availability != nil) && !implied[mod.Name] && !slices.Contains(o.modules, mod.Name) {
			targets = append(targets, analyzer.OfModule(m))
		}
	}
	if len(targets) == 0 {
		return nil, usagef("%s has no journey, and no module that promises an availability", a.Design.Path).
			hint("state journeys, or entry: true of a module; --modules asks about all modules")
	}
	return targets, nil
}

func statesAvailability(d *schema.Design) bool {
	states := func(_ float64, ok bool) bool { return ok }
	return slices.ContainsFunc(d.Modules, func(m *schema.Module) bool { return states(m.Unavailability()) }) ||
		slices.ContainsFunc(d.FailureDomains, func(f *schema.FailureDomain) bool { return states(f.Unavailability()) })
}

// targetAvailability computes one journey or module.
func targetAvailability(system *resilience.System, t analyzer.Target, o availabilityOptions) (availability.Target, error) {
	a := system.Analysis
	g := availability.Target{}
	if t.Journey >= 0 {
		j := &a.Journeys()[t.Journey]
		g.Name = j.Name
		if j.Stated != nil {
			g.SLO = j.Stated.SLO.Availability
		} else if j.Entry >= 0 {
			g.SLO = a.Module(j.Entry).SLO.Availability
		}
	} else {
		g.Name, g.SLO = a.Module(t.Module).Name, a.Module(t.Module).SLO.Availability
	}
	result, err := system.Availability(t)
	if err != nil {
		return g, err
	}
	g.Best, g.Worst = result.Best, result.Worst
	g.Unknown = partsOf(a, result.Unknown, nil)
	if o.assume.Typical {
		g.Assumed = partsOf(a, result.Assumed, system)
	}
	g.DownBefore = result.DownBefore
	if result.Contributors == nil {
		return g, nil
	}
	groups := system.GroupContributors(result.Contributors)
	shown := len(groups)
	if o.top >= 0 {
		shown = min(shown, o.top)
	}
	g.Left = len(groups) - shown + result.Further
	g.Contributors = []availability.Contributor{}
	for _, c := range groups[:shown] {
		out := availability.Contributor{
			Unavailability: c.Unavailability, Source: c.Source, Importance: c.Importance,
		}
		if c.Event.Kind != analyzer.DomainEvent {
			out.Part = a.Module(c.Event.Module).Name
		}
		if c.Event.Kind == analyzer.ReplicasEvent {
			out.Any = c.Event.Replica
		}
		for _, e := range c.Events {
			out.Events = append(out.Events, a.EventName(e))
		}
		g.Contributors = append(g.Contributors, out)
	}
	return g, nil
}

// partOf names the module or failure domain of an event.
func partOf(a *analyzer.Analysis, e analyzer.Event) availability.Part {
	if e.Kind == analyzer.DomainEvent {
		f := a.Design.FailureDomains[e.Domain]
		return availability.Part{Name: a.EventName(e), Kind: string(f.Kind), Domain: true}
	}
	m := a.Module(e.Module)
	p := availability.Part{Name: m.Name, Kind: string(m.Kind)}
	if m.Kind != schema.External {
		p.Replicas = m.ReliableReplicas()
	}
	return p
}

// partsOf names what events are about, each part once. With a system, what it assumes of them is told.
func partsOf(a *analyzer.Analysis, events []analyzer.Event, system *resilience.System) []availability.Part {
	var out []availability.Part
	last := analyzer.Event{Module: -1, Domain: -1}
	for _, e := range events {
		if e.Module == last.Module && e.Domain == last.Domain {
			continue
		}
		last = e
		p := partOf(a, e)
		if system != nil {
			q, _ := system.Unavailability(e)
			p.Availability = availability.Availability(q)
		}
		out = append(out, p)
	}
	return distinctParts(out)
}

// distinctParts sorts parts, failure domains first, and drops those that come again.
func distinctParts(list []availability.Part) []availability.Part {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b availability.Part) int {
		if a.Domain != b.Domain {
			if a.Domain {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return slices.Compact(list)
}
