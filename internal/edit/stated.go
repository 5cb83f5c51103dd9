package edit

import (
	"slices"
	"strings"

	"lintel/schema"
)

// stated gives the place where the design states what a path leads to, by the places that the loader kept; ok is false where
// it does not state it. entity is true of things that have a name: a module, a dependency, a failure domain.
func stated(d *schema.Design, path []string) (place schema.Range, entity, ok bool) {
	if len(path) == 1 {
		place, ok = d.Places.Of(path[0])
		return place, false, ok
	}
	name, rest := path[1], path[2:]
	var places schema.Places
	var pos schema.Range
	switch path[0] {
	case "modules":
		m := named(d.Modules, name, func(m *schema.Module) string { return m.Name })
		if m == nil {
			return place, true, false
		}
		if len(rest) > 1 && rest[0] == "dependsOn" {
			dep := named(m.DependsOn, rest[1], func(d *schema.Dependency) string { return d.Key })
			if dep == nil {
				return place, true, false
			}
			if len(rest) == 2 {
				return dep.Pos, true, true
			}
			place, ok = dep.Places.Of(strings.Join(rest[2:], "."))
			return place, false, ok
		}
		if len(rest) == 2 && rest[0] == "placement" && m.Placement != nil {
			for _, c := range m.Placement.Counts {
				if c.Domain.Name == rest[1] {
					return c.Domain.Pos, false, true
				}
			}
			return place, false, false
		}
		places, pos = m.Places, m.Pos
	case "failureDomains":
		if f := named(d.FailureDomains, name, func(f *schema.FailureDomain) string { return f.Name }); f != nil {
			places, pos, ok = f.Places, f.Pos, true
		}
	case "journeys":
		if j := named(d.Journeys, name, func(j *schema.Journey) string { return j.Name }); j != nil {
			places, pos, ok = j.Places, j.Pos, true
		}
	case "transactions":
		if t := named(d.Transactions, name, func(t *schema.Transaction) string { return t.Name }); t != nil {
			places, pos, ok = t.Places, t.Pos, true
		}
	}
	if len(rest) == 0 {
		return pos, true, ok || pos.IsKnown()
	}
	place, ok = places.Of(strings.Join(rest, "."))
	return place, false, ok
}

func named[T any](list []*T, name string, of func(*T) string) *T {
	if i := slices.IndexFunc(list, func(t *T) bool { return of(t) == name }); i >= 0 {
		return list[i]
	}
	return nil
}

// placeOf is the place of what a path leads to, or of the nearest thing around it that the design states.
func (s *session) placeOf(path []string) schema.Range {
	for ; len(path) > 0; path = path[:len(path)-1] {
		if place, _, ok := stated(s.design, path); ok {
			return place
		}
	}
	return s.design.Pos
}
