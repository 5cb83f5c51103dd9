package change

import (
	"slices"

	"lintel/schema"
)

// Fields gives the fields of the source of d that c sets, in the form in which d states them: a placement by counts stays
// one. It sets no field to what it is. A path below "dependsOn" names a dependency by its key also where the source lists
// names alone; such a list has to become a struct. What c names and d does not have gives no field.
func (c Change) Fields(d *schema.Design) []Field {
	changed, err := Apply(d, c)
	if err != nil {
		return nil
	}
	i, _ := moduleIndex(d, c.Module)
	k, _ := moduleIndex(changed, c.Module)
	old, new := d.Modules[i], changed.Modules[k]
	var out []Field
	add := func(v Value, path ...string) {
		out = append(out, Field{append([]string{"modules", c.Module}, path...), v})
	}
	switch c.Kind {
	case Soften:
		was, is := dependencyOf(old, c.Dependency), dependencyOf(new, c.Dependency)
		if was.Strength != is.Strength {
			add(string(is.Strength), "dependsOn", c.Dependency, "strength")
		}
		if was.Fallback != is.Fallback {
			add(is.Fallback, "dependsOn", c.Dependency, "fallback")
		}
	case Alternative:
		if _, there := moduleIndex(d, c.Alternative); !there {
			n, _ := moduleIndex(changed, c.Alternative)
			out = append(out, Field{[]string{"modules", c.Alternative}, moduleFields(changed.Modules[n])})
		}
		was, is := dependencyOf(old, c.Dependency), dependencyOf(new, c.Dependency)
		if _, stated := was.Places.Of("to"); stated || len(was.AnyOf) == 0 && was.To.Name != was.Key {
			add(nil, "dependsOn", c.Dependency, "to")
		}
		add(names(is.AnyOf), "dependsOn", c.Dependency, "anyOf")
	default:
		if old.Replicas != new.Replicas {
			add(new.Replicas, "replicas")
		}
		if old.Autoscaling != nil && *old.Autoscaling != *new.Autoscaling {
			if old.Autoscaling.Min != new.Autoscaling.Min {
				add(new.Autoscaling.Min, "autoscaling", "min")
			}
			if old.Autoscaling.Max != new.Autoscaling.Max {
				add(new.Autoscaling.Max, "autoscaling", "max")
			}
		}
		switch {
		case c.Placement == nil && c.Counts == nil || samePlacement(old.Placement, new.Placement):
		case grows(old.Placement, new.Placement):
			// The smallest edit: what stands beside the counts that change stays.
			for _, p := range new.Placement.Counts {
				if was, there := countIn(old.Placement, p.Domain.Name); !there || was != p.Count {
					add(p.Count, "placement", p.Domain.Name)
				}
			}
		default:
			add(placementValue(new.Placement), "placement")
		}
		if old.Redundancy.Mode != new.Redundancy.Mode {
			add(string(new.Redundancy.Mode), "redundancy", "mode")
		}
		if old.Redundancy.Failover != new.Redundancy.Failover {
			add(string(new.Redundancy.Failover), "redundancy", "failover")
		}
		if c.Need > 0 && (old.Redundancy.Need == nil || *old.Redundancy.Need != c.Need) {
			add(c.Need, "redundancy", "need")
		}
	}
	return out
}

// Fields gives those of several changes that are made one after the other: each field once, with its last value.
func Fields(d *schema.Design, changes ...Change) ([]Field, error) {
	var out []Field
	for _, c := range changes {
		next, err := Apply(d, c)
		if err != nil {
			return nil, err
		}
		for _, f := range c.Fields(d) {
			out = slices.DeleteFunc(out, func(o Field) bool { return slices.Equal(o.Path, f.Path) })
			out = append(out, f)
		}
		d = next
	}
	return out, nil
}

func dependencyOf(m *schema.Module, key string) *schema.Dependency {
	return m.DependsOn[slices.IndexFunc(m.DependsOn, func(d *schema.Dependency) bool { return d.Key == key })]
}

func names(refs []schema.Ref) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.Name
	}
	return out
}

func samePlacement(a, b *schema.Placement) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.Equal(names(a.Spread), names(b.Spread)) && slices.EqualFunc(a.Counts, b.Counts, func(x, y schema.PlacementCount) bool {
		return x.Domain.Name == y.Domain.Name && x.Count == y.Count
	})
}

// grows reports whether both are counts, and b has all the failure domains of a.
func grows(a, b *schema.Placement) bool {
	return a != nil && len(a.Counts) > 0 && !slices.ContainsFunc(a.Counts, func(c schema.PlacementCount) bool {
		_, there := countIn(b, c.Domain.Name)
		return !there
	})
}

func countIn(p *schema.Placement, domain string) (count int, there bool) {
	i := slices.IndexFunc(p.Counts, func(c schema.PlacementCount) bool { return c.Domain.Name == domain })
	if i < 0 {
		return 0, false
	}
	return p.Counts[i].Count, true
}

func placementValue(p *schema.Placement) Value {
	if len(p.Counts) == 0 {
		return names(p.Spread)
	}
	var out []Field
	for _, c := range p.Counts {
		out = append(out, Field{[]string{c.Domain.Name}, c.Count})
	}
	return out
}

// moduleFields states a module that is added.
func moduleFields(m *schema.Module) []Field {
	var out []Field
	add := func(name string, v Value) { out = append(out, Field{[]string{name}, v}) }
	if m.Kind != schema.Service {
		add("kind", string(m.Kind))
	}
	if m.Description != "" {
		add("description", m.Description)
	}
	for _, f := range []struct{ name, value string }{{"team", m.Team}, {"group", m.Group}, {"layer", m.Layer}} {
		if f.value != "" {
			add(f.name, f.value)
		}
	}
	if m.Tier != nil {
		add("tier", *m.Tier)
	}
	if m.Replicas != 1 {
		add("replicas", m.Replicas)
	}
	if m.Placement != nil {
		add("placement", placementValue(m.Placement))
	}
	if m.State != m.Kind.DefaultState() {
		add("state", string(m.State))
	}
	if m.Availability != nil {
		add("availability", *m.Availability)
	}
	if m.MTBF != nil && m.MTTR != nil {
		add("mtbf", schema.FormatDuration(*m.MTBF))
		add("mttr", schema.FormatDuration(*m.MTTR))
	}
	return out
}
