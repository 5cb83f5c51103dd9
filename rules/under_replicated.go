package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// underReplicated counts the copies that can be relied on (the floor of autoscaling, where there is
// one) against what the tier and the redundancy ask for. It keeps silent where the design has the
// same another way, where nobody would notice, and where a rule with better proof tells of the same:
//
//   - jobs, which run and end, and external modules, whose copies are not the design's;
//   - a module that no journey needs for certain (see neededForCertain), unless its tier is 0 or 1;
//   - a module of tier 0 or 1 that no journey needs for certain because it is only ever one of several
//     alternatives with a spare, or stands behind such a one (see spared);
//   - a module without any copy: nothing of it runs, and HYG002 tells where a journey needs it;
//   - RES001 tells that its one replica is a single point of failure, RES005 that a quorum has fewer
//     than three voters, REP002 that its data exist once, REP009 that the floor of its autoscaling is
//     too low, RES015 that several redundant modules hang on its one replica.
var underReplicated = &Rule{
	ID: "REP001", Name: "under-replicated", Severity: Warning,
	Summary: "A module has fewer replicas than its tier or its redundancy asks for.",
	Params: []Param{
		{Name: "replicas", Default: int64(2), Min: 1, Doc: "The copies asked for, unless a parameter below asks for more or for other ones.",
			Source: "kube-score's check deployment-replicas asks for 2 (kube-linter's minimum-three-replicas for 3)"},
		{Name: "quorum", Default: int64(3), Min: 1, Doc: "The copies asked for of a quorum, at the least.",
			Source: "etcd's and ZooKeeper's guides: three members survive the loss of one, two survive none"},
		{Name: "tier0", Default: int64(0), Doc: "The copies asked for at tier 0; 0 asks for as many as `replicas` does.", Source: "none of its own: as for `replicas`"},
		{Name: "tier1", Default: int64(0), Doc: "The copies asked for at tier 1; 0 asks for as many as `replicas` does.", Source: "none of its own: as for `replicas`"},
		{Name: "tier2", Default: int64(0), Doc: "The copies asked for at tier 2; 0 asks for as many as `replicas` does.", Source: "none of its own: as for `replicas`"},
		{Name: "tier3", Default: int64(0), Doc: "The copies asked for at tier 3; 0 asks for as many as `replicas` does.", Source: "none of its own: as for `replicas`"},
	},
	Sources: []Source{
		{"kube-score, check deployment-replicas", "https://github.com/zegl/kube-score/blob/master/README_CHECKS.md"},
		{"AWS Well-Architected, REL10-BP01: deploy the workload to multiple locations", "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html"},
	},
	Run: runUnderReplicated,
}

// askedReplicas is the number of copies that REP001's parameters ask of m, with what asks for it.
func askedReplicas(p *Pass, m *schema.Module) (n int, why string) {
	param := func(name string) int { return int(ParamOf[int64](p, "REP001", name)) }
	n = param("replicas")
	if m.Tier != nil && *m.Tier >= 0 && *m.Tier <= 3 {
		if own := param(fmt.Sprintf("tier%d", *m.Tier)); own > 0 {
			n, why = own, fmt.Sprintf(" at tier %d", *m.Tier)
		}
	}
	if m.Redundancy.Mode == schema.Quorum && param("quorum") > n {
		n, why = param("quorum"), " of a quorum"
	}
	return n, why
}

// replicaDemand tells of which modules copies are asked.
type replicaDemand struct {
	needed, spared []bool // as neededForCertain and spared
}

func (p *Pass) replicaDemand() *replicaDemand {
	if p.shared.demand == nil {
		p.shared.demand = &replicaDemand{neededForCertain(p.Analysis), spared(p.Analysis)}
	}
	return p.shared.demand
}

func (r *replicaDemand) asks(i int32, m *schema.Module) bool {
	switch {
	case m.Kind == schema.Job, m.Kind == schema.External:
		return false
	case r.needed[i]:
		return true
	}
	return m.Tier != nil && *m.Tier <= 1 && !r.spared[i]
}

func runUnderReplicated(p *Pass) {
	a := p.Analysis
	demand, points, waiting := p.replicaDemand(), told(p), waitingAtStartup(a)
	stores, common := p.storesInOneCopy(), p.tellsCommonCause()
	for i, m := range a.Design.Modules {
		have := m.ReliableReplicas()
		want, why := askedReplicas(p, m)
		if have < 1 || have >= want || !demand.asks(int32(i), m) || points.tellsModule(int32(i)) || stores[int32(i)] || common[int32(i)] {
			continue
		}
		if m.Autoscaling != nil && p.Runs("REP009") || m.Redundancy.Mode == schema.Quorum && have < 3 && p.Runs("RES005") {
			continue
		}
		f := Finding{
			Subject:  Subject{OfModule, m.Name},
			Location: placeOfFirst(m, replicaField(m)),
			Journeys: journeyNames(a, a.ModuleFailures().Lost[i]),
			Suggestions: []string{
				replicasTo(m, want) + whereToSpread(a, m, want),
			},
			Remedies: asRemedy(spreadOver(a, m, remedy{replicas: want})),
		}
		f.Message = fmt.Sprintf("%s has %s, and %d are asked for%s: %s", m.Name, counted(have, "replica"), want, why, consequenceOfFew(p, int32(i), have, waiting[int32(i)]))
		if demand.needed[i] && len(f.Journeys) == 0 {
			f.Suggestions = append(f.Suggestions, "or let those that need it start without it: strength: \"soft\"")
		}
		p.Report(f)
	}
}

// waitingAtStartup lists, by module, those that cannot start without it, sorted.
func waitingAtStartup(a *analyzer.Analysis) map[int32][]int32 {
	out := map[int32][]int32{}
	deps := a.Dependencies()
	for k := range deps {
		d := &deps[k]
		if d.When != schema.Startup || d.Strength != schema.Hard || hasSpare(d) {
			continue
		}
		for _, t := range d.Targets {
			if t != d.From {
				if n := len(out[t]); n == 0 || out[t][n-1] != d.From {
					out[t] = append(out[t], d.From) // dependencies are in order of module
				}
			}
		}
	}
	return out
}

// consequenceOfFew says what follows from having only so many copies of module i, for which the others
// wait at startup.
func consequenceOfFew(p *Pass, i int32, have int, waiting []int32) string {
	if have > 1 {
		if spare := p.Analysis.Spare(i); spare > 0 {
			return fmt.Sprintf("it can lose %d and no more", spare)
		}
		return "it can lose none"
	}
	if len(waiting) > 0 {
		return fmt.Sprintf("while it is lost, %s cannot start", enumerate(moduleNames(p.Analysis, waiting)))
	}
	return "while it is lost or restarts, nothing does its work"
}
