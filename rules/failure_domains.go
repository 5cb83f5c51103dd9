package rules

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// The kinds of failure domains from the smallest to the largest.
var domainKinds = []string{
	string(schema.Host), string(schema.Rack), string(schema.Power), string(schema.Net),
	string(schema.Zone), string(schema.Region), string(schema.Provider),
}

// Elements of the parameter "domains" that depend on the design.
const (
	regionIfSeveral   = "region-if-several"
	providerIfSeveral = "provider-if-several"
)

// countedDomainsParam is the parameter of the rules that ask what the loss of one failure domain
// does.
var countedDomainsParam = Param{
	Name: "domains",
	Default: []string{
		string(schema.Host), string(schema.Rack), string(schema.Power), string(schema.Net), string(schema.Zone),
		regionIfSeveral, providerIfSeveral,
	},
	Doc:     "The kinds of failure domains whose loss counts; `region-if-several` counts regions only where the design places modules of its own in more than one, and `provider-if-several` does so for providers.",
	Allowed: append(slices.Clone(domainKinds), regionIfSeveral, providerIfSeveral),
}

// localDomainsParam is the same parameter for the rules that take a system within one region for a
// choice, whatever else the design has.
var localDomainsParam = Param{
	Name:    "domains",
	Default: []string{string(schema.Host), string(schema.Rack), string(schema.Power), string(schema.Net), string(schema.Zone)},
	Doc:     "The kinds of failure domains whose loss counts.",
	Allowed: domainKinds,
}

// countedDomains tells for each failure domain whether it is of a kind that the value of a parameter
// "domains" names.
func countedDomains(a *analyzer.Analysis, kinds []string) []bool {
	set := map[string]bool{}
	for _, k := range kinds {
		set[k] = true
	}
	if set[regionIfSeveral] && inSeveral(a, schema.Region) {
		set[string(schema.Region)] = true
	}
	if set[providerIfSeveral] && inSeveral(a, schema.Provider) {
		set[string(schema.Provider)] = true
	}
	out := make([]bool, len(a.Design.FailureDomains))
	for d, f := range a.Design.FailureDomains {
		out[d] = set[string(f.Kind)]
	}
	return out
}

// inSeveral reports whether the design places modules in more than one domain of a kind. External
// modules do not count: where others keep their systems is not this design's choice.
func inSeveral(a *analyzer.Analysis, kind schema.DomainKind) bool {
	found := int32(-1)
	for _, m := range a.Design.Modules {
		if m.Kind == schema.External {
			continue
		}
		for _, s := range stands(a, m) {
			d := enclosing(a, s.domain, kind)
			if d >= 0 && found >= 0 && d != found {
				return true
			}
			if d >= 0 {
				found = d
			}
		}
	}
	return false
}

// stand is a number of a module's reliable replicas in one failure domain; domain is -1 where their
// place is unknown.
type stand struct {
	domain int32
	count  int
}

// stands deals the reliable replicas of m to its failure domains, as schema.Module.ReplicaDomains
// does, but with one entry for each domain that is named: a module may have very many replicas.
func stands(a *analyzer.Analysis, m *schema.Module) []stand {
	n := max(m.ReliableReplicas(), 0)
	index := func(name string) int32 {
		if d, ok := a.DomainIndex(name); ok {
			return d
		}
		return -1
	}
	size := 1
	if m.Placement != nil {
		size += max(len(m.Placement.Spread), len(m.Placement.Counts))
	}
	out := make([]stand, 0, size)
	switch p := m.Placement; {
	case n == 0:
	case p == nil:
		out = append(out, stand{-1, n})
	case len(p.Spread) > 0:
		each, rest := n/len(p.Spread), n%len(p.Spread)
		for i, ref := range p.Spread {
			count := each
			if i < rest {
				count++
			}
			if count > 0 {
				out = append(out, stand{index(ref.Name), count})
			}
		}
	default:
		left := n
		for _, c := range p.Counts {
			if count := min(c.Count, left); count > 0 {
				out = append(out, stand{index(c.Domain.Name), count})
				left -= count
			}
		}
		if left > 0 {
			out = append(out, stand{-1, left})
		}
	}
	return out
}

// replicasIn counts the reliable replicas of m that stand in failure domain d, at any depth.
func replicasIn(a *analyzer.Analysis, m *schema.Module, d int32) int {
	n := 0
	for _, s := range stands(a, m) {
		if a.InDomain(s.domain, d) {
			n += s.count
		}
	}
	return n
}

// domainsOf lists the failure domains in which at least one replica of m stands, at any depth,
// sorted by depth, the outermost first, and index.
func domainsOf(a *analyzer.Analysis, m *schema.Module) []int32 {
	var out []int32
	for _, s := range stands(a, m) {
		for d := s.domain; d >= 0 && !slices.Contains(out, d); d = a.DomainParent(d) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(x, y int32) int {
		if c := depthOf(a, x) - depthOf(a, y); c != 0 {
			return c
		}
		return int(x - y)
	})
	return out
}

// depthOf is 0 for a failure domain that no other holds.
func depthOf(a *analyzer.Analysis, d int32) int {
	n := 0
	for p := a.DomainParent(d); p >= 0; p = a.DomainParent(p) {
		n++
	}
	return n
}

// enclosing returns the innermost domain of a kind that is d or holds it, or -1.
func enclosing(a *analyzer.Analysis, d int32, kind schema.DomainKind) int32 {
	for ; d >= 0; d = a.DomainParent(d) {
		if a.Design.FailureDomains[d].Kind == kind {
			return d
		}
	}
	return -1
}

// elsewhere lists the other domains of the kind of d to which a module that stands in d could
// spread: those in the same region, or, where d is a region or a provider, all others.
func elsewhere(a *analyzer.Analysis, d int32) []int32 {
	kind := a.Design.FailureDomains[d].Kind
	wide := kind == schema.Region || kind == schema.Provider
	region := enclosing(a, d, schema.Region)
	var out []int32
	for i, f := range a.Design.FailureDomains {
		o := int32(i)
		if o == d || f.Kind != kind || a.InDomain(o, d) || a.InDomain(d, o) {
			continue
		}
		if wide || enclosing(a, o, schema.Region) == region {
			out = append(out, o)
		}
	}
	return out
}

// victims lists for each failure domain the modules, sorted, that lose their capacity with it,
// whatever their dependencies do.
func victims(a *analyzer.Analysis) [][]int32 {
	out := make([][]int32, len(a.Design.FailureDomains))
	for i, m := range a.Design.Modules {
		if m.Placement == nil || a.Spare(int32(i)) < 0 {
			continue
		}
		for _, d := range domainsOf(a, m) {
			if !a.SurvivesDomain(int32(i), d) {
				out[d] = append(out[d], int32(i))
			}
		}
	}
	return out
}

// domainNames gives the names of failure domains, in the order of ids.
func domainNames(a *analyzer.Analysis, ids []int32) []string {
	out := make([]string, len(ids))
	for i, d := range ids {
		out[i] = a.Design.FailureDomains[d].Name
	}
	return out
}
