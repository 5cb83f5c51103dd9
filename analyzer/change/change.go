// Package change holds the changes by which a design is repaired: what each does to the design, how it reads, and which
// fields of the source it sets. Rules suggest them, and searches try them.
package change

import "lintel/schema"

// Change is one step. What a field leaves at its zero value stays as it is, so one step may set several things of a module.
type Change struct {
	Kind   Kind
	Module string // whose fields change

	// Replicas is the new number that can be relied on: the floor of autoscaling where there is one.
	Replicas int
	// Placement lists the failure domains over which the replicas are then spread evenly, the primary in the first. Of
	// Alternative it is the place of the module that is added.
	Placement []string
	// Counts, in place of Placement, is how many replicas stand in each failure domain then, of a module whose placement is
	// counts; domains that are not listed hold none.
	Counts   []Count
	Mode     schema.RedundancyMode
	Failover schema.Failover
	Need     int // replicas that must be up

	Dependency  string // of Soften and Alternative: the key in the module's dependsOn
	Fallback    string // of Soften: taken where the dependency has none
	Alternative string // of Alternative: the further module, a like one of its target, that is added where the design does not have it
}

// Count is a number of replicas in one failure domain.
type Count struct {
	Domain   string
	Replicas int
}

// Kind says what a change does above all.
type Kind uint8

// The kinds of changes.
const (
	Replicas    Kind = iota // more replicas, and where they stand
	Place                   // other places for the replicas
	Redundancy              // another mode of redundancy or failover
	Soften                  // a dependency becomes soft, with a fallback
	Alternative             // a dependency gets an alternative
)

// String names the kind.
func (k Kind) String() string {
	names := [...]string{"replicas", "placement", "redundancy", "soft", "alternative"}
	if int(k) < len(names) {
		return names[k]
	}
	return "unknown"
}

// Field is a field of the source and its new value. What the value is put in place of goes as a whole: a placement by
// counts loses the domains that the new one does not have.
type Field struct {
	Path  []string // from the top of the design: "modules", "orders", "replicas"
	Value Value
}

// Value is a value of a field: int, float64, string, bool, []string, or []Field with one name each for a struct. A nil value
// removes the field.
type Value any
