package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/schema"
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

// amplified is a path of calls that ends with one that is retried.
type amplified struct {
	dependencies []int32
	factor       float64
}

func runRetryAmplification(p *Pass) {
	for end, ways := range p.amplifiedWays() {
		if len(ways) > 0 {
			p.reportAmplification(ways, p.Analysis.Module(int32(end)).Name)
		}
	}
	p.Unchecked(p.unknownRetries(), "retries")
}

// amplifiedWays returns, by the module that they end at, the worst paths above the limit: for each
// retried call of the module the worst one that ends with it, the worst of all first. What goes on in a longer one
// is left out.
func (p *Pass) amplifiedWays() [][]amplified {
	a, limit := p.Analysis, p.Float("limit")
	all := a.Dependencies()
	worst := make([]*analyzer.Amplification, a.Modules())
	amps := a.RetryAmplification()
	for i := range amps {
		worst[amps[i].Module] = &amps[i]
	}
	// The call of dependency i to its k-th target is edge first[i]+k.
	first := make([]int32, len(all)+1)
	for i := range all {
		first[i+1] = first[i] + int32(len(all[i].Targets))
	}
	edge := func(i, target int32) int32 {
		k, _ := slices.BinarySearch(all[i].Targets, target)
		return first[i] + int32(k)
	}
	// In a cycle the worst path to the end need not go on from the worst one to the caller.
	direct := map[int32]*analyzer.Amplification{}
	for i := range amps {
		if last := amps[i].Path[len(amps[i].Path)-1]; amps[i].Factor > limit && retried(&all[last]) {
			direct[edge(last, amps[i].Module)] = &amps[i]
		}
	}
	inside := make([]int32, first[len(all)]) // by edge: the length of the longest path that goes on behind it
	walked := make([]bool, a.Modules())
	found := make([][]amplified, a.Modules())
	for i := range all {
		d := &all[i]
		if !retried(d) || d.Mode != schema.Sync || d.When != schema.Runtime {
			continue
		}
		before := worst[d.From]
		if before == nil && len(direct) == 0 {
			continue
		}
		for _, t := range d.Targets {
			way := amplified{}
			if before != nil && before.Factor*float64(d.Retries.Max+1) > limit && t != d.From && !slices.ContainsFunc(before.Path, func(k int32) bool { return all[k].From == t }) {
				way.factor = before.Factor * float64(d.Retries.Max+1)
			}
			if other := direct[edge(int32(i), t)]; other != nil && other.Factor > way.factor {
				way = amplified{other.Path, other.Factor}
			} else if way.factor > limit {
				way.dependencies = append(slices.Clip(before.Path), int32(i))
				if !walked[d.From] {
					walked[d.From] = true
					for k, inner := range before.Path {
						to := d.From
						if k+1 < len(before.Path) {
							to = all[before.Path[k+1]].From
						}
						e := edge(inner, to)
						inside[e] = max(inside[e], int32(len(before.Path)+1))
					}
				}
			}
			if way.factor > limit && slices.ContainsFunc(way.dependencies[:len(way.dependencies)-1], func(k int32) bool { return retried(&all[k]) }) {
				found[t] = append(found[t], way)
			}
		}
	}
	for t, ways := range found {
		ways = slices.DeleteFunc(ways, func(w amplified) bool {
			return int(inside[edge(w.dependencies[len(w.dependencies)-1], int32(t))]) > len(w.dependencies)
		})
		slices.SortStableFunc(ways, func(x, y amplified) int {
			return cmp.Or(cmp.Compare(y.factor, x.factor), cmp.Compare(len(x.dependencies), len(y.dependencies)))
		})
		found[t] = ways
	}
	return found
}

func retried(d *analyzer.Dependency) bool { return d.Retries != nil && d.Retries.Max > 0 }

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

// reportAmplification tells of paths that lead to module end, of the first in full.
func (p *Pass) reportAmplification(ways []amplified, end string) {
	a, dependencies := p.Analysis, ways[0].dependencies
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
	also := ""
	if len(ways) > 2 {
		also = fmt.Sprintf(", and so they do on %d other paths", len(ways)-1)
	}
	for _, w := range ways[1:min(len(ways), 1+maxShownPlaces)] {
		text := p.amplifiedInWords(w, end)
		if len(ways) == 2 {
			also = ", and so they do on " + text
		}
		last := &all[w.dependencies[len(w.dependencies)-1]]
		related = append(related, Related{Message: text, Location: last.At("retries")})
	}
	p.Report(Finding{
		Subject: Subject{OfDependency, edgeName(start, first.Key)},
		Key:     end,
		Message: fmt.Sprintf("one request of %s reaches %s up to %s times while it fails: the tries of %d layers multiply (%s)%s",
			start, end, formatNumber(product), len(layers), strings.Join(layers, " × "), also),
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

// amplifiedInWords gives "web -> b -> d, up to 9 times".
func (p *Pass) amplifiedInWords(w amplified, end string) string {
	a, names := p.Analysis, make([]string, 0, len(w.dependencies)+1)
	for _, i := range w.dependencies {
		names = append(names, a.Module(a.Dependencies()[i].From).Name)
	}
	return fmt.Sprintf("%s, up to %s times", cycleInWords(append(names, end)), formatNumber(w.factor))
}
