package resilience

import "lintel/analyzer"

// typical gives the typical probability of an event.
func (s *System) typical(analyzer.Event) (q float64, ok bool) { return 0, false }
