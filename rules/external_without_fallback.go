package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/schema"
)

// externalWithoutFallback tells of each external module whose failure brings a journey down: the
// same single-event analysis as RES001's, for what others run. An alternative in an anyOf and a soft
// dependency are both ways out.
var externalWithoutFallback = &Rule{
	ID:       "RES002",
	Name:     "external-without-fallback",
	Severity: Warning,
	Summary:  "A journey hard-depends on an external module that nothing stands in for.",
	Sources: []Source{
		{Title: "AWS Well-Architected, REL05-BP01: graceful degradation", URL: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_mitigate_interaction_failure_graceful_degradation.html"},
	},
	Run: runExternalWithoutFallback,
}

func runExternalWithoutFallback(p *Pass) {
	a := p.Analysis
	f := a.Failures()
	callers := hardCallers(a)
	for i, e := range f.Events {
		lost := f.Outcomes[i].Lost
		if e.Kind != analyzer.ExternalEvent || len(lost) == 0 {
			continue
		}
		s := singlePoint{event: e, lost: lost, unsatisfied: f.Outcomes[i].Unsatisfied}
		m := a.Module(e.Module)
		found := Finding{
			Subject:  Subject{OfModule, m.Name},
			Message:  fmt.Sprintf("%s is external and nothing stands in for it: its failure %s", m.Name, takesDown(a, lost, e.Module)),
			Location: m.Pos,
			Journeys: journeyNames(a, lost),
			Paths:    waysOf(a, s),
		}
		if len(found.Paths) > 0 {
			found.Path = found.Paths[0].Path
			if n := len(found.Path); n > 1 {
				caller := found.Path[n-2]
				from, _ := a.ModuleIndex(caller)
				found.Related = append(found.Related, Related{
					Message:  caller + " needs it here",
					Location: placeOf(a, from, e.Module),
				})
			}
			if way := a.Path(e, int(lost[0])); len(way) > 1 {
				texts, changes := oneMoreAlternative(a, way)
				found.suggestTogether(texts, changes)
			}
		}
		if soft, changes := softenCallers(a, s, e.Module, callers); soft != "" {
			found.suggest(soft, changes)
		}
		if len(found.Suggestions) == 0 {
			found.Suggestions = []string{"name an alternative to " + m.Name + " with anyOf, or make the dependencies on it soft with a fallback"}
		}
		p.Report(found)
	}
}

// oneMoreAlternative names the change by which the last module of the design's own on the way to an
// external one can do without what follows it; nothing where there is none. The change gives it one that depends on
// nothing.
func oneMoreAlternative(a *analyzer.Analysis, way []int32) ([]string, []change.Change) {
	k := len(way) - 2
	for k >= 0 && a.Module(way[k]).Kind == schema.External {
		k--
	}
	if k < 0 {
		return nil, nil
	}
	from, to, culprit := a.Module(way[k]).Name, a.Module(way[k+1]).Name, a.Module(way[len(way)-1]).Name
	standsOn := ""
	if to != culprit {
		standsOn = " that does without " + culprit
	}
	d := hardLink(a, way[k], way[k+1])
	var changes []change.Change
	if d != nil {
		changes = []change.Change{{Kind: change.Alternative, Module: from, Dependency: d.Key, Alternative: freeName(a, to)}}
	}
	switch {
	case d == nil || len(d.AnyOf) == 0:
		if standsOn != "" {
			return []string{fmt.Sprintf("give %s an alternative to %s%s: anyOf: [%q, …]", from, to, standsOn, to)}, changes
		}
		return []string{fmt.Sprintf("give %s an alternative: anyOf: [%q, …] in place of %s alone", from, to, to)}, changes
	case d.Need > 1:
		return []string{fmt.Sprintf("give %s one more alternative%s, or need: %d if that is enough", dependencyName(a, d), standsOn, len(d.Targets)-1)}, changes
	}
	return []string{fmt.Sprintf("give %s one more alternative%s", dependencyName(a, d), standsOn)}, changes
}

// freeName makes a name that no module has.
func freeName(a *analyzer.Analysis, like string) string {
	for n := 2; ; n++ {
		name := fmt.Sprintf("%s-%d", like, n)
		if _, taken := a.ModuleIndex(name); !taken {
			return name
		}
	}
}
