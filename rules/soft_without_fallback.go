package rules

import (
	"fmt"

	"lintel/schema"
)

// softWithoutFallback tells of soft runtime dependencies whose fallback is not stated: nobody knows
// what users see without them. Kinds whose absence users never see are left out.
var softWithoutFallback = &Rule{
	ID:       "INT005",
	Name:     "soft-without-fallback",
	Severity: Info,
	Summary:  "A soft dependency does not say what happens without it.",
	Params: []Param{{
		Name: "ignoreKinds", Default: []string{string(schema.Monitoring)}, Allowed: kindNames,
		Doc: "Kinds of targets whose absence needs no fallback.",
	}},
	Sources: []Source{
		{Title: "AWS Well-Architected, REL05-BP01: graceful degradation", URL: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_mitigate_interaction_failure_graceful_degradation.html"},
	},
	Run: runSoftWithoutFallback,
}

func runSoftWithoutFallback(p *Pass) {
	a, ignore := p.Analysis, p.kindsOf("ignoreKinds")
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if d.Strength != schema.Soft || d.When != schema.Runtime || d.Fallback != "" || len(d.Targets) == 0 {
			continue
		}
		if ignored := func() bool {
			for _, t := range d.Targets {
				if !ignore[a.Module(t).Kind] {
					return false
				}
			}
			return true
		}(); ignored {
			continue
		}
		from, to := a.Module(d.From).Name, targetName(d)
		p.Report(Finding{
			Subject:  Subject{OfDependency, edgeName(from, d.Key)},
			Message:  fmt.Sprintf("%s can do without %s, but does not say how: nobody can test what users then see", from, to),
			Location: d.Pos,
			Aliases:  dependencyAliases(a, d),
			Suggestions: []string{
				fmt.Sprintf("add a fallback to %s, for example fallback: %q", edgeName(from, d.Key), fallbackFor(a.Module(d.Targets[0]))),
				`if there is none, the dependency is hard: write strength: "hard"`,
			},
		})
	}
}

// fallbackFor proposes a text by the kind of the target.
func fallbackFor(target *schema.Module) string {
	switch target.Kind {
	case schema.Cache:
		return "read from the store itself"
	case schema.Queue:
		return "keep the message in an outbox and send it later"
	case schema.Search:
		return "show the plain list"
	}
	return "leave out what " + target.Name + " adds"
}
