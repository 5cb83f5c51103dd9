package analyzer

import (
	"math"
	"time"
)

// CallTime tells how long calls may take by the callers' own timeouts and retries.
type CallTime struct {
	// Worst by dependency: timeout × (1 + retries), and a stated fixed pause before each retry; 0
	// where no timeout is stated. A backoff without a stated duration adds nothing, so the true time
	// may be longer, never shorter. A circuit breaker does not shorten it: it opens only after such
	// calls have failed.
	Worst []time.Duration
}

// CallTime returns the time bounds of the dependencies.
func (a *Analysis) CallTime() *CallTime {
	c := &CallTime{Worst: make([]time.Duration, len(a.dependencies))}
	for i := range a.dependencies {
		d := &a.dependencies[i]
		if d.Timeout == nil || *d.Timeout <= 0 {
			continue
		}
		worst := *d.Timeout
		if d.Retries != nil && d.Retries.Max > 0 {
			retry := *d.Timeout
			if p := d.Retries.Pause; p != nil && *p > 0 {
				retry = addTime(retry, *p)
			}
			worst = addTime(worst, multiplyTime(retry, float64(d.Retries.Max)))
		}
		c.Worst[i] = worst
	}
	return c
}

// addTime adds durations that are not negative; a sum that is too large is the largest duration.
func addTime(a, b time.Duration) time.Duration {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// multiplyTime returns n times d, neither of them negative, as addTime does.
func multiplyTime(d time.Duration, n float64) time.Duration {
	if n == math.Trunc(n) && n < 1<<31 && d <= math.MaxInt64/time.Duration(max(n, 1)) {
		return d * time.Duration(n)
	}
	if x := float64(d) * n; x < math.MaxInt64 {
		return time.Duration(math.Round(x))
	}
	return math.MaxInt64
}
