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
	return singlePointsBy(a, resolve(Settings{}, schema.Lint{}))
}

// SinglePointsBy returns them with the parameters that RES001 has by the settings and by the design: other kinds of failure
// domains may count. That the rule is off or waived changes nothing.
func SinglePointsBy(a *analyzer.Analysis, s Settings) []SinglePoint {
	return singlePointsBy(a, parametersOf(a, s))
}

// CountedDomains tells of each failure domain whether its loss counts for RES001, by its parameter "domains".
func CountedDomains(a *analyzer.Analysis, s Settings) []bool {
	p := &Pass{Rule: singlePointOfFailure, Design: a.Design, Analysis: a, settings: parametersOf(a, s), shared: &shared{}}
	return countedDomains(a, ParamOf[[]string](p, "RES001", "domains"))
}

// parametersOf gives settings by which rules have their parameters, and are otherwise as by default.
func parametersOf(a *analyzer.Analysis, s Settings) *effective {
	e := resolve(Settings{}, schema.Lint{})
	e.params = resolve(Settings{File: s.File}, a.Design.Lint).params
	return e
}

func singlePointsBy(a *analyzer.Analysis, settings *effective) []SinglePoint {
	s := findSinglePoints(&Pass{Rule: singlePointOfFailure, Design: a.Design, Analysis: a, settings: settings, shared: &shared{}})
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
