package review

import (
	"cmp"
	"slices"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// findingNames gives the names that findings of the old design have in the new one.
type findingNames struct {
	r              *renames
	journeys       map[string]string
	modulesOfOld   map[string]bool
	modulesOfNew   map[string]bool
	nothingRenamed bool
	// onlyRenamed tells that nothing else changed, so that no finding is news: what differs follows from names alone.
	onlyRenamed bool
	dead        map[string]bool // see match.deadJourneys
}

func newFindingNames(m *match) *findingNames {
	n := &findingNames{r: m.renames, nothingRenamed: m.renames.none()}
	if n.nothingRenamed {
		return n
	}
	n.journeys = m.journeyNames()
	n.modulesOfOld, n.modulesOfNew = moduleNames(m.old), moduleNames(m.new)
	return n
}

func moduleNames(d *schema.Design) map[string]bool {
	out := make(map[string]bool, len(d.Modules))
	for _, m := range d.Modules {
		out[m.Name] = true
	}
	return out
}

// journeyNames gives the new names of journeys; one that is implied has the name of its module.
func (m *match) journeyNames() map[string]string {
	if len(m.old.Journeys) == 0 {
		return m.renames.modules
	}
	return m.renames.journeys
}

// match takes findings that are the same out of before and after, and calls matched with each pair.
func (n *findingNames) match(before, after *[states][]*rules.Finding, identities func(*rules.Finding) []string, matched func(move struct{ from, to int }, o, n *rules.Finding)) {
	if n.nothingRenamed {
		take(before, after, fingerprinted, fingerprinted, matched)
		return
	}
	take(before, after, identities, fingerprinted, matched)
	// Where a finding is about several things, its subject is the first of them by name, which may be another one now.
	take(before, after, n.mappedMembers, members, matched)
	// Of several dependencies between the same modules, the one that such a finding names is the first, too.
	take(before, after, n.mappedModules, n.modules, matched)
	// Of several paths that are equally long, a rule tells the first by name, and which others it tells beside depends on
	// that.
	if n.onlyRenamed {
		take(before, after, ofRule, ofRule, matched)
	}
}

func fingerprinted(f *rules.Finding) []string {
	return []string{identity(f.Rule, f.Subject.Kind, f.Subject.Name, f.Key)}
}

// ofRule names a finding by no more than its rule.
func ofRule(f *rules.Finding) []string { return []string{f.Rule.ID} }

// take matches findings by the names that they have on each side; an old one may have several, of which the first that
// is found counts.
func take(before, after *[states][]*rules.Finding, old, new func(*rules.Finding) []string, matched func(move struct{ from, to int }, o, n *rules.Finding)) {
	var index [states]map[string][]*rules.Finding
	for s := range after {
		index[s] = make(map[string][]*rules.Finding, len(after[s]))
		for _, f := range after[s] {
			for _, id := range new(f) {
				index[s][id] = append(index[s][id], f)
			}
		}
	}
	taken := map[*rules.Finding]bool{}
	for _, move := range moves {
		before[move.from] = slices.DeleteFunc(before[move.from], func(o *rules.Finding) bool {
			for _, id := range old(o) {
				if list := index[move.to][id]; len(list) > 0 {
					index[move.to][id] = list[1:]
					taken[list[0]] = true
					matched(move, o, list[0])
					return true
				}
			}
			return false
		})
	}
	for s := range after {
		after[s] = slices.DeleteFunc(after[s], func(f *rules.Finding) bool { return taken[f] })
	}
}

// identities are what the finding may be called in the new design, the likeliest first.
func (n *findingNames) identities(f *rules.Finding) []string {
	var out []string
	for _, name := range n.subject(f.Subject) {
		for _, key := range n.key(f.Key) {
			out = append(out, identity(f.Rule, f.Subject.Kind, name, key))
		}
	}
	return out
}

func (n *findingNames) subject(s rules.Subject) []string {
	switch s.Kind {
	case rules.OfModule:
		return []string{n.r.module(s.Name)}
	case rules.OfFailureDomain:
		return []string{n.r.domain(s.Name)}
	case rules.OfJourney:
		return []string{mapped(n.journeys, s.Name)}
	case rules.OfTransaction:
		return []string{mapped(n.r.transactions, s.Name)}
	case rules.OfDependency:
		return append(n.edges(s.Name), s.Name)
	case rules.OfGroup:
		return []string{mapped(n.r.groups, s.Name)}
	case rules.OfTeam:
		return []string{mapped(n.r.teams, s.Name)}
	case rules.OfSystem:
		if s.Name == n.r.oldSystem {
			return []string{n.r.newSystem}
		}
	}
	return []string{s.Name}
}

// edges gives the new names of "a -> b", where b is a key or a target; none where a is no module of the old design.
func (n *findingNames) edges(name string) []string {
	var out []string
	for at := 0; ; {
		i := strings.Index(name[at:], " -> ")
		if i < 0 {
			return out
		}
		at += i
		from, to := name[:at], name[at+4:]
		at += 4
		if !n.modulesOfOld[from] {
			continue
		}
		if key, ok := n.r.keys[from][to]; ok {
			out = append(out, edge(n.r.module(from), key))
		}
		if e := edge(n.r.module(from), n.r.module(to)); !slices.Contains(out, e) {
			out = append(out, e)
		}
		if e := edge(n.r.module(from), to); !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
}

// key gives what a key may be in the new design. A key is a word of the rule, a name, or the one before the other, or
// before a list of names.
func (n *findingNames) key(key string) []string {
	if key == "" {
		return []string{""}
	}
	out := n.any(key)
	if word, name, ok := strings.Cut(key, " "); ok {
		for _, name := range n.any(name) {
			out = append(out, word+" "+name)
		}
		if names := strings.Split(name, ", "); len(names) > 1 {
			for i := range names {
				if to := n.any(names[i]); len(to) > 0 {
					names[i] = to[0]
				}
			}
			slices.Sort(names)
			out = append(out, word+" "+strings.Join(names, ", "))
		}
	}
	return append(out, key)
}

// any gives the new names of whatever has this name.
func (n *findingNames) any(name string) []string {
	out := n.edges(name)
	for _, names := range []map[string]string{n.r.modules, n.r.domains, n.journeys, n.r.transactions, n.r.groups, n.r.teams} {
		if to, ok := names[name]; ok {
			out = append(out, to)
		}
	}
	return out
}

// mappedMembers and members name a finding by all the things that it is about.
func (n *findingNames) mappedMembers(f *rules.Finding) []string {
	names := []string{f.Subject.Name}
	names = append(names, f.Aliases...)
	for i, name := range names {
		if to := n.any(name); len(to) > 0 {
			names[i] = to[0]
		}
	}
	var out []string
	for _, key := range n.key(f.Key) {
		out = append(out, identity(f.Rule, f.Subject.Kind, sorted(names), key))
	}
	return out
}

func members(f *rules.Finding) []string {
	return []string{identity(f.Rule, f.Subject.Kind, sorted(append([]string{f.Subject.Name}, f.Aliases...)), f.Key)}
}

// mappedModules and modules name a finding about two or more modules by these alone.
func (n *findingNames) mappedModules(f *rules.Finding) []string {
	return n.byModules(f, n.modulesOfOld, n.r.module, n.key(f.Key))
}

func (n *findingNames) modules(f *rules.Finding) []string {
	return n.byModules(f, n.modulesOfNew, func(name string) string { return name }, []string{f.Key})
}

func (n *findingNames) byModules(f *rules.Finding, isModule map[string]bool, rename func(string) string, keys []string) []string {
	var names []string
	for _, name := range append([]string{f.Subject.Name}, f.Aliases...) {
		if isModule[name] && !slices.Contains(names, rename(name)) {
			names = append(names, rename(name))
		}
	}
	if len(names) < 2 {
		return nil
	}
	var out []string
	for _, key := range keys {
		out = append(out, identity(f.Rule, f.Subject.Kind, sorted(names), key))
	}
	return out
}

func sorted(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\x01")
}

// change tells in what two findings that are the same differ. ok is false where they do not.
func (n *findingNames) change(old, new *rules.Finding) (c FindingChange, ok bool) {
	if n.onlyRenamed {
		return c, false
	}
	c = FindingChange{Old: old, New: new}
	before := make([]string, len(old.Journeys))
	for i, j := range old.Journeys {
		before[i] = mapped(n.journeys, j)
	}
	slices.Sort(before)
	for _, j := range new.Journeys {
		if _, ok := slices.BinarySearch(before, j); !ok {
			c.GainedJourneys = append(c.GainedJourneys, j)
		}
	}
	for _, j := range before {
		if _, ok := slices.BinarySearchFunc(new.Journeys, j, cmp.Compare[string]); !ok && !n.dead[j] {
			c.LostJourneys = append(c.LostJourneys, j)
		}
	}
	return c, old.Severity != new.Severity || len(c.GainedJourneys)+len(c.LostJourneys) > 0
}

// onlyDead reports whether a finding of the old design concerns journeys, none of which is alive in the new one.
func (n *findingNames) onlyDead(f *rules.Finding) bool {
	return len(f.Journeys) > 0 && !slices.ContainsFunc(f.Journeys, func(j string) bool { return !n.dead[mapped(n.journeys, j)] })
}
