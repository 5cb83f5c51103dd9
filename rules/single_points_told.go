package rules

import (
	"lintel/analyzer"
	"lintel/schema"
)

// SinglePoint is a single event that brings journeys down.
type SinglePoint struct {
	Event    analyzer.Event
	Journeys []int32 // by index, sorted
	Location schema.Range
}

// SinglePoints returns the single points of failure of a design as RES001 tells them by default, and the external modules
// that alone bring journeys down: modules, externals and failure domains, each in order of name. Neither waivers nor
// settings of rules change them.
func SinglePoints(a *analyzer.Analysis) []SinglePoint {
	s := findSinglePoints(&Pass{Rule: singlePointOfFailure, Design: a.Design, Analysis: a, settings: resolve(Settings{}, schema.Lint{}), shared: &shared{}})
	out := make([]SinglePoint, 0, len(s.modules)+len(s.outside)+len(s.domains))
	for _, p := range s.modules {
		out = append(out, SinglePoint{p.event, p.lost, placeOfRedundancy(a.Module(p.event.Module))})
	}
	for _, p := range s.outside {
		out = append(out, SinglePoint{p.event, p.lost, a.Module(p.event.Module).Pos})
	}
	for _, p := range s.domains {
		out = append(out, SinglePoint{p.event, p.lost, a.Design.FailureDomains[p.event.Domain].Pos})
	}
	return out
}
