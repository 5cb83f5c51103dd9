package change

import (
	"fmt"
	"slices"
	"strings"

	"lintel/schema"
)

// Apply gives d with the changes made, one after the other. d stays as it is; the two share what is the same in both. The
// result is as one that was loaded with these changes made in its source, but for places: what is new has that of the
// module or dependency that it belongs to. An error tells of a change that names what d does not have.
func Apply(d *schema.Design, changes ...Change) (*schema.Design, error) {
	out := *d
	out.Modules = slices.Clone(d.Modules)
	copied := map[string]*schema.Module{}
	for _, c := range changes {
		m := copied[c.Module]
		if m == nil {
			i, ok := moduleIndex(&out, c.Module)
			if !ok {
				return nil, fmt.Errorf("no module %q", c.Module)
			}
			clone := *out.Modules[i]
			clone.Places = slices.Clip(clone.Places)
			clone.DependsOn = slices.Clone(clone.DependsOn)
			m = &clone
			out.Modules[i] = m
			copied[c.Module] = m
		}
		var err error
		switch c.Kind {
		case Soften:
			err = soften(m, c)
		case Alternative:
			err = addAlternative(&out, m, c)
		default:
			err = applyRedundancy(&out, m, c)
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out.Modules, func(a, b *schema.Module) int { return strings.Compare(a.Name, b.Name) })
	return &out, nil
}

// moduleIndex finds a module by name. The modules need not be sorted.
func moduleIndex(d *schema.Design, name string) (int, bool) {
	i := slices.IndexFunc(d.Modules, func(m *schema.Module) bool { return m.Name == name })
	return i, i >= 0
}

// state notes that a field is stated now.
func state(m *schema.Module, field string) {
	if _, ok := m.Places.Of(field); !ok {
		m.Places = append(m.Places, schema.FieldPlace{Field: field, Range: m.Pos})
	}
}

func applyRedundancy(d *schema.Design, m *schema.Module, c Change) error {
	for _, name := range c.Placement {
		if !slices.ContainsFunc(d.FailureDomains, func(f *schema.FailureDomain) bool { return f.Name == name }) {
			return fmt.Errorf("no failure domain %q", name)
		}
	}
	for _, count := range c.Counts {
		if !slices.ContainsFunc(d.FailureDomains, func(f *schema.FailureDomain) bool { return f.Name == count.Domain }) {
			return fmt.Errorf("no failure domain %q", count.Domain)
		}
	}
	if n := c.Replicas; n > 0 {
		if m.Autoscaling != nil {
			m.Autoscaling = &schema.Autoscaling{Min: n, Max: max(m.Autoscaling.Max, n)}
			if _, stated := m.Places.Of("replicas"); stated && m.Replicas < n {
				m.Replicas = n
			}
		} else {
			m.Replicas = n
			state(m, "replicas")
		}
	}
	if c.Placement != nil {
		m.Placement = placed(m, c.Placement)
		state(m, "placement")
	}
	if c.Counts != nil {
		m.Placement = counted(m, c.Counts)
		state(m, "placement")
	}
	if c.Mode != "" {
		m.Redundancy.Mode = c.Mode
		state(m, "redundancy.mode")
	}
	if c.Failover != "" {
		m.Redundancy.Failover = c.Failover
		state(m, "redundancy.failover")
	}
	if c.Need > 0 {
		m.Redundancy.Need = new(c.Need)
		state(m, "redundancy.need")
	}
	return nil
}

// placed spreads the replicas of m over domains, in the form that m uses: a list, or counts.
func placed(m *schema.Module, domains []string) *schema.Placement {
	if m.Placement == nil || len(m.Placement.Counts) == 0 {
		p := &schema.Placement{}
		for _, name := range domains {
			p.Spread = append(p.Spread, schema.Ref{Name: name, Pos: m.At("placement")})
		}
		return p
	}
	p := &schema.Placement{}
	n := m.ReliableReplicas()
	for i, name := range domains {
		count := n / len(domains)
		if i < n%len(domains) {
			count++
		}
		p.Counts = append(p.Counts, schema.PlacementCount{Domain: schema.Ref{Name: name, Pos: m.At("placement")}, Count: count})
	}
	slices.SortFunc(p.Counts, func(a, b schema.PlacementCount) int { return strings.Compare(a.Domain.Name, b.Domain.Name) })
	return p
}

// counted places the replicas of m as they are counted.
func counted(m *schema.Module, counts []Count) *schema.Placement {
	p := &schema.Placement{}
	for _, c := range counts {
		p.Counts = append(p.Counts, schema.PlacementCount{Domain: schema.Ref{Name: c.Domain, Pos: m.At("placement")}, Count: c.Replicas})
	}
	slices.SortFunc(p.Counts, func(a, b schema.PlacementCount) int { return strings.Compare(a.Domain.Name, b.Domain.Name) })
	return p
}

// dependency gives a copy of a dependency of m, in its place.
func dependency(m *schema.Module, key string) (*schema.Dependency, error) {
	i := slices.IndexFunc(m.DependsOn, func(d *schema.Dependency) bool { return d.Key == key })
	if i < 0 {
		return nil, fmt.Errorf("%s does not depend on %q", m.Name, key)
	}
	clone := *m.DependsOn[i]
	clone.Places = slices.Clip(clone.Places)
	m.DependsOn[i] = &clone
	return &clone, nil
}

// stateOf is state for a dependency.
func stateOf(d *schema.Dependency, field string) {
	if _, ok := d.Places.Of(field); !ok {
		d.Places = append(d.Places, schema.FieldPlace{Field: field, Range: d.Pos})
	}
}

func soften(m *schema.Module, c Change) error {
	dep, err := dependency(m, c.Dependency)
	if err != nil {
		return err
	}
	dep.Strength = schema.Soft
	stateOf(dep, "strength")
	if c.Fallback != "" && dep.Fallback == "" {
		dep.Fallback = c.Fallback
		stateOf(dep, "fallback")
	}
	return nil
}

func addAlternative(d *schema.Design, m *schema.Module, c Change) error {
	dep, err := dependency(m, c.Dependency)
	if err != nil {
		return err
	}
	if c.Alternative == "" || c.Alternative == m.Name || slices.ContainsFunc(dep.Targets(), func(r schema.Ref) bool { return r.Name == c.Alternative }) {
		return fmt.Errorf("%q is no further alternative of %s -> %s", c.Alternative, m.Name, c.Dependency)
	}
	like := dep.Targets()[0]
	dep.AnyOf = append(slices.Clip(slices.Clone(dep.Targets())), schema.Ref{Name: c.Alternative, Pos: dep.Pos})
	dep.To = schema.Ref{}
	dep.Places = slices.DeleteFunc(slices.Clone(dep.Places), func(p schema.FieldPlace) bool { return p.Field == "to" })
	stateOf(dep, "anyOf")
	if _, there := moduleIndex(d, c.Alternative); there {
		return nil
	}
	added := &schema.Module{
		Name: c.Alternative, Kind: schema.Service, Replicas: max(c.Replicas, 1), Pos: dep.Pos, State: schema.Stateless,
		Redundancy: schema.Redundancy{Mode: schema.ActiveActive, Failover: schema.AutomaticFailover},
	}
	if i, ok := moduleIndex(d, like.Name); ok {
		from := d.Modules[i]
		added.Kind, added.State = from.Kind, from.State
		added.Team, added.Group, added.Layer, added.Tier = from.Team, from.Group, from.Layer, from.Tier
		added.Availability, added.MTBF, added.MTTR = from.Availability, from.MTBF, from.MTTR
	}
	added.Description = describe(like.Name)
	for _, name := range c.Placement {
		if !slices.ContainsFunc(d.FailureDomains, func(f *schema.FailureDomain) bool { return f.Name == name }) {
			return fmt.Errorf("no failure domain %q", name)
		}
	}
	if len(c.Placement) > 0 {
		added.Placement = placed(added, c.Placement)
	}
	for _, f := range moduleFields(added) {
		state(added, f.Path[0])
	}
	d.Modules = append(d.Modules, added)
	return nil
}

func describe(like string) string { return "An alternative to " + like }
