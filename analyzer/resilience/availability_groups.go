package resilience

import (
	"math"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// Limit sets the bounds of what is computed from now on.
func (s *System) Limit(l Limits) { s.limits = l }

// ContributorGroup is a contributor, or several that are alike: replicas of one module, or failure domains of one kind, that
// contribute about the same.
type ContributorGroup struct {
	Events []analyzer.Event // in order of replica, or of name
	// Contributor is the member that contributes most. The figures of the others differ from its own by less than Alike.
	Contributor
}

// Alike is the share by which the figures of contributors in one group may differ. Replicas in failure domains of about
// the same availability are alike, too.
const Alike = 0.02

// GroupContributors puts contributors that are alike into one group. The list is in order of importance, and groups come
// in that of their first members.
func (s *System) GroupContributors(list []Contributor) []ContributorGroup {
	type kin struct {
		module int32
		domain schema.DomainKind
	}
	var out []ContributorGroup
	groups := map[kin][]int{}
	for _, c := range list {
		of := kin{module: c.Event.Module}
		if c.Event.Kind == analyzer.DomainEvent {
			of.domain = s.Analysis.Design.FailureDomains[c.Event.Domain].Kind
		}
		found := false
		for _, g := range groups[of] {
			if found = alike(&out[g].Contributor, &c); found {
				out[g].Events = append(out[g].Events, c.Event)
				break
			}
		}
		if !found {
			groups[of] = append(groups[of], len(out))
			out = append(out, ContributorGroup{[]analyzer.Event{c.Event}, c})
		}
	}
	for i := range out {
		slices.SortFunc(out[i].Events, compareEvents)
	}
	return out
}

// alike compares what two contributors are.
func alike(a, b *Contributor) bool {
	return a.Event.Kind == b.Event.Kind && a.Source == b.Source && a.Unavailability == b.Unavailability &&
		closeTo(a.Birnbaum, b.Birnbaum) && closeTo(a.FussellVesely, b.FussellVesely) &&
		closeTo(a.RiskAchievementWorth, b.RiskAchievementWorth) && closeTo(a.RiskReductionWorth, b.RiskReductionWorth)
}

func closeTo(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || !math.IsInf(a-b, 0) && math.Abs(a-b) <= Alike*max(math.Abs(a), math.Abs(b))
}
