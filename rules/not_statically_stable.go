package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// notStaticallyStable tells of modules that serve their peak, survive a single loss, but then can't
// serve what they are asked for any more, so that the loss becomes an overload:
//   - one replica of the module;
//   - the failure domain that holds most of its replicas, of the kinds that RES001 looks at;
//   - alternatives of an anyOf, taken down by any single event, whose share the module then takes over,
//     together with the replicas that the event takes of the module itself.
//
// Of these it is the one told that takes most replicas to make up for. Demand and capacity are those of
// CAP001, which tells where the peak doesn't fit to begin with; what does not survive the loss at all
// is told by RES001, RES003 and RES005.
//
// With autoscaling the floor counts: to start replicas after a loss is what a statically stable system
// does without. By a parameter it is the ceiling, whose replicas are placed as a list of domains deals
// them; where the placement gives counts, the places of those above the floor are unknown, and only
// the loss of one replica is judged.
var notStaticallyStable = &Rule{
	ID: "CAP002", Name: "not-statically-stable", Severity: Warning,
	Summary: "The demand at peak fits, but not after the loss of one replica, of the failure domain that holds most, or of an alternative.",
	Needs:   []string{"peak", "calls", "capacity", "placement"},
	Params: []Param{countedDomainsParam, {
		Name: "autoscaling", Default: "floor", Allowed: []string{"floor", "ceiling"},
		Doc:    "Which replicas of a module with autoscaling count: the floor, those that can be relied on, or the ceiling, where they are started before the loss.",
		Source: "static stability as the Builders' Library defines it: what is there before the loss must do",
	}},
	Sources: []Source{
		{"Amazon Builders' Library, Static stability using Availability Zones", "https://aws.amazon.com/builders-library/static-stability-using-availability-zones/"},
	},
	Run: runNotStaticallyStable,
}

// overload is a loss that a module survives, but after which it cannot serve its demand.
type overload struct {
	demand float64
	known  bool      // the demand is exact, not a lower bound
	lost   int       // replicas
	domain int32     // that is lost, or -1
	by     *handover // nil where the module is asked for no more than before
}

func runNotStaticallyStable(p *Pass) {
	a, load := p.Analysis, p.load()
	counts := countedDomains(a, p.Strings("domains"))
	handovers := p.handovers(counts)
	unplaced := 0
	for i, m := range p.Design.Modules {
		i := int32(i)
		demand := load.Demand[i]
		if m.Capacity == nil || *m.Capacity <= 0 || demand == 0 || contains(load.Diverges, i) || a.Spare(i) < 0 ||
			exceeds(demand, float64(serving(m, mostReplicas(m)))**m.Capacity) {
			continue
		}
		n := m.ReliableReplicas()
		if p.String("autoscaling") == "ceiling" {
			n = mostReplicas(m)
		}
		var worst *overload
		most := 0 // replicas that make up for it
		judge := func(o overload) {
			up := n - o.lost
			if up < m.Need() || up <= 0 || !exceeds(o.demand, float64(serving(m, up))**m.Capacity) {
				return
			}
			if want := replicasFor(o.demand, *m.Capacity) + o.lost; worst == nil || want > most {
				worst, most = &o, want
			}
		}
		if m.Kind != schema.External {
			domain, lost := fullestDomain(p, m, n, counts)
			if domain >= 0 {
				judge(overload{demand, load.Known[i], lost, domain, nil})
			}
			judge(overload{demand, load.Known[i], 1, -1, nil})
			if worst == nil && m.Placement == nil && n > 1 && m.Redundancy.Mode != schema.ActivePassive {
				unplaced++
			}
		}
		for k := range handovers {
			h := &handovers[k]
			asked := h.load.Demand[i]
			if h.down[i] || !exceeds(asked, demand) || contains(h.load.Diverges, i) {
				continue
			}
			lost := 0
			if d := h.event.Domain; d >= 0 && n == m.ReliableReplicas() {
				lost = replicasIn(a, m, d)
			}
			judge(overload{asked, h.load.Known[i], lost, h.event.Domain, h})
		}
		if worst != nil {
			p.reportOverload(i, n, worst)
		}
	}
	p.Unchecked(unplaced, "placement")
}

func (p *Pass) reportOverload(i int32, n int, o *overload) {
	a, m := p.Analysis, p.Design.Modules[i]
	scaled := m.Autoscaling != nil && p.String("autoscaling") == "floor"
	field := ceilingField(m)
	if scaled {
		field = replicaField(m)
	}
	asked := rate(o.demand)
	if !o.known {
		asked = "at least " + asked
	}
	before := rate(p.load().Demand[i])
	left := n - o.lost
	can := rate(float64(serving(m, left)) * *m.Capacity)
	want := replicasFor(o.demand, *m.Capacity)
	f := Finding{Subject: Subject{OfModule, m.Name}, Location: placeOfFirst(m, field)}

	after := "the loss of one"
	var change string
	switch {
	case o.by != nil:
		after = "the loss of " + p.lossInWords(o.by)
		change = fmt.Sprintf("%s: %d, so that %s carries what it takes over", field, want, m.Name)
		if o.lost > 0 {
			change = evenReplicas(field, want, len(elsewhere(a, o.domain))+1, string(p.Design.FailureDomains[o.domain].Kind))
		}
		f.Related = append(f.Related, p.placesOfLoss(o.by)...)
	case o.domain >= 0:
		d := p.Design.FailureDomains[o.domain]
		after = fmt.Sprintf("the loss of %s, which takes %d", d.Name, o.lost)
		change = evenReplicas(field, want, len(elsewhere(a, o.domain))+1, string(d.Kind))
	default:
		change = fmt.Sprintf("%s: %d, one more than the peak takes", field, want+1)
	}
	if o.domain >= 0 && o.lost > 1 {
		d := p.Design.FailureDomains[o.domain]
		f.Related = append(f.Related, Related{fmt.Sprintf("%s holds %d of the %d replicas", d.Name, o.lost, n), d.Pos})
	}
	switch {
	case m.Kind == schema.External:
		f.Message = fmt.Sprintf("%s is asked for %s requests/s instead of %s after %s, but its provider serves %s", m.Name, asked, before, after, can)
		change = fmt.Sprintf("a quota or rate limit of %s requests/s or more with the provider, stated as capacity.perReplica", rate(o.demand))
	case scaled && o.by != nil:
		f.Message = fmt.Sprintf("%s relies on scaling out after %s: it is then asked for %s requests/s instead of %s, and the %s that can be relied on serve %s",
			m.Name, after, asked, before, counted(left, "replica"), can)
	case scaled:
		f.Message = fmt.Sprintf("%s relies on scaling out after %s: of the %s that can be relied on, the %d left serve %s of its peak of %s requests/s",
			m.Name, after, counted(n, "replica"), left, can, asked)
	case o.by != nil:
		f.Message = fmt.Sprintf("%s is asked for %s requests/s instead of %s after %s, but can then serve %s (%s)", m.Name, asked, before, after, can, served(m, left))
	default:
		f.Message = fmt.Sprintf("%s serves its peak of %s requests/s with all its %d replicas, but not after %s, with %s left", m.Name, asked, n, after, can)
	}
	if scaled && want+o.lost > m.Autoscaling.Max {
		change += ", and autoscaling.max no lower"
	}
	f.Suggestions = []string{change}
	p.demandProof().add(&f, i)
	p.Report(f)
}

// lossInWords says what takes the alternatives down: "us", "zone-a, which takes down us".
func (p *Pass) lossInWords(h *handover) string {
	a := p.Analysis
	what := ""
	if h.event.Kind == analyzer.DomainEvent {
		what = p.Design.FailureDomains[h.event.Domain].Name
	} else {
		what = a.Module(h.event.Module).Name
		if h.event.Kind == analyzer.ReplicaEvent && a.Module(h.event.Module).ReliableReplicas() > 1 {
			what = "one replica of " + what
		}
		if len(h.gone) == 1 && h.gone[0] == h.event.Module && what == a.Module(h.gone[0]).Name {
			return what
		}
	}
	return what + ", which takes down " + enumerate(moduleNames(a, h.gone))
}

// placesOfLoss gives the places of what is lost.
func (p *Pass) placesOfLoss(h *handover) []Related {
	var out []Related
	if h.event.Kind == analyzer.DomainEvent {
		d := p.Design.FailureDomains[h.event.Domain]
		out = append(out, Related{"the loss of " + d.Name, d.Pos})
	}
	for _, g := range h.gone[:min(len(h.gone), maxShownPlaces)] {
		out = append(out, Related{p.Design.Modules[g].Name + " is lost", p.Design.Modules[g].Pos})
	}
	return out
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
func evenReplicas(field string, want, k int, kind string) string {
	if k < 2 {
		return fmt.Sprintf("%s: more, spread so that %d are left whichever %s is lost", field, want, kind)
	}
	n := (want*k + k - 2) / (k - 1)
	return fmt.Sprintf("%s: %d, evenly over the %d domains of kind %s, so that %d are left whichever is lost", field, n, k, kind, want)
}
