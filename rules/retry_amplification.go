package rules

import (
	"fmt"
	"strings"
)

// retryAmplification tells of paths of synchronous runtime calls on which the retries of two or more
// layers multiply to more than the limit: a request then reaches the end that many times while the
// end fails. Calls without retries at either end of a path are left off. There is one finding for
// each path that is not the beginning of another one. Retries on a single layer do not multiply,
// however many they are.
var retryAmplification = &Rule{
	ID:       "INT003",
	Name:     "retry-amplification",
	Severity: Warning,
	Summary:  "Retries on several layers of one path multiply to more than the limit.",
	Needs:    []string{"retries"},
	Params: []Param{{
		Name: "limit", Default: 4.0, Min: 1,
		Doc:    "The most times that one request may reach the end of a path.",
		Source: "the SRE book's example counts four tries, one and three retries, at each layer and asks to retry at one layer only; two layers with one retry each come to four as well",
	}},
	Sources: []Source{
		{Title: "Brooker, Timeouts, retries and backoff with jitter (Amazon Builders' Library)", URL: "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/"},
		{Title: "Ulrich, Addressing Cascading Failures (Google SRE book): retries", URL: "https://sre.google/sre-book/addressing-cascading-failures/"},
		{Title: "Azure Architecture Center: Retry Storm antipattern", URL: "https://learn.microsoft.com/azure/architecture/antipatterns/retry-storm/"},
	},
	Run: runRetryAmplification,
}

func runRetryAmplification(p *Pass) {
	a, limit := p.Analysis, p.Float("limit")
	all := a.Dependencies()
	retries := func(i int32) bool { return all[i].Retries != nil && all[i].Retries.Max > 0 }

	// Paths that begin alike share the nodes of a tree; those that end inside it go on in another.
	type step struct{ node, dependency int32 }
	next, inner := map[step]int32{}, map[int32]bool{}
	ends := map[int32]bool{}
	nodes := int32(1)
	type candidate struct {
		path      []int32 // dependencies
		end, node int32
	}
	var found []candidate
	for _, amp := range a.RetryAmplification() {
		layers := 0
		first, last := -1, -1
		for i, d := range amp.Path {
			if retries(d) {
				layers++
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		if layers < 2 || amp.Factor <= limit {
			continue
		}
		end := amp.Module
		if last+1 < len(amp.Path) {
			end = all[amp.Path[last+1]].From
		}
		path, at := amp.Path[first:last+1], int32(0)
		for _, d := range path {
			n, ok := next[step{at, d}]
			if !ok {
				n = nodes
				nodes++
				next[step{at, d}] = n
			}
			inner[at] = true
			at = n
		}
		if !ends[at] {
			ends[at] = true
			found = append(found, candidate{path, end, at})
		}
	}
	for _, c := range found {
		if !inner[c.node] {
			p.reportAmplification(c.path, a.Module(c.end).Name)
		}
	}
	p.Unchecked(p.unknownRetries(), "retries")
}

// unknownRetries counts the synchronous calls that follow or precede another one on a path and do
// not say whether they are tried again.
func (p *Pass) unknownRetries() int {
	a, isCall := p.Analysis, p.coupling().Calls
	called, calls := make([]bool, a.Modules()), make([]bool, a.Modules())
	all := a.Dependencies()
	for i := range all {
		if d := &all[i]; isCall[i] {
			calls[d.From] = true
			for _, t := range d.Targets {
				called[t] = true
			}
		}
	}
	n := 0
	for i := range all {
		d := &all[i]
		if !isCall[i] || d.Retries != nil {
			continue
		}
		layered := called[d.From]
		for _, t := range d.Targets {
			layered = layered || calls[t]
		}
		if layered {
			n++
		}
	}
	return n
}

// reportAmplification tells of the path of the given dependencies, which leads to module end.
func (p *Pass) reportAmplification(dependencies []int32, end string) {
	a := p.Analysis
	all := a.Dependencies()
	var path, layers []string
	product := 1.0
	var related []Related
	for i, index := range dependencies {
		d := &all[index]
		from := a.Module(d.From).Name
		path = append(path, from)
		if d.Retries == nil || d.Retries.Max == 0 {
			continue
		}
		product *= float64(d.Retries.Max + 1)
		layers = append(layers, fmt.Sprint(d.Retries.Max+1))
		if i > 0 {
			related = append(related, Related{Message: fmt.Sprintf("%s tries %d times", edgeName(from, d.Key), d.Retries.Max+1), Location: d.At("retries")})
		}
	}
	path = append(path, end)
	first, last := &all[dependencies[0]], &all[dependencies[len(dependencies)-1]]
	start := a.Module(first.From).Name
	p.Report(Finding{
		Subject: Subject{OfDependency, edgeName(start, first.Key)},
		Key:     end,
		Message: fmt.Sprintf("one request of %s reaches %s up to %s times while it fails: the tries of %d layers multiply (%s)",
			start, end, formatNumber(product), len(layers), strings.Join(layers, " × ")),
		Location: first.At("retries"),
		Related:  related,
		Path:     path,
		Suggestions: []string{
			fmt.Sprintf("retry at one layer only: keep the retries of %s and set max: 0 on the others", edgeName(a.Module(last.From).Name, last.Key)),
			"or limit the retries of each layer by a budget, a small share of its requests, and state the retries that this leaves",
		},
		Aliases: dependencyAliases(a, first),
	})
}
