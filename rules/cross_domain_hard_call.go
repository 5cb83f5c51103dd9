package rules

import (
	"cmp"
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// crossDomainHardCall tells of calls that tie two failure domains together: all replicas of the caller stand in one, all of
// the callee in another of the same kind, and the caller cannot work without the callee. Either domain takes the caller
// then, although it uses each for half of the work only. There is one finding a callee, with its callers; of several
// kinds of domains for which it holds, the widest is told. Where many callees stand in one domain, what is wrong is how
// the system is laid out over domains: there is one finding for the domain.
//
// It is another matter than RES003 and RES004: they ask whether a module is spread, this one whether those
// that are not stand together. RES001 may tell of both domains; what ties them is told here.
var crossDomainHardCall = &Rule{
	ID:       "RES016",
	Name:     "cross-domain-hard-call",
	Severity: Info,
	Summary:  "A module that stands in one failure domain hard-depends on a module that stands only in another.",
	Needs:    []string{"placement"},
	Params: []Param{{
		Name: "most", Default: int64(5), Min: 1,
		Doc:    "The number of modules of one failure domain that are told one by one; of more, one finding tells.",
		Source: "convention of lintel",
	}, {
		Name:    "domains",
		Default: []string{string(schema.Zone), string(schema.Region), string(schema.Provider)},
		Allowed: domainKinds,
		Doc:     "The kinds of failure domains that count; to call what stands on another host or in another rack is ordinary.",
	}},
	Sources: []Source{
		{Title: "AWS Well-Architected: fault isolation boundaries, availability zone independence", URL: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html"},
		{Title: "AWS, Advanced Multi-AZ Resilience Patterns: availability zone independence", URL: "https://docs.aws.amazon.com/whitepapers/latest/advanced-multi-az-resilience-patterns/availability-zone-independence.html"},
	},
	Run: runCrossDomainHardCall,
}

// onlyDomains sets in out, for each of the kinds, the one domain of that kind in which all reliable replicas of m stand, or -1.
func onlyDomains(a *analyzer.Analysis, m *schema.Module, kinds []schema.DomainKind, out []int32) {
	for k := range out {
		out[k] = -1
	}
	if m.Placement == nil {
		return
	}
	for n, s := range stands(a, m) {
		for k, kind := range kinds {
			if n > 0 && out[k] < 0 {
				continue
			}
			d := enclosing(a, s.domain, kind)
			if n > 0 && d != out[k] {
				d = -1
			}
			out[k] = d
		}
	}
}

func runCrossDomainHardCall(p *Pass) {
	a := p.Analysis
	counts := map[string]bool{}
	for _, k := range p.Strings("domains") {
		counts[k] = true
	}
	var kinds []schema.DomainKind // the widest first
	for _, k := range slices.Backward(domainKinds) {
		if counts[k] {
			kinds = append(kinds, schema.DomainKind(k))
		}
	}
	n := a.Modules()
	only := make([]int32, n*len(kinds)) // the only domain of each kind, by module and kind
	pinned, judged, unplaced := make([]bool, n), make([]bool, n), make([]bool, n)
	for i, m := range p.Design.Modules {
		own := only[i*len(kinds) : (i+1)*len(kinds)]
		onlyDomains(a, m, kinds, own)
		pinned[i] = slices.ContainsFunc(own, func(d int32) bool { return d >= 0 })
		judged[i] = m.Kind != schema.External && m.Kind != schema.Monitoring // which watches from elsewhere
	}

	var calls []crossCall
	all := a.Dependencies()
	for i := range all {
		d := &all[i]
		if !judged[d.From] || !d.HardRuntime() || hasSpare(d) {
			continue
		}
		for _, t := range d.Targets {
			switch {
			case t == d.From || !judged[t]:
			case !pinned[d.From] && !pinned[t]:
			case !pinned[d.From]:
				unplaced[d.From] = unplaced[d.From] || a.Module(d.From).Placement == nil
			case !pinned[t]:
				unplaced[t] = unplaced[t] || a.Module(t).Placement == nil
			default:
				for k := range kinds {
					if x, y := only[int(d.From)*len(kinds)+k], only[int(t)*len(kinds)+k]; x >= 0 && y >= 0 && x != y {
						calls = append(calls, crossCall{t, x, y, d})
						break
					}
				}
			}
		}
	}
	unchecked := 0
	for _, u := range unplaced {
		if u {
			unchecked++
		}
	}
	p.Unchecked(unchecked, "placement")

	slices.SortStableFunc(calls, func(x, y crossCall) int { return cmp.Or(int(x.to-y.to), int(x.callee-y.callee)) })
	for len(calls) > 0 {
		callees := [][]crossCall{} // those of one domain
		to := calls[0].to
		for len(calls) > 0 && calls[0].to == to {
			n = 1
			for n < len(calls) && calls[n].to == to && calls[n].callee == calls[0].callee {
				n++
			}
			callees, calls = append(callees, calls[:n]), calls[n:]
		}
		if len(callees) > p.Int("most") {
			p.reportCrossDomain(callees)
			continue
		}
		for _, group := range callees {
			p.reportCrossCalls(group)
		}
	}
}

// crossCall is a call from a module that stands in one domain only to one that stands only in another.
type crossCall struct {
	callee, from, to int32 // a module; the domains of the caller and of the callee
	dependency       *analyzer.Dependency
}

// reportCrossCalls tells of the calls of one module.
func (p *Pass) reportCrossCalls(group []crossCall) {
	a := p.Analysis
	m, to := a.Module(group[0].callee), a.Design.FailureDomains[group[0].to]
	var callers, from []string // dependencies are in order of module
	f := Finding{Subject: Subject{OfModule, m.Name}, Key: to.Name, Location: placeOfFirst(m, "placement")}
	for _, c := range group {
		name, domain := a.Module(c.dependency.From).Name, a.Design.FailureDomains[c.from].Name
		if len(callers) > 0 && callers[len(callers)-1] == name {
			continue
		}
		callers, from = append(callers, name), append(from, domain)
		if len(f.Related) < maxShownPlaces {
			f.Related = append(f.Related, Related{Message: fmt.Sprintf("%s stands in %s and cannot work without %s", name, domain, m.Name), Location: c.dependency.Pos})
		}
	}
	from = unique(from)
	which := "either " + string(to.Kind)
	if len(from) > 1 {
		which = fmt.Sprintf("their own %s and that of %s", to.Kind, m.Name)
	}
	f.Message = fmt.Sprintf("%s stands only in %s, but %s, which cannot work without it, %s only in %s: the loss of %s takes %s down",
		m.Name, to.Name, enumerate(callers), plural(len(callers), "stands", "stand"), enumerate(from), which, plural(len(callers), "it", "them"))
	if len(callers) == 1 {
		f.Aliases = dependencyAliases(a, group[0].dependency)
	}
	f.Suggestions = []string{
		fmt.Sprintf("place %s and what it cannot work without in the same %s", enumerate(callers), to.Kind),
		fmt.Sprintf("or give %s replicas in %s too, which %s", m.Name, enumerate(from), plural(len(callers), "uses its own", "use their own")),
	}
	p.Report(f)
}

// reportCrossDomain tells of the calls of all modules that stand only in one domain, given by callee.
func (p *Pass) reportCrossDomain(callees [][]crossCall) {
	a := p.Analysis
	to := a.Design.FailureDomains[callees[0][0].to]
	f := Finding{Subject: Subject{OfFailureDomain, to.Name}, Location: to.Pos}
	var callers, from []string
	for _, group := range callees {
		callee := a.Module(group[0].callee).Name
		for _, c := range group {
			callers, from = append(callers, a.Module(c.dependency.From).Name), append(from, a.Design.FailureDomains[c.from].Name)
		}
		if len(f.Related) < maxShownPlaces {
			f.Related = append(f.Related, Related{
				Message:  fmt.Sprintf("%s stands in %s and cannot work without %s", callers[len(callers)-1], from[len(from)-1], callee),
				Location: group[len(group)-1].dependency.Pos,
			})
		}
	}
	callers, from = unique(callers), unique(from)
	f.Message = fmt.Sprintf("%d modules stand only in %s, and %s that cannot work without them %s only in %s: the loss of %s takes these down as well as that of their own %s",
		len(callees), to.Name, counted(len(callers), "module"), plural(len(callers), "stands", "stand"), enumerate(from), to.Name, to.Kind)
	f.Suggestions = []string{
		fmt.Sprintf("place what cannot work without each other in the same %s, such as %s", to.Kind, enumerate([]string{a.Module(callees[0][0].dependency.From).Name, a.Module(callees[0][0].callee).Name})),
		fmt.Sprintf("or give the modules of %s replicas in %s too, so that each %s uses its own", to.Name, enumerate(from), to.Kind),
	}
	p.Report(f)
}
