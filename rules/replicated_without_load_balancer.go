package rules

import (
	"fmt"

	"lintel/schema"
)

// replicatedWithoutLoadBalancer tells of copies that nobody deals the calls to: several replicas, all
// of them active, that are called synchronously or from outside, with `loadBalancing: "none"` stated,
// and a caller (or, for an entry, every caller) that is neither a load balancer nor a gateway nor DNS.
//
// Standbys need no dealing, and the members of a quorum find each other. A module that does not
// state how its replicas are reached and has no such module in front is unchecked.
var replicatedWithoutLoadBalancer = &Rule{
	ID: "REP003", Name: "replicated-without-load-balancer", Severity: Warning,
	Summary: "Several active replicas are called synchronously, with no load balancing and no load balancer in front.",
	Needs:   []string{"loadBalancing"},
	Sources: []Source{
		{"microSecEnD, rule R03: load balancing", "https://microsecend.github.io/"},
		{"Richardson, Microservices Patterns: server-side and client-side discovery", "https://microservices.io/patterns/server-side-discovery.html"},
	},
	Run: runReplicatedWithoutLoadBalancer,
}

// balances reports whether a module of kind k deals the calls that it passes on.
func balances(k schema.Kind) bool {
	return k == schema.LoadBalancer || k == schema.Gateway || k == schema.DNS
}

func runReplicatedWithoutLoadBalancer(p *Pass) {
	a := p.Analysis
	n := a.Modules()
	front, direct := make([]bool, n), make([][]string, n)
	deps := a.Dependencies()
	for i := range deps {
		d := &deps[i]
		if d.Mode != schema.Sync || d.When != schema.Runtime {
			continue
		}
		from := a.Module(d.From)
		for _, t := range d.Targets {
			switch {
			case t == d.From:
			case balances(from.Kind):
				front[t] = true
			default:
				direct[t] = append(direct[t], from.Name)
			}
		}
	}
	for _, j := range a.Journeys() {
		if j.Entry >= 0 && !front[j.Entry] && len(direct[j.Entry]) == 0 {
			direct[j.Entry] = []string{"its users"}
		}
	}
	for i, m := range a.Design.Modules {
		if m.Entry && !front[i] && len(direct[i]) == 0 {
			direct[i] = []string{"its users"}
		}
	}
	unstated := 0
	for i, m := range a.Design.Modules {
		if m.ReliableReplicas() < 2 || m.Redundancy.Mode != schema.ActiveActive || m.Kind == schema.External || len(direct[i]) == 0 {
			continue
		}
		switch m.LoadBalancing {
		case "":
			unstated++
		case schema.NotBalanced:
			who := enumerate(unique(direct[i]))
			p.Report(Finding{
				Subject:  Subject{OfModule, m.Name},
				Message:  fmt.Sprintf("%s has %s but nothing deals the calls of %s to them: one replica gets them all, and its loss is felt although others are up", m.Name, counted(m.ReliableReplicas(), "replica"), who),
				Location: placeOfFirst(m, "loadBalancing"),
				Suggestions: []string{
					fmt.Sprintf("let the platform, a proxy, the clients or DNS deal the calls to the replicas of %s, and state which: loadBalancing: \"platform\", \"proxy\", \"client\" or \"dns\"", m.Name),
					fmt.Sprintf("or a module of kind load-balancer between %s and %s", who, m.Name),
				},
			})
		}
	}
	p.Unchecked(unstated, "loadBalancing")
}
