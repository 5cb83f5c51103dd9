package whatif

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// Kind tells reasons apart.
type Kind string

// The reasons why a module does not work that no other module is the reason for.
const (
	Whole        Kind = "whole"        // it was chosen to fail
	Replicas     Kind = "replicas"     // too few of its replicas are up
	Primary      Kind = "primary"      // its primary is lost, and failover is manual
	CutOff       Kind = "cut"          // a dependency of it was chosen to fail
	Alternatives Kind = "alternatives" // it needs more alternatives of a choice than there are
)

// Reason is why a module does not work.
type Reason struct {
	Kind   Kind
	Module string
	// Of Replicas and Primary: those that are up, those that there are, and those that it needs.
	Up, Replicas, Need int
	// Domains are the failure domains that were chosen and take replicas of it, by name.
	Domains []Share
	// Alone tells that nothing but these domains takes replicas of it; of Primary, that one of them takes the primary.
	Alone bool
	// To is what a dependency that is cut does not reach, or the name of a choice.
	To string
}

// Share is how many replicas of a module stand in a failure domain.
type Share struct {
	Name     string
	Replicas int
}

// Soft is what a module does without.
type Soft struct {
	Module   string // that has the soft dependency
	Key      string // its name
	Choice   bool   // it has alternatives
	Missing  []Missing
	Fallback string // "" where none is stated
}

// Missing is a target that is not there, and why: a way that starts at it, or a cut.
type Missing struct {
	Name string
	Cut  bool
	Way
}

func (q *question) reason(p *analyzer.Proof) *Reason {
	last := p.Path[len(p.Path)-1]
	switch {
	case p.Dependency < 0:
		return q.lacks(last)
	case p.Target >= 0:
		d, to := &q.a.Dependencies()[p.Dependency], q.name(p.Target)
		if len(d.AnyOf) > 0 && !slices.ContainsFunc(d.Targets, func(t int32) bool { return !q.isCut(d, t) }) {
			to = d.Key
		}
		return &Reason{Kind: CutOff, Module: q.name(last), To: to}
	}
	d := &q.a.Dependencies()[p.Dependency]
	return &Reason{Kind: Alternatives, Module: q.name(last), To: d.Key, Need: d.Need, Up: len(d.Targets)}
}

// lacks tells why a module has no capacity.
func (q *question) lacks(m int32) *Reason {
	module := q.a.Module(m)
	r := &Reason{Kind: Replicas, Module: module.Name, Up: q.left[m], Replicas: max(module.ReliableReplicas(), 0), Need: module.Need()}
	if q.isChosen(m) {
		r.Kind = Whole
		return r
	}
	lost := 0
	for _, d := range q.outermost() {
		if n := q.a.ReplicasIn(m, d); n > 0 {
			r.Domains = append(r.Domains, Share{q.a.Design.FailureDomains[d].Name, n})
			lost += n
		}
	}
	r.Alone = len(r.Domains) > 0 && lost == r.Replicas-r.Up
	manual := module.Redundancy.Mode == schema.ActivePassive && module.Redundancy.Failover == schema.ManualFailover
	if manual && r.Replicas > 0 && r.Up >= r.Need {
		r.Kind = Primary
		r.Alone = false
		if at, ok := q.a.DomainIndex(module.PrimaryDomain()); ok {
			for _, d := range q.outermost() {
				if q.a.InDomain(at, d) {
					r.Alone, r.Domains = true, []Share{{q.a.Design.FailureDomains[d].Name, q.a.ReplicasIn(m, d)}}
				}
			}
		}
		if !r.Alone {
			r.Domains = nil
		}
	}
	return r
}

// outermost lists the failure domains that were chosen and lie in no other one that was.
func (q *question) outermost() (out []int32) {
	for _, e := range q.scenario.Events {
		if e.Kind == analyzer.DomainEvent {
			out = append(out, e.Domain)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	all := slices.Clone(out)
	return slices.DeleteFunc(out, func(d int32) bool {
		return slices.ContainsFunc(all, func(other int32) bool { return other != d && q.a.InDomain(d, other) })
	})
}

func (q *question) soft(p *analyzer.SoftProof) *Soft {
	d := &q.a.Dependencies()[p.Dependency]
	out := &Soft{Module: q.name(d.From), Key: d.Key, Choice: len(d.AnyOf) > 0, Fallback: d.Fallback}
	for _, miss := range q.proofs.Missing(p.Dependency) {
		one := Missing{Name: q.name(miss.Target), Cut: miss.Cut}
		if !miss.Cut {
			one.Way = q.failedWay(q.proofs.Module(miss.Target))
		}
		out.Missing = append(out.Missing, one)
	}
	return out
}
