package edit

import (
	"slices"

	"cuelang.org/go/cue/ast"
)

// order is that of the fields in the definition of the language, by which a new one finds its place among those that are
// there. The names that several structs share stand in the same order in all of them.
var order = []string{
	"system", "modules", "failureDomains", "journeys", "transactions", "lint",
	"kind", "in", "entry", "uses", "spans", "coordination", "description", "technology", "tags", "links", "team", "group", "layer", "tier",
	"replicas", "redundancy", "autoscaling", "placement", "loadBalancing", "state", "session", "backup", "monitors", "recovers",
	"availability", "mtbf", "mttr", "slo", "latency", "peak", "capacity", "deploy", "operations", "dependsOn",
	"to", "anyOf", "need", "mode", "strength", "fallback", "when", "access", "protocol", "timeout", "retries", "circuitBreaker", "calls",
}

// neighbour is the field of s behind which a new one of a name belongs; nil: it comes first.
func (s *scope) neighbour(name string) ast.Decl {
	rank := slices.Index(order, name)
	if !s.ownNames() {
		rank = -1 // names that people choose: the new one comes last
	}
	var last, best ast.Decl
	bestRank := -1
	for _, d := range s.decls {
		f, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		last = d
		if n, ok := labelName(f.Label); ok {
			if r := slices.Index(order, n); r >= bestRank && r <= rank {
				best, bestRank = d, r
			}
		}
	}
	if rank < 0 {
		return last
	}
	return best
}

// ownNames reports whether the fields of s are those of the language, not names that people chose.
func (s *scope) ownNames() bool {
	if s.field == nil || s.outer == nil {
		return true
	}
	name, _ := labelName(s.field.Label)
	switch name {
	case "modules", "failureDomains", "journeys", "transactions", "dependsOn", "placement":
		return false
	}
	return true
}
