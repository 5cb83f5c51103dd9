package rules

import (
	"strings"
	"time"
)

// inWords writes a duration as a design does: "24h", "1m30s", "500ms".
func inWords(d time.Duration) string {
	s := d.String()
	// Only a zero that follows a larger unit says nothing: that of "1m10s" belongs to the ten.
	if d >= time.Minute && strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if d >= time.Hour && strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
