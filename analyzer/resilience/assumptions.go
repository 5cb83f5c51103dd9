package resilience

import (
	"math"

	"lintel/analyzer"
)

// Assumptions say what is taken for what the design does not state.
type Assumptions struct {
	// Typical takes the typical values of the documented table where there is one. Nothing is ever assumed without it.
	Typical bool
	// Pessimistic is the availability, in percent, of what is still unknown, in the less favourable of the two results.
	Pessimistic float64
}

// Source says where the availability of an event comes from.
type Source uint8

// The sources.
const (
	Unknown Source = iota
	Stated         // availability, or mtbf and mttr
	Typical        // the table of typical values
)

// Unavailability is the probability of an event, NaN where it is unknown.
func (s *System) Unavailability(e analyzer.Event) (q float64, from Source) {
	d := s.Analysis.Design
	var stated float64
	var ok bool
	if e.Kind == analyzer.DomainEvent {
		stated, ok = d.FailureDomains[e.Domain].Unavailability()
	} else {
		stated, ok = d.Modules[e.Module].Unavailability()
	}
	if ok {
		return stated, Stated
	}
	if s.assume.Typical {
		if q, ok := s.typical(e); ok {
			return q, Typical
		}
	}
	return math.NaN(), Unknown
}
