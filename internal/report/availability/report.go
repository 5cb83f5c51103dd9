// Package availability prints how available journeys and modules can be, as text and as JSON. It decides nothing: what is
// computed, what is assumed and in which order it is told is settled before.
package availability

import (
	"math"
	"time"

	"lintel/analyzer/faulttree"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// A year and a month, as downtimes are told: those of the table of the book Site Reliability Engineering (Beyer, Jones,
// Petoff, Murphy, 2016, appendix A).
const (
	Year  = 365 * 24 * time.Hour
	Month = 30 * 24 * time.Hour
)

// Report is what was computed of a design.
type Report struct {
	System, Path string
	Assume       resilience.Assumptions
	// Journeys and Modules come with the least available, at worst, first.
	Journeys, Modules []Target
	// NotComputed names the journeys and modules for which no time was left.
	NotComputed []string
	// Unknown and Assumed are the parts that take part and whose availability is unknown, or is a typical value.
	Unknown, Assumed []Part
	// Stated tells that the design states the availability of something.
	Stated bool
}

// Target is a journey or a module.
type Target struct {
	Name string
	SLO  *float64 // promised availability, percent
	// Best and Worst are the probabilities of failure with all that is unknown perfect, and at the pessimistic value; they
	// are equal where nothing is unknown.
	Best, Worst resilience.Probability
	// DownBefore tells that it fails before anything does: Best and Worst are 1.
	DownBefore       bool
	Unknown, Assumed []Part
	// Contributors come with the most important first; they are computed as Worst is. nil where that is not exact.
	Contributors []Contributor
	Left         int // contributors that were left out
}

// Part is a module or a failure domain.
type Part struct {
	Name         string
	Kind         string
	Domain       bool
	Replicas     int     // of a module that is not external
	Availability float64 // percent: what is assumed
}

// Contributor is an event, or several replicas of one module or failure domains of one kind that are alike, with the
// figures of the one that contributes most.
type Contributor struct {
	Events         []string // by name
	Part           string   // name of the module; "" of failure domains
	Any            int      // of replicas that fail together, whichever: how many; else 0
	Unavailability float64
	Source         resilience.Source
	faulttree.Importance
}

// Availability is that of a probability of failure, in percent.
func Availability(q float64) float64 { return 100 - 100*q }

// Met tells whether a probability of failure keeps a promise. Figures that differ in the last digits only are the same.
func Met(q, slo float64) bool { return q <= budget(slo)*(1+1e-9) }

// budget is the share of time that a promise leaves.
func budget(slo float64) float64 { return schema.Unavailability(slo) }

// Used is the part of the budget that a probability of failure takes: 1 is all of it. Where there is no budget it is
// infinite, or 0 where none is needed.
func Used(q, slo float64) float64 {
	if b := budget(slo); b > 0 {
		return q / b
	}
	if q == 0 {
		return 0
	}
	return math.Inf(1)
}

// tells reports whether the figures rest on anything but the pessimistic value.
func (r *Report) tells() bool { return r.Stated || len(r.Assumed) > 0 || len(r.Unknown) == 0 }
