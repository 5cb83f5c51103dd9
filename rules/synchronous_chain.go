package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// synchronousChain tells of journeys that wait for a long chain of calls. A chain follows
// synchronous hard runtime dependencies from the journey's entry; its length is the number of calls
// from one working module to the next. Calls to stores end a request's way and are not counted, and
// what only passes a call on (load balancers, networks, DNS) adds no call. An anyOf is a call to
// each alternative.
//
// There is one finding for each place where chains are too long, not one for each part of a chain:
// each journey is judged by its longest chain, and journeys whose chains end with the same two calls
// are told together, by the longest.
var synchronousChain = &Rule{
	ID:       "CPL006",
	Name:     "synchronous-chain",
	Severity: Warning,
	Summary:  "A journey waits for a chain of synchronous calls that is longer than the limit.",
	Params: []Param{{
		Name: "limit", Default: int64(4), Min: 1,
		Doc:    "The most calls that may wait for each other in one chain.",
		Source: "a choice of this rule: each call multiplies the availability and adds to the latency; four calls at 99.9 % leave 99.6 %",
	}},
	Sources: []Source{
		{Title: "Rud, Schmietendorf, Dumke, Product Metrics for Service-Oriented Infrastructures (IWSM/MetriKon 2006)"},
		{Title: "Taibi, Lenarduzzi, Pahl, Microservices Anti-Patterns: A Taxonomy (2019)", URL: "https://arxiv.org/abs/1908.04101"},
		{Title: "Abbott, Calls in Series: the Xmas Tree Light Anti-Pattern (AKF Partners, 2019)", URL: "https://akfpartners.com/growth-blog/microservice-anti-pattern-calls-in-series-the-xmas-tree-light-anti-pattern"},
	},
	Run: runSynchronousChain,
}

// waitsFor reports whether the module of d cannot answer before its target has.
func waitsFor(d *analyzer.Dependency) bool { return d.Mode == schema.Sync && d.HardRuntime() }

// callChain is the longest chain of one or several journeys.
type callChain struct {
	path     []int32
	calls    []int32 // the places in path to which a counted call leads
	journeys []string
}

func runSynchronousChain(p *Pass) {
	a, limit := p.Analysis, p.Int("limit")
	counts := func(_ *analyzer.Dependency, to int32) bool {
		k := a.Module(to).Kind
		return !k.IsStore() && !passesOn(k) && k != schema.DNS
	}
	chains := a.CallChains(waitsFor, counts)
	type tail [2]int32
	found := map[tail]*callChain{}
	var order []tail
	for _, j := range a.Journeys() {
		if j.Entry < 0 || int(chains.Length[j.Entry]) <= limit {
			continue
		}
		c := &callChain{path: longestOf(a, chains, &j, counts), journeys: []string{j.Name}}
		for i, m := range c.path {
			if i > 0 && counts(nil, m) {
				c.calls = append(c.calls, int32(i))
			}
		}
		n := len(c.calls)
		if n <= limit {
			continue
		}
		key := tail{c.path[c.calls[n-1]], c.path[c.calls[n-1]-1]}
		if n > 1 {
			key[1] = c.path[c.calls[n-2]]
		}
		switch other := found[key]; {
		case other == nil:
			found[key] = c
			order = append(order, key)
		case len(c.calls) > len(other.calls):
			c.journeys = append(other.journeys, c.journeys...)
			found[key] = c
		default:
			other.journeys = append(other.journeys, c.journeys...)
		}
	}
	for _, key := range order {
		p.reportChain(found[key], limit)
	}
}

// longestOf returns the longest chain of journey j, which does not follow the dependencies of the
// entry that the journey does not use.
func longestOf(a *analyzer.Analysis, chains *analyzer.Chains, j *analyzer.Journey, counts func(*analyzer.Dependency, int32) bool) []int32 {
	if len(j.Ignored) == 0 {
		return chains.From(j.Entry)
	}
	best, length := []int32(nil), int32(-1)
	all := a.Dependencies()
	for i := range all {
		d := &all[i]
		if d.From != j.Entry || !waitsFor(d) || slices.Contains(j.Ignored, int32(i)) {
			continue
		}
		for _, t := range d.Targets {
			n := chains.Length[t]
			if counts(d, t) {
				n++
			}
			if n <= length {
				continue
			}
			if path := chains.From(t); !slices.Contains(path, j.Entry) { // not round a cycle
				best, length = append([]int32{j.Entry}, path...), n
			}
		}
	}
	return best
}

// unlessAlternative qualifies that a failure on the path fails the request, where the path leads to an
// alternative: others may then serve in its stead, and in that of all behind it.
func (p *Pass) unlessAlternative(path []int32) string {
	a := p.Analysis
	for i := 1; i < len(path); i++ {
		certain := false
		deps := a.DependenciesOf(path[i-1])
		for k := range deps {
			d := &deps[k]
			certain = certain || waitsFor(d) && !hasSpare(d) && slices.Contains(d.Targets, path[i])
		}
		if !certain {
			return ", from " + a.Module(path[i]).Name + " on unless an alternative serves in its stead"
		}
	}
	return ""
}

func (p *Pass) reportChain(c *callChain, limit int) {
	a := p.Analysis
	// Stores and the like at the end belong to no counted call.
	path := c.path[:c.calls[len(c.calls)-1]+1]
	names := moduleNames(a, path)
	entry, last := a.Module(path[0]), names[len(names)-1]
	slices.Sort(c.journeys)
	c.journeys = slices.Compact(c.journeys)
	f := Finding{
		Subject:  Subject{OfModule, entry.Name},
		Key:      edgeName(names[len(names)-2], last),
		Message:  fmt.Sprintf("%s waits for a chain of %d synchronous calls down to %s (limit %d): their latencies add up, and a failure of any of them fails the request%s", entry.Name, len(c.calls), last, limit, p.unlessAlternative(path)),
		Location: entry.Pos,
		Path:     names,
		Journeys: c.journeys,
	}
	// Cut where both parts become as short as they can, at the module that makes the call.
	at := c.calls[len(c.calls)/2]
	caller := at - 1
	for caller > 0 && passesOn(a.Module(path[caller]).Kind) {
		caller--
	}
	from, to := names[caller], names[at]
	f.Related = []Related{{Message: "the call in the middle, " + edgeName(from, names[caller+1]), Location: placeOf(a, path[caller], path[caller+1])}}
	f.Suggestions = []string{
		fmt.Sprintf("make %s asynchronous, or soft with a fallback, so that %s answers without waiting for %s", edgeName(from, names[caller+1]), from, to),
		fmt.Sprintf("let %s keep a copy of the data that it asks %s for, fed by events", from, to),
	}
	p.Report(f)
}
