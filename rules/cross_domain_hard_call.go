package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// crossDomainHardCall tells of calls that tie two failure domains together: all replicas of the caller stand in one, all of
// the callee in another of the same kind, and the caller cannot work without the callee. Either domain takes the caller
// then, although it uses each for half of the work only. There is one finding a callee, with its callers; of several
// kinds of domains for which it holds, the widest is told.
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

// onlyDomain returns the one domain of a kind in which all reliable replicas of module i stand, or -1.
func onlyDomain(a *analyzer.Analysis, i int32, kind schema.DomainKind) int32 {
	m := a.Module(i)
	if m.Placement == nil {
		return -1
	}
	only := int32(-1)
	for _, s := range stands(a, m) {
		d := enclosing(a, s.domain, kind)
		if d < 0 || only >= 0 && d != only {
			return -1
		}
		only = d
	}
	return only
}

func runCrossDomainHardCall(p *Pass) {
	a := p.Analysis
	counts := map[string]bool{}
	for _, k := range p.Strings("domains") {
		counts[k] = true
	}
	pinned := make([][]int32, a.Modules()) // by module: its only domain of each kind that counts; the widest first
	kinds := slices.DeleteFunc(slices.Clone(domainKinds), func(k string) bool { return !counts[k] })
	slices.Reverse(kinds)
	for i := range pinned {
		pinned[i] = make([]int32, len(kinds))
		for k, kind := range kinds {
			pinned[i][k] = onlyDomain(a, int32(i), schema.DomainKind(kind))
		}
	}
	stays := func(i int32) bool { return slices.ContainsFunc(pinned[i], func(d int32) bool { return d >= 0 }) }

	type call struct {
		callee, from, to int32 // modules; the domains of the caller and of the callee
		dependency       *analyzer.Dependency
	}
	var calls []call
	unplaced := map[int32]bool{}
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if !d.HardRuntime() || hasSpare(d) || !p.ownPart(d.From) {
			continue
		}
		for _, t := range d.Targets {
			if t == d.From || !p.ownPart(t) {
				continue
			}
			for _, end := range [][2]int32{{d.From, t}, {t, d.From}} {
				if a.Module(end[0]).Placement == nil && stays(end[1]) {
					unplaced[end[0]] = true
				}
			}
			for k := range kinds {
				if x, y := pinned[d.From][k], pinned[t][k]; x >= 0 && y >= 0 && x != y {
					calls = append(calls, call{t, x, y, d})
					break
				}
			}
		}
	}
	p.Unchecked(len(unplaced), "placement")

	slices.SortStableFunc(calls, func(x, y call) int { return int(x.callee - y.callee) })
	for len(calls) > 0 {
		n := 1
		for n < len(calls) && calls[n].callee == calls[0].callee && calls[n].to == calls[0].to {
			n++
		}
		group := calls[:n]
		calls = calls[n:]
		m, to := a.Module(group[0].callee), a.Design.FailureDomains[group[0].to]
		var callers, from []string
		var deps []*analyzer.Dependency
		f := Finding{Subject: Subject{OfModule, m.Name}, Key: to.Name, Location: placeOfFirst(m, "placement")}
		for _, c := range group {
			name, domain := a.Module(c.dependency.From).Name, a.Design.FailureDomains[c.from].Name
			deps = append(deps, c.dependency)
			if slices.Contains(callers, name) {
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
		f.Aliases = dependencyAliases(a, deps...)
		f.Suggestions = []string{
			fmt.Sprintf("place %s and what it cannot work without in the same %s", enumerate(callers), to.Kind),
			fmt.Sprintf("or give %s replicas in %s too, which %s", m.Name, enumerate(from), plural(len(callers), "uses its own", "use their own")),
		}
		p.Report(f)
	}
}

// ownPart reports whether module i is one whose place the design chooses, and which does not watch others from elsewhere.
func (p *Pass) ownPart(i int32) bool {
	k := p.Analysis.Module(i).Kind
	return k != schema.External && k != schema.Monitoring
}
