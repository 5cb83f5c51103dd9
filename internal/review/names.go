package review

import "lintel/schema"

// renames holds the new names of things that have another one in the new design. A nil *renames maps every name to
// itself. What has a name that both designs have is the same thing, so an old name that is in here is none of the new
// design's, and the other way round.
type renames struct {
	modules, domains, journeys, transactions map[string]string            // old name to new name
	keys                                     map[string]map[string]string // by old name of the module: of its dependencies
	groups, teams                            map[string]string            // that have the same members under another name
	oldSystem, newSystem                     string
}

func (r *renames) module(name string) string {
	if r == nil {
		return name
	}
	return mapped(r.modules, name)
}

func (r *renames) domain(name string) string {
	if r == nil {
		return name
	}
	return mapped(r.domains, name)
}

func mapped(names map[string]string, name string) string {
	if n, ok := names[name]; ok {
		return n
	}
	return name
}

// none reports whether nothing has another name.
func (r *renames) none() bool {
	return r == nil || len(r.modules)+len(r.domains)+len(r.journeys)+len(r.transactions)+len(r.keys)+len(r.groups)+len(r.teams) == 0 && r.oldSystem == r.newSystem
}

// renamedSets gives the new names of sets of modules, such as groups, that have the same members as before. A name that
// both designs have stays.
func renamedSets(modules []pair[schema.Module], of func(*schema.Module) string) map[string]string {
	to := map[string]string{}   // by old name; "" where the members went to several, or to none
	from := map[string]string{} // by new name
	note := func(m map[string]string, name, other string) {
		if was, ok := m[name]; ok && was != other {
			other = ""
		}
		m[name] = other
	}
	for _, p := range modules {
		old, new := "", ""
		if p.old != nil {
			old = of(p.old)
		}
		if p.new != nil {
			new = of(p.new)
		}
		if old != "" {
			note(to, old, new)
		}
		if new != "" {
			note(from, new, old)
		}
	}
	out := map[string]string{}
	for old, new := range to {
		if _, kept := from[old]; new != "" && new != old && from[new] == old && !kept {
			if _, known := to[new]; !known {
				out[old] = new
			}
		}
	}
	return out
}
