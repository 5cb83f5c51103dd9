package rules

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/schema"
)

// protectionSharesFate tells of protection that is gone when it is needed: a module that monitors or
// recovers another, or holds its backup, fails with it. It does
//
//   - when the failure of the protected module as a whole takes it down by hard runtime dependencies,
//     directly or not; or
//   - when the loss of one failure domain takes both down, each by its own replicas or by what it
//     needs.
//
// Of a protector there is one finding for what it monitors and one for what it recovers; of a
// backup, one for each module that is backed up. A protected module that states a recovery dependency
// on the tool, which needs it, is left to RES017.
var protectionSharesFate = &Rule{
	ID:       "RES007",
	Name:     "protection-shares-fate",
	Severity: Error,
	Summary:  "A module that monitors or recovers another, or holds its backup, fails together with it.",
	Needs:    []string{"monitors", "recovers", "backup"},
	Params:   []Param{countedDomainsParam},
	Sources: []Source{
		{Title: "Roblox, Return to Service 10/28–10/31 2021", URL: "https://blog.roblox.com/2022/01/roblox-return-to-service-10-28-10-31-2021/"},
		{Title: "Heroku, incident of 10 June 2025", URL: "https://www.heroku.com/blog/summary-of-june-10-outage/"},
		{Title: "OVHcloud, fire in Strasbourg of 10 March 2021", URL: "https://corporate.ovhcloud.com/en/newsroom/news/informations-site-strasbourg/"},
		{Title: "AWS, summary of the S3 event of 28 February 2017", URL: "https://aws.amazon.com/message/41926/"},
	},
	Run: runProtectionSharesFate,
}

// The protective relations, as their fields are named.
const (
	monitors = "monitors"
	recovers = "recovers"
	backup   = "backup"
)

// protection is one protective relation and how it fails.
type protection struct {
	relation           string
	protector, subject int32
	way                []int32 // from the protector to the subject, which it needs; or nil
	domain             int32   // whose loss takes both down; or -1
	domainWay          []int32 // from the protector to what it needs and the domain takes; itself where that is it
	leftToRES017       bool    // it tells if the protector needs the subject
}

func runProtectionSharesFate(p *Pass) {
	a := p.Analysis
	list := protections(p)
	if len(list) == 0 {
		return
	}
	before := a.Simulate(analyzer.Scenario{})
	list = slices.DeleteFunc(list, func(r protection) bool {
		return before.ModuleDown[r.protector] || before.ModuleDown[r.subject]
	})
	findDependentProtectors(a, list)
	list = slices.DeleteFunc(list, func(r protection) bool { return r.way != nil && r.leftToRES017 })
	findSharedDomains(a, list, countedDomains(a, p.Strings("domains")))

	unplaced := 0
	for _, r := range list {
		x, y := a.Module(r.protector), a.Module(r.subject)
		if r.way == nil && r.domain < 0 && x.Kind != schema.External && y.Kind != schema.External && (x.Placement == nil || y.Placement == nil) {
			unplaced++
		}
	}
	p.Unchecked(unplaced, "placement")

	list = slices.DeleteFunc(list, func(r protection) bool { return r.way == nil && r.domain < 0 })
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[0].relation != backup && list[n].relation == list[0].relation && list[n].protector == list[0].protector {
			n++
		}
		p.reportProtection(list[:n])
		list = list[n:]
	}
}

// protections lists the protective relations between known modules, by protector and relation, and
// those of backups by the module that is backed up.
func protections(p *Pass) []protection {
	a := p.Analysis
	var out []protection
	add := func(relation string, protector, subject int32) {
		r := protection{relation: relation, protector: protector, subject: subject, domain: -1}
		// Named twice in one list is one relation.
		for k := len(out) - 1; k >= 0 && out[k].relation == relation && out[k].protector == protector; k-- {
			if out[k].subject == subject {
				return
			}
		}
		out = append(out, r)
	}
	recoveryTold := p.Runs("RES017")
	for i, m := range a.Design.Modules {
		for _, ref := range m.Monitors {
			if t, ok := a.ModuleIndex(ref.Name); ok {
				add(monitors, int32(i), t)
			}
		}
		for _, ref := range m.Recovers {
			if t, ok := a.ModuleIndex(ref.Name); ok {
				add(recovers, int32(i), t)
				out[len(out)-1].leftToRES017 = recoveryTold && recoversBy(a, out[len(out)-1].subject, int32(i))
			}
		}
		if m.Backup != nil {
			if t, ok := a.ModuleIndex(m.Backup.To.Name); ok {
				add(backup, t, int32(i))
			}
		}
	}
	return out
}

// recoversBy reports whether module m has a hard recovery dependency on tool alone, which RES017
// looks at.
func recoversBy(a *analyzer.Analysis, m, tool int32) bool {
	deps := a.DependenciesOf(m)
	return slices.ContainsFunc(deps, func(d analyzer.Dependency) bool {
		return d.When == schema.Recovery && d.Strength == schema.Hard && slices.Equal(d.Targets, []int32{tool})
	})
}

// findDependentProtectors sets the ways of the protectors that fail with what they protect.
func findDependentProtectors(a *analyzer.Analysis, list []protection) {
	bySubject := map[int32][]int{}
	var subjects []int32
	for i, r := range list {
		if len(bySubject[r.subject]) == 0 {
			subjects = append(subjects, r.subject)
		}
		bySubject[r.subject] = append(bySubject[r.subject], i)
	}
	scenarios := make([]analyzer.Scenario, len(subjects))
	for i, m := range subjects {
		scenarios[i] = analyzer.Scenario{Modules: []int32{m}}
	}
	a.SimulateAll(scenarios, func(i int, _ analyzer.Outcome, down func(int32) bool) {
		for _, k := range bySubject[subjects[i]] {
			if r := &list[k]; down(r.protector) {
				r.way = failedWay(a, r.protector, down, func(m int32) bool { return m == r.subject }, nil)
			}
		}
	})
}

// findSharedDomains sets the innermost failure domain whose loss takes down a protector, which does
// not need what it protects, and the protected module.
func findSharedDomains(a *analyzer.Analysis, list []protection, counted []bool) {
	var domains []int32
	for d, v := range victims(a) {
		if counted[d] && len(v) > 0 {
			domains = append(domains, int32(d))
		}
	}
	slices.SortStableFunc(domains, func(x, y int32) int { return depthOf(a, y) - depthOf(a, x) })
	scenarios := make([]analyzer.Scenario, len(domains))
	for i, d := range domains {
		scenarios[i] = analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.DomainEvent, Module: -1, Domain: d}}}
	}
	a.SimulateAll(scenarios, func(i int, _ analyzer.Outcome, down func(int32) bool) {
		for k := range list {
			if r := &list[k]; r.way == nil && r.domain < 0 && down(r.protector) && down(r.subject) {
				r.domain = domains[i]
				r.domainWay = failedWay(a, r.protector, down, func(m int32) bool { return a.Spare(m) >= 0 && !a.SurvivesDomain(m, domains[i]) }, nil)
			}
		}
	})
}

// reportProtection reports relations of one kind and one protector, or one backup.
func (p *Pass) reportProtection(list []protection) {
	a := p.Analysis
	first := list[0]
	protector := a.Module(first.protector)
	var subjects, needed []string
	var domains []int32
	var way []int32
	byDomain := map[int32][]string{}
	for _, r := range list {
		name := a.Module(r.subject).Name
		subjects = append(subjects, name)
		if r.way != nil {
			if way == nil || len(r.way) < len(way) {
				way = r.way
			}
			needed = append(needed, name)
			continue
		}
		if len(byDomain[r.domain]) == 0 {
			domains = append(domains, r.domain)
		}
		byDomain[r.domain] = append(byDomain[r.domain], name)
	}
	// pronoun stands for names where the sentence has just listed the very same ones.
	pronoun := func(names []string) string {
		switch {
		case len(names) < len(subjects):
			return enumerate(names)
		case len(names) == 1:
			return "it"
		}
		return "them"
	}
	f := Finding{Key: first.relation}
	var clauses []string
	if len(needed) > 0 {
		clauses = append(clauses, "cannot work without "+pronoun(needed))
	}
	for _, d := range domains {
		clauses = append(clauses, fmt.Sprintf("is lost together with %s when %s is", pronoun(byDomain[d]), a.Design.FailureDomains[d].Name))
		if len(f.Related) < maxShownPlaces {
			f.Related = append(f.Related, Related{
				Message:  a.Design.FailureDomains[d].Name + " is declared here",
				Location: a.Design.FailureDomains[d].Pos,
			})
		}
	}
	if len(clauses) > 4 {
		clauses = append(clauses[:3], fmt.Sprintf("so with %d domains more", len(clauses)-3))
	}
	what := strings.Join(clauses, ", and ")
	switch {
	case first.relation == backup:
		m := a.Module(first.subject)
		f.Subject = Subject{OfModule, m.Name}
		f.Location = placeOfFirst(m, "backup.to", backup)
		switch {
		case first.protector == first.subject:
			f.Message = fmt.Sprintf("%s is backed up to itself: what destroys its data destroys the backup", m.Name)
		case first.way != nil:
			f.Message = fmt.Sprintf("%s is backed up to %s, which cannot work without it: the backup cannot be read when it is needed", m.Name, protector.Name)
		default:
			f.Message = fmt.Sprintf("%s is backed up to %s, which is lost together with it when %s is", m.Name, protector.Name, a.Design.FailureDomains[first.domain].Name)
		}
		f.Aliases = []string{protector.Name}
	case slices.Equal(subjects, []string{protector.Name}):
		f.Subject = Subject{OfModule, protector.Name}
		f.Location = placeOfFirst(protector, first.relation)
		f.Message = fmt.Sprintf("%s %s itself: when it fails, nobody does", protector.Name, first.relation)
	default:
		f.Subject = Subject{OfModule, protector.Name}
		f.Location = placeOfFirst(protector, first.relation)
		f.Message = fmt.Sprintf("%s %s %s but %s", protector.Name, first.relation, enumerate(subjects), what)
	}
	if len(way) > 1 {
		f.Path = moduleNames(a, way)
		last := way[len(way)-2]
		f.Related = append(f.Related, Related{
			Message:  fmt.Sprintf("%s needs %s here", a.Module(last).Name, a.Module(way[len(way)-1]).Name),
			Location: placeOf(a, last, way[len(way)-1]),
		})
		without := fmt.Sprintf("let %s work without %s", protector.Name, enumerate(needed))
		switch link := firstOwnLink(a, way); {
		case protector.Kind == schema.External:
			f.Suggestions = append(f.Suggestions, standIn(protector, first.relation, "works without "+enumerate(needed)))
		case link == "":
			f.Suggestions = append(f.Suggestions, without+", by means of its own")
		default:
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("%s: make %s soft, or give it means of its own", without, link))
		}
	} else if len(way) == 1 {
		f.Suggestions = append(f.Suggestions, map[string]string{
			backup:   "back the data up to a module that fails on its own",
			monitors: "let another module monitor it",
			recovers: "name another module that recovers it",
		}[first.relation])
	}
	switch {
	case len(domains) > 0 && protector.Kind == schema.External:
		f.Suggestions = append(f.Suggestions, standIn(protector, first.relation, "stands outside "+a.Design.FailureDomains[domains[0]].Name))
	case len(domains) > 0:
		f.Suggestions = append(f.Suggestions, outOf(a, list, domains[0]))
	}
	p.Report(f)
}

// standIn suggests another protector in place of an external one, which is not the design's to change.
func standIn(protector *schema.Module, relation, that string) string {
	work := map[string]string{backup: "back the data up to", monitors: "let it be monitored by", recovers: "let it be recovered by"}[relation]
	return fmt.Sprintf("%s something that %s, in place of %s or beside it", work, that, protector.Name)
}

// outOf names the change that keeps the protector when domain d is lost.
func outOf(a *analyzer.Analysis, list []protection, d int32) string {
	k := slices.IndexFunc(list, func(r protection) bool { return r.domain == d })
	m := a.Module(list[k].protector)
	name := a.Design.FailureDomains[d].Name
	if way := list[k].domainWay; len(way) > 1 {
		return fmt.Sprintf("let %s work without %s, which is lost with %s (%s)", m.Name, a.Module(way[len(way)-1]).Name, name, strings.Join(moduleNames(a, way), " -> "))
	}
	if in := replicasIn(a, m, d); in < m.ReliableReplicas() { // it stands elsewhere already
		return surviving(a, []int32{list[k].protector}, d)[0]
	}
	if others := elsewhere(a, d); len(others) > 0 {
		return fmt.Sprintf("place %s in %s", m.Name, orNames(domainNames(a, others)))
	}
	return fmt.Sprintf("place %s in a %s of its own", m.Name, a.Design.FailureDomains[d].Kind)
}
