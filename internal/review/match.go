package review

import (
	"cmp"
	"slices"

	"lintel/schema"
)

// match tells which things of two designs are the same.
type match struct {
	old, new     *schema.Design
	modules      []pair[schema.Module]
	domains      []pair[schema.FailureDomain]
	journeys     []pair[schema.Journey]
	transactions []pair[schema.Transaction]
	dependencies [][]pair[schema.Dependency] // by pair of modules; nil where one side has no module
	renames      *renames
}

// pair is one thing in both designs; one side is nil where that design has no such thing.
type pair[T any] struct{ old, new *T }

func matchDesigns(old, new *schema.Design) *match {
	r := findRenames(old, new)
	m := &match{old: old, new: new, renames: r}
	m.modules = pairUp(old.Modules, new.Modules, func(m *schema.Module) string { return m.Name }, r.modules)
	m.domains = pairUp(old.FailureDomains, new.FailureDomains, func(f *schema.FailureDomain) string { return f.Name }, r.domains)
	m.journeys = pairUp(old.Journeys, new.Journeys, func(j *schema.Journey) string { return j.Name }, r.journeys)
	m.transactions = pairUp(old.Transactions, new.Transactions, func(t *schema.Transaction) string { return t.Name }, r.transactions)
	r.groups = renamedSets(m.modules, func(m *schema.Module) string { return m.Group })
	r.teams = renamedSets(m.modules, func(m *schema.Module) string { return m.Team })
	m.dependencies = make([][]pair[schema.Dependency], len(m.modules))
	for i, p := range m.modules {
		if p.old != nil && p.new != nil {
			m.dependencies[i] = r.pairDependencies(p.old, p.new)
		}
	}
	return m
}

// pairUp pairs the things of two lists by name; renamed gives the new names of old ones. The pairs are in order of name,
// the new one where there is one.
func pairUp[T any](old, new []*T, name func(*T) string, renamed map[string]string) []pair[T] {
	out := make([]pair[T], 0, max(len(old), len(new)))
	at := make(map[string]int, len(new))
	for _, n := range new {
		at[name(n)] = len(out)
		out = append(out, pair[T]{new: n})
	}
	for _, o := range old {
		if i, ok := at[mapped(renamed, name(o))]; ok && out[i].old == nil {
			out[i].old = o
		} else {
			out = append(out, pair[T]{old: o})
		}
	}
	slices.SortStableFunc(out, func(a, b pair[T]) int { return cmp.Compare(name(a.any()), name(b.any())) })
	return out
}

// any gives the new thing where there is one, else the old one.
func (p pair[T]) any() *T {
	if p.new != nil {
		return p.new
	}
	return p.old
}

// pairDependencies pairs the dependencies of a module: by key, then those with the same targets under another key.
func (r *renames) pairDependencies(old, new *schema.Module) []pair[schema.Dependency] {
	out := make([]pair[schema.Dependency], 0, max(len(old.DependsOn), len(new.DependsOn)))
	at := make(map[string]int, len(new.DependsOn))
	for _, d := range new.DependsOn {
		at[d.Key] = len(out)
		out = append(out, pair[schema.Dependency]{new: d})
	}
	// A key that names its target follows it to its new name.
	var left []*schema.Dependency
	take := func(d *schema.Dependency, key string) bool {
		i, ok := at[key]
		if !ok || out[i].old != nil {
			return false
		}
		out[i].old = d
		if d.Key != key {
			r.renameKey(old.Name, d.Key, key)
		}
		return true
	}
	for _, d := range old.DependsOn {
		key := d.Key
		if len(d.AnyOf) == 0 && d.To.Name == d.Key {
			key = r.module(d.Key)
		}
		if !take(d, key) {
			left = append(left, d)
		}
	}
	left = slices.DeleteFunc(left, func(d *schema.Dependency) bool { return take(d, d.Key) })
	if len(left) > 0 {
		targets := func(d *schema.Dependency, r *renames) string { return anyOf(d) + names(d.Targets(), r.module) }
		alone := map[string]int{}
		for _, d := range left {
			alone[targets(d, r)]++
		}
		keys := map[string][]string{}
		for _, p := range out {
			if p.old == nil {
				keys[targets(p.new, nil)] = append(keys[targets(p.new, nil)], p.new.Key)
			}
		}
		left = slices.DeleteFunc(left, func(d *schema.Dependency) bool {
			t := targets(d, r)
			return alone[t] == 1 && len(keys[t]) == 1 && take(d, keys[t][0])
		})
	}
	for _, d := range left {
		out = append(out, pair[schema.Dependency]{old: d})
	}
	slices.SortStableFunc(out, func(a, b pair[schema.Dependency]) int { return cmp.Compare(a.any().Key, b.any().Key) })
	return out
}

func (r *renames) renameKey(module, old, new string) {
	if r.keys == nil {
		r.keys = map[string]map[string]string{}
	}
	if r.keys[module] == nil {
		r.keys[module] = map[string]string{}
	}
	r.keys[module][old] = new
}

func anyOf(d *schema.Dependency) string {
	if len(d.AnyOf) > 0 {
		return "anyOf "
	}
	return ""
}
