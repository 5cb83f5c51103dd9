package policy

import (
	"sync"
	"time"

	"lintel/schema"
)

// statedDependencyShape has the fields of a dependency but those that lead to its two modules.
var statedDependencyShape = sync.OnceValue(func() *shape {
	return &shape{noun: "dependency", fields: []field{
		{name: "name", typ: textType, doc: "Its name: the key in dependsOn.", get: func(s *subject) any { return s.d().Key }},
		{name: "anyOf", typ: namesType, doc: "Its alternatives; [] where there are none.", get: func(s *subject) any { return refs(s.d().AnyOf) }},
		{name: "need", typ: countType, doc: "How many alternatives must work.", get: func(s *subject) any { return s.d().Need }},
		{name: "mode", typ: `"sync" | "async"`, doc: "Whether the caller waits.", get: func(s *subject) any { return string(s.d().Mode) }},
		{name: "strength", typ: `"hard" | "soft"`, doc: "Whether the caller can serve without it.", get: func(s *subject) any { return string(s.d().Strength) }},
		{name: "fallback", typ: textType, doc: "What the caller does without it.", get: func(s *subject) any { return stated(s.d().Fallback) }},
		{name: "when", typ: `"runtime" | "startup" | "deploy" | "recovery"`, doc: "The phase in which it is needed.", get: func(s *subject) any { return string(s.d().When) }},
		{name: "access", typ: `"read" | "write" | "read-write"`, doc: "What is done to a data store.", get: func(s *subject) any { return stated(string(s.d().Access)) }},
		{name: "protocol", typ: textType, doc: "The interface by which the two talk.", get: func(s *subject) any { return stated(s.d().Protocol) }},
		{name: "description", typ: textType, doc: "What it is for.", get: func(s *subject) any { return stated(s.d().Description) }},
		duration("timeout", "How long the caller waits.", "facts.timeoutSeconds", func(s *subject) *time.Duration { return s.d().Timeout }),
		{name: "retries", doc: "How the caller tries again.", sub: &shape{noun: "retries", fields: []field{
			{name: "max", typ: countType, doc: "Tries after the first.", get: func(s *subject) any { return s.d().Retries.Max }},
			{name: "backoff", typ: textType, doc: "How the pauses grow, or a fixed pause.", get: func(s *subject) any {
				if r := s.d().Retries; r.Pause != nil {
					return schema.FormatDuration(*r.Pause)
				}
				return stated(s.d().Retries.Backoff)
			}},
			{name: "jitter", typ: boolType, doc: "Whether the pauses vary at random.", get: func(s *subject) any { return truth(s.d().Retries.Jitter) }},
		}}, has: func(s *subject) bool { return s.d().Retries != nil }},
		{name: "circuitBreaker", typ: boolType, doc: "Whether the caller stops calling while calls keep failing.", get: func(s *subject) any { return truth(s.d().CircuitBreaker) }},
		{name: "calls", typ: numberType, doc: "Calls for each request that the caller serves.", get: func(s *subject) any { return fraction(s.d().Calls) }},
	}}
})

var dependencyShape = sync.OnceValue(func() *shape {
	end := func(name, doc string, of func(e edge) int32) field {
		return field{name: name, typ: "module", doc: doc, sub: moduleShape(), turn: func(s *subject) *subject {
			return &subject{facts: s.facts, module: of(s.edge)}
		}}
	}
	fields := []field{
		end("from", "The module that depends, with all of its fields.", func(e edge) int32 { return e.from }),
		end("to", "The module that it depends on, with all of its fields; of anyOf, each alternative in turn.", func(e edge) int32 { return e.to }),
	}
	fields = append(fields, statedDependencyShape().fields...)
	fields = append(fields, field{name: "facts", doc: "What the analysis finds out about it.", sub: dependencyFacts()})
	return &shape{noun: "dependency", fields: fields}
})

func dependencyFacts() *shape {
	same := func(name, of string) field {
		return field{name: name, typ: boolType, doc: "Whether both modules have the same " + of + "; absent unless both state one.", get: func(s *subject) any {
			a, b := s.facts.moduleValue(s.edge.from, of), s.facts.moduleValue(s.edge.to, of)
			if a == nil || b == nil {
				return nil
			}
			return a == b
		}}
	}
	return &shape{noun: "facts", fields: []field{
		seconds("timeoutSeconds", "The timeout in seconds.", func(s *subject) *time.Duration { return s.d().Timeout }),
		seconds("worstSeconds", "How long a call may take by its timeout and retries, in seconds.", func(s *subject) *time.Duration {
			if d := s.facts.analysis.CallTime().Worst[s.edge.dependency]; d > 0 {
				return &d
			}
			return nil
		}),
		{name: "alternatives", typ: countType, doc: "The number of modules that it names; 1 without anyOf.", get: func(s *subject) any { return len(s.d().Dependency.Targets()) }},
		same("sameTeam", "team"), same("sameGroup", "group"), same("sameLayer", "layer"),
		{name: "cycle", typ: boolType, doc: "Whether it is part of a dependency cycle.", get: func(s *subject) any {
			of := s.facts.components()
			return s.edge.from == s.edge.to || of[s.edge.from] == of[s.edge.to]
		}},
	}}
}
