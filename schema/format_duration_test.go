package schema

import (
	"testing"
	"time"
)

func TestFormatDuration(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"24h": 24 * time.Hour, "1h30m": 90 * time.Minute, "1h30m10s": 90*time.Minute + 10*time.Second,
		"1m10s": 70 * time.Second, "1m30s": 90 * time.Second, "10m": 10 * time.Minute, "20h": 20 * time.Hour,
		"1h0m10s": time.Hour + 10*time.Second, "10s": 10 * time.Second, "500ms": 500 * time.Millisecond, "0s": 0,
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("FormatDuration(%v) = %q, want %q", d, got, want)
		}
	}
}
