package policy

import (
	"sync"
	"time"

	"lintel/schema"
)

var groupShape = sync.OnceValue(func() *shape {
	names := func(name, doc string, get func(g *group) []string) field {
		return field{name: name, typ: namesType, doc: doc, get: func(s *subject) any { return list(get(&s.facts.groups()[s.group])) }}
	}
	count := func(name, doc string, get func(g *group) int) field {
		return field{name: name, typ: countType, doc: doc, get: func(s *subject) any { return get(&s.facts.groups()[s.group]) }}
	}
	share := func(name, doc string, get func(g *group) float64) field {
		return field{name: name, typ: shareType, doc: doc, get: func(s *subject) any { return get(&s.facts.groups()[s.group]) }}
	}
	return &shape{noun: "group", fields: []field{
		{name: "name", typ: textType, doc: "The group's name.", get: func(s *subject) any { return s.facts.groups()[s.group].name }},
		names("modules", "The names of its modules.", func(g *group) []string { return g.modules }),
		names("teams", "The teams that own its modules.", func(g *group) []string { return g.teams }),
		names("layers", "The layers of its modules.", func(g *group) []string { return g.layers }),
		names("kinds", "The kinds of its modules.", func(g *group) []string { return g.kinds }),
		{name: "facts", doc: "What the analysis finds out about it.", sub: &shape{noun: "facts", fields: []field{
			count("members", "The number of its modules.", func(g *group) int { return g.metrics.Members }),
			count("afferent", "The number of modules outside that depend on it.", func(g *group) int { return g.metrics.Ca }),
			count("efferent", "The number of modules outside that it depends on.", func(g *group) int { return g.metrics.Ce }),
			count("inside", "The number of dependencies between its modules.", func(g *group) int { return g.metrics.Inside }),
			count("crossing", "The number of dependencies across its border.", func(g *group) int { return g.metrics.Crossing }),
			share("instability", "efferent / (afferent + efferent).", func(g *group) float64 { return g.metrics.Instability }),
			share("cohesion", "inside / (inside + crossing).", func(g *group) float64 { return g.metrics.Cohesion }),
			names("dependencies", "The names of the groups that it depends on.", func(g *group) []string { return g.dependencies }),
			names("dependents", "The names of the groups that depend on it.", func(g *group) []string { return g.dependents }),
		}}},
	}}
})

var journeyShape = sync.OnceValue(func() *shape {
	slo := func(s *subject) *schema.SLO {
		if j := s.facts.journeyOf(s).Stated; j != nil {
			return &j.SLO
		}
		return &schema.SLO{}
	}
	names := func(name, doc string, get func(j *journey) []string) field {
		return field{name: name, typ: namesType, doc: doc, get: func(s *subject) any { return list(get(&s.facts.journeys()[s.journey])) }}
	}
	return &shape{noun: "journey", fields: []field{
		{name: "name", typ: textType, doc: "The journey's name.", get: func(s *subject) any { return s.facts.journeyOf(s).Name }},
		{name: "entry", typ: textType, doc: "The module at which it enters.", get: func(s *subject) any {
			j := s.facts.journeyOf(s)
			if j.Stated != nil {
				return j.Stated.Entry.Name
			}
			return s.facts.analysis.Module(j.Entry).Name
		}},
		{name: "uses", typ: namesType, doc: "Which of the entry's dependencies it needs; absent where it needs all.", get: func(s *subject) any {
			if j := s.facts.journeyOf(s).Stated; j != nil && j.HasUses {
				return refs(j.Uses)
			}
			return nil
		}},
		{name: "slo", doc: "What is promised to those who make it.", sub: sloShape(slo), has: func(s *subject) bool { return *slo(s) != schema.SLO{} }},
		{name: "peak", typ: numberType, doc: "Requests a second at the busiest time.", get: func(s *subject) any {
			if j := s.facts.journeyOf(s).Stated; j != nil {
				return fraction(j.Peak)
			}
			return nil
		}},
		{name: "facts", doc: "What the analysis finds out about it.", sub: &shape{noun: "facts", fields: []field{
			names("modules", "The names of the modules on its way, hard and soft.", func(j *journey) []string { return j.modules }),
			names("singlePoints", "The names of the modules of which one replica takes it down, externals among them.", func(j *journey) []string { return j.singlePoints }),
			names("singleDomains", "The names of the failure domains that take it down.", func(j *journey) []string { return j.singleDomains }),
			{name: "tiers", typ: "[...int]", doc: "The tiers of the modules on its way, ascending.", get: func(s *subject) any { return anys(s.facts.journeys()[s.journey].tiers) }},
			names("teams", "The teams of the modules on its way.", func(j *journey) []string { return j.teams }),
			{name: "stated", typ: boolType, doc: "Whether the design states it; false for one that an entry stands for.", get: func(s *subject) any { return s.facts.journeyOf(s).Stated != nil }},
			seconds("sloLatencySeconds", "The latency of its slo in seconds.", func(s *subject) *time.Duration { return slo(s).Latency }),
			seconds("latencySeconds", "The time that its entry takes, calls one after the other, in seconds; absent unless all latencies are known.", func(s *subject) *time.Duration {
				if e := s.facts.journeyOf(s).Entry; e >= 0 && s.facts.analysis.Latency().Known[e] {
					return &s.facts.analysis.Latency().Serial[e]
				}
				return nil
			}),
		}}},
	}}
})

var designShape = sync.OnceValue(func() *shape {
	names := func(name, doc string, get func(f *Facts) []string) field {
		return field{name: name, typ: namesType, doc: doc, get: func(s *subject) any { return list(get(s.facts)) }}
	}
	count := func(name, doc string, get func(f *Facts) int) field {
		return field{name: name, typ: countType, doc: doc, get: func(s *subject) any { return get(s.facts) }}
	}
	ratio := func(name, typ, doc string, get func(f *Facts) float64) field {
		return field{name: name, typ: typ, doc: doc, get: func(s *subject) any { return get(s.facts) }}
	}
	return &shape{noun: "design", fields: []field{
		{name: "system", typ: textType, doc: "The system's name.", get: func(s *subject) any { return stated(s.facts.analysis.Design.System) }},
		names("modules", "The names of all modules.", func(f *Facts) []string { return f.moduleNames() }),
		names("groups", "The names of all groups.", func(f *Facts) []string { return f.distinct("group") }),
		names("teams", "The names of all teams.", func(f *Facts) []string { return f.distinct("team") }),
		names("layers", "The names of all layers.", func(f *Facts) []string { return f.distinct("layer") }),
		names("journeys", "The names of the journeys that the design states.", func(f *Facts) []string { return f.statedJourneys() }),
		names("failureDomains", "The names of all failure domains.", func(f *Facts) []string { return f.domainNames() }),
		{name: "facts", doc: "What the analysis finds out about it.", sub: &shape{noun: "facts", fields: []field{
			count("modules", "The number of modules.", func(f *Facts) int { return f.analysis.Modules() }),
			count("dependencies", "The number of dependencies (distinct pairs).", func(f *Facts) int { return f.analysis.Metrics().System.Dependencies }),
			count("groups", "The number of groups.", func(f *Facts) int { return len(f.groups()) }),
			count("teams", "The number of teams.", func(f *Facts) int { return len(f.distinct("team")) }),
			count("journeys", "The number of journeys that the design states.", func(f *Facts) int { return len(f.statedJourneys()) }),
			count("cycles", "The number of dependency cycles (strongly connected components).", func(f *Facts) int { return f.cycleCount() }),
			count("cyclicModules", "The number of modules that lie in cycles.", func(f *Facts) int { return f.cyclicModules() }),
			names("singlePoints", "The names of the modules of which one replica takes a journey down, externals among them.", func(f *Facts) []string { return f.allSinglePoints() }),
			names("singleDomains", "The names of the failure domains that take a journey down.", func(f *Facts) []string { return f.allSingleDomains() }),
			count("ccd", "Cumulative component dependency.", func(f *Facts) int { return f.analysis.Metrics().System.CCD }),
			ratio("acd", numberType, "Average component dependency.", func(f *Facts) float64 { return f.analysis.Metrics().System.ACD }),
			ratio("nccd", numberType, "Normalized cumulative component dependency.", func(f *Facts) float64 { return f.analysis.Metrics().System.NCCD }),
			ratio("propagationCost", shareType, "The share of the pairs of modules of which the first reaches the second.", func(f *Facts) float64 { return f.analysis.Metrics().System.PropagationCost }),
			ratio("cyclicality", shareType, "The share of the modules that lie in cycles.", func(f *Facts) float64 { return f.analysis.Metrics().System.Cyclicality }),
		}}},
	}}
})
