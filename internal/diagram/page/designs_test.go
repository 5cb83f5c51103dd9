package page

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// random draws designs and scenarios with everything that the failure model speaks of: cycles,
// alternatives, quorums, standbys, nested domains, "uses", and contradictions.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 20))} }

func (r random) oneIn(n int) bool { return r.IntN(n) == 0 }

func one[T any](r random, of ...T) T { return of[r.IntN(len(of))] }

func (r random) design() *schema.Design {
	untidy := r.oneIn(2)
	oddly := func(n int) bool { return untidy && r.oneIn(n) }
	d := &schema.Design{System: "random"}
	domains := r.IntN(6)
	domain := func() schema.Ref {
		if domains == 0 || oddly(12) {
			return schema.Ref{Name: "nowhere"}
		}
		return schema.Ref{Name: fmt.Sprintf("d%d", r.IntN(domains))}
	}
	for i := range domains {
		f := &schema.FailureDomain{Name: fmt.Sprintf("d%d", i), Kind: schema.Zone}
		if i > 0 && !r.oneIn(3) {
			f.In.Name = fmt.Sprintf("d%d", r.IntN(i))
		}
		if oddly(10) {
			f.In = domain()
		}
		d.FailureDomains = append(d.FailureDomains, f)
	}
	modules := 1 + r.IntN(12)
	module := func() schema.Ref {
		if oddly(25) {
			return schema.Ref{Name: "nobody"}
		}
		return schema.Ref{Name: fmt.Sprintf("m%d", r.IntN(modules))}
	}
	cyclic := r.oneIn(2)
	for i := range modules {
		m := &schema.Module{
			Name: fmt.Sprintf("m%d", i), Entry: r.oneIn(5), Replicas: one(r, 1, 1, 1, 2, 2, 3, 3, 4, 5),
			Kind: one(r, schema.Service, schema.Service, schema.Service, schema.External, schema.Database, schema.Queue),
		}
		if oddly(20) {
			m.Replicas = 0
		}
		if r.oneIn(8) {
			m.Autoscaling = &schema.Autoscaling{Min: 1 + r.IntN(3), Max: 5}
			if oddly(3) {
				m.Autoscaling.Min = 0
			}
		}
		m.Redundancy.Mode = one(r, "", "", schema.ActiveActive, schema.ActivePassive, schema.ActivePassive, schema.Quorum)
		m.Redundancy.Failover = one(r, "", schema.AutomaticFailover, schema.ManualFailover)
		if r.oneIn(5) {
			need := 1 + r.IntN(4)
			if need > m.ReliableReplicas() && !oddly(3) {
				need = max(m.ReliableReplicas(), 1)
			}
			m.Redundancy.Need = &need
		}
		switch r.IntN(3) {
		case 1:
			m.Placement = &schema.Placement{}
			for range 1 + r.IntN(4) {
				m.Placement.Spread = append(m.Placement.Spread, domain())
			}
		case 2:
			m.Placement = &schema.Placement{}
			seen := map[string]bool{}
			for range r.IntN(4) {
				if at := domain(); !seen[at.Name] {
					seen[at.Name] = true
					m.Placement.Counts = append(m.Placement.Counts, schema.PlacementCount{Domain: at, Count: r.IntN(4)})
				}
			}
		}
		for k := range r.IntN(5) {
			dep := &schema.Dependency{
				Key: fmt.Sprintf("k%d", k), Mode: one(r, "", schema.Sync, schema.Async), Strength: one(r, "", schema.Hard, schema.Soft),
				When: one(r, "", schema.Runtime, schema.Runtime, schema.Runtime, schema.Startup, schema.Deploys, schema.Recovery),
			}
			target := func() schema.Ref {
				if cyclic || i == modules-1 || r.oneIn(15) {
					return module()
				}
				return schema.Ref{Name: fmt.Sprintf("m%d", i+1+r.IntN(modules-i-1))}
			}
			if r.oneIn(3) {
				for range 1 + r.IntN(4) {
					if to := target(); untidy || !slices.Contains(dep.AnyOf, to) {
						dep.AnyOf = append(dep.AnyOf, to)
					}
				}
				dep.Need = r.IntN(len(dep.AnyOf) + 1)
				if oddly(25) {
					dep.Need = len(dep.AnyOf) + 1
				}
			} else {
				dep.To = target()
			}
			m.DependsOn = append(m.DependsOn, dep)
		}
		d.Modules = append(d.Modules, m)
	}
	for i := range max(0, r.IntN(6)-1) {
		j := &schema.Journey{Name: fmt.Sprintf("j%d", i), Entry: module()}
		if j.HasUses = r.oneIn(2); j.HasUses {
			for range r.IntN(4) {
				j.Uses = append(j.Uses, module())
			}
		}
		d.Journeys = append(d.Journeys, j)
	}
	d.Normalize()
	return d
}

// scenario draws some failures that occur at once; some of them do not exist.
func (r random) scenario(a *analyzer.Analysis) (s analyzer.Scenario) {
	for range r.IntN(5) {
		i := int32(r.IntN(a.Modules()))
		switch r.IntN(4) {
		case 0:
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.ReplicaEvent, Module: i, Replica: r.IntN(7), Domain: -1})
		case 1:
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(r.IntN(len(a.Design.FailureDomains)+2) - 1)})
		case 2:
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.ExternalEvent, Module: i, Domain: -1})
		case 3:
			s.Modules = append(s.Modules, i)
		}
	}
	return s
}
