package review

// renames holds the new names of things that have another one in the new design. A nil *renames maps every name to
// itself. What has a name that both designs have is the same thing, so an old name that is in here is none of the new
// design's, and the other way round.
type renames struct {
	modules, domains, journeys, transactions map[string]string            // old name to new name
	keys                                     map[string]map[string]string // by old name of the module: of its dependencies
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
	return r == nil || len(r.modules)+len(r.domains)+len(r.journeys)+len(r.transactions)+len(r.keys) == 0 && r.oldSystem == r.newSystem
}
