package rules

import (
	"fmt"
	"time"

	"lintel/analyzer"
)

// timeoutInversion tells of synchronous runtime calls whose timeout is shorter than the time that
// the callee may spend on one of its own: that call's timeout, for each try that its retries allow,
// with the stated fixed pauses. The callee's calls are not added up, since they may run at once, so
// what is reported is certain. Equal times are fine.
var timeoutInversion = &Rule{
	ID:       "INT002",
	Name:     "timeout-inversion",
	Severity: Warning,
	Summary:  "A caller's timeout is shorter than what its callee may take by its own timeouts and retries.",
	Needs:    []string{"timeout"},
	Sources: []Source{
		{Title: "Nygard, Release It! (2nd edition, 2018): timeouts, slow responses"},
		{Title: "Ulrich, Addressing Cascading Failures (Google SRE book): deadline propagation", URL: "https://sre.google/sre-book/addressing-cascading-failures/"},
	},
	Run: runTimeoutInversion,
}

func runTimeoutInversion(p *Pass) {
	a, isCall := p.Analysis, p.coupling().Calls
	all := a.Dependencies()
	worst := a.CallTime().Worst
	// By module: its slowest call, by index, and whether some of its calls have no timeout.
	slowest := make([]int32, a.Modules())
	unknown := make([]bool, a.Modules())
	calls := make([]bool, a.Modules())
	for i := range slowest {
		slowest[i] = -1
	}
	for i := range all {
		d := &all[i]
		if !isCall[i] {
			continue
		}
		calls[d.From] = true
		if d.Timeout == nil {
			unknown[d.From] = true
		} else if s := slowest[d.From]; s < 0 || worst[i] > worst[s] {
			slowest[d.From] = int32(i)
		}
	}
	unchecked := 0
	for i := range all {
		d := &all[i]
		if !isCall[i] {
			continue
		}
		found, open := int32(-1), false
		for _, t := range d.Targets {
			s := slowest[t]
			switch {
			case t == d.From || !calls[t]:
			case d.Timeout != nil && s >= 0 && worst[s] > *d.Timeout:
				if found < 0 || worst[s] > worst[found] {
					found = s
				}
			case d.Timeout == nil || unknown[t]:
				open = true
			}
		}
		switch {
		case found >= 0:
			p.reportInversion(d, &all[found], worst[found])
		case open:
			unchecked++
		}
	}
	p.Unchecked(unchecked, "timeout")
}

func (p *Pass) reportInversion(d, slow *analyzer.Dependency, takes time.Duration) {
	a := p.Analysis
	from, callee := a.Module(d.From).Name, a.Module(slow.From).Name
	slowName := edgeName(callee, slow.Key)
	how := fmt.Sprintf("a timeout of %s", *slow.Timeout)
	if slow.Retries != nil && slow.Retries.Max > 0 {
		how += " and " + retriesInWords(slow.Retries.Max)
		if slow.Retries.Pause != nil {
			how += fmt.Sprintf(" after pauses of %s", *slow.Retries.Pause)
		}
	}
	again := ""
	if d.Retries != nil && d.Retries.Max > 0 {
		again = ", and each retry starts the same work again"
	}
	f := Finding{
		Subject: Subject{OfDependency, edgeName(from, d.Key)},
		Message: fmt.Sprintf("%s gives up on %s after %s, but %s may wait %s for %s (%s): it then works on for a caller that is gone%s",
			from, callee, *d.Timeout, callee, takes, targetName(slow), how, again),
		Location: d.At("timeout"),
		Related:  []Related{{Message: fmt.Sprintf("%s may take %s", slowName, takes), Location: slow.At("timeout")}},
		Path:     []string{from, callee, targetName(slow)},
		Aliases:  dependencyAliases(a, d),
	}
	if slow.Retries != nil && slow.Retries.Max > 0 && *slow.Timeout < *d.Timeout {
		f.Suggestions = append(f.Suggestions, fmt.Sprintf("lower the retries of %s, or its timeout, until they fit into %s", slowName, *d.Timeout))
	} else {
		f.Suggestions = append(f.Suggestions, fmt.Sprintf("lower the timeout of %s below %s", slowName, *d.Timeout))
	}
	f.Suggestions = append(f.Suggestions, fmt.Sprintf("raise the timeout of %s above %s, if its own callers wait that long", edgeName(from, d.Key), takes))
	p.Report(f)
}

func retriesInWords(n int) string {
	if n == 1 {
		return "1 retry"
	}
	return fmt.Sprintf("%d retries", n)
}
