package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// bypassedGateway tells of services that are called from outside (entry: true, or the entry of a journey) although calls from outside reach them by a
// gateway or load balancer as well: it is passed by. A service that no gateway leads to may be another way in for
// other users; it is told only on request. Frontends, what takes work in by itself (workers, jobs, functions, queues,
// object stores) and platform modules are entries of their own right.
var bypassedGateway = &Rule{
	ID:       "CPL015",
	Name:     "bypassed-gateway",
	Severity: Warning,
	Summary:  "A service behind a gateway or load balancer is called from outside past it as well.",
	Needs:    []string{"entry"},
	Params: []Param{{
		Name:    "kinds",
		Default: []string{string(schema.Service), string(schema.Database), string(schema.Cache), string(schema.Search)},
		Allowed: kindNames,
		Doc:     "The kinds of entries that belong behind a gateway.",
	}, {
		Name: "separate", Default: false,
		Doc: "Whether services to which no gateway leads are told as well: for designs in which one gateway is meant to be the only way in.",
	}},
	Sources: []Source{
		{Title: "Soldani and others, microFreshener: no API gateway", URL: "https://github.com/di-unipi-socc/microFreshener"},
		{Title: "Richardson, Microservices Patterns: API gateway", URL: "https://microservices.io/patterns/apigateway.html"},
		{Title: "Taibi, Lenarduzzi, Pahl, Microservices Anti-Patterns: A Taxonomy (2019): no API gateway", URL: "https://arxiv.org/abs/1908.04101"},
	},
	Run: runBypassedGateway,
}

func runBypassedGateway(p *Pass) {
	a, kinds := p.Analysis, p.kindsOf("kinds")
	entries := make([]bool, len(p.Design.Modules)) // by entry: true or a journey
	stated := make([]*analyzer.Journey, len(p.Design.Modules))
	for i, m := range p.Design.Modules {
		entries[i] = m.Entry
	}
	for i := range a.Journeys() {
		if j := &a.Journeys()[i]; j.Entry >= 0 && j.Stated != nil {
			entries[j.Entry] = true
			if stated[j.Entry] == nil {
				stated[j.Entry] = j
			}
		}
	}
	var gateways []int32
	for i, m := range p.Design.Modules {
		if entries[i] && (m.Kind == schema.Gateway || m.Kind == schema.LoadBalancer) {
			gateways = append(gateways, int32(i))
		}
	}
	if len(gateways) == 0 {
		return
	}
	neighbours := a.Neighbours(func(d *analyzer.Dependency) bool { return d.When == schema.Runtime })
	behind := reachedFrom(neighbours.DependsOn, gateways)
	before := reachedFrom(neighbours.Dependents, gateways)
	for i, m := range p.Design.Modules {
		if !entries[i] || !kinds[m.Kind] || before[i] || !behind[i] && !p.Bool("separate") {
			continue
		}
		gateway := a.Module(gateways[0])
		f := Finding{
			Subject:  Subject{OfModule, m.Name},
			Location: placeOfFirst(m, "entry"),
			Related:  []Related{{Message: gateway.Name + " is the way in", Location: gateway.Pos}},
		}
		drop := "drop entry: true"
		if !m.Entry {
			drop = fmt.Sprintf("let %s enter there", stated[i].Name)
			f.Location = stated[i].Stated.At("entry")
		}
		if behind[i] {
			f.Message = fmt.Sprintf("%s stands behind %s and is called from outside as well: who comes that way passes by what is checked and limited there", m.Name, gateway.Name)
			f.Suggestions = []string{fmt.Sprintf("let all callers of %s come by %s, and %s", m.Name, gateway.Name, drop)}
		} else {
			f.Message = fmt.Sprintf("%s is called from outside past %s, by which the others are reached: access, limits and routes have to be kept in two places", m.Name, gateway.Name)
			f.Suggestions = []string{fmt.Sprintf("put %s behind %s, and %s", m.Name, gateway.Name, drop)}
		}
		f.Suggestions = append(f.Suggestions, fmt.Sprintf("or, if %s takes in the calls of its users by itself, give it the kind that says so: \"gateway\" or \"frontend\"", m.Name))
		p.Report(f)
	}
}

// reachedFrom marks the modules that are reached from those in from, those themselves included.
func reachedFrom(next [][]int32, from []int32) []bool {
	out := make([]bool, len(next))
	queue := append([]int32(nil), from...)
	for _, m := range from {
		out[m] = true
	}
	for len(queue) > 0 {
		m := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, t := range next[m] {
			if !out[t] {
				out[t] = true
				queue = append(queue, t)
			}
		}
	}
	return out
}
