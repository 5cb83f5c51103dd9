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

// comparePoints gives the single points that only one side has. Either side may be nil.
func (m *match) comparePoints(old, new *side) (gained, lost []SinglePoint) {
	had, has := map[pointID]bool{}, map[pointID]bool{}
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
			if id := old.id(p); !has[m.newName(id)] {
				lost = append(lost, old.tell(p, id))
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
