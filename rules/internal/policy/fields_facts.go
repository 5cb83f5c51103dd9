package policy

import (
	"time"

	"lintel/schema"
)

// moduleFacts is what the analysis finds out about a module.
func moduleFacts() *shape {
	count := func(name, doc string, get func(s *subject) int) field {
		return field{name: name, typ: countType, doc: doc, get: func(s *subject) any { return get(s) }}
	}
	names := func(name, doc string, get func(s *subject) []string) field {
		return field{name: name, typ: namesType, doc: doc, get: func(s *subject) any { return list(get(s)) }}
	}
	domains := &shape{noun: "domains"}
	for _, k := range []schema.DomainKind{schema.Host, schema.Rack, schema.Power, schema.Net, schema.Zone, schema.Region, schema.Provider} {
		domains.fields = append(domains.fields, names(string(k), "The failure domains of kind "+string(k)+" in which its replicas stand.", func(s *subject) []string { return s.facts.domainsOf(s.module, k) }))
	}
	return &shape{noun: "facts", fields: []field{
		count("fanIn", "The number of modules that depend on it directly.", func(s *subject) int { return s.facts.metrics(s.module).Ca }),
		count("fanOut", "The number of modules that it depends on directly.", func(s *subject) int { return s.facts.metrics(s.module).Ce }),
		{name: "instability", typ: shareType, doc: "fanOut / (fanIn + fanOut); 0 where both are 0.", get: func(s *subject) any { return s.facts.metrics(s.module).Instability }},
		names("dependencies", "The names of the modules that it depends on directly.", func(s *subject) []string { return s.facts.namesOf(s.facts.neighbours().DependsOn[s.module]) }),
		names("dependents", "The names of the modules that depend on it directly.", func(s *subject) []string { return s.facts.namesOf(s.facts.neighbours().Dependents[s.module]) }),
		names("dependentTeams", "The teams of the modules that depend on it directly.", func(s *subject) []string {
			return s.facts.valuesOf(s.facts.neighbours().Dependents[s.module], "team")
		}),
		names("dependentGroups", "The groups of the modules that depend on it directly.", func(s *subject) []string {
			return s.facts.valuesOf(s.facts.neighbours().Dependents[s.module], "group")
		}),
		names("writers", "The names of the modules that depend on it with access write or read-write.", func(s *subject) []string { return s.facts.writersOf(s.module) }),
		count("reachable", "The number of modules that it depends on, over any number of dependencies.", func(s *subject) int { return s.facts.metrics(s.module).DependsOn - 1 }),
		count("reachedBy", "The number of modules that depend on it, over any number of dependencies.", func(s *subject) int { return s.facts.metrics(s.module).Dependents - 1 }),
		{name: "cycle", typ: boolType, doc: "Whether it lies in a cycle of two or more modules.", get: func(s *subject) any { return s.facts.metrics(s.module).Cyclic }},
		count("blastRadius", "The number of other modules that fail when it fails as a whole.", func(s *subject) int { return s.facts.moduleFailures().Down[s.module] }),
		names("journeys", "The names of the journeys whose way leads through it, hard and soft.", func(s *subject) []string { return s.facts.journeysThrough(s.module) }),
		names("lostJourneys", "The names of the journeys that fail when it fails as a whole.", func(s *subject) []string { return s.facts.journeyNames(s.facts.moduleFailures().Lost[s.module]) }),
		names("singlePointOf", "The names of the journeys that the loss of one of its replicas (of an external module: its failure) takes down.", func(s *subject) []string { return s.facts.journeyNames(s.facts.singlePoints().ofModule[s.module]) }),
		count("reliableReplicas", "The replicas that can be relied on: the minimum of autoscaling where there is one, else replicas.", func(s *subject) int { return s.m().ReliableReplicas() }),
		{name: "spare", typ: "int", doc: "The number of replicas that it can lose, whichever they are, and still work; -1 where it has too few to begin with.", get: func(s *subject) any { return s.facts.analysis.Spare(s.module) }},
		{name: "domains", doc: "The failure domains of its replicas by kind, those that hold them too.", sub: domains},
		{name: "placed", typ: boolType, doc: "Whether the place of each of its replicas is known.", get: func(s *subject) any { return s.facts.placed(s.module) }},
		seconds("latencySeconds", "Its latency in seconds.", func(s *subject) *time.Duration { return s.m().Latency }),
		seconds("sloLatencySeconds", "The latency of its slo in seconds.", func(s *subject) *time.Duration { return s.m().SLO.Latency }),
		seconds("backupSeconds", "The time between two backups in seconds.", func(s *subject) *time.Duration {
			if b := s.m().Backup; b != nil {
				return b.Every
			}
			return nil
		}),
		seconds("mtbfSeconds", "The mean time between its failures in seconds.", func(s *subject) *time.Duration { return s.m().MTBF }),
		seconds("mttrSeconds", "The mean time until it is up again in seconds.", func(s *subject) *time.Duration { return s.m().MTTR }),
		{name: "demand", typ: numberType, doc: "The requests a second that the journeys' peaks ask of it; absent unless all peaks and calls on the way are stated.", get: func(s *subject) any {
			if l := s.facts.load(); l.Known[s.module] {
				return l.Demand[s.module]
			}
			return nil
		}},
	}}
}
