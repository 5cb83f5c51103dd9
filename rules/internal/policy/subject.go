package policy

import (
	"lintel/analyzer"
	"lintel/schema"
)

// subject is one thing of a design that a selector may select.
type subject struct {
	facts *Facts
	// Of these, only those count that the shape of the thing speaks of.
	module  int32
	edge    edge
	group   int
	journey int
}

// edge is a dependency with one of its targets.
type edge struct {
	dependency int32
	from, to   int32
}

func (s *subject) m() *schema.Module { return s.facts.analysis.Module(s.module) }
func (s *subject) d() *analyzer.Dependency {
	return &s.facts.analysis.Dependencies()[s.edge.dependency]
}
func (s *subject) analysis() *analyzer.Analysis { return s.facts.analysis }

// subjects gives all things that a selector speaks of, in order.
func (f *Facts) subjects(selector string) []subject {
	var out []subject
	switch selector {
	case modulesSelector:
		for i := range f.analysis.Modules() {
			out = append(out, subject{facts: f, module: int32(i)})
		}
	case dependenciesSelector:
		for _, e := range f.edges() {
			out = append(out, subject{facts: f, module: e.from, edge: e})
		}
	case groupsSelector:
		for i := range f.groups() {
			out = append(out, subject{facts: f, group: i})
		}
	case journeysSelector:
		for i := range f.analysis.Journeys() {
			out = append(out, subject{facts: f, journey: i})
		}
	case designSelector:
		out = append(out, subject{facts: f})
	}
	return out
}
