package schema

import (
	"math"
	"time"
)

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

// unavailability takes what a design states in one of two ways. Two times of zero, which the language refuses, say nothing.
func unavailability(percent *float64, mtbf, mttr *time.Duration) (float64, bool) {
	switch {
	case percent != nil:
		return Unavailability(*percent), true
	case mtbf != nil && mttr != nil && *mtbf|*mttr != 0:
		return mttr.Seconds() / (mtbf.Seconds() + mttr.Seconds()), true
	}
	return 0, false
}

// Unavailability is the probability, from 0 to 1, that something is down that is available for a share of time in percent. It
// is that of the decimal that was written: 100 − 99.999 in binary would be wrong from the twelfth digit on.
func Unavailability(percent float64) float64 {
	scale := 1.0
	for range 13 {
		if n := math.Round(percent * scale); n/scale == percent {
			return (100*scale - n) / (100 * scale)
		}
		scale *= 10
	}
	return (100 - percent) / 100
}
