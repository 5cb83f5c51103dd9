package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lintel/schema"
)

// Marks tell what became of the parts of a union.
type Marks struct {
	Modules, Dependencies, FailureDomains map[string]Status
	// Targets tell which alternatives of a dependency that was and is a choice came or went, by "module -> key -> target".
	Targets map[string]Status
	// Notes tell, for the same names, what changed: "replicas 3 → 1", "was orders-db".
	Notes map[string]string
}

// Union gives a design that holds what either state has: that of the new design, and what was removed. It is for
// drawing only: where both have a thing, it is the new one. The marks tell what became of modules, by name, of
// dependencies, by "module -> key", and of failure domains, by name; what is as before has none. What was removed has its
// old name, unless the new design uses that for something else.
func (c *Comparison) Union() (*schema.Design, Marks) {
	u := &union{marks: Marks{Modules: map[string]Status{}, Dependencies: map[string]Status{}, FailureDomains: map[string]Status{}, Targets: map[string]Status{}, Notes: map[string]string{}}}
	switch {
	case c.Old == nil && c.New == nil:
		return &schema.Design{}, u.marks
	case c.match == nil:
		u.markAll(c.any().Design, c.Status)
		return c.any().Design, u.marks
	}
	u.m, u.touched = c.match, map[*schema.Module]bool{}
	for i := range c.Changes {
		u.mark(&c.Changes[i])
	}
	return u.design(), u.marks
}

type union struct {
	m     *match
	marks Marks
	// touched are the modules whose dependencies are the union's own.
	touched map[*schema.Module]bool
}

// markAll marks a design that came or went as a whole.
func (u *union) markAll(d *schema.Design, s Status) {
	for _, m := range d.Modules {
		u.marks.Modules[m.Name] = s
		for _, dep := range m.DependsOn {
			u.marks.Dependencies[edge(m.Name, dep.Key)] = s
		}
	}
	for _, f := range d.FailureDomains {
		u.marks.FailureDomains[f.Name] = s
	}
}

// mark marks what changed in the new design; what was removed is marked where it is put in.
func (u *union) mark(c *Change) {
	if c.Status == Removed {
		return
	}
	switch c.Kind {
	case OfModule:
		u.marks.Modules[c.Name] = c.Status
	case OfDependency:
		u.marks.Dependencies[c.Name] = c.Status
	case OfFailureDomain:
		u.marks.FailureDomains[c.Name] = c.Status
	default:
		return
	}
	if _, isModule := u.marks.Modules[c.Name]; isModule && c.Kind == OfFailureDomain {
		return // the note of a module goes first
	}
	if note := c.note(); note != "" {
		u.marks.Notes[c.Name] = note
	}
}

// note says in a few words what changed: "was orders-db, replicas 3 → 1".
func (c *Change) note() string {
	if c.Status != Changed && c.Status != Renamed {
		return ""
	}
	var parts []string
	if c.OldName != "" {
		name := c.OldName
		if c.Kind == OfDependency {
			_, name, _ = strings.Cut(name, " -> ")
		}
		parts = append(parts, "was "+name)
	}
	for _, f := range c.Fields {
		switch {
		case len(f.Old)+len(f.New) > 60:
			parts = append(parts, f.Field+" changed")
		case f.Old == "":
			parts = append(parts, f.Field+" "+f.New)
		case f.New == "":
			parts = append(parts, "no "+f.Field)
		default:
			parts = append(parts, fmt.Sprintf("%s %s → %s", f.Field, f.Old, f.New))
		}
	}
	return strings.Join(parts, ", ")
}

// design puts the new design and what was removed together. Neither of the two designs is changed.
func (u *union) design() *schema.Design {
	m := u.m
	d := *m.new
	d.Sources = nil
	d.Modules, d.FailureDomains = nil, nil

	domains := nameRemoved(m.domains, func(f *schema.FailureDomain) string { return f.Name })
	modules := nameRemoved(m.modules, func(m *schema.Module) string { return m.Name })
	module := func(name string) string { return cmp.Or(modules[name], m.renames.module(name)) }
	domain := func(name string) string { return cmp.Or(domains[name], m.renames.domain(name)) }
	for _, p := range m.domains {
		if p.new != nil {
			d.FailureDomains = append(d.FailureDomains, p.new)
			continue
		}
		f := *p.old
		f.Name, f.In.Name = domains[f.Name], domain(f.In.Name)
		d.FailureDomains = append(d.FailureDomains, &f)
		u.marks.FailureDomains[f.Name] = Removed
	}
	for i, p := range m.modules {
		switch {
		case p.old == nil:
			for _, dep := range p.new.DependsOn {
				u.marks.Dependencies[edge(p.new.Name, dep.Key)] = Added
			}
			d.Modules = append(d.Modules, p.new)
		case p.new == nil:
			gone := *p.old
			gone.Name = modules[gone.Name]
			gone.DependsOn = nil
			for _, dep := range p.old.DependsOn {
				u.remove(&gone, dep, module)
			}
			relocate(&gone, module, domain)
			d.Modules = append(d.Modules, &gone)
			u.marks.Modules[gone.Name] = Removed
		default:
			d.Modules = append(d.Modules, u.withRemoved(p.new, m.dependencies[i], module))
		}
	}
	// The lists are put in order here and not by Normalize, which would write to modules that others read.
	slices.SortFunc(d.FailureDomains, func(a, b *schema.FailureDomain) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(d.Modules, func(a, b *schema.Module) int { return cmp.Compare(a.Name, b.Name) })
	for _, m := range d.Modules {
		if u.touched[m] {
			slices.SortFunc(m.DependsOn, func(a, b *schema.Dependency) int { return cmp.Compare(a.Key, b.Key) })
		}
	}
	return &d
}

// withRemoved gives a module with the dependencies, and the targets of dependencies, that it no longer has.
func (u *union) withRemoved(m *schema.Module, pairs []pair[schema.Dependency], module func(string) string) *schema.Module {
	both := m
	own := func() *schema.Module {
		if both == m {
			copied := *m
			copied.DependsOn = slices.Clone(m.DependsOn)
			both = &copied
		}
		return both
	}
	for _, p := range pairs {
		switch {
		case p.new == nil:
			u.remove(own(), p.old, module)
		case p.old != nil:
			u.retarget(own, p, module)
		}
	}
	return both
}

// retarget adds what a dependency of the module that own gives no longer leads to: to its alternatives where it still has a choice,
// else as a dependency that was removed.
func (u *union) retarget(own func() *schema.Module, p pair[schema.Dependency], module func(string) string) {
	leads := func(list []schema.Ref, to string) bool {
		return slices.ContainsFunc(list, func(r schema.Ref) bool { return r.Name == to })
	}
	was, is := relocated(p.old.Targets(), module), p.new.Targets()
	var gone []schema.Ref // by their old names
	for i, r := range was {
		if !leads(is, r.Name) && !leads(was[:i], r.Name) {
			gone = append(gone, p.old.Targets()[i])
		}
	}
	if len(is) > 1 {
		name := func(target string) string { return edge(own().Name, p.new.Key) + " -> " + target }
		for _, r := range is {
			if !leads(was, r.Name) {
				u.marks.Targets[name(r.Name)] = Added
			}
		}
		if len(gone) == 0 {
			return
		}
		dep := *p.new
		dep.AnyOf = append(slices.Clone(is), relocated(gone, module)...)
		for _, r := range dep.AnyOf[len(is):] {
			u.marks.Targets[name(r.Name)] = Removed
		}
		m := own()
		m.DependsOn[slices.Index(m.DependsOn, p.new)] = &dep
		return
	}
	if len(gone) == 0 {
		return
	}
	dep := *p.old
	if dep.AnyOf = gone; len(gone) == 1 {
		dep.AnyOf, dep.To, dep.Key, dep.Need = nil, gone[0], gone[0].Name, 1
	}
	u.remove(own(), &dep, module)
}

// remove adds a dependency that was removed to m.
func (u *union) remove(m *schema.Module, old *schema.Dependency, module func(string) string) {
	dep := *old
	if len(dep.AnyOf) == 0 && dep.To.Name == dep.Key {
		dep.Key = module(dep.Key)
	}
	dep.To.Name = module(dep.To.Name)
	dep.AnyOf = relocated(dep.AnyOf, module)
	dep.Key = free(dep.Key, func(key string) bool {
		return slices.ContainsFunc(m.DependsOn, func(d *schema.Dependency) bool { return d.Key == key })
	})
	m.DependsOn = append(m.DependsOn, &dep)
	u.touched[m] = true
	u.marks.Dependencies[edge(m.Name, dep.Key)] = Removed
}

// relocate gives the names that a module refers to in the union.
func relocate(m *schema.Module, module, domain func(string) string) {
	if p := m.Placement; p != nil {
		at := &schema.Placement{Spread: relocated(p.Spread, domain), Counts: slices.Clone(p.Counts)}
		for i := range at.Counts {
			at.Counts[i].Domain.Name = domain(at.Counts[i].Domain.Name)
		}
		m.Placement = at
	}
	if m.Session != nil {
		s := *m.Session
		s.In.Name = module(s.In.Name)
		m.Session = &s
	}
	if m.Backup != nil {
		b := *m.Backup
		b.To.Name = module(b.To.Name)
		m.Backup = &b
	}
	m.Monitors, m.Recovers = relocated(m.Monitors, module), relocated(m.Recovers, module)
}

func relocated(refs []schema.Ref, name func(string) string) []schema.Ref {
	out := slices.Clone(refs)
	for i := range out {
		out[i].Name = name(out[i].Name)
	}
	return out
}

// nameRemoved gives the names in the union of what was removed, by their old ones.
func nameRemoved[T any](pairs []pair[T], name func(*T) string) map[string]string {
	used := map[string]bool{}
	for _, p := range pairs {
		if p.new != nil {
			used[name(p.new)] = true
		}
	}
	out := map[string]string{}
	for _, p := range pairs {
		if p.new == nil {
			n := free(name(p.old), func(n string) bool { return used[n] })
			used[n] = true
			out[name(p.old)] = n
		}
	}
	return out
}

// free gives the name, or, where it is used, one that tells the same and is not.
func free(name string, used func(string) bool) string {
	out := name
	for i := 1; used(out); i++ {
		out = name + " (removed)"
		if i > 1 {
			out = fmt.Sprintf("%s (removed %d)", name, i)
		}
	}
	return out
}
