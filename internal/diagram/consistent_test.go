package diagram_test

import (
	"slices"

	"lintel/internal/diagram"
	"lintel/schema"
)

// failer is *testing.T or *rapid.T.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// gravity writes how a line ties its ends, the gravest first.
func gravity(e *diagram.Edge) string {
	at := func(ok bool) string { return map[bool]string{true: "0", false: "1"}[ok] }
	phase := map[schema.Phase]string{schema.Runtime: "0", schema.Startup: "1", schema.Deploys: "2", schema.Recovery: "3"}
	return phase[e.When] + at(e.Strength == schema.Hard) + at(e.Mode == schema.Sync)
}

// consistent checks what holds for every diagram: indices lead to what is there, lists are in order,
// numbers of findings are those listed.
func consistent(t failer, d *diagram.Diagram) {
	t.Helper()
	numbers := func(what string, list []int) {
		t.Helper()
		for i, n := range list {
			if n < 1 || n > len(d.Findings) || i > 0 && list[i-1] >= n {
				t.Errorf("%s is marked with %v of %d findings", what, list, len(d.Findings))
			}
		}
	}
	for i, f := range d.Findings {
		if f.Number != i+1 {
			t.Errorf("finding %d has the number %d", i, f.Number)
		}
	}
	held := make([]bool, len(d.Groups))
	for _, n := range d.Nodes {
		if n.Group < -1 || n.Group >= len(d.Groups) {
			t.Fatalf("node %s is in group %d of %d", n.Name, n.Group, len(d.Groups))
		}
		for g := n.Group; g >= 0; g = d.Groups[g].Parent {
			held[g] = true
		}
		if (n.Role == diagram.ModuleNode) != (n.Module >= 0) {
			t.Errorf("node %s of role %d has module %d", n.Name, n.Role, n.Module)
		}
		if n.Lost > n.Replicas || n.Replicas > n.Of {
			t.Errorf("node %s: %d lost of %d of %d", n.Name, n.Lost, n.Replicas, n.Of)
		}
		if n.MembersDown > n.Members || n.Role == diagram.SummaryNode && n.Members == 0 {
			t.Errorf("node %s: %d members, %d down", n.Name, n.Members, n.MembersDown)
		}
		numbers("node "+n.Name, n.Marks)
		numbers("node "+n.Name, n.OnPath)
		for _, line := range n.Caption() {
			if line == "" {
				t.Errorf("node %s has an empty line below its name", n.Name)
			}
		}
	}
	for g, group := range d.Groups {
		if group.Parent < -1 || group.Parent >= g {
			t.Fatalf("group %d is in %d", g, group.Parent)
		}
		if !held[g] {
			t.Errorf("group %s holds nothing", group.Name)
		}
		numbers("group "+group.Name, group.Marks)
	}
	for i, e := range d.Edges {
		if e.From < 0 || e.From >= len(d.Nodes) || e.To < 0 || e.To >= len(d.Nodes) {
			t.Fatalf("edge %d leads from %d to %d of %d nodes", i, e.From, e.To, len(d.Nodes))
		}
		if i > 0 {
			before := d.Edges[i-1]
			if before.From > e.From || before.From == e.From && before.To > e.To {
				t.Errorf("edge %d is out of order", i)
			}
			if before.From == e.From && before.To == e.To && gravity(before) >= gravity(e) {
				t.Errorf("of two lines between %d and %d the graver one is the second", e.From, e.To)
			}
		}
		if e.Count != len(e.Dependencies) || e.Count == 0 || !slices.IsSorted(e.Dependencies) {
			t.Errorf("edge %d counts %d of %v", i, e.Count, e.Dependencies)
		}
		numbers("an edge", e.Marks)
		numbers("an edge", e.OnPath)
		if d.Nodes[e.From].Faded && !e.Faded {
			t.Errorf("edge %d leaves a faded node and is not", i)
		}
	}
	into := make([]int, len(d.Nodes))
	for _, e := range d.Edges {
		into[e.To]++
	}
	for i, n := range d.Nodes {
		if n.Role == diagram.ChoiceNode && into[i] != 1 {
			t.Errorf("%d lines lead to the fork %s", into[i], n.Name)
		}
	}
	if m := d.Matrix; m != nil {
		if len(d.Nodes)+len(d.Edges)+len(d.Groups) > 0 {
			t.Errorf("a matrix with nodes")
		}
		for i, c := range m.Cells {
			if c.Row < 0 || c.Row >= len(m.Rows) || c.Column < 0 || c.Column >= len(m.Rows) || c.Row == c.Column || c.Count < 1 {
				t.Fatalf("cell %+v of %d rows", c, len(m.Rows))
			}
			if i > 0 {
				if before := m.Cells[i-1]; before.Row > c.Row || before.Row == c.Row && before.Column >= c.Column {
					t.Errorf("cell %d is out of order", i)
				}
			}
			numbers("a cell", c.Marks)
		}
		for _, r := range m.Rows {
			numbers("row "+r.Name, r.Marks)
			if r.Members < 1 {
				t.Errorf("row %s stands for nothing", r.Name)
			}
		}
		for _, b := range m.Bands {
			if b.First < 0 || b.End > len(m.Rows) || b.End-b.First < 2 {
				t.Errorf("band %+v of %d rows", b, len(m.Rows))
			}
		}
	}
	legend := d.Legend()
	for i, e := range legend {
		if e.Text == "" || slices.Contains(legend[:i], e) {
			t.Errorf("the legend has %+v", e)
		}
	}
	if d.Title == "" || d.Description == "" {
		t.Errorf("title %q, description %q", d.Title, d.Description)
	}
}
