package cli

import (
	"sync"
	"sync/atomic"
	"time"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer/faulttree"
	"lintel/analyzer/resilience"
)

// boundedWork shares the time of --timeout between several computations, so that one that is too hard leaves time for the
// others, and for an estimate of its own. Its methods must not be called by several goroutines at once.
type boundedWork struct {
	limits   resilience.Limits
	deadline time.Time // of all; zero where there is none
	until    time.Time // of the target that is computed
	timer    *time.Timer
	mu       sync.Mutex // over current
	current  int        // the number of the phase, so that a timer of an earlier one does not end it
}

func readLimits(c *urfave.Context) (*boundedWork, error) {
	l, done, err := limits(c)
	if err != nil {
		return nil, err
	}
	done() // its clock; the one below counts
	b := &boundedWork{limits: l}
	b.limits.Stop = new(atomic.Bool)
	if timeout, _ := time.ParseDuration(c.String("timeout")); timeout > 0 {
		b.deadline = time.Now().Add(timeout)
	}
	return b, nil
}

// target begins one of several targets, left of which are still to come, itself included.
func (b *boundedWork) target(left int) {
	if !b.deadline.IsZero() {
		b.until = time.Now().Add(max(time.Until(b.deadline), 0) / time.Duration(left))
	}
}

// phase begins a computation, which may take a share of the time that its target has left.
func (b *boundedWork) phase(share float64) faulttree.Budget {
	b.end()
	b.limits.Stop.Store(false)
	if !b.deadline.IsZero() {
		number := b.current
		allowed := time.Duration(share * float64(time.Until(b.until)))
		if allowed <= 0 {
			b.limits.Stop.Store(true)
		} else {
			b.timer = time.AfterFunc(allowed, func() {
				b.mu.Lock()
				defer b.mu.Unlock()
				if b.current == number {
					b.limits.Stop.Store(true)
				}
			})
		}
	}
	return faulttree.Budget{Nodes: b.limits.Nodes, Stop: b.limits.Stop}
}

// end lets the phase go on without an end.
func (b *boundedWork) end() {
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
	b.mu.Lock()
	b.current++
	b.mu.Unlock()
}
