package schema

import "time"

// Unavailability is the probability, from 0 to 1, that one replica of m is down (of an external module: the service as a
// whole): 1 − availability, or mttr/(mtbf+mttr). ok is false where the design does not say.
func (m *Module) Unavailability() (q float64, ok bool) {
	return unavailability(m.Availability, m.MTBF, m.MTTR)
}

// Unavailability is the probability, from 0 to 1, that the event of the domain has occurred; that of a domain that it is in
// comes on top. It is 1 − availability, or mttr/(mtbf+mttr). ok is false where the design does not say.
func (f *FailureDomain) Unavailability() (q float64, ok bool) {
	return unavailability(f.Availability, f.MTBF, f.MTTR)
}

// unavailability takes what a design states in one of two ways. Two times of zero say nothing.
func unavailability(percent *float64, mtbf, mttr *time.Duration) (float64, bool) {
	switch {
	case percent != nil:
		return (100 - *percent) / 100, true
	case mtbf != nil && mttr != nil && *mtbf|*mttr != 0:
		return mttr.Seconds() / (mtbf.Seconds() + mttr.Seconds()), true
	}
	return 0, false
}
