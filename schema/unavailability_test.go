package schema

import (
	"math"
	"testing"
	"time"
)

func TestUnavailability(t *testing.T) {
	hours := func(h float64) *time.Duration { return new(time.Duration(h * float64(time.Hour))) }
	for name, c := range map[string]struct {
		percent    *float64
		mtbf, mttr *time.Duration
		want       float64
		known      bool
	}{
		"nothing stated":   {},
		"percent":          {percent: new(99.9), want: 0.001, known: true},
		"never down":       {percent: new(100.0), known: true},
		"always down":      {percent: new(0.0), want: 1, known: true},
		"times":            {mtbf: hours(999), mttr: hours(1), want: 0.001, known: true},
		"repaired at once": {mtbf: hours(5), mttr: hours(0), known: true},
		"never up":         {mtbf: hours(0), mttr: hours(5), want: 1, known: true},
		"times of zero":    {mtbf: hours(0), mttr: hours(0)},
		"longest times":    {mtbf: hours(2499999), mttr: hours(2499999), want: 0.5, known: true},
	} {
		m := &Module{Availability: c.percent, MTBF: c.mtbf, MTTR: c.mttr}
		f := &FailureDomain{Availability: c.percent, MTBF: c.mtbf, MTTR: c.mttr}
		for what, of := range map[string]func() (float64, bool){"module": m.Unavailability, "failure domain": f.Unavailability} {
			if q, ok := of(); ok != c.known || math.Abs(q-c.want) > 1e-15 {
				t.Errorf("%s of a %s: %v, %v", name, what, q, ok)
			}
		}
	}
}
