package analyzer

// Metrics holds the coupling figures of a design. All counts are of distinct modules, over all
// dependencies whatever their mode, strength and phase, an anyOf counting for each alternative; a
// module's dependency on itself does not count.
type Metrics struct {
	Modules []ModuleMetrics // by module
	Groups  []GroupMetrics  // in order of name; modules without a group are left out
	System  SystemMetrics
}

// ModuleMetrics holds the figures of one module.
type ModuleMetrics struct {
	Ca, Ce        int     // afferent and efferent coupling
	Instability   float64 // Ce/(Ca+Ce), 0 where both are 0
	DependsOn     int     // modules that it reaches, itself included (John Lakos' component dependency)
	Dependents    int     // modules that reach it, itself included
	AIS, ADS, ACS int     // Rud's absolute importance, dependence and criticality
	Cyclic        bool    // it lies in a cycle
}

// GroupMetrics holds the figures of one group.
type GroupMetrics struct {
	Name        string
	Members     int
	Inside      int // dependencies (distinct pairs of modules) within the group
	Ca, Ce      int // modules outside that depend on the group's; modules outside that it depends on
	Crossing    int // pairs across its border, in both directions
	Instability float64
	Cohesion    float64 // Inside / (Inside + Crossing); 0 where both are 0
}

// SystemMetrics holds the figures of the whole design.
type SystemMetrics struct {
	Modules, Dependencies int // distinct pairs
	CCD                   int
	ACD, RACD, NCCD       float64
	PropagationCost       float64
	Cyclicality           float64
	SIY                   int
}

// Metrics returns the coupling figures.
func (a *Analysis) Metrics() *Metrics { return a.metrics() }

func (a *Analysis) computeMetrics() *Metrics { panic("not yet") }
