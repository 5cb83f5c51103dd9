package diagram

import (
	"slices"
	"strings"

	"lintel/rules"
)

// changed marks what became of the parts that are drawn, since another state of the design.
func (b *builder) changed() {
	c := b.o.Changes
	if c == nil {
		return
	}
	d := b.d
	d.Changed = true
	inside := b.changesInside()
	for i, n := range d.Nodes {
		switch n.Role {
		case ModuleNode:
			n.Change, n.ChangeNote = b.moduleChange(n.Module), c.Notes[n.Name]
		case SummaryNode:
			n.Change, n.ChangeNote = b.summaryChange(b.inGroup[i], b.membersOf(i), inside[i])
		}
		if n.Change == NotChanged {
			n.ChangeNote = ""
		}
	}
	for key, i := range b.choices {
		n := d.Nodes[i]
		n.Change = b.dependencyChange(key.dependency)
		n.ChangeNote = b.dependencyNote(key.dependency)
	}
	for g, frame := range b.frame {
		if frame >= 0 {
			d.Groups[frame].Change = b.groupChange(g)
		}
	}
	for _, e := range d.Edges {
		e.Change, e.ChangeNote = b.edgeChange(e)
	}
	if d.Matrix != nil {
		b.changedMatrix(inside)
	}
}

// changedMatrix marks rows and cells. inside tells by row how the dependencies within it changed.
func (b *builder) changedMatrix(inside map[int][4]int) {
	m := b.d.Matrix
	members := make([][]int32, len(m.Rows))
	for i, r := range b.rowOf {
		if r >= 0 {
			members[r] = append(members[r], int32(i))
		}
	}
	for r := range m.Rows {
		row := &m.Rows[r]
		if row.Module >= 0 {
			if row.Change = b.moduleChange(row.Module); row.Change != NotChanged {
				row.ChangeNote = b.o.Changes.Notes[row.Name]
			}
			continue
		}
		row.Change, row.ChangeNote = b.summaryChange(-1, members[r], inside[r])
	}
	changes := make([]lineChanges, len(m.Cells)) // of what each counts
	for k := range b.a.Dependencies() {
		d := &b.a.Dependencies()[k]
		r := b.rowOf[d.From]
		if r < 0 || !b.draws(int32(k)) {
			continue
		}
		for i, t := range d.Targets {
			c := b.rowOf[t]
			at, ok := b.cellAt[[2]int32{r, c}]
			if !ok || slices.ContainsFunc(d.Targets[:i], func(t int32) bool { return b.rowOf[t] == c }) {
				continue
			}
			changes[at].add(b.targetsChange(int32(k), func(t int32) bool { return b.rowOf[t] == c }), "")
		}
	}
	for i := range m.Cells {
		m.Cells[i].Change, _ = changes[i].together()
	}
}

func (b *builder) moduleChange(i int32) Change { return b.o.Changes.Modules[b.module(i).Name] }

func (b *builder) dependencyChange(k int32) Change {
	d := &b.a.Dependencies()[k]
	return b.o.Changes.OfDependency(b.module(d.From).Name, d.Key)
}

func (b *builder) dependencyNote(k int32) string {
	if b.dependencyChange(k) == NotChanged {
		return ""
	}
	return b.o.Changes.Notes[b.dependencyName(k)]
}

func (b *builder) dependencyName(k int32) string {
	d := &b.a.Dependencies()[k]
	return dependencyName(b.module(d.From).Name, d.Key)
}

// targetsChange is the change of dependency k so far as it leads to the targets that are counted.
func (b *builder) targetsChange(k int32, counts func(t int32) bool) Change {
	d := &b.a.Dependencies()[k]
	if len(b.o.Changes.Targets) == 0 || len(d.Targets) < 2 {
		return b.dependencyChange(k)
	}
	var n [4]int
	for _, t := range d.Targets {
		if counts(t) {
			n[b.o.Changes.OfTarget(b.module(d.From).Name, d.Key, b.module(t).Name)]++
		}
	}
	return together(n)
}

// edgeChange is the change of a line, and what it says of it. What changed about a choice is told of its fork and the
// line to it: the lines from there to the alternatives tell only which of these came or went.
func (b *builder) edgeChange(e *Edge) (Change, string) {
	var all lineChanges
	for _, k := range e.Dependencies {
		if b.d.Nodes[e.To].Role == ChoiceNode {
			all.add(b.dependencyChange(k), b.dependencyNote(k))
			continue
		}
		c := b.targetsChange(k, func(t int32) bool { return slices.Contains(b.boxesOf[t], e.To) })
		if b.d.Nodes[e.From].Role == ChoiceNode {
			if c == WasChanged {
				c = NotChanged
			}
			all.add(c, "")
			continue
		}
		all.add(c, b.dependencyNote(k))
	}
	return all.together()
}

// lineChanges are those of the dependencies that one line or cell stands for.
type lineChanges struct {
	n     [4]int
	notes []string
}

func (l *lineChanges) add(c Change, note string) {
	l.n[c]++
	if note != "" && !slices.Contains(l.notes, note) {
		l.notes = append(l.notes, note)
	}
}

// together is the change of the line, and what it says of it.
func (l *lineChanges) together() (Change, string) {
	c := together(l.n)
	lines := l.n[NotChanged] + l.n[WasAdded] + l.n[WasRemoved] + l.n[WasChanged]
	switch {
	case lines < 2 && len(l.notes) == 1:
		return c, l.notes[0]
	case c != WasChanged || l.n[WasAdded]+l.n[WasRemoved] == 0:
		if len(l.notes) == 1 {
			return c, l.notes[0]
		}
		return c, ""
	}
	return c, changeCounts(l.n)
}

// changeCounts tells how many were added, removed and changed: "2 added, 1 changed"; "" for none.
func changeCounts(n [4]int) string {
	var parts []string
	for _, c := range []Change{WasAdded, WasRemoved, WasChanged} {
		if n[c] > 0 {
			parts = append(parts, thousands(n[c])+" "+c.String())
		}
	}
	return strings.Join(parts, ", ")
}

// changesInside counts the changes of the dependencies within each group as one box, by node or row.
func (b *builder) changesInside() map[int][4]int {
	inside := make(map[int][4]int)
	for k := range b.a.Dependencies() {
		d := &b.a.Dependencies()[k]
		if !b.shown[d.From] || !b.draws(int32(k)) {
			continue
		}
		c := b.dependencyChange(int32(k))
		if c == NotChanged {
			continue
		}
		add := func(box int, within bool) {
			if within {
				n := inside[box]
				n[c]++
				inside[box] = n
			}
		}
		if b.d.Matrix != nil {
			r := b.rowOf[d.From]
			add(int(r), slices.ContainsFunc(d.Targets, func(t int32) bool { return b.rowOf[t] == r }))
			continue
		}
		for _, u := range b.boxesOf[d.From] {
			add(u, b.d.Nodes[u].Role == SummaryNode && slices.ContainsFunc(d.Targets, func(t int32) bool { return slices.Contains(b.boxesOf[t], u) }))
		}
	}
	return inside
}

// membersOf lists the modules that node i stands for.
func (b *builder) membersOf(i int) []int32 {
	var list []int32
	for m, boxes := range b.boxesOf {
		if slices.Contains(boxes, i) {
			list = append(list, int32(m))
		}
	}
	return list
}

// summaryChange is the change of group g (-1 for a row) as one box, and how many of its modules, or failing these its
// dependencies, changed in which way.
func (b *builder) summaryChange(g int, members []int32, inside [4]int) (Change, string) {
	var n [4]int
	for _, i := range members {
		n[b.moduleChange(i)]++
	}
	c := together(n)
	if g >= 0 && b.domainOf != nil {
		if own := b.groupChange(g); own != NotChanged {
			c = own
		}
	}
	switch {
	case c == WasChanged && n[WasAdded]+n[WasRemoved]+n[WasChanged] > 0:
		return c, changeCounts(n)
	case c != NotChanged:
		return c, ""
	case inside != [4]int{}:
		lines := "dependencies"
		if inside[WasAdded]+inside[WasRemoved]+inside[WasChanged] == 1 {
			lines = "dependency"
		}
		first, rest, _ := strings.Cut(changeCounts(inside), " ")
		return WasChanged, first + " " + lines + " " + rest
	}
	return NotChanged, ""
}

// groupChange is that of a failure domain, or of a group all of whose modules came or went.
func (b *builder) groupChange(g int) Change {
	if b.domainOf != nil {
		return b.o.Changes.FailureDomains[b.groups[g].Name]
	}
	var n [4]int
	for i, m := range b.a.Design.Modules {
		if labelOf(m, b.d.GroupBy) == b.groups[g].Name {
			n[b.moduleChange(int32(i))]++
		}
	}
	if c := together(n); c == WasAdded || c == WasRemoved {
		return c
	}
	return NotChanged
}

// marksFinding reports whether a finding is to be marked: of a comparison only what is new.
func (b *builder) marksFinding(f *rules.Finding) bool {
	return b.o.Changes == nil || b.o.Changes.NewFindings[f.Fingerprint()]
}

// chooseChanged keeps in about what lies near to what was added, removed or changed, where that was asked for.
func (b *builder) chooseChanged(about []bool) error {
	c := b.o.Changes
	if c == nil {
		return nil
	}
	if c.Title != "" {
		b.subtitle = append(b.subtitle, "changes: "+c.Title)
	}
	if c.Neighbourhood <= 0 {
		return nil
	}
	start := b.changedModules()
	if len(start) == 0 {
		return nil
	}
	near := make([]bool, b.a.Modules())
	n := b.a.Neighbours(nil)
	within(start, n.DependsOn, c.Neighbourhood, near)
	within(start, n.Dependents, c.Neighbourhood, near)
	b.subtitle = append(b.subtitle, "with what is "+counted(c.Neighbourhood, "step")+" around")
	return keep(about, near, "changes", "what changed, with what else was chosen,")
}

// changedModules lists the modules that a change concerns: those that changed, the callers of dependencies that
// changed and, where failure domains are drawn, what is placed in one that changed.
func (b *builder) changedModules() []int32 {
	changed := make([]bool, b.a.Modules())
	for i := range changed {
		changed[i] = b.moduleChange(int32(i)) != NotChanged
		if !b.placed || changed[i] {
			continue
		}
		for _, s := range b.standings(b.module(int32(i))) {
			if s.domain >= 0 && b.o.Changes.FailureDomains[b.a.Design.FailureDomains[s.domain].Name] != NotChanged {
				changed[i] = true
			}
		}
	}
	for k := range b.a.Dependencies() {
		if b.dependencyChange(int32(k)) != NotChanged {
			changed[b.a.Dependencies()[k].From] = true
		}
	}
	var list []int32
	for i, c := range changed {
		if c {
			list = append(list, int32(i))
		}
	}
	return list
}

// countChanges counts the changes of modules and of dependencies of the whole design.
func (b *builder) countChanges() (modules, dependencies [4]int) {
	for i := range b.a.Modules() {
		modules[b.moduleChange(int32(i))]++
	}
	for k := range b.a.Dependencies() {
		dependencies[b.dependencyChange(int32(k))]++
	}
	return modules, dependencies
}

// changeWords tells what changed, for those who can't see the picture: "2 modules added, 1 changed; 1 dependency
// removed"; "" where nothing did.
func (b *builder) changeWords() string {
	modules, dependencies := b.countChanges()
	var parts []string
	for _, of := range []struct {
		n         [4]int
		one, many string
	}{{modules, "module", "modules"}, {dependencies, "dependency", "dependencies"}} {
		if counts := changeCounts(of.n); counts != "" {
			first, rest, _ := strings.Cut(counts, " ")
			word := of.many
			if first == "1" {
				word = of.one
			}
			parts = append(parts, first+" "+word+" "+rest)
		}
	}
	return strings.Join(parts, "; ")
}

// noteElsewhere names what changed and has no place in the picture.
func (b *builder) noteElsewhere() {
	var away []string
	for _, f := range b.a.Design.FailureDomains {
		change := b.o.Changes.FailureDomains[f.Name]
		drawn := b.domainOf != nil && slices.ContainsFunc(b.groups, func(g Group) bool { return g.Name == f.Name })
		if change != NotChanged && !drawn {
			away = append(away, "failure domain "+f.Name+" ("+change.String()+")")
		}
	}
	if away = append(away, b.o.Changes.Elsewhere...); len(away) > 0 {
		b.leaveOut("%s not drawn: %s.", plural(len(away), "change is", "changes are"), enumerate(away))
	}
}

// noteChanges says where the picture shows less of the changes than there is, or nothing changed.
func (b *builder) noteChanges() {
	if b.o.Changes == nil {
		return
	}
	modules, dependencies := b.countChanges()
	b.noteElsewhere()
	if modules[NotChanged] == b.a.Modules() && dependencies[NotChanged] == len(b.a.Dependencies()) {
		b.note("No module and no dependency was added, removed or changed.")
		return
	}
	hidden := 0
	for i, shown := range b.shown {
		if !shown && b.moduleChange(int32(i)) != NotChanged {
			hidden++
		}
	}
	if hidden > 0 {
		all := modules[WasAdded] + modules[WasRemoved] + modules[WasChanged]
		b.leaveOut("Not drawn: %s of the %s that were added, removed or changed.", thousands(hidden), counted(all, "module"))
	}
	if away := b.a.Modules() - b.count; b.o.Changes.Neighbourhood > 0 && away > hidden {
		b.note("Left out: %s further away that did not change.", counted(away-hidden, "module"))
	}
}
