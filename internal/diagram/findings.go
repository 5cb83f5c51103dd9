package diagram

import (
	"fmt"
	"slices"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

const (
	mostFindings = 40 // that a picture lists
	mostPaths    = 10 // of one finding that are marked
	manyFindings = 10 // above which only the first path of each is marked, lest all of the picture is
)

// marked is what a finding marks in the picture: nodes, edges, groups, or rows and cells of a matrix.
type marked struct {
	finding *rules.Finding
	nodes   []int
	edges   []int
	groups  []int
	rows    []int
	cells   []int

	onNodes, onEdges []int // on its paths
	listed           bool  // it is listed though it marks nothing
	firstNodes       int   // of onNodes that are on the first path
	firstEdges       int
}

// findings marks the findings that are not waived, the gravest first, and lists them. One whose cause is
// not drawn is listed where a line on its path is.
func (b *builder) findings(r *rules.Result) {
	elsewhere := 0
	var list []*marked
	for _, f := range FindingsInOrder(b.a.Design, r) {
		if !b.marksFinding(f) {
			continue
		}
		m := b.markedBy(f)
		switch {
		case !m.listed && len(m.nodes)+len(m.edges)+len(m.groups)+len(m.rows)+len(m.cells)+len(m.onEdges) == 0:
			elsewhere++
		default:
			list = append(list, m)
		}
	}
	cut := false
	for _, m := range list[:min(len(list), mostFindings)] {
		if len(list) > manyFindings {
			cut = cut || len(m.onNodes) > m.firstNodes || len(m.onEdges) > m.firstEdges
			m.onNodes, m.onEdges = m.onNodes[:m.firstNodes], m.onEdges[:m.firstEdges]
		}
		b.mark(m)
	}
	if len(list) > mostFindings {
		b.leaveOut("Marked are %d of %s, the gravest.", mostFindings, counted(len(list), "finding"))
	}
	if elsewhere > 0 {
		b.leaveOut("%s about what is not drawn.", counted(elsewhere, "more finding"))
	}
}

func (b *builder) note(format string, args ...any) {
	b.d.Notes = append(b.d.Notes, fmt.Sprintf(format, args...))
}

// leaveOut notes what is not drawn.
func (b *builder) leaveOut(format string, args ...any) {
	b.note(format, args...)
	b.d.LeftOut = append(b.d.LeftOut, b.d.Notes[len(b.d.Notes)-1])
}

func (b *builder) mark(m *marked) {
	d, f := b.d, m.finding
	number := len(d.Findings) + 1
	out := &Finding{
		Number: number, Rule: f.Rule.ID, Severity: f.Severity.String(),
		Subject: f.Subject.Name, Message: f.Message,
	}
	if f.Location.IsKnown() {
		out.Place = PlaceOf(b.a.Design, f.Location)
	}
	if len(f.Suggestions) > 0 {
		out.Hint = f.Suggestions[0]
	}
	d.Findings = append(d.Findings, out)
	add := func(to *[]int) {
		if n := len(*to); n == 0 || (*to)[n-1] != number {
			*to = append(*to, number)
		}
	}
	for _, i := range m.nodes {
		add(&d.Nodes[i].Marks)
	}
	for _, i := range m.edges {
		add(&d.Edges[i].Marks)
	}
	for _, i := range m.groups {
		add(&d.Groups[i].Marks)
	}
	for _, i := range m.rows {
		add(&d.Matrix.Rows[i].Marks)
	}
	for _, i := range m.cells {
		add(&d.Matrix.Cells[i].Marks)
	}
	for _, i := range m.onNodes {
		add(&d.Nodes[i].OnPath)
	}
	for _, i := range m.onEdges {
		add(&d.Edges[i].OnPath)
	}
}

// markedBy finds what a finding marks. Its culprit is the module, the lines of the dependency, or the
// frame of the group or failure domain. Of a failure domain that is not drawn, it is the modules at
// the end of the finding's paths, failing these all that lose their capacity with it; of a journey,
// its entry; of a transaction, the modules that it spans.
func (b *builder) markedBy(f *rules.Finding) *marked {
	m := &marked{finding: f}
	name := f.Subject.Name
	switch f.Subject.Kind {
	case rules.OfModule:
		if i, ok := b.a.ModuleIndex(name); ok {
			b.markModule(m, i)
		}
	case rules.OfDependency:
		b.markDependency(m, name)
	case rules.OfFailureDomain:
		b.markDomain(m, name)
	case rules.OfJourney:
		for _, j := range b.a.Journeys() {
			if j.Name == name && j.Entry >= 0 {
				b.markModule(m, j.Entry)
			}
		}
		m.listed = b.all
	case rules.OfGroup, rules.OfTeam:
		b.markGroup(m, name, GroupBy(f.Subject.Kind))
	case rules.OfTransaction:
		m.listed = b.all
		for _, t := range b.a.Design.Transactions {
			for _, ref := range t.Spans {
				if i, ok := b.a.ModuleIndex(ref.Name); ok && t.Name == name && b.shown[i] {
					m.listed = true
					b.markModule(m, i)
				}
			}
		}
	default:
		m.listed = true
	}
	if b.d.Matrix != nil {
		return m
	}
	paths := [][]string{f.Path}
	for _, p := range f.Paths[:min(len(f.Paths), mostPaths)] {
		paths = append(paths, p.Path)
	}
	for i, p := range paths {
		b.markPath(m, p)
		if i == 0 || m.firstNodes == 0 {
			m.firstNodes, m.firstEdges = len(m.onNodes), len(m.onEdges)
		}
	}
	return m
}

func (b *builder) markModule(m *marked, i int32) {
	if b.d.Matrix != nil {
		if r := b.rowOf[i]; r >= 0 {
			m.rows = append(m.rows, int(r))
		}
		return
	}
	m.nodes = append(m.nodes, b.boxesOf[i]...)
}

// markDependency marks the lines of the dependency "from -> key" or "from -> target". Names may hold
// arrows themselves.
func (b *builder) markDependency(m *marked, name string) {
	const arrow = " -> "
	for at := 0; ; at += len(arrow) {
		i := strings.Index(name[at:], arrow)
		if i < 0 {
			return
		}
		at += i
		from, ok := b.a.ModuleIndex(name[:at])
		if !ok {
			continue
		}
		to := name[at+len(arrow):]
		target, _ := b.a.ModuleIndex(to)
		found := false
		for k, d := range b.a.DependenciesOf(from) {
			one := d.Key != to && len(d.AnyOf) > 0 // of several alternatives
			if d.Key != to && !slices.ContainsFunc(d.Dependency.Targets(), func(r schema.Ref) bool { return r.Name == to }) {
				continue
			}
			found = true
			if !b.shown[from] {
				continue
			}
			for _, t := range d.Targets {
				if one && t != target {
					continue
				}
				b.markLine(m, from, t, b.first[from]+int32(k), one)
			}
			if len(d.Targets) == 0 {
				b.markModule(m, from) // a line that leads nowhere can't be drawn
			}
		}
		if found {
			return
		}
	}
}

// markLine marks the lines of dependency k from a module to one of its targets: those to a fork, or to
// the one alternative.
func (b *builder) markLine(m *marked, from, to, k int32, alternative bool) {
	if b.d.Matrix != nil {
		if r, c := b.rowOf[from], b.rowOf[to]; r >= 0 && c >= 0 {
			if at, ok := b.cellAt[[2]int32{r, c}]; ok {
				m.cells = append(m.cells, at)
			} else {
				m.rows = append(m.rows, int(r)) // inside one group
			}
		} else if r >= 0 {
			m.rows = append(m.rows, int(r))
		}
		return
	}
	for _, u := range b.boxesOf[from] {
		start, drawn := u, false
		if fork, ok := b.choices[choiceKey{u, k}]; ok {
			start = fork
			if !alternative {
				m.edges = append(m.edges, b.edgeAt[[2]int{u, fork}]...)
				continue
			}
		}
		for _, v := range b.boxesOf[to] {
			for _, e := range b.edgeAt[[2]int{start, v}] {
				if slices.Contains(b.d.Edges[e].Dependencies, k) {
					m.edges = append(m.edges, e)
					drawn = true
				}
			}
		}
		if !drawn {
			m.nodes = append(m.nodes, u) // the line is inside a box, or leads out of the picture
		}
	}
}

func (b *builder) markDomain(m *marked, name string) {
	if b.domainOf != nil {
		for g := range b.groups {
			if b.groups[g].Name != name {
				continue
			}
			switch box := b.boxOf(g); {
			case box >= 0 && b.box[box] >= 0:
				m.nodes = append(m.nodes, b.box[box])
			case b.frame[g] >= 0:
				m.groups = append(m.groups, b.frame[g])
			}
			return
		}
	}
	f := m.finding
	ends := [][]string{f.Path}
	for _, p := range f.Paths {
		ends = append(ends, p.Path)
	}
	found := false
	for _, p := range ends {
		if len(p) > 0 {
			if i, ok := b.a.ModuleIndex(p[len(p)-1]); ok {
				found = true
				b.markModule(m, i)
			}
		}
	}
	d, ok := b.a.DomainIndex(name)
	if found || !ok {
		return
	}
	for i := range int32(b.a.Modules()) {
		if b.a.Spare(i) >= 0 && !b.a.SurvivesDomain(i, d) {
			b.markModule(m, i)
		}
	}
}

func (b *builder) markGroup(m *marked, name string, by GroupBy) {
	for i := range b.shown {
		if b.shown[i] && labelOf(b.module(int32(i)), by) == name {
			m.listed = true
		}
	}
	if b.d.GroupBy != by {
		return
	}
	for g := range b.groups {
		if b.groups[g].Name != name {
			continue
		}
		switch {
		case b.d.Matrix != nil:
			for i, of := range b.groupOf {
				if int(of) == g && b.collapsed[g] && b.rowOf[i] >= 0 {
					m.rows = append(m.rows, int(b.rowOf[i]))
					return
				}
			}
		case b.frame[g] >= 0:
			m.groups = append(m.groups, b.frame[g])
		case b.box[g] >= 0:
			m.nodes = append(m.nodes, b.box[g])
		}
	}
}

// markPath marks the drawn nodes and lines on a way over modules; of several lines of a step, the gravest.
func (b *builder) markPath(m *marked, path []string) {
	last := int32(-1)
	for _, name := range path {
		i, ok := b.a.ModuleIndex(name)
		if !ok || !b.shown[i] {
			last = -1
			continue
		}
		m.onNodes = append(m.onNodes, b.boxesOf[i]...)
		if last >= 0 {
			b.markStep(m, last, i)
		}
		last = i
	}
}

func (b *builder) markStep(m *marked, from, to int32) {
	for _, u := range b.boxesOf[from] {
		for _, v := range b.boxesOf[to] {
			if e := b.edgeAt[[2]int{u, v}]; len(e) > 0 && u != v {
				m.onEdges = append(m.onEdges, e[0])
			}
		}
		for k, d := range b.a.DependenciesOf(from) {
			if len(d.AnyOf) == 0 || !slices.Contains(d.Targets, to) {
				continue
			}
			fork, ok := b.choices[choiceKey{u, b.first[from] + int32(k)}]
			if !ok {
				continue
			}
			for _, v := range b.boxesOf[to] {
				if e := b.edgeAt[[2]int{fork, v}]; len(e) > 0 {
					m.onNodes = append(m.onNodes, fork)
					m.onEdges = append(append(m.onEdges, b.edgeAt[[2]int{u, fork}]...), e...)
				}
			}
		}
	}
}
