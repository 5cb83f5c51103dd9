package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// insufficientCapacity tells of modules that are asked for more at peak than their replicas can serve.
// The demand is that of analyzer.Load: the journeys' peaks, all at once, carried along calls. Where a
// part of it is not known, the part that is known may suffice for a verdict. What serves is the
// stated capacity times the replicas: with autoscaling the ceiling, of an active-passive module as
// many as it needs. Of an external module it is the quota that its provider grants.
//
// Where calls multiply round a cycle no capacity is enough: that is told once, of the cycle, if a
// module that it floods states a capacity.
var insufficientCapacity = &Rule{
	ID: "CAP001", Name: "insufficient-capacity", Severity: Error,
	Summary: "The demand at peak, carried along the calls, exceeds what a module's replicas can serve.",
	Needs:   []string{"peak", "calls", "capacity"},
	Sources: []Source{
		{"Beyer et al., Site Reliability Engineering, chapter 18: intent-based capacity planning", "https://sre.google/sre-book/software-engineering-in-sre/"},
		{"Denning and Buzen, The Operational Analysis of Queueing Network Models, 1978: the forced flow law", "https://doi.org/10.1145/356733.356735"},
	},
	Run: runInsufficientCapacity,
}

func runInsufficientCapacity(p *Pass) {
	a := p.Analysis
	load := p.load()
	var noCapacity, noDemand, neither int
	for i, m := range p.Design.Modules {
		if contains(load.Diverges, int32(i)) {
			continue
		}
		demand, known := load.Demand[i], load.Known[i]
		if known && demand == 0 {
			continue
		}
		if m.Capacity == nil || *m.Capacity <= 0 {
			switch {
			case m.Kind == schema.External: // what it promises is not the design's to state
			case known:
				noCapacity++
			default:
				neither++
			}
			continue
		}
		n := mostReplicas(m)
		can := float64(serving(m, n)) * *m.Capacity
		if !exceeds(demand, can) {
			if !known {
				noDemand++
			}
			continue
		}
		if a.Spare(int32(i)) < 0 {
			continue // HYG002 tells that it has no replicas to serve with
		}
		atLeast := ""
		if !known {
			atLeast = "at least "
		}
		f := Finding{
			Subject:  Subject{OfModule, m.Name},
			Message:  fmt.Sprintf("%s is asked for %s%s requests/s at peak but can serve %s (%s)", m.Name, atLeast, rate(demand), rate(can), served(m, n)),
			Location: placeOfFirst(m, "capacity.perReplica", "capacity"),
		}
		want := replicasFor(demand, *m.Capacity)
		switch {
		case m.Kind == schema.External:
			f.Message = fmt.Sprintf("%s is asked for %s%s requests/s at peak but its provider serves %s: the rest is refused", m.Name, atLeast, rate(demand), rate(can))
			f.Suggestions = []string{
				fmt.Sprintf("a quota or rate limit of %s requests/s or more with the provider, stated as capacity.perReplica", rate(demand)),
				fmt.Sprintf("or fewer calls to %s: keep its answers, put several requests into one, or spread them over time by a queue", m.Name),
			}
		case m.Redundancy.Mode == schema.ActivePassive:
			f.Suggestions = []string{fmt.Sprintf("more capacity in the active replica: %s requests/s, or redundancy.mode: \"active-active\" with %s", rate(demand), counted(want, "replica"))}
		default:
			f.Suggestions = []string{fmt.Sprintf("%s: %d for the peak, and more to lose one", ceilingField(m), want)}
		}
		p.demandProof().add(&f, int32(i))
		p.Report(f)
	}
	p.endlessDemand(load)
	p.Unchecked(noCapacity, "capacity")
	p.Unchecked(noDemand, "peak", "calls")
	p.Unchecked(neither, "peak", "calls", "capacity")
}

// ceilingField is the field that gives the number of replicas at peak.
func ceilingField(m *schema.Module) string {
	if m.Autoscaling != nil {
		return "autoscaling.max"
	}
	return "replicas"
}

// endlessDemand reports the cycles round which calls multiply, those from which the flood comes.
func (p *Pass) endlessDemand(load *analyzer.Load) {
	a := p.Analysis
	if len(load.Diverges) == 0 || !slices.ContainsFunc(load.Diverges, func(m int32) bool { return a.Module(m).Capacity != nil }) {
		return
	}
	flooded := make([]bool, a.Modules())
	for _, m := range load.Diverges {
		flooded[m] = true
	}
	neighbours := a.Neighbours(carriesDemand)
	for _, c := range a.Cycles(carriesDemand) {
		source := true
		for _, m := range c.Members {
			source = source && flooded[m]
			for _, from := range neighbours.Dependents[m] {
				source = source && (!flooded[from] || contains(c.Members, from))
			}
		}
		if !source {
			continue
		}
		names := moduleNames(a, c.Members)
		path := cyclePath(a, c.Shortest)
		f := Finding{
			Subject:     Subject{OfModule, names[0]},
			Message:     fmt.Sprintf("%s is asked for more and more: each request comes back round the cycle %s as one or more, so no capacity is enough", names[0], cycleInWords(path)),
			Location:    a.Dependencies()[c.Shortest[0].Dependency].At("calls"),
			Path:        path,
			Suggestions: []string{"calls below 1 somewhere on the cycle, as the average over all requests"},
			Key:         "cycle",
			Aliases:     names[1:],
		}
		p.Report(f)
	}
}

func cycleInWords(path []string) string {
	const most = 6
	if len(path) > most {
		path = append(slices.Clone(path[:most-2]), "…", path[len(path)-1])
	}
	out := path[0]
	for _, m := range path[1:] {
		out += " -> " + m
	}
	return out
}
