package schema

// Unavailability is the probability, from 0 to 1, that one replica of m is down (of an external module: the service as a
// whole). ok is false where the design does not say.
func (m *Module) Unavailability() (q float64, ok bool) { return unavailability(m.Availability) }

// Unavailability is the probability, from 0 to 1, that the event of the domain has occurred; that of a domain that it is in
// comes on top. ok is false where the design does not say.
func (f *FailureDomain) Unavailability() (q float64, ok bool) { return unavailability(f.Availability) }

func unavailability(percent *float64) (float64, bool) {
	if percent == nil {
		return 0, false
	}
	return (100 - *percent) / 100, true
}
