package rules

import (
	"fmt"

	"lintel/schema"
)

// highFanOut tells of modules that depend on more modules than the limit, counted as countFans does.
// Kinds whose task it is to reach many modules are left out, and what CPL004 tells as a hub.
var highFanOut = &Rule{
	ID:       "CPL002",
	Name:     "high-fan-out",
	Severity: Warning,
	Summary:  "A module depends on more modules than the limit.",
	Params: []Param{
		{
			Name: "limit", Default: int64(7), Min: 1,
			Doc:    "The most modules that one module may depend on.",
			Source: "Miller (1956), seven plus or minus two: what one person keeps in mind at once; the same figure is common for fan-out in structured design (Yourdon, Constantine, 1979)",
		},
		{
			Name: "ignoreKinds", Default: routingKinds, Allowed: kindNames,
			Doc: "Kinds of modules that are meant to reach many others, such as gateways and frontends that put a page together.",
		},
	},
	Sources: []Source{
		{Title: "Henry, Kafura, Software Structure Metrics Based on Information Flow (IEEE TSE, 1981): fan-out", URL: "https://doi.org/10.1109/TSE.1981.231113"},
		{Title: "Yourdon, Constantine, Structured Design (1979): span of control"},
	},
	Run: runHighFanOut,
}

// routingKinds are the kinds whose purpose is to reach many modules: they pass requests on, put
// pages together or watch.
var routingKinds = []string{
	string(schema.Gateway), string(schema.LoadBalancer), string(schema.Frontend),
	string(schema.Network), string(schema.Monitoring),
}

func runHighFanOut(p *Pass) {
	a, limit, ignore := p.Analysis, p.Int("limit"), p.kindsOf("ignoreKinds")
	fans := p.coupling().Fans
	hubs := p.hubs(fans)
	for i, out := range fans.Out {
		m := a.Module(int32(i))
		if len(out) <= limit || ignore[m.Kind] || hubs[int32(i)] {
			continue
		}
		names := moduleNames(a, out)
		f := Finding{
			Subject:  Subject{OfModule, m.Name},
			Message:  fmt.Sprintf("%s depends on %s (limit %d), on %s: a change or failure of any of them reaches it", m.Name, counted(len(out), "module"), limit, enumerate(names)),
			Location: m.Pos,
		}
		for _, t := range out[:min(len(out), maxShownPlaces)] {
			f.Related = append(f.Related, Related{Message: m.Name + " depends on " + a.Module(t).Name, Location: placeOf(a, int32(i), t)})
		}
		if group, members := p.largestGroup(out); len(members) > 1 {
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("put one interface before %s of group %s and let %s call that", enumerate(members), group, m.Name))
		}
		f.Suggestions = append(f.Suggestions,
			fmt.Sprintf("split %s by purpose, so that each part depends on at most %d modules", m.Name, limit),
			fmt.Sprintf("publish events that the others follow where %s only has to tell them", m.Name))
		p.Report(f)
	}
}

// largestGroup returns the group to which most of the modules belong, with their names; the first
// by name among equals.
func (p *Pass) largestGroup(ids []int32) (string, []string) {
	members := map[string][]string{}
	for _, i := range ids {
		if m := p.Analysis.Module(i); m.Group != "" {
			members[m.Group] = append(members[m.Group], m.Name)
		}
	}
	best := ""
	for g, list := range members {
		if n := len(members[best]); best == "" || len(list) > n || len(list) == n && g < best {
			best = g
		}
	}
	return best, members[best]
}
