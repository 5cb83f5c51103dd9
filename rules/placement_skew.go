package rules

import (
	"fmt"
	"slices"

	"lintel/schema"
)

// placementSkew tells of replicas that are spread unevenly over the failure domains that a placement
// names: among those of one kind, the fullest holds over maxSkew more than the emptiest. A domain that
// is named with 0 replicas counts.
//
// Only domains of the same kind are compared, and only those that are named: how racks lie in zones
// is not looked at. The rule keeps silent where the loss of the fullest domain takes the module's
// capacity, which RES003 and RES005 tell, and about counts that contradict the number of replicas,
// which HYG002 tells.
var placementSkew = &Rule{
	ID: "REP005", Name: "placement-skew", Severity: Warning,
	Summary: "The replicas of a module are spread unevenly over the failure domains of one kind.",
	Needs:   []string{"placement"},
	Params: []Param{
		{Name: "maxSkew", Default: int64(1), Min: 1, Doc: "The largest difference between the fullest and the emptiest domain that is accepted.",
			Source: "Kubernetes: maxSkew: 1 in topology spread constraints"},
		{Name: "domains", Default: []string{"host", "rack", "power", "network", "zone"}, Allowed: domainKinds,
			Doc: "The kinds of failure domains that are compared; regions and providers are not among them by default, since their load differs."},
	},
	Sources: []Source{
		{"Kubernetes: Pod Topology Spread Constraints", "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"},
	},
	Run: runPlacementSkew,
}

func runPlacementSkew(p *Pass) {
	a := p.Analysis
	kinds := p.Strings("domains")
	unplaced := 0
	for i, m := range a.Design.Modules {
		if m.Kind == schema.External || m.ReliableReplicas() < 2 {
			continue
		}
		if m.Placement == nil {
			unplaced++
			continue
		}
		if placementContradicts(m) {
			continue
		}
		for _, kind := range kinds {
			full, empty, ok := extremes(p, m, schema.DomainKind(kind))
			if !ok || full.count-empty.count <= p.Int("maxSkew") {
				continue
			}
			if !a.SurvivesDomain(int32(i), full.domain) && (p.Runs("RES003") || p.Runs("RES005") && m.Redundancy.Mode == schema.Quorum) {
				continue
			}
			fullName, emptyName := a.Design.FailureDomains[full.domain].Name, a.Design.FailureDomains[empty.domain].Name
			p.Report(Finding{
				Subject:     Subject{OfModule, m.Name},
				Message:     fmt.Sprintf("%s has %d replicas in %s but %d in %s: losing %s takes more than an even share", m.Name, full.count, fullName, empty.count, emptyName, fullName),
				Location:    placeOfFirst(m, "placement"),
				Suggestions: []string{fmt.Sprintf("spread the replicas evenly: placement: %s", evenly(p, m, schema.DomainKind(kind)))},
				Key:         kind,
			})
		}
	}
	p.Unchecked(unplaced, "placement")
}

// namedStands gives the replicas in each of the domains of one kind that the placement of m names,
// in order of name, those with none included.
func namedStands(p *Pass, m *schema.Module, kind schema.DomainKind) []stand {
	a := p.Analysis
	var out []stand
	name := func(ref schema.Ref, count int) {
		d, ok := a.DomainIndex(ref.Name)
		if !ok || a.Design.FailureDomains[d].Kind != kind {
			return
		}
		if i := slices.IndexFunc(out, func(s stand) bool { return s.domain == d }); i >= 0 {
			out[i].count += count
			return
		}
		out = append(out, stand{d, count})
	}
	n := m.ReliableReplicas()
	for i, ref := range m.Placement.Spread {
		name(ref, (n+len(m.Placement.Spread)-1-i)/len(m.Placement.Spread))
	}
	for _, c := range m.Placement.Counts {
		name(c.Domain, c.Count)
	}
	slices.SortFunc(out, func(x, y stand) int { return int(x.domain - y.domain) })
	return out
}

// extremes returns the fullest and the emptiest of the named domains of a kind, the first of equals.
func extremes(p *Pass, m *schema.Module, kind schema.DomainKind) (full, empty stand, ok bool) {
	all := namedStands(p, m, kind)
	if len(all) < 2 {
		return full, empty, false
	}
	full, empty = all[0], all[0]
	for _, s := range all[1:] {
		if s.count > full.count {
			full = s
		}
		if s.count < empty.count {
			empty = s
		}
	}
	return full, empty, true
}

// evenly writes a placement that spreads the replicas of m over the named domains of a kind.
func evenly(p *Pass, m *schema.Module, kind schema.DomainKind) string {
	all := namedStands(p, m, kind)
	if len(all) == len(m.Placement.Counts)+len(m.Placement.Spread) && len(all) <= 4 {
		ids := make([]int32, len(all))
		for i, s := range all {
			ids[i] = s.domain
		}
		return quoteList(domainNames(p.Analysis, ids))
	}
	total := 0
	for _, s := range all {
		total += s.count
	}
	low, high := total/len(all), (total+len(all)-1)/len(all)
	if low == high {
		return fmt.Sprintf("%d in each", low)
	}
	return fmt.Sprintf("%d or %d in each", low, high)
}

// placementContradicts reports whether the counts of a placement add up to another number than the
// module can have of replicas.
func placementContradicts(m *schema.Module) bool {
	if m.Placement == nil || len(m.Placement.Spread) > 0 {
		return false
	}
	sum := 0
	for _, c := range m.Placement.Counts {
		sum += c.Count
	}
	if m.Autoscaling != nil {
		return sum < m.Autoscaling.Min || sum > max(m.Autoscaling.Min, m.Autoscaling.Max)
	}
	return sum != m.Replicas
}
