package rules

import (
	"strings"
	"time"
)

// inWords writes a duration as a design does: "24h", "1m30s", "500ms".
func inWords(d time.Duration) string {
	s := d.String()
	if d >= time.Minute {
		s = strings.TrimSuffix(s, "0s")
	}
	if d >= time.Hour {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
