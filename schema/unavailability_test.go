package schema

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// TestUnavailabilityOfDecimals: what is down is what a design's text leaves of 100, to the last digit.
func TestUnavailabilityOfDecimals(t *testing.T) {
	for text, want := range map[string]float64{
		"0": 1, "0.1": 0.999, "50": 0.5, "99": 0.01, "99.5": 0.005, "99.9": 0.001, "99.95": 0.0005, "99.99": 0.0001, "99.999": 0.00001,
		"99.9999": 0.000001, "99.99999": 0.0000001, "99.999999": 1e-8, "99.9999999999": 1e-12, "99.97812": 0.0002188, "97.3": 0.027, "100": 0,
	} {
		d, err := parseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		percent, _ := d.float64()
		if got := Unavailability(percent); got != want {
			t.Errorf("%s %% leaves %.17g, want %.17g", text, got, want)
		}
	}
	for range 1000 { // nothing is far off
		percent := 100 * rand.Float64()
		if got, want := Unavailability(percent), (100-percent)/100; math.Abs(got-want) > 1e-15 {
			t.Errorf("%v leaves %v, want %v", percent, got, want)
		}
	}
}

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
