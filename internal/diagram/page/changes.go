package page

import (
	"slices"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/schema"
)

// removed stands for the phase of dependencies that were removed: the simulation leaves them out, as all that is not
// needed at run time.
const removed = "removed"

// tellChanges adds to the facts what became of modules and dependencies since another state of the design.
func (d *data) tellChanges(a *analyzer.Analysis, c *diagram.Changes) {
	if c == nil {
		return
	}
	fact := func(facts [][2]string, change diagram.Change, note string) [][2]string {
		words := change.String()
		switch {
		case change == diagram.NotChanged:
			return facts
		case note != "":
			words += ": " + note
		}
		return append([][2]string{{"Change", words}}, facts...)
	}
	for i := range d.Modules {
		m := &d.Modules[i]
		m.Facts = fact(m.Facts, c.Modules[m.Name], c.Notes[m.Name])
	}
	for k := range d.Dependencies {
		of := &a.Dependencies()[k]
		change := c.OfDependency(a.Module(of.From).Name, of.Key)
		d.Dependencies[k].Facts = fact(d.Dependencies[k].Facts, change, c.Notes[dependencyName(a, of)])
		if change == diagram.WasRemoved {
			d.Dependencies[k].When = removed
			continue
		}
		d.Dependencies[k].Targets = slices.DeleteFunc(slices.Clone(d.Dependencies[k].Targets), func(t int32) bool {
			return c.OfTarget(a.Module(of.From).Name, of.Key, a.Module(t).Name) == diagram.WasRemoved
		})
	}
}

// without returns the analysis of the design without the dependencies and alternatives that were removed; its modules and journeys keep
// their indices.
func without(a *analyzer.Analysis, c *diagram.Changes) *analyzer.Analysis {
	if c == nil {
		return a
	}
	design := *a.Design
	design.Modules = make([]*schema.Module, len(a.Design.Modules))
	for i, m := range a.Design.Modules {
		left := *m
		left.DependsOn = nil
		for _, d := range m.DependsOn {
			if c.OfDependency(m.Name, d.Key) == diagram.WasRemoved {
				continue
			}
			if gone := func(r schema.Ref) bool { return c.OfTarget(m.Name, d.Key, r.Name) == diagram.WasRemoved }; slices.ContainsFunc(d.AnyOf, gone) {
				now := *d
				now.AnyOf = slices.DeleteFunc(slices.Clone(d.AnyOf), gone)
				d = &now
			}
			left.DependsOn = append(left.DependsOn, d)
		}
		design.Modules[i] = &left
	}
	return analyzer.New(&design)
}
