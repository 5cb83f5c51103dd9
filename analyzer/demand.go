package analyzer

import "time"

// Load is the demand on each module in requests a second, carried from the journeys' peaks along
// "calls".
type Load struct {
	// Demand by module; valid where Known.
	Demand []float64
	// Known tells whether the demand could be computed: every way from a journey to the module
	// states peak and calls. A module that no journey reaches has a known demand of 0.
	Known []bool
	// Missing lists what is not stated on the way, in order: journeys without peak and dependencies without calls.
	MissingPeak  []int32 // journeys
	MissingCalls []int32 // dependencies
	// Diverges lists modules whose demand has no finite value, because calls multiply round a cycle.
	Diverges []int32
}

// Load returns the demand on each module. Soft and asynchronous dependencies carry demand as hard
// synchronous ones do; startup, deploy and recovery dependencies carry none. Of an anyOf, each
// alternative must be able to carry the whole, so each gets it.
func (a *Analysis) Load() *Load { panic("not yet") }

// CallTime tells how long calls may take by the callers' own timeouts and retries.
type CallTime struct {
	// Worst by dependency: timeout × (1 + retries), with stated fixed pauses; 0 where no timeout is stated.
	Worst []time.Duration
}

// CallTime returns the time bounds of the dependencies.
func (a *Analysis) CallTime() *CallTime { panic("not yet") }

// Amplification is a path on which retries multiply.
type Amplification struct {
	Factor float64 // calls that reach the end for one request at the start when the end fails
	Path   []int32 // dependencies by index, first to last
}

// RetryAmplification returns, for each module where it is above 1, the worst product of (1 +
// retries.max) over the synchronous runtime dependencies of a path that ends there, in order of
// module. Retries round a cycle multiply without end; a path passes a module once.
func (a *Analysis) RetryAmplification() []Amplification { panic("not yet") }

// Latency is the time that a module takes to answer: its own latency and that of the slowest of its
// synchronous hard runtime dependencies (called one after the other, or at once).
type Latency struct {
	Serial, Parallel []time.Duration // by module; valid where Known
	Known            []bool
	Cyclic           []bool // the synchronous calls form a cycle, so no finite value exists
}

// Latency returns the latency of each module: Serial takes its synchronous calls one after the
// other, calls times each; Parallel takes the slowest alone.
func (a *Analysis) Latency() *Latency { panic("not yet") }
