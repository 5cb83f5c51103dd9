package review

import (
	"lintel/schema"
)

// changes tells what changed between the two designs of m.
func (m *match) changes() []Change {
	var out []Change
	out = append(out, m.systemChanges()...)
	for i, p := range m.modules {
		if c, ok := changeOf(OfModule, p, moduleFields, emptyModule, m.renames, func(m *schema.Module) string { return m.Name }, moduleAdded, moduleRemoved); ok {
			c.Weight = critical(c.Weight, p.any())
			switch c.Status {
			case Added:
				c.Fields = append(c.Fields, dependsOn(p.new, true)...)
			case Removed:
				c.Fields = append(c.Fields, dependsOn(p.old, false)...)
			}
			out = append(out, c)
		}
		for _, d := range m.dependencies[i] {
			if c, ok := m.dependencyChange(p, d); ok {
				c.Weight = critical(c.Weight, p.any())
				out = append(out, c)
			}
		}
	}
	for _, p := range m.domains {
		if c, ok := changeOf(OfFailureDomain, p, domainFields, &schema.FailureDomain{}, m.renames, func(f *schema.FailureDomain) string { return f.Name }, domainAdded, domainRemoved); ok {
			out = append(out, c)
		}
	}
	for _, p := range m.journeys {
		if c, ok := changeOf(OfJourney, p, journeyFields, &schema.Journey{}, m.renames, func(j *schema.Journey) string { return j.Name }, journeyAdded, journeyRemoved); ok {
			out = append(out, c)
		}
	}
	for _, p := range m.transactions {
		if c, ok := changeOf(OfTransaction, p, transactionFields, &schema.Transaction{}, m.renames, func(t *schema.Transaction) string { return t.Name }, transactionAdded, transactionRemoved); ok {
			out = append(out, c)
		}
	}
	out = append(out, m.lintChanges()...)
	sortChanges(out)
	return out
}

func (m *match) systemChanges() []Change {
	if m.old.System == m.new.System {
		return nil
	}
	return []Change{{Kind: OfSystem, Status: Renamed, Name: m.new.System, OldName: m.old.System, Weight: renamed, Place: m.new.Pos}}
}

var emptyModule = &schema.Module{
	Kind: schema.Service, Replicas: 1,
	Redundancy: schema.Redundancy{Mode: schema.ActiveActive, Failover: schema.AutomaticFailover},
	State:      schema.Stateless,
}

// changeOf tells what became of one thing. ok is false where it is as it was.
func changeOf[T any](kind Kind, p pair[T], fields []field[T], empty *T, r *renames, name func(*T) string, added, removed int) (c Change, ok bool) {
	thing := p.any()
	c = Change{Kind: kind, Name: name(thing), Place: any(thing).(placed).At("")}
	switch {
	case p.old == nil:
		c.Status, c.Weight, c.Fields = Added, added, stated(fields, thing, empty, true)
	case p.new == nil:
		c.Status, c.Weight, c.Fields = Removed, removed, stated(fields, thing, empty, false)
	default:
		c.Fields = compareFields(fields, p.old, p.new, r)
		if len(c.Fields) > 0 {
			c.Status = Changed
		}
		if old := name(p.old); old != c.Name {
			c.Status, c.OldName, c.Weight = Renamed, old, renamed
		}
		for _, f := range c.Fields {
			c.Effect = gravest(c.Effect, f.Effect)
			c.Weight = max(c.Weight, weigh(weightOf(fields, f.Field), f.Effect))
		}
	}
	return c, c.Status != ""
}

func weightOf[T any](fields []field[T], name string) int {
	for i := range fields {
		if fields[i].name == name {
			return fields[i].weight
		}
	}
	return 0
}

// dependencyChange tells what became of a dependency of a module that both designs have.
func (m *match) dependencyChange(of pair[schema.Module], p pair[schema.Dependency]) (Change, bool) {
	key := func(d *schema.Dependency) string { return d.Key }
	c, ok := changeOf(OfDependency, p, dependencyFields, &schema.Dependency{Mode: schema.Sync, Strength: schema.Hard, When: schema.Runtime, Need: 1}, m.renames, key, dependencyAdded, dependencyRemoved)
	if !ok {
		return c, false
	}
	d := p.any()
	if c.Status == Renamed {
		// A key that only follows its target to its new name is no change.
		if len(c.Fields) == 0 && m.renames.keyFollows(p.old, p.new) {
			return c, false
		}
		c.OldName = edge(of.old.Name, p.old.Key)
		if m.renames.keyFollows(p.old, p.new) {
			c.Status, c.OldName = Changed, ""
		}
	}
	if c.Status == Added || c.Status == Removed {
		// The key says where a plain one leads.
		if len(c.Fields) > 0 && c.Fields[0].Field == "to" && d.To.Name == d.Key {
			c.Fields = c.Fields[1:]
		}
		if d.Strength == schema.Hard && d.When == schema.Runtime {
			c.Effect = Weakens
			if c.Status == Removed {
				c.Effect = Strengthens
			}
			c.Weight = weigh(c.Weight, c.Effect)
		}
	}
	if p.new != nil {
		c.Name = edge(of.new.Name, d.Key)
	} else {
		c.Name = edge(of.old.Name, d.Key)
	}
	return c, true
}

// keyFollows reports whether the keys of a dependency differ only because they name its target, which was renamed.
func (r *renames) keyFollows(old, new *schema.Dependency) bool {
	return len(old.AnyOf) == 0 && old.To.Name == old.Key && r.module(old.Key) == new.Key
}

func edge(from, key string) string { return from + " -> " + key }

// dependsOn is the field of a module that came or went.
func dependsOn(m *schema.Module, added bool) []FieldChange {
	if len(m.DependsOn) == 0 {
		return nil
	}
	keys := make([]string, len(m.DependsOn))
	for i, d := range m.DependsOn {
		keys[i] = d.Key
	}
	c := FieldChange{Field: "dependsOn", Place: m.At("dependsOn")}
	if added {
		c.New = list(keys)
	} else {
		c.Old = list(keys)
	}
	return []FieldChange{c}
}
