package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// sharedFailureDomain tells of redundancy that one failure domain undoes: a module that could lose a
// replica, of which one failure domain holds all replicas, or more than it can lose, although the
// design has other domains of that kind in the same region.
//
// It keeps silent
//   - about what RES001 tells of the same domain, or of one in it;
//   - about quorums, which RES005 judges, while it runs;
//   - about jobs;
//   - where another module stands in: where no journey that needs the module is lost or degraded when
//     all its replicas fail;
//   - about what no journey needs where it is an alternative with a spare, or works for one (see
//     inCells): what stands there on purpose has its like elsewhere.
var sharedFailureDomain = &Rule{
	ID:       "RES003",
	Name:     "shared-failure-domain",
	Severity: Error,
	Summary:  "All replicas of a module, or more than its redundancy can lose, stand in one failure domain although the design has others of that kind.",
	Needs:    []string{"placement"},
	Params:   []Param{localDomainsParam},
	Sources: []Source{
		{Title: "Kubernetes: pod topology spread constraints", URL: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"},
		{Title: "AWS Well-Architected, REL10-BP01: deploy the workload to multiple locations", URL: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html"},
	},
	Run: runSharedFailureDomain,
}

func runSharedFailureDomain(p *Pass) {
	a := p.Analysis
	counted := countedDomains(a, p.Strings("domains"))
	points := told(p)
	quorums := p.Runs("RES005")
	needed := onTheWay(a)
	cells := inCells(p)
	var suspects []sharing
	unplaced := 0
	for i, m := range a.Design.Modules {
		if m.Kind == schema.External || m.Kind == schema.Job || m.ReliableReplicas() < 2 || needsAll(m) {
			continue
		}
		if m.Redundancy.Mode == schema.Quorum && quorums || a.Spare(int32(i)) < 0 {
			continue
		}
		if m.Placement == nil {
			if needed[i] || !cells[i] {
				unplaced++
			}
			continue
		}
		if s, ok := sharedBy(a, int32(i), counted); ok && !points.tells(a, int32(i), s.outer) {
			suspects = append(suspects, s)
		}
	}
	p.Unchecked(unplaced, "placement")

	modules := make([]int32, len(suspects))
	for i, s := range suspects {
		modules[i] = s.module
	}
	for i, c := range consequences(a, modules) {
		if s := suspects[i]; matters(c) || !needed[s.module] && !cells[s.module] {
			p.reportSharing(s, c)
		}
	}
}

// sharing is a module whose redundancy a failure domain undoes: outer is the outermost domain that
// does and that has others of its kind beside it, inner the innermost one within it.
type sharing struct{ module, outer, inner int32 }

func sharedBy(a *analyzer.Analysis, i int32, counted []bool) (sharing, bool) {
	m := a.Module(i)
	s := sharing{i, -1, -1}
	for _, d := range domainsOf(a, m) { // outermost first
		if !counted[d] || a.SurvivesDomain(i, d) {
			continue
		}
		if losesPrimaryOnly(a, m, d) {
			continue // no matter of placement
		}
		switch {
		case s.outer < 0 && len(elsewhere(a, d)) > 0:
			s.outer, s.inner = d, d
		case s.outer >= 0 && a.InDomain(d, s.inner):
			s.inner = d
		}
	}
	return s, s.outer >= 0
}

func (p *Pass) reportSharing(s sharing, c consequence) {
	a := p.Analysis
	m := a.Module(s.module)
	outer := a.Design.FailureDomains[s.outer]
	n, in := m.ReliableReplicas(), replicasIn(a, m, s.outer)
	others := domainNames(a, elsewhere(a, s.outer))

	within := outer.Name
	if s.inner != s.outer && replicasIn(a, m, s.inner) == in {
		within = fmt.Sprintf("%s (on %s)", outer.Name, a.Design.FailureDomains[s.inner].Name)
	}
	message := fmt.Sprintf("%s has %s in %s, although the design has %s too: losing this %s takes them all", m.Name, allOf(n), within, enumerate(others), outer.Kind)
	if in < n {
		message = fmt.Sprintf("%s needs %d of its %d replicas but has %d of them in %s, although the design has %s too: losing this %s takes more than it can lose", m.Name, m.Need(), n, in, within, enumerate(others), outer.Kind)
	}
	switch {
	case len(c.lost) > 0:
		message += ", and " + enumerate(journeyNames(a, c.lost)) + " with them"
	case len(c.degraded) > 0:
		message += " and degrades " + enumerate(journeyNames(a, c.degraded))
	}
	f := Finding{
		Subject:  Subject{OfModule, m.Name},
		Message:  message,
		Location: placeOfFirst(m, "placement"),
		Related:  []Related{{Message: outer.Name + " is declared here", Location: outer.Pos}},
		Journeys: journeyNames(a, union(c.lost, c.degraded)),
	}
	f.suggestTogether(survivingBy(a, []int32{s.module}, s.outer))
	p.Report(f)
}

func allOf(n int) string {
	if n == 2 {
		return "both its replicas"
	}
	return fmt.Sprintf("all its %d replicas", n)
}

// inCells marks the modules that are only ever one of several alternatives with a spare, or stand
// behind such a one; and those on no journey's way that work for one: that need, without a spare, a
// module that journeys reach by such alternatives alone.
func inCells(p *Pass) []bool {
	a := p.Analysis
	out := slices.Clone(p.replicaDemand().spared)
	all := func(*analyzer.Dependency) bool { return true }
	single := func(d *analyzer.Dependency) bool { return !hasSpare(d) }
	needed, plain := reachedByJourneys(a, all), reachedByJourneys(a, single)
	callers := make([][]int32, a.Modules())
	deps := a.Dependencies()
	for i := range deps {
		if d := &deps[i]; d.When == schema.Runtime && single(d) {
			for _, t := range d.Targets {
				callers[t] = append(callers[t], d.From)
			}
		}
	}
	var queue []int32
	for m := range needed {
		if needed[m] && !plain[m] {
			queue = append(queue, int32(m))
		}
	}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		for _, from := range callers[m] {
			if !needed[from] && !out[from] {
				out[from] = true
				queue = append(queue, from)
			}
		}
	}
	return out
}
