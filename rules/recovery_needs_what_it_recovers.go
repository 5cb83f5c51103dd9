package rules

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/schema"
)

// recoveryNeedsWhatItRecovers tells of a hard recovery or deploy dependency that is not satisfied
// while the module that has it is down: what is to bring the module back fails with it, by hard
// runtime dependencies, directly or not.
//
// The module alone is taken to be down. So two modules that recover each other are not told: each can
// recover the other as long as one works.
var recoveryNeedsWhatItRecovers = &Rule{
	ID:       "RES017",
	Name:     "recovery-needs-what-it-recovers",
	Severity: Error,
	Summary:  "What a module needs to be recovered or deployed does not work while that module is down.",
	Needs:    []string{"when"},
	Sources: []Source{
		{Title: "Datadog, 2020-09-24 Infrastructure Connectivity Issue", URL: "https://www.datadoghq.com/blog/2020-09-25-infrastructure-connectivity-issue/"},
		{Title: "GitHub, DNS outage post mortem (8 January 2014)", URL: "https://github.blog/news-insights/the-library/dns-outage-post-mortem/"},
	},
	Run: runRecoveryNeedsWhatItRecovers,
}

func runRecoveryNeedsWhatItRecovers(p *Pass) {
	a := p.Analysis
	deps := a.Dependencies()
	var modules []int32
	byModule := map[int32][]int{}
	for i := range deps {
		d := &deps[i]
		if d.Strength != schema.Hard || d.When != schema.Recovery && d.When != schema.Deploys || len(d.Targets) == 0 {
			continue
		}
		if len(byModule[d.From]) == 0 {
			modules = append(modules, d.From)
		}
		byModule[d.From] = append(byModule[d.From], i)
	}
	scenarios := make([]analyzer.Scenario, len(modules))
	for i, m := range modules {
		scenarios[i] = analyzer.Scenario{Modules: []int32{m}}
	}
	a.SimulateAll(scenarios, func(i int, _ analyzer.Outcome, down func(int32) bool) {
		for _, k := range byModule[modules[i]] {
			if d := &deps[k]; fails(d, down) {
				p.reportCircularRecovery(d, down)
			}
		}
	})
}

func (p *Pass) reportCircularRecovery(d *analyzer.Dependency, down func(int32) bool) {
	a := p.Analysis
	var way []int32
	for _, t := range d.Targets {
		if w := failedWay(a, t, down, func(m int32) bool { return m == d.From }, nil); w != nil && (way == nil || len(w) < len(way)) {
			way = w
		}
	}
	if way == nil {
		return // down for another reason
	}
	m, tool := a.Module(d.From), a.Module(way[0])
	toBe := "to recover"
	if d.When == schema.Deploys {
		toBe = "to be deployed"
	}
	f := Finding{
		Subject:  Subject{OfDependency, edgeName(m.Name, d.Key)},
		Location: d.Pos,
		Path:     append([]string{m.Name}, moduleNames(a, way)...),
		Aliases:  dependencyAliases(a, d),
	}
	switch {
	case way[0] == d.From:
		f.Message = fmt.Sprintf("%s needs itself %s: once it is down, it stays down", m.Name, toBe)
		f.Suggestions = []string{fmt.Sprintf("name what brings %s back when it is down", m.Name)}
	case len(d.Targets) > 1:
		f.Message = fmt.Sprintf("%s needs one of %s %s, but without %s too few of them work: once it is down, it stays down", m.Name, enumerate(moduleNames(a, d.Targets)), toBe, m.Name)
	default:
		f.Message = fmt.Sprintf("%s needs %s %s, but %s cannot work without %s: once it is down, it stays down", m.Name, tool.Name, toBe, tool.Name, m.Name)
	}
	for k := 0; k+1 < len(way) && k < maxShownPlaces; k++ {
		f.Related = append(f.Related, Related{
			Message:  fmt.Sprintf("%s needs %s here", a.Module(way[k]).Name, a.Module(way[k+1]).Name),
			Location: placeOf(a, way[k], way[k+1]),
		})
	}
	if len(way) > 1 {
		if links := p.linksToSoften(d, down); len(links) > 0 {
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("make %s soft, with a fallback such as addresses and settings kept locally", enumerate(links)))
		}
		keep := "or keep a way to recover %s that needs %s"
		if d.When == schema.Deploys {
			keep = "or keep a way to deploy %s that needs %s"
		}
		if len(f.Suggestions) == 0 {
			keep = strings.TrimPrefix(keep, "or ")
		}
		needs := "no " + tool.Name
		if len(d.Targets) > 1 {
			needs = "none of " + enumerate(moduleNames(a, d.Targets))
		}
		f.Suggestions = append(f.Suggestions, fmt.Sprintf(keep, m.Name, needs))
	}
	p.Report(f)
}

// linksToSoften names dependencies that have to be soft for d to be satisfied while its module is
// down: one for each target that is missing.
func (p *Pass) linksToSoften(d *analyzer.Dependency, down func(int32) bool) []string {
	a := p.Analysis
	missing := min(neededTargets(d), len(d.Targets)) - working(d, down)
	var names []string
	for _, t := range d.Targets {
		if missing <= 0 {
			break
		}
		if !down(t) || t == d.From {
			continue
		}
		way := failedWay(a, t, down, func(m int32) bool { return m == d.From }, nil)
		if link := firstOwnLink(a, way); link != "" {
			missing--
			if !slices.Contains(names, link) {
				names = append(names, link)
			}
		}
	}
	return names
}
