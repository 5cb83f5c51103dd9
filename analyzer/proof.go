package analyzer

import (
	"slices"
	"sync"
)

// proof holds, for one event, the way from each module that fails with it to the nearest module
// that the event deprives of its capacity.
type proof struct {
	event  Event
	failed []int32 // nodes that fail with the event, sorted
	next   []int32 // by place in failed: the next module on the way, -1 at its end
}

// proofCache keeps the proof of the last event: paths are asked for one event after the other.
type proofCache struct {
	mutex sync.Mutex
	last  *proof
	state *spread
	place []int32 // by node: its place among those that fail with the event; valid for these only
}

// Path returns one shortest path from the entry of journey j to a module that event e deprives of
// its capacity, along hard runtime dependencies that e leaves unsatisfied: modules by index, entry
// first, culprit last; among paths of equal length the first in order of names. It is nil where e
// does not bring the journey down.
//
// All modules on it fail because of e; what was down before takes no part. The first step is along
// a dependency that counts for the journey. Where the way leads back through the entry, which has
// all of its dependencies then, the entry stands on it twice.
func (a *Analysis) Path(e Event, journey int) []int32 {
	m := a.failureModel()
	if journey < 0 || journey >= len(m.journeyNode) || m.journeyNode[journey] < 0 {
		return nil
	}
	p := m.proofs.of(m, e)
	node := m.journeyNode[journey]
	k, ok := slices.BinarySearch(p.failed, node)
	if !ok {
		return nil
	}
	path := []int32{a.journeys[journey].Entry}
	for p.next[k] >= 0 {
		path = append(path, p.next[k])
		k, _ = slices.BinarySearch(p.failed, p.next[k])
	}
	return path
}

func (c *proofCache) of(m *failureModel, e Event) *proof {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.last == nil || c.last.event != e {
		if c.state == nil {
			c.state = &spread{m: m, down: slices.Clone(m.down), working: slices.Clone(m.working)}
			c.place = make([]int32, m.nodes())
		}
		c.last = c.state.prove(e, c.place)
	}
	return c.last
}

// prove simulates e and searches backwards from the culprits, breadth first. It overwrites place.
func (s *spread) prove(e Event, place []int32) *proof {
	m := s.m
	modules, _ := m.analysis.deprived(m.capacities, Scenario{Events: []Event{e}})
	for _, i := range modules {
		s.deprive(i)
	}
	culprits := len(s.failed)
	s.run()
	defer s.undo()

	p := &proof{event: e, failed: slices.Clone(s.failed)}
	slices.Sort(p.failed)
	p.next = make([]int32, len(p.failed))
	for k, n := range p.failed {
		place[n] = int32(k)
	}
	distance := make([]int32, len(p.failed)) // from the nearest culprit, counted from 1; 0: not reached
	queue := slices.Clone(s.failed[:culprits])
	for _, n := range queue {
		distance[place[n]], p.next[place[n]] = 1, -1
	}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		d := distance[place[t]]
		for _, g := range m.neededBy(t) {
			owner := m.gates[g].owner
			if s.working[g] >= m.gates[g].need || m.down[owner] {
				continue
			}
			switch k := place[owner]; {
			case distance[k] == 0:
				distance[k], p.next[k] = d+1, t
				queue = append(queue, owner)
			case distance[k] == d+1:
				p.next[k] = min(p.next[k], t)
			}
		}
	}
	return p
}
