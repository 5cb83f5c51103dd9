package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// availabilityInversion tells of a module that does not survive the loss of a failure domain by its
// own replicas while callers that hard-depend on it do: their spreading buys them nothing. A caller
// counts when its replicas stand in at least two domains of the kind in question, all in known
// places, and it keeps its capacity when any one of them is lost. A caller that stands elsewhere and
// is not spread is no inversion, and of alternatives only those count that are all needed (RES006
// judges the others).
//
// RES001 may tell the same module for the journeys that it brings down; this rule tells of the callers
// whose redundancy is defeated, on a journey's way or not.
var availabilityInversion = &Rule{
	ID:       "RES004",
	Name:     "availability-inversion",
	Severity: Warning,
	Summary:  "A module that survives the loss of any one failure domain of a kind hard-depends on a module that does not.",
	Needs:    []string{"placement"},
	Sources: []Source{
		{Title: "Cloudflare, post mortem of the outage of 2 November 2023", URL: "https://blog.cloudflare.com/post-mortem-on-cloudflare-control-plane-and-analytics-outage/"},
	},
	Run: runAvailabilityInversion,
}

// reach says how a module's own replicas stand to the loss of a domain of each kind.
type reach struct {
	spread [8]bool  // by kind (index in domainKinds): it stands in several and survives the loss of any one
	weak   [8]int32 // by kind: a domain whose loss it does not survive, or -1
}

// reachOf leaves a domain that takes only the primary, which fails over by hand, out of weak where
// handTold says that another rule tells of that.
func reachOf(a *analyzer.Analysis, i int32, handTold bool) reach {
	m := a.Module(i)
	r := reach{}
	for k := range r.weak {
		r.weak[k] = -1
	}
	if m.Placement == nil || a.Spare(i) < 0 {
		return r
	}
	own := stands(a, m)
	for k, kind := range domainKinds {
		found, known := []int32{}, true
		for _, s := range own {
			d := enclosing(a, s.domain, schema.DomainKind(kind))
			if d < 0 {
				known = false
			} else if !slices.Contains(found, d) {
				found = append(found, d)
			}
		}
		slices.Sort(found)
		survives := true
		for _, d := range found {
			if a.SurvivesDomain(i, d) {
				continue
			}
			survives = false
			if r.weak[k] < 0 && !(handTold && losesPrimaryOnly(a, m, d)) {
				r.weak[k] = d
			}
		}
		r.spread[k] = known && len(found) > 1 && survives
	}
	return r
}

// tellsOfHandover reports whether RES001 or RES010 tells that the primary of module i fails over by
// hand.
func (p *Pass) tellsOfHandover(i int32) bool {
	a := p.Analysis
	if !byHand(a.Module(i)) {
		return false
	}
	if told(p).tellsModule(i) {
		return true
	}
	if !p.Runs("RES010") {
		return false
	}
	f := a.Failures()
	first, _ := slices.BinarySearchFunc(f.Events, i, func(e analyzer.Event, m int32) int {
		if e.Kind != analyzer.ReplicaEvent {
			return 1 // they come first
		}
		return int(e.Module - m)
	})
	for k := first; k < len(f.Events) && f.Events[k].Kind == analyzer.ReplicaEvent && f.Events[k].Module == i; k++ {
		if f.Events[k].Replica == 1 {
			return len(f.Outcomes[k].Degraded) > 0
		}
	}
	return false
}

func runAvailabilityInversion(p *Pass) {
	a := p.Analysis
	reaches := make([]*reach, a.Modules())
	of := func(i int32) *reach {
		if reaches[i] == nil {
			r := reachOf(a, i, p.tellsOfHandover(i))
			reaches[i] = &r
		}
		return reaches[i]
	}
	type call struct {
		callee, domain int32
		kind           int
		dependency     *analyzer.Dependency
	}
	var calls []call
	unplaced := map[int32]bool{}
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if !d.HardRuntime() || hasSpare(d) || a.Module(d.From).Kind == schema.External {
			continue
		}
		for _, t := range d.Targets {
			if t == d.From || a.Module(t).Kind == schema.External {
				continue
			}
			known := true
			for _, end := range []int32{d.From, t} {
				if a.Module(end).Placement == nil {
					unplaced[end] = true
					known = false
				}
			}
			if !known {
				continue
			}
			caller, callee := of(d.From), of(t)
			for k := len(domainKinds) - 1; k >= 0; k-- { // the widest kind first
				if caller.spread[k] && callee.weak[k] >= 0 {
					calls = append(calls, call{t, callee.weak[k], k, d})
					break
				}
			}
		}
	}
	p.Unchecked(len(unplaced), "placement")

	slices.SortStableFunc(calls, func(x, y call) int { return int(x.callee - y.callee) })
	for len(calls) > 0 {
		n := 1
		for n < len(calls) && calls[n].callee == calls[0].callee {
			n++
		}
		group := calls[:n]
		calls = calls[n:]
		widest := slices.MaxFunc(group, func(x, y call) int { return x.kind - y.kind })
		group = slices.DeleteFunc(slices.Clone(group), func(c call) bool { return c.kind != widest.kind })

		m := a.Module(widest.callee)
		domain := a.Design.FailureDomains[widest.domain]
		var callers []string
		var related []Related
		for _, c := range group {
			from := a.Module(c.dependency.From).Name
			if slices.Contains(callers, from) {
				continue
			}
			callers = append(callers, from)
			if len(related) < maxShownPlaces {
				related = append(related, Related{
					Message:  fmt.Sprintf("%s, which no single %s takes down, cannot work without %s", from, domain.Kind, m.Name),
					Location: c.dependency.Pos,
				})
			}
		}
		p.Report(Finding{
			Subject:  Subject{OfModule, m.Name},
			Message:  fmt.Sprintf("%s is lost with %s and takes %s with it, whose own replicas survive the loss of any one %s", m.Name, domain.Name, enumerate(callers), domain.Kind),
			Location: placeOfFirst(m, "placement"),
			Related:  related,
			Suggestions: append(surviving(a, []int32{widest.callee}, widest.domain),
				fmt.Sprintf("or make the %s from %s soft, with a fallback for the time that %s is gone", plural(len(callers), "dependency", "dependencies"), enumerate(callers), m.Name),
			),
		})
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
