package schema

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// dateLayout is the form of #Date.
const dateLayout = "2006-01-02"

var units = map[string]time.Duration{
	"ns": time.Nanosecond, "us": time.Microsecond, "µs": time.Microsecond, "μs": time.Microsecond,
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
}

// parseDuration reads what #Duration allows, whose bounds leave no room for an overflow. Fractions of
// a nanosecond are cut.
func parseDuration(s string) (time.Duration, error) {
	var sum time.Duration
	for rest := s; ; {
		i := 0
		for i < len(rest) && (rest[i] >= '0' && rest[i] <= '9' || rest[i] == '.') {
			i++
		}
		j := i
		for j < len(rest) && (rest[j] < '0' || rest[j] > '9') {
			j++
		}
		unit, ok := units[rest[i:j]]
		if i == 0 || !ok {
			return 0, fmt.Errorf("%q is not a duration", s)
		}
		whole, fraction, _ := strings.Cut(rest[:i], ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil || n > int64(1<<63-1-sum)/int64(unit) {
			return 0, fmt.Errorf("%q is too long", s)
		}
		sum += time.Duration(n) * unit
		scale := unit
		for k := 0; k < len(fraction) && scale > 0; k++ {
			// The unit is divided first: a day in nanoseconds times nine digits would overflow.
			part := time.Duration(fraction[k]-'0') * scale / 10
			sum += part
			scale /= 10
		}
		if rest = rest[j:]; rest == "" {
			return sum, nil
		}
	}
}

// parsePercentage reads the text form of #Percentage.
func parsePercentage(s string) (float64, error) {
	return strconv.ParseFloat(strings.TrimRight(s, " %"), 64)
}

// FormatDuration writes a duration as a design does: "24h", "1m30s", "500ms".
func FormatDuration(d time.Duration) string {
	s := d.String()
	// Only a zero that follows a larger unit says nothing: that of "1m10s" belongs to the ten.
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
