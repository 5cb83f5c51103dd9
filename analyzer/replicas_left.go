package analyzer

// ReplicasLeft counts, by module, the replicas that are up in scenario s: those that did not fail, as such or with
// their module, and whose failure domain, where it is known, is up. With autoscaling they are those of the floor.
func (a *Analysis) ReplicasLeft(s Scenario) []int {
	c := a.failureModel().capacities
	left := make([]int, len(c.modules))
	for i := range c.modules {
		left[i] = c.modules[i].replicas
	}
	domainDown := c.domainsDown(s)
	for d := range domainDown {
		for _, m := range c.lodgers[d] {
			for _, r := range c.of(m) {
				if r.domain == d {
					left[m] -= r.count
				}
			}
		}
	}
	gone := make(map[Event]bool)
	for _, e := range s.Events {
		if e.Module < 0 || int(e.Module) >= len(left) {
			continue
		}
		m := &c.modules[e.Module]
		switch {
		case e.Kind == ExternalEvent && m.external:
			left[e.Module] = 0
		case e.Kind == ReplicaEvent && !m.external && e.Replica >= 1 && e.Replica <= m.replicas:
			e.Domain = -1
			if d := a.domainOfReplica(a.Module(e.Module), e.Replica); !gone[e] && (d < 0 || !domainDown[d]) {
				left[e.Module]--
			}
			gone[e] = true
		}
	}
	for _, m := range s.Modules {
		if m >= 0 && int(m) < len(left) {
			left[m] = 0
		}
	}
	for i := range left {
		left[i] = max(left[i], 0) // what failed in several ways
	}
	return left
}

// domainsDown finds the failure domains that are down in s; nil where none is.
func (c *capacities) domainsDown(s Scenario) map[int32]bool {
	var queue []int32
	for _, e := range s.Events {
		if e.Kind == DomainEvent && e.Domain >= 0 && int(e.Domain) < len(c.children) {
			queue = append(queue, e.Domain)
		}
	}
	if len(queue) == 0 {
		return nil
	}
	down := make(map[int32]bool)
	for len(queue) > 0 {
		d := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !down[d] {
			down[d] = true
			queue = append(queue, c.children[d]...)
		}
	}
	return down
}

// ReplicasIn counts the replicas of module m that stand in failure domain d, at any depth.
func (a *Analysis) ReplicasIn(m, d int32) int {
	n := 0
	for _, r := range a.failureModel().capacities.of(m) {
		if a.InDomain(r.domain, d) {
			n += r.count
		}
	}
	return n
}
