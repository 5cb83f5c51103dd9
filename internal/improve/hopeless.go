package improve

import (
	"fmt"

	"lintel/schema"
)

// hopelessOf says why nothing helps against a violation.
func (s *system) hopelessOf(v violation) Hopeless {
	h := Hopeless{Event: v.cause.event(), Journey: v.journey, Modules: v.modules}
	for _, m := range v.modules {
		h.Why = append(h.Why, s.why(m, v.cause))
	}
	return h
}

// why says why a module cannot withstand a cause, as a clause.
func (s *system) why(m int32, c cause) string {
	mod := s.a.Module(m)
	costs := &s.settings.Costs
	own := s.capacityNow(m)
	switch {
	case !own.works():
		return fmt.Sprintf("%s has no capacity to begin with", mod.Name)
	case mod.Kind == schema.External && costs.alternative(mod) == Never:
		return fmt.Sprintf("%s is external, and the costs forbid an alternative", mod.Name)
	case mod.Kind == schema.External:
		return fmt.Sprintf("%s is external, and nothing of this design that calls it could call an alternative", mod.Name)
	case c.kind == losesDomain:
		kind := s.a.Design.FailureDomains[c.domain].Kind
		pool, _ := s.pool(own)
		outside := 0
		for _, d := range pool {
			if !s.a.InDomain(d, c.domain) && !s.a.InDomain(c.domain, d) {
				outside++
			}
		}
		region := s.enclosing(c.domain, schema.Region)
		switch {
		case outside == 0 && region >= 0 && kind != schema.Region && kind != schema.Provider:
			return fmt.Sprintf("%s stands in %s, and the design has no other %s in %s", mod.Name, s.a.Design.FailureDomains[c.domain].Name, kind, s.a.Design.FailureDomains[region].Name)
		case outside == 0:
			return fmt.Sprintf("%s stands in %s, and the design has no other %s", mod.Name, s.a.Design.FailureDomains[c.domain].Name, kind)
		case costs.move(mod) == Never || costs.replica(mod) == Never:
			return fmt.Sprintf("the costs forbid to move %s or to give it more replicas", mod.Name)
		case mod.Kind == schema.Job && own.replicas == 1:
			return fmt.Sprintf("%s is a job: two would do the work twice", mod.Name)
		case mod.Kind == schema.Job:
			return jobNeeds(mod, own)
		case mod.Redundancy.Mode == schema.Quorum && outside < 2:
			return fmt.Sprintf("%s is a quorum, which needs three %ss, and the design has %d", mod.Name, kind, outside+1)
		}
		return fmt.Sprintf("no number of replicas of %s in the %d %ss there are leaves the %d that it needs", mod.Name, outside+1, kind, own.need)
	case mod.Kind == schema.Job && own.replicas == 1:
		return fmt.Sprintf("%s is a job: two would do the work twice", mod.Name)
	case mod.Kind == schema.Job:
		return jobNeeds(mod, own)
	case costs.replica(mod) == Never:
		return fmt.Sprintf("the costs forbid more replicas of %s", mod.Name)
	}
	return fmt.Sprintf("nothing that is considered lets %s withstand it", mod.Name)
}

// jobNeeds says that a job of several replicas gets no more.
func jobNeeds(m *schema.Module, own *capacity) string {
	return fmt.Sprintf("%s is a job, to which no replica is added, and it needs %d of its %d", m.Name, own.need, own.replicas)
}
