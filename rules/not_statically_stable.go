package rules

import (
	"fmt"

	"lintel/schema"
)

// notStaticallyStable tells of modules that serve their peak with all replicas, survive the loss of
// one or of a failure domain, but then can't serve the peak any more, so that the loss becomes an
// overload. Demand and capacity are those of CAP001, which tells where the peak doesn't fit to begin
// with; what does not survive the loss at all is told by RES001, RES003 and RES005.
//
// The failure domain that counts is the one that takes most replicas, of the kinds that RES001 looks
// at. With autoscaling the ceiling counts, and its replicas are placed as a list of domains deals
// them; where the placement gives counts, the places of those above the floor are unknown, and only
// the loss of one replica is judged.
var notStaticallyStable = &Rule{
	ID: "CAP002", Name: "not-statically-stable", Severity: Warning,
	Summary: "The demand at peak fits, but not after the loss of one replica or of the failure domain that holds most.",
	Needs:   []string{"peak", "calls", "capacity", "placement"},
	Params:  []Param{countedDomainsParam},
	Sources: []Source{
		{"Amazon Builders' Library, Static stability using Availability Zones", "https://aws.amazon.com/builders-library/static-stability-using-availability-zones/"},
	},
	Run: runNotStaticallyStable,
}

func runNotStaticallyStable(p *Pass) {
	a := p.Analysis
	load := p.load()
	counted := countedDomains(a, p.Strings("domains"))
	unplaced := 0
	for i, m := range p.Design.Modules {
		if m.Capacity == nil || *m.Capacity <= 0 || m.Kind == schema.External || contains(load.Diverges, int32(i)) || a.Spare(int32(i)) < 0 {
			continue
		}
		n, demand := mostReplicas(m), load.Demand[i]
		// overloaded reports whether the module works with so many replicas up but cannot serve the peak.
		overloaded := func(up int) bool {
			return up >= m.Need() && up > 0 && exceeds(demand, float64(serving(m, up))**m.Capacity)
		}
		if demand == 0 || exceeds(demand, float64(serving(m, n))**m.Capacity) {
			continue
		}
		domain, lost := fullestDomain(p, m, n, counted)
		var what, change string
		want := replicasFor(demand, *m.Capacity)
		switch {
		case domain >= 0 && overloaded(n-lost):
			d := p.Design.FailureDomains[domain]
			what = fmt.Sprintf("the loss of %s, which takes %d", d.Name, lost)
			change = evenReplicas(m, want, len(elsewhere(a, domain))+1, string(d.Kind))
		case overloaded(n - 1):
			lost = 1
			what = "the loss of one"
			change = fmt.Sprintf("%s: %d, one more than the peak takes", ceilingField(m), want+1)
		default:
			if m.Placement == nil && n > 1 && m.Redundancy.Mode != schema.ActivePassive {
				unplaced++
			}
			continue
		}
		atLeast := ""
		if !load.Known[i] {
			atLeast = "at least "
		}
		f := Finding{
			Subject: Subject{OfModule, m.Name},
			Message: fmt.Sprintf("%s serves its peak of %s%s requests/s with all its %d replicas, but not after %s, with %s left",
				m.Name, atLeast, rate(demand), n, what, rate(float64(serving(m, n-lost))**m.Capacity)),
			Location:    placeOfFirst(m, ceilingField(m)),
			Suggestions: []string{change},
		}
		if domain >= 0 && lost > 1 {
			f.Related = []Related{{fmt.Sprintf("%s holds %d of the %d replicas", p.Design.FailureDomains[domain].Name, lost, n), p.Design.FailureDomains[domain].Pos}}
		}
		p.demandProof().add(&f, int32(i))
		p.Report(f)
	}
	p.Unchecked(unplaced, "placement")
}

// fullestDomain returns the domain, of those that count, that holds most of the n replicas of m without
// holding all, the first of equals, and how many; or -1.
func fullestDomain(p *Pass, m *schema.Module, n int, counts []bool) (domain int32, lost int) {
	a := p.Analysis
	if m.Placement == nil || n != m.ReliableReplicas() && len(m.Placement.Spread) == 0 {
		return -1, 0
	}
	at := *m // as many replicas as at peak
	at.Replicas, at.Autoscaling = n, nil
	domain = -1
	for _, d := range domainsOf(a, &at) {
		if in := replicasIn(a, &at, d); counts[d] && in < n && (in > lost || in == lost && d < domain) {
			domain, lost = d, in
		}
	}
	return domain, lost
}

// evenReplicas names the number of replicas that, spread evenly over k domains, leaves want when one
// is lost.
func evenReplicas(m *schema.Module, want, k int, kind string) string {
	if k < 2 {
		return fmt.Sprintf("%s: more, spread so that %d are left whichever %s is lost", ceilingField(m), want, kind)
	}
	n := (want*k + k - 2) / (k - 1)
	return fmt.Sprintf("%s: %d, evenly over the %d domains of kind %s, so that %d are left whichever is lost", ceilingField(m), n, k, kind, want)
}
