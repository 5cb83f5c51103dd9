package rules

import (
	"fmt"

	"lintel/schema"
)

// highFanIn tells of modules on which more modules depend than both limits allow. Kinds that exist
// to be used by all are left out, and what CPL004 tells as a hub.
var highFanIn = &Rule{
	ID:       "CPL003",
	Name:     "high-fan-in",
	Severity: Info,
	Summary:  "More modules depend on a module than the limit and than a share of the design.",
	Params: []Param{
		{
			Name: "limit", Default: int64(10), Min: 1,
			Doc:    "The most modules that may depend on one module.",
			Source: "a choice of this rule: above it no reviewer sees all callers at once",
		},
		{
			Name: "share", Default: 10.0, Min: 0, Max: 100,
			Doc:    "The largest part of all modules, in percent, that may depend on one module; both limits must be passed.",
			Source: "a choice of this rule: in large designs a fixed number is passed by every well-used service",
		},
		{
			Name: "ignoreKinds", Default: sharedKinds, Allowed: kindNames,
			Doc: "Kinds of modules that exist to be used by all.",
		},
	},
	Sources: []Source{
		{Title: "Robert C. Martin, Agile Software Development (2002): afferent coupling, responsible modules"},
		{Title: "Henry, Kafura, Software Structure Metrics Based on Information Flow (IEEE TSE, 1981): fan-in", URL: "https://doi.org/10.1109/TSE.1981.231113"},
	},
	Run: runHighFanIn,
}

// sharedKinds are the kinds that exist to be used by all, by an interface that knows nothing of the
// system's purpose.
var sharedKinds = []string{
	string(schema.Configuration), string(schema.Discovery), string(schema.DNS), string(schema.Identity),
	string(schema.Monitoring), string(schema.Network), string(schema.LoadBalancer), string(schema.Gateway),
	string(schema.Queue), string(schema.ObjectStore),
}

func runHighFanIn(p *Pass) {
	a, limit, share, ignore := p.Analysis, p.Int("limit"), p.Float("share"), p.kindsOf("ignoreKinds")
	fans := p.coupling().Fans
	hubs := p.hubs(fans)
	for i, in := range fans.In {
		m := a.Module(int32(i))
		percent := 100 * float64(len(in)) / float64(a.Modules())
		if len(in) <= limit || percent <= share || ignore[m.Kind] || hubs[int32(i)] {
			continue
		}
		f := Finding{
			Subject: Subject{OfModule, m.Name},
			Message: fmt.Sprintf("%d of %s depend on %s, among them %s: each change of its interface has to be agreed with all of them",
				len(in), counted(a.Modules(), "module"), m.Name, enumerate(moduleNames(a, in))),
			Location: m.Pos,
		}
		for _, c := range in[:min(len(in), maxShownPlaces)] {
			f.Related = append(f.Related, Related{Message: a.Module(c).Name + " depends on " + m.Name, Location: placeOf(a, c, int32(i))})
		}
		switch {
		case m.Kind.IsStore():
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("put a service before %s that owns its data, and let the others call that", m.Name))
		case m.Kind == schema.External:
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("put one module of your own before %s, so that only that one changes when %s does", m.Name, m.Name))
		default:
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("split %s by purpose, so that its callers depend only on the part they use", m.Name))
		}
		f.Suggestions = append(f.Suggestions, fmt.Sprintf("keep the interface of %s stable: versions, additive changes only, contract tests with its callers", m.Name))
		p.Report(f)
	}
}
