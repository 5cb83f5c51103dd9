package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// unguardedCall tells of synchronous runtime calls, hard or soft, with neither a timeout nor a
// circuit breaker. It speaks only in a design that states one of the two for some dependency: in
// others their absence says nothing. What leads to a network is no call.
var unguardedCall = &Rule{
	ID:       "INT001",
	Name:     "unguarded-call",
	Severity: Warning,
	Summary:  "A synchronous call has neither a timeout nor a circuit breaker, in a design that states them elsewhere.",
	Needs:    []string{"timeout", "circuitBreaker"},
	Sources: []Source{
		{Title: "Nygard, Release It! (2nd edition, 2018): integration points, timeouts, circuit breaker"},
		{Title: "Brogi, Neri, Soldani, microFreshener: wobbly service interaction", URL: "https://github.com/di-unipi-socc/microFreshener"},
		{Title: "Brooker, Timeouts, retries and backoff with jitter (Amazon Builders' Library)", URL: "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/"},
	},
	Run: runUnguardedCall,
}

func runUnguardedCall(p *Pass) {
	a, calls := p.Analysis, p.coupling().Calls
	var unguarded []*analyzer.Dependency
	stated := 0
	// Examples of a timeout, the first by the modules' order.
	byProtocol, byKind := map[string]*analyzer.Dependency{}, map[schema.Kind]*analyzer.Dependency{}
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if d.Timeout != nil || d.CircuitBreaker != nil {
			stated++
			if d.Timeout != nil && calls[i] {
				if byProtocol[d.Protocol] == nil && d.Protocol != "" {
					byProtocol[d.Protocol] = d
				}
				if kind := a.Module(d.Targets[0]).Kind; byKind[kind] == nil {
					byKind[kind] = d
				}
			}
		}
		if calls[i] && d.Timeout == nil && (d.CircuitBreaker == nil || !*d.CircuitBreaker) {
			unguarded = append(unguarded, d)
		}
	}
	if stated == 0 {
		p.Unchecked(len(unguarded), "timeout", "circuitBreaker")
		return
	}
	for _, d := range unguarded {
		from, to := a.Module(d.From).Name, targetName(d)
		name := edgeName(from, d.Key)
		timeout := ": a little above what " + to + " takes at its slowest"
		// What is called in another way, or is of another kind, takes its own time.
		example := byProtocol[d.Protocol]
		if example == nil {
			example = byKind[a.Module(d.Targets[0]).Kind]
		}
		if example != nil {
			timeout = ", as " + edgeName(a.Module(example.From).Name, example.Key) + " has (" + example.Timeout.String() + ")"
		}
		p.Report(Finding{
			Subject:  Subject{OfDependency, name},
			Message:  from + " calls " + to + " with neither a timeout nor a circuit breaker: when " + to + " hangs, so do the requests of " + from,
			Location: d.Pos,
			Suggestions: []string{
				"give " + name + " a timeout" + timeout,
				"add circuitBreaker: true, so that " + from + " stops calling while " + to + " does not answer",
			},
			Aliases: dependencyAliases(a, d),
		})
	}
}

// isCall reports whether d is a call for whose answer its module waits while it serves a request.
func isCall(a *analyzer.Analysis, d *analyzer.Dependency) bool {
	if !callsSynchronously(d) || len(d.Targets) == 0 {
		return false
	}
	for _, t := range d.Targets {
		if a.Module(t).Kind != schema.Network {
			return true
		}
	}
	return false
}

// targetName names what a dependency leads to: its target, or "one of a, b and c".
func targetName(d *analyzer.Dependency) string {
	if len(d.AnyOf) == 0 {
		return d.To.Name
	}
	names := make([]string, len(d.AnyOf))
	for i, r := range d.AnyOf {
		names[i] = r.Name
	}
	if d.Need > 1 {
		return fmt.Sprintf("%d of %s", d.Need, enumerate(names))
	}
	return "one of " + enumerate(names)
}
