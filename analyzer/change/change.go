// Package change holds the changes by which a design is repaired: what each does to the design, how it reads, and which
// fields of the source it sets. Rules suggest them, and searches try them.
package change

import "lintel/schema"

// Change is one step.
type Change struct {
	Kind   Kind
	Module string // whose fields change

	Replicas  int      // of Replicas: the new number that can be relied on
	Placement []string // of Replicas and Place: the failure domains over which they are then spread evenly; nil leaves them
	Mode      schema.RedundancyMode
	Failover  schema.Failover

	Dependency  string // of Soften and Alternative: the key in the module's dependsOn
	Fallback    string // of Soften
	Alternative string // of Alternative: the further module, a like one of its target, that is added where the design does not have it
}

// Kind says what a change does.
type Kind uint8

// The kinds of changes.
const (
	Replicas    Kind = iota // more replicas, and where they stand
	Place                   // other places for the replicas
	Redundancy              // another mode of redundancy or failover
	Soften                  // a dependency becomes soft, with a fallback
	Alternative             // a dependency gets an alternative
)

// Field is a field of the source and its new value.
type Field struct {
	Path  []string // from the top of the design: "modules", "orders", "replicas"
	Value Value
}

// Value is a value of a field: int, float64, string, bool, []string, or []Field with one name each for a struct.
type Value any
