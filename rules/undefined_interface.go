package rules

import (
	"strconv"

	"lintel/analyzer"
	"lintel/schema"
)

// undefinedInterface tells of runtime and startup dependencies without a protocol, in a design that
// states one for some dependency. A network carries other protocols and has none of its own.
var undefinedInterface = &Rule{
	ID:       "INT007",
	Name:     "undefined-interface",
	Severity: Info,
	Summary:  "A dependency does not state its protocol, in a design that states them elsewhere.",
	Needs:    []string{"protocol"},
	Sources: []Source{
		{Title: "Coulouris, Dollimore, Kindberg, Blair, Distributed Systems: Concepts and Design (5th edition, 2011): interfaces of distributed modules"},
		{Title: "Richardson, Microservices Patterns (2018): interprocess communication, defining APIs", URL: "https://microservices.io/book"},
	},
	Run: runUndefinedInterface,
}

func runUndefinedInterface(p *Pass) {
	a, coupling := p.Analysis, p.coupling()
	var example *analyzer.Dependency // the first that states its protocol
	known := map[int32]string{}      // by target: the protocol that the first caller states
	var open []*analyzer.Dependency
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if d.Protocol != "" {
			if example == nil {
				example = d
			}
			for _, t := range d.Targets {
				if _, ok := known[t]; !ok {
					known[t] = d.Protocol
				}
			}
			continue
		}
		if !coupling.Couples[i] {
			continue
		}
		for _, t := range d.Targets {
			if a.Module(t).Kind != schema.Network {
				open = append(open, d)
				break
			}
		}
	}
	if example == nil {
		p.Unchecked(len(open), "protocol")
		return
	}
	for _, d := range open {
		from := a.Module(d.From).Name
		name := edgeName(from, d.Key)
		suggestion := "state the protocol of " + name + ", as " + edgeName(a.Module(example.From).Name, example.Key) + " does (protocol: " + strconv.Quote(example.Protocol) + ")"
		for _, t := range d.Targets {
			if proto := known[t]; proto != "" {
				suggestion = "state the protocol of " + name + "; others reach " + a.Module(t).Name + " by protocol: " + strconv.Quote(proto)
				break
			}
		}
		p.Report(Finding{
			Subject:     Subject{OfDependency, name},
			Message:     from + " uses " + targetName(d) + " by an interface that the design does not name",
			Location:    d.Pos,
			Aliases:     dependencyAliases(a, d),
			Suggestions: []string{suggestion},
		})
	}
}
