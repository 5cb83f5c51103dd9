package availability

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Percent is an availability as the text of this report writes it.
func Percent(q float64) string { return percent(q) }

// percent gives the availability that a probability of failure leaves, to the fourth digit in which it differs from 100 %.
func percent(q float64) string {
	const closest = 1e-12 // below it the digits of a float64 no longer tell
	switch {
	case q <= 0:
		return "100 %"
	case q >= 1:
		return "0 %"
	case q < closest:
		return "over 99.9999999999 %"
	}
	digits := min(max(3-int(math.Floor(math.Log10(100*q))), 2), 13)
	s := strconv.FormatFloat(100*(1-q), 'f', digits, 64)
	if rounded, _ := strconv.ParseFloat(s, 64); rounded >= 100 {
		return "over 99.9999999999 %"
	}
	return trimmed(s) + " %"
}

// trimmed drops zeros at the end of a fraction.
func trimmed(s string) string {
	if strings.ContainsRune(s, '.') {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// plain gives a percentage as a design states it.
func plain(percent float64) string { return strconv.FormatFloat(percent, 'f', -1, 64) + " %" }

// rounded gives a number in three digits, without an exponent where it can be read without one.
func rounded(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case x == 0:
		return "0"
	case math.IsInf(x, 1):
		return "∞"
	case x >= 1e6 || x < 1e-4:
		return strconv.FormatFloat(x, 'e', 2, 64)
	}
	digits := max(2-int(math.Floor(math.Log10(x))), 0)
	return strconv.FormatFloat(x, 'f', digits, 64)
}

// downtime gives the part of a period in three digits and one unit: "8.76 h".
func downtime(q float64, period time.Duration) string {
	if math.IsNaN(q) {
		return "–"
	}
	seconds := q * period.Seconds()
	for _, u := range []struct {
		name    string
		seconds float64
	}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}, {"ms", 1e-3}} {
		if seconds >= u.seconds*0.9995 {
			return rounded(seconds/u.seconds) + " " + u.name
		}
	}
	if seconds == 0 {
		return "0"
	}
	return "under 1 ms"
}

// share gives a part of a whole in percent.
func share(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 1):
		return "∞"
	case x > 0 && x < 0.0005:
		return "under 0.1 %"
	case x >= 100:
		return rounded(x) + " ×"
	case x >= 1:
		return strconv.FormatFloat(100*x, 'f', 0, 64) + " %"
	}
	return trimmed(strconv.FormatFloat(100*x, 'f', 1, 64)) + " %"
}
