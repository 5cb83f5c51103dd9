package rules

import "fmt"

// retryWithoutBackoff tells of dependencies that are tried again without a pause: backoff is "none",
// or a fixed pause of 0. A single immediate retry is fine by default. Where retries are stated and
// their backoff is not, nothing can be said.
var retryWithoutBackoff = &Rule{
	ID:       "INT004",
	Name:     "retry-without-backoff",
	Severity: Warning,
	Summary:  "A dependency is tried again and again without a pause.",
	Needs:    []string{"retries"},
	Params: []Param{{
		Name: "immediate", Default: int64(1), Min: 0,
		Doc:    "The number of retries that may follow at once.",
		Source: "Azure Architecture Center, transient fault handling: no more than one immediate retry",
	}},
	Sources: []Source{
		{Title: "Brooker, Timeouts, retries and backoff with jitter (Amazon Builders' Library)", URL: "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/"},
		{Title: "Azure Architecture Center: Transient fault handling", URL: "https://learn.microsoft.com/azure/architecture/best-practices/transient-faults"},
	},
	Run: runRetryWithoutBackoff,
}

func runRetryWithoutBackoff(p *Pass) {
	a, immediate, unchecked := p.Analysis, p.Int("immediate"), 0
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		r := d.Retries
		if r == nil || r.Max <= immediate {
			continue
		}
		switch {
		case r.Pause != nil && *r.Pause > 0, r.Pause == nil && r.Backoff != "" && r.Backoff != "none":
		case r.Pause == nil && r.Backoff == "":
			unchecked++
		default:
			from := a.Module(d.From).Name
			p.Report(Finding{
				Subject:  Subject{OfDependency, edgeName(from, d.Key)},
				Message:  fmt.Sprintf("%s tries %s %d times more without a pause: when it is overloaded, the retries keep it so", from, targetName(d), r.Max),
				Location: d.At("retries"),
				Aliases:  dependencyAliases(a, d),
				Suggestions: []string{
					fmt.Sprintf(`write retries: {max: %d, backoff: "exponential", jitter: true} for %s`, r.Max, edgeName(from, d.Key)),
				},
			})
		}
	}
	p.Unchecked(unchecked, "retries.backoff")
}
