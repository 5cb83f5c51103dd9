package analyzer

import (
	"cmp"
	"slices"
	"sync"

	"lintel/schema"
)

// link is a dependency on one of its targets.
type link struct{ dependency, target int32 }

func compareLinks(x, y link) int {
	return cmp.Or(cmp.Compare(x.dependency, y.dependency), cmp.Compare(x.target, y.target))
}

// linksCut lists the links that scenarios cut, sorted, without repetition. Cuts that do nothing are left
// out.
func (a *Analysis) linksCut(scenarios ...Scenario) (links []link) {
	for i := range scenarios {
		for _, c := range scenarios[i].Cuts {
			if c.Dependency < 0 || int(c.Dependency) >= len(a.dependencies) || a.dependencies[c.Dependency].When != schema.Runtime {
				continue
			}
			for _, t := range a.dependencies[c.Dependency].Targets {
				if c.Target < 0 || c.Target == t {
					links = append(links, link{c.Dependency, t})
				}
			}
		}
	}
	slices.SortFunc(links, compareLinks)
	return slices.Compact(links)
}

// modelOf returns a model in which all that the scenarios cut can fail: the design's own where they cut
// nothing.
func (a *Analysis) modelOf(scenarios ...Scenario) *failureModel {
	m := a.failureModel()
	if links := a.linksCut(scenarios...); len(links) > 0 {
		return m.cut.of(m, links)
	}
	return m
}

// lastCut keeps the last model with links: one scenario is asked about several times in a row.
type lastCut struct {
	mutex sync.Mutex
	model *failureModel
}

func (c *lastCut) of(m *failureModel, links []link) *failureModel {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.model == nil || !slices.Equal(c.model.links, links) {
		c.model = m.analysis.newFailureModel(m.capacities, links)
	}
	return c.model
}

// nodeOf finds the node of a link.
func (m *failureModel) nodeOf(l link) (node int32, ok bool) {
	i, ok := slices.BinarySearchFunc(m.links, l, compareLinks)
	return int32(m.analysis.Modules() + i), ok
}

// linkOf tells the link that a node is.
func (m *failureModel) linkOf(node int32) (l link, ok bool) {
	i := int(node) - m.analysis.Modules()
	if i < 0 || i >= len(m.links) {
		return link{-1, -1}, false
	}
	return m.links[i], true
}

// targetsOf lists the nodes that dependency k reaches its targets by.
func (m *failureModel) targetsOf(k int32) []int32 {
	targets := m.analysis.dependencies[k].Targets
	if len(m.links) == 0 || m.analysis.dependencies[k].When != schema.Runtime {
		return targets
	}
	var out []int32
	for i, t := range targets {
		if n, ok := m.nodeOf(link{k, t}); ok {
			if out == nil {
				out = slices.Clone(targets)
			}
			out[i] = n
		}
	}
	if out == nil {
		return targets
	}
	return out
}

// cut fails the links that s cuts, in a scenario.
func (b *block) cut(s *Scenario, scenario int) {
	if len(s.Cuts) == 0 {
		return
	}
	for _, l := range b.m.analysis.linksCut(*s) {
		if n, ok := b.m.nodeOf(l); ok {
			b.fail(n, scenario)
		}
	}
}
