package review

import (
	"slices"

	"lintel/analyzer"
	"lintel/rules"
)

// side is what one of the two states says of the whole.
type side struct {
	a      *analyzer.Analysis
	points []rules.SinglePoint
}

func newSide(res *rules.Result) *side {
	if res == nil {
		return nil
	}
	return &side{a: res.Analysis, points: rules.SinglePoints(res.Analysis)}
}

type pointID struct {
	kind rules.SubjectKind
	name string
}

func (s *side) id(p rules.SinglePoint) pointID {
	if p.Event.Kind == analyzer.DomainEvent {
		return pointID{rules.OfFailureDomain, s.a.Design.FailureDomains[p.Event.Domain].Name}
	}
	return pointID{rules.OfModule, s.a.Module(p.Event.Module).Name}
}

// newName gives what a single point of the old design is called in the new one. m may be nil.
func (m *match) newName(id pointID) pointID {
	switch {
	case m == nil:
	case id.kind == rules.OfModule:
		id.name = m.renames.module(id.name)
	default:
		id.name = m.renames.domain(id.name)
	}
	return id
}

// domains gives the failure domains that take a journey down, those too that are left to the modules in them.
func (s *side) domains() []pointID {
	var out []pointID
	f := s.a.Failures()
	for i, e := range f.Events {
		if e.Kind == analyzer.DomainEvent && len(f.Outcomes[i].Lost) > 0 {
			out = append(out, pointID{rules.OfFailureDomain, s.a.Design.FailureDomains[e.Domain].Name})
		}
	}
	return out
}

// comparePoints gives the single points that only one side has, of the old ones only those that took down a journey that is
// not dead. Either side may be nil.
func (m *match) comparePoints(old, new *side, dead map[string]bool) (gained, lost []SinglePoint) {
	had, has := map[pointID]bool{}, map[pointID]bool{}
	if old != nil && new != nil {
		for _, id := range old.domains() {
			had[m.newName(id)] = true
		}
		for _, id := range new.domains() {
			has[id] = true
		}
	}
	if old != nil {
		for _, p := range old.points {
			had[m.newName(old.id(p))] = true
		}
	}
	if new != nil {
		for _, p := range new.points {
			id := new.id(p)
			has[id] = true
			if !had[id] {
				gained = append(gained, new.tell(p, id))
			}
		}
	}
	if old != nil {
		for _, p := range old.points {
			id := old.id(p)
			alive := func(j string) bool { return !dead[m.newJourney(j)] }
			if one := old.tell(p, id); !has[m.newName(id)] && slices.ContainsFunc(one.Journeys, alive) {
				lost = append(lost, one)
			}
		}
	}
	return gained, lost
}

func (s *side) tell(p rules.SinglePoint, id pointID) SinglePoint {
	out := SinglePoint{Kind: id.kind, External: p.Event.Kind == analyzer.ExternalEvent, Name: id.name, Place: p.Location}
	for _, j := range p.Journeys {
		out.Journeys = append(out.Journeys, s.a.Journeys()[j].Name)
	}
	for _, m := range s.a.Path(p.Event, int(p.Journeys[0])) {
		out.Path = append(out.Path, s.a.Module(m).Name)
	}
	slices.Sort(out.Journeys)
	return out
}
