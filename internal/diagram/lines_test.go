package diagram_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/schema"
)

// boxOf tells which box of a diagram by group shows a module.
func boxOf(d *diagram.Diagram, m *schema.Module) string {
	name := m.Group
	if d.GroupBy == diagram.GroupByKind {
		name = string(m.Kind)
	}
	for _, n := range d.Nodes {
		if n.Role == diagram.SummaryNode && n.Name == name {
			return "group " + n.Name
		}
	}
	if d.Matrix != nil {
		for _, r := range d.Matrix.Rows {
			if r.Module < 0 && r.Name == name {
				return "group " + r.Name
			}
		}
	}
	return m.Name
}

// A line says what each dependency says that it stands for; one of a group's box, what the gravest of them says.
func TestLinesClaimWhatIsStated(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		design := someDesign(c)
		a := analyzer.New(design)
		o := diagram.Options{View: oneFrom(c, "view", diagram.ViewModules, diagram.ViewDeployment)}
		if o.View == diagram.ViewModules {
			o.GroupBy = oneFrom(c, "group by", diagram.GroupByAuto, diagram.GroupByGroup)
			o.Collapse = oneFrom(c, "collapse", nil, []string{"*"}, []string{"g1"})
		}
		d := build(t, a, nil, o)
		consistent(t, d)
		for _, e := range d.Edges {
			boxed := d.Nodes[e.From].Role == diagram.SummaryNode || d.Nodes[e.To].Role == diagram.SummaryNode
			gravest := "9"
			var protocols []string
			for _, k := range e.Dependencies {
				dep := &a.Dependencies()[k]
				g := gravity(&diagram.Edge{When: dep.When, Strength: dep.Strength, Mode: dep.Mode})
				if !boxed && g != gravity(e) {
					t.Errorf("%s needs %s: a line %v stands for %v", d.Nodes[e.From].Name, d.Nodes[e.To].Name, e, dep.Dependency)
				}
				gravest = min(gravest, g)
				if !slices.Contains(protocols, dep.Protocol) {
					protocols = append(protocols, dep.Protocol)
				}
			}
			if gravest != gravity(e) {
				t.Errorf("%s needs %s: the line is %s, the gravest of it %s", d.Nodes[e.From].Name, d.Nodes[e.To].Name, gravity(e), gravest)
			}
			slices.Sort(protocols)
			want := strings.Join(protocols, ", ")
			if boxed || protocols[0] == "" || d.Nodes[e.From].Role == diagram.ChoiceNode {
				want = ""
			}
			if e.Protocol != want {
				t.Errorf("%s needs %s: protocol %q, want %q", d.Nodes[e.From].Name, d.Nodes[e.To].Name, e.Protocol, want)
			}
		}
	})
}

func TestParallelLines(t *testing.T) {
	to := schema.Ref{Name: "b"}
	d := &schema.Design{System: "s", Modules: []*schema.Module{
		{Name: "a", Replicas: 1, Group: "A", DependsOn: []*schema.Dependency{
			{Key: "1", To: to, Strength: schema.Soft, Mode: schema.Async, Protocol: "kafka"},
			{Key: "2", To: to, When: schema.Recovery, Protocol: "ssh"},
			{Key: "3", To: to, Strength: schema.Soft, Mode: schema.Async, Protocol: "amqp"},
			{Key: "4", To: to, Strength: schema.Soft, Mode: schema.Async, Protocol: "nats"},
			{Key: "5", To: to, When: schema.Startup, Protocol: "http"},
			{Key: "6", To: to, When: schema.Startup},
		}},
		{Name: "b", Replicas: 1, Group: "B"},
	}}
	d.Normalize()
	lines := func(o diagram.Options) (out []string) {
		for _, e := range draw(t, d, o).Edges {
			out = append(out, fmt.Sprint(e.When, " ", e.Strength, " ", e.Mode, " ", e.Label()))
		}
		return out
	}
	want := []string{"runtime soft async amqp, kafka, … · ×3", "startup hard sync startup · ×2", "recovery hard sync ssh · recovery"}
	if diff := cmp.Diff(want, lines(diagram.Options{GroupBy: diagram.GroupByNone})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff([]string{"runtime soft async ×6"}, lines(diagram.Options{View: diagram.ViewOverview})); diff != "" {
		t.Errorf("as groups: -want +got\n%s", diff)
	}
}

// Marked as being in a cycle is what leads back, over what is needed to run or to start: the same in every view.
func TestCyclesAreTheSameInAllViews(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		design := someDesign(c)
		for _, m := range design.Modules { // names of boxes are told apart by their group
			m.Team, m.Layer = "", ""
		}
		a := analyzer.New(design)
		var hide []diagram.Selector
		if c.oneIn("hide", 3) {
			hide = []diagram.Selector{{Field: "kind", Values: []string{"database"}}}
		}
		for _, collapse := range [][]string{nil, {"g1"}, {"*"}} {
			for _, view := range []diagram.View{diagram.ViewModules, diagram.ViewMatrix, diagram.ViewOverview, diagram.ViewDeployment} {
				o := diagram.Options{View: view, Collapse: collapse, Hide: hide}
				if view == diagram.ViewDeployment {
					o.Collapse = nil
				}
				if view == diagram.ViewMatrix && collapse != nil {
					o.GroupBy = diagram.GroupByGroup
				}
				d, err := diagram.Build(a, nil, o)
				if err != nil {
					continue // no such group, or nothing is placed
				}
				shown := func(m *schema.Module) bool { return len(hide) == 0 || m.Kind != schema.Database }
				part := func(m *schema.Module) string {
					if !shown(m) {
						return m.Name
					}
					return boxOf(d, m)
				}
				// What leads where, and then, step by step, what can be reached.
				reach := map[string]map[string]bool{}
				type way struct{ from, to string }
				direct := map[way]bool{}
				for _, dep := range a.Dependencies() {
					if dep.When != schema.Runtime && dep.When != schema.Startup {
						continue
					}
					for _, target := range dep.Targets {
						caller, callee := a.Module(dep.From), a.Module(target)
						from, to := part(caller), part(callee)
						if reach[from] == nil {
							reach[from] = map[string]bool{}
						}
						reach[from][to] = true
						if shown(caller) && shown(callee) && from != to {
							direct[way{from, to}] = true
						}
					}
				}
				for changed := true; changed; {
					changed = false
					for _, next := range reach {
						for mid := range next {
							for to := range reach[mid] {
								if !next[to] {
									next[to], changed = true, true
								}
							}
						}
					}
				}
				want, got := map[way]bool{}, map[way]bool{}
				for w := range direct {
					if reach[w.to][w.from] {
						want[w] = true
					}
				}
				name := func(i int) string {
					if n := d.Nodes[i]; n.Role == diagram.SummaryNode {
						return "group " + n.Name
					}
					return d.Nodes[i].Name
				}
				caller := map[int]int{}
				for _, e := range d.Edges {
					if d.Nodes[e.To].Role == diagram.ChoiceNode {
						caller[e.To] = e.From
					}
				}
				marked := map[int]bool{}
				for _, e := range d.Edges {
					from := e.From
					if d.Nodes[from].Role == diagram.ChoiceNode {
						from = caller[from]
						marked[e.From] = marked[e.From] || e.InCycle
					}
					if e.InCycle && d.Nodes[e.To].Role != diagram.ChoiceNode {
						got[way{name(from), name(e.To)}] = true
					}
				}
				for _, e := range d.Edges {
					if d.Nodes[e.To].Role == diagram.ChoiceNode && e.InCycle != marked[e.To] {
						t.Errorf("the line to the fork %s: in a cycle is %v", d.Nodes[e.To].Name, e.InCycle)
					}
				}
				if m := d.Matrix; m != nil {
					row := func(r diagram.MatrixRow) string {
						if r.Module < 0 {
							return "group " + r.Name
						}
						return r.Name
					}
					for _, cell := range m.Cells {
						if cell.InCycle {
							got[way{row(m.Rows[cell.Row]), row(m.Rows[cell.Column])}] = true
						}
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s, collapsed %v: -want +marked\n%s", view, collapse, diff)
				}
			}
		}
	})
}
