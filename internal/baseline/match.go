package baseline

import (
	"path"
	"slices"
	"strings"
	"sync"

	"lintel/rules"
	"lintel/schema"
)

// Matching tells which findings of a run a baseline knows, and what is left of the baseline.
type Matching struct {
	Known   map[*rules.Finding]bool
	Stale   []Stale   // in order of the file
	Renamed []Renamed // in order of design

	baseline *Baseline
	matched  []int  // by entry: findings that it was found for
	judged   []bool // by entry: the run would have found it
	kept     []bool // by entry: it holds though it is not found; see keep
}

// Stale is an entry that the run should have found, and for Count of its findings did not.
type Stale struct {
	Entry
	Gone int // findings that are no longer there; at most those of the entry
	// Waived tells that they are there, and a waiver accepts them now.
	Waived bool
}

// Renamed is a thing whose known findings were found under a new name.
type Renamed struct {
	Kind     rules.SubjectKind // OfModule or OfSystem
	Design   string            // relative to the baseline
	Old, New string
	Findings int
}

// matcher is one matching at work.
type matcher struct {
	*Matching
	run     Run
	checked map[string][]*rules.Result // by relative path
	parts   map[string][]*rules.Result // by relative path of a file that belongs to designs of other paths: those designs
	byPrint map[string][]int           // entries by fingerprint
	open    []*occurrence              // what is not known yet
	whole   func() bool
}

// Match looks for the findings of a run in the baseline. Each entry stands for as many findings as it counts. It is
// looked for, in this order:
//
//  1. under its own path,
//  2. where no design is left under its path, in designs of other paths: a file or folder was renamed,
//  3. where an entry about the same subject covers its rule: another rule told of the cause,
//  4. where the one design of a path has a new system name, and no design has the old one: under the new name,
//  5. where a module is gone, and exactly one module that the baseline does not know has its kind, its neighbours and one
//     of its findings: under that module's name.
//
// A finding that none of this leads to is new.
func (b *Baseline) Match(run Run) *Matching {
	m := &matcher{
		Matching: &Matching{Known: map[*rules.Finding]bool{}, baseline: b, matched: make([]int, len(b.Entries)), judged: make([]bool, len(b.Entries)), kept: make([]bool, len(b.Entries))},
		run:      run, checked: map[string][]*rules.Result{}, parts: map[string][]*rules.Result{}, byPrint: map[string][]int{}, open: run.occurrences(),
	}
	for _, res := range run.Results {
		path := run.Relative(res.Design.Path)
		m.checked[path] = append(m.checked[path], res)
		for f := range res.Design.Sources { // what it imports is among them
			if f = run.Relative(f); f != path {
				m.parts[f] = append(m.parts[f], res)
			}
		}
	}
	for i, e := range b.Entries {
		m.byPrint[e.Fingerprint] = append(m.byPrint[e.Fingerprint], i)
	}
	m.whole = sync.OnceValue(m.checkedAll)
	m.take(func(o *occurrence) string { return o.fingerprint }, func(o *occurrence, e *Entry) bool { return e.Design == o.design })
	gone := map[string]bool{}
	for i := range b.Entries {
		if path := b.Entries[i].Design; !gone[path] {
			gone[path] = m.isGone(path)
		}
	}
	moved := func(o *occurrence, e *Entry) bool { return e.Design == o.design || gone[e.Design] }
	m.take(func(o *occurrence) string { return o.fingerprint }, moved)
	m.takeCovered(moved)
	m.renamedSystems()
	m.renamedModules(gone)
	m.keep()
	m.judge(gone)
	return m.Matching
}

// isGone reports whether no design stands under a path any more. A folder may be there without a design in it, and so may
// a file.
func (m *matcher) isGone(path string) bool {
	if m.checked[path] != nil {
		return false
	}
	file, folder := m.run.Exists(path)
	switch {
	case file:
		return m.joined(path) != nil || m.parts[path] != nil && m.whole()
	case folder:
		return m.whole()
	}
	return true
}

// joined gives the designs of the file's folder that the file is a part of: the path of a package with one file is that
// file, of one with several their folder or the first of them.
func (m *matcher) joined(file string) []*rules.Result {
	if m.checked[file] != nil || path.Ext(file) != ".cue" {
		return nil // JSON and YAML may be embedded in one design, and be another
	}
	var out []*rules.Result
	for _, res := range m.parts[file] {
		at := m.run.Relative(res.Design.Path)
		own := slices.ContainsFunc(res.Design.Files, func(f string) bool { return m.run.Relative(f) == file })
		if own && (at == path.Dir(file) || path.Dir(at) == path.Dir(file)) {
			out = append(out, res)
		}
	}
	return out
}

// checkedAll reports whether the run checked every design that the baseline can speak of. A file that others are made of
// is none of its own where all were checked.
func (m *matcher) checkedAll() bool {
	for i := range m.baseline.Entries {
		path := m.baseline.Entries[i].Design
		if file, _ := m.run.Exists(path); file && m.checked[path] == nil && m.parts[path] == nil && m.baseline.Entries[i].System != "" {
			return false
		}
	}
	return m.run.Whole()
}

// take marks as known those open findings for which there is room in an entry of the fingerprint that print gives, and
// which fits. It returns them.
func (m *matcher) take(print func(*occurrence) string, fits func(*occurrence, *Entry) bool) []*occurrence {
	var taken, open []*occurrence
	for _, o := range m.open {
		found := -1
		if p := print(o); p != "" {
			found = slices.IndexFunc(m.byPrint[p], func(i int) bool {
				e := &m.baseline.Entries[i]
				return m.matched[i] < e.Findings() && fits(o, e)
			})
			if found >= 0 {
				found = m.byPrint[p][found]
			}
		}
		if found < 0 {
			open = append(open, o)
			continue
		}
		m.matched[found]++
		m.Known[o.finding] = true
		taken = append(taken, o)
	}
	m.open = open
	return taken
}

// renamedSystems finds designs whose system has a new name.
func (m *matcher) renamedSystems() {
	if len(m.open) == 0 {
		return
	}
	systems := map[string]bool{} // that were checked
	for _, res := range m.run.Results {
		systems[res.Design.System] = true
	}
	known := map[string][]string{} // by path: the systems of its entries
	for i := range m.baseline.Entries {
		e := &m.baseline.Entries[i]
		if e.System != "" && !slices.Contains(known[e.Design], e.System) {
			known[e.Design] = append(known[e.Design], e.System)
		}
	}
	old := map[string]string{} // by path
	for path, list := range m.checked {
		if was := known[path]; len(list) == 1 && len(was) == 1 && !systems[was[0]] {
			old[path] = was[0]
		}
	}
	for _, o := range m.takeAs(func(o *occurrence) *rules.Finding {
		was := old[o.design]
		if o.result == nil || was == "" {
			return nil
		}
		f := *o.finding
		f.System = was
		return &f
	}, func(o *occurrence, e *Entry) bool { return e.Design == o.design }) {
		m.tell(Renamed{rules.OfSystem, o.design, old[o.design], o.finding.System, 1})
	}
}

// takeAs is take for findings as they would be under another name; nil is none.
func (m *matcher) takeAs(as func(*occurrence) *rules.Finding, fits func(*occurrence, *Entry) bool) []*occurrence {
	return m.take(func(o *occurrence) string {
		if f := as(o); f != nil {
			return f.Fingerprint()
		}
		return ""
	}, fits)
}

func (m *matcher) tell(r Renamed) {
	for i, other := range m.Renamed {
		if other.Kind == r.Kind && other.Design == r.Design && other.Old == r.Old && other.New == r.New {
			m.Renamed[i].Findings += r.Findings
			return
		}
	}
	m.Renamed = append(m.Renamed, r)
}

// renamedModules finds, design by design, modules that have a new name.
func (m *matcher) renamedModules(gone map[string]bool) {
	byResult := map[*rules.Result][]*occurrence{}
	for _, o := range m.open {
		if o.result != nil {
			byResult[o.result] = append(byResult[o.result], o)
		}
	}
	for _, res := range m.run.Results {
		open := byResult[res]
		if len(open) == 0 {
			continue
		}
		design := m.run.Relative(res.Design.Path)
		mine := func(e *Entry) bool {
			return e.System == res.Design.System && (e.Design == design || gone[e.Design])
		}
		names := m.newNames(res.Design, open, mine)
		if len(names) == 0 {
			continue
		}
		for _, o := range m.takeAs(func(o *occurrence) *rules.Finding {
			if o.result != res {
				return nil
			}
			return renamedFinding(o.finding, names)
		}, func(_ *occurrence, e *Entry) bool { return mine(e) }) {
			for now, old := range names {
				if mentions(o.finding, now) {
					m.tell(Renamed{rules.OfModule, design, old, now, 1})
				}
			}
		}
	}
	slices.SortStableFunc(m.Renamed, func(a, b Renamed) int {
		if c := strings.Compare(a.Design, b.Design); c != 0 {
			return c
		}
		return strings.Compare(a.New, b.New)
	})
}

// newNames gives the old names of modules by their new ones.
func (m *matcher) newNames(d *schema.Design, open []*occurrence, mine func(*Entry) bool) map[string]string {
	present := map[string]bool{}
	for _, module := range d.Modules {
		present[module.Name] = true
	}
	// What the entries know of the modules that are gone, and which of those that are there they know.
	shapes, known, contradicted := map[string]string{}, map[string]bool{}, map[string]bool{}
	rulesOf := map[string][]string{}
	for i := range m.baseline.Entries {
		e := &m.baseline.Entries[i]
		if !mine(e) {
			continue
		}
		for name, shape := range e.modules() {
			known[name] = true
			if present[name] || shape == "" || m.matched[i] == e.Findings() {
				continue
			}
			if was, ok := shapes[name]; ok && was != shape {
				contradicted[name] = true
			}
			shapes[name] = shape
			rulesOf[name] = append(rulesOf[name], e.Rule)
		}
	}
	if len(shapes) == 0 {
		return nil
	}
	byShape := map[string]string{}
	for name, shape := range shapesOf(d) {
		byShape[shape] = name
	}
	out, taken := map[string]string{}, map[string]int{}
	for old, shape := range shapes {
		now, ok := byShape[shape]
		if !ok || known[now] || contradicted[old] {
			continue
		}
		// It must have a finding of a rule that the old one had, and the finding must be the same but for the name.
		if slices.ContainsFunc(open, func(o *occurrence) bool {
			return slices.Contains(rulesOf[old], o.finding.Rule.ID) && mentions(o.finding, now)
		}) {
			out[now] = old
			taken[now]++
		}
	}
	for now, n := range taken {
		if n > 1 {
			delete(out, now)
		}
	}
	return out
}

// mentions reports whether a finding's subject is the module or one of its dependencies.
func mentions(f *rules.Finding, module string) bool {
	if f.Subject.Name == module {
		return true
	}
	from, to, ok := strings.Cut(f.Subject.Name, arrow)
	return ok && f.Subject.Kind == rules.OfDependency && (from == module || to == module)
}

// renamedFinding gives a finding as it was under the old names of modules, or nil where it has no other name.
func renamedFinding(f *rules.Finding, old map[string]string) *rules.Finding {
	out := *f
	switch f.Subject.Kind {
	case rules.OfModule, rules.OfJourney: // a journey that is implied has the name of its entry
		if was, ok := old[f.Subject.Name]; ok {
			out.Subject.Name = was
		}
	case rules.OfDependency:
		out.Subject.Name = renamedEnds(f.Subject.Name, old)
	}
	// A key is a word of the rule, a module, or a dependency.
	if was, ok := old[f.Key]; ok {
		out.Key = was
	} else {
		out.Key = renamedEnds(f.Key, old)
	}
	if out.Subject.Name == f.Subject.Name && out.Key == f.Key {
		return nil
	}
	return &out
}

func renamedEnds(name string, old map[string]string) string {
	from, to, ok := strings.Cut(name, arrow)
	if !ok {
		return name
	}
	if was, ok := old[from]; ok {
		from = was
	}
	if was, ok := old[to]; ok {
		to = was
	}
	return from + arrow + to
}

// judge finds out which entries the run would have found, and so which of them are stale.
func (m *matcher) judge(gone map[string]bool) {
	for i := range m.baseline.Entries {
		e := &m.baseline.Entries[i]
		m.judged[i] = m.wouldFind(e, gone)
		if left := e.Findings() - m.matched[i]; left > 0 && m.judged[i] && !m.kept[i] {
			m.Stale = append(m.Stale, Stale{*e, left, m.waived(e)})
		}
	}
	slices.SortStableFunc(m.Stale, func(a, b Stale) int { return a.Line - b.Line })
}

// wouldFind reports whether the run would have found what an entry tells of, were it still there: its design was checked
// with its rule. A design that is gone counts as checked where all were, since it may have another path. What is known
// of settings files is told only where all that they govern was checked.
func (m *matcher) wouldFind(e *Entry, gone map[string]bool) bool {
	var at []*rules.Result
	switch list, joined := m.checked[e.Design], m.joined(e.Design); {
	case e.System != "" && joined != nil:
		at = joined
	case e.System == "" || gone[e.Design]:
		if !m.whole() {
			return false
		}
		at = m.run.Results
	default:
		at = list
	}
	if some := slices.DeleteFunc(slices.Clone(at), func(res *rules.Result) bool { return res.Design.System != e.System }); len(some) > 0 {
		at = some
	}
	return len(at) > 0 && !slices.ContainsFunc(at, func(res *rules.Result) bool {
		ran, known := res.Ran(e.Rule)
		return known && !ran
	})
}

// Pruned gives the baseline without what is stale.
func (m *Matching) Pruned() *Baseline {
	out := &Baseline{}
	for i, e := range m.baseline.Entries {
		if m.judged[i] && !m.kept[i] {
			if m.matched[i] == 0 {
				continue
			}
			if m.matched[i] < e.Findings() {
				e.Count = m.matched[i]
			}
		}
		out.Entries = append(out.Entries, e)
	}
	for i := range out.Entries {
		if out.Entries[i].Count == 1 {
			out.Entries[i].Count = 0
		}
	}
	out.sort()
	return out
}

// Renewed gives the baseline of all that the run found, together with the entries that the run could not judge.
func (m *Matching) Renewed(run Run) *Baseline {
	out := Of(run)
	for i, e := range m.baseline.Entries {
		if !m.judged[i] && m.matched[i] == 0 {
			out.Entries = append(out.Entries, e)
		}
	}
	out.sort()
	return out
}
