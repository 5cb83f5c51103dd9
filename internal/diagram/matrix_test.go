package diagram_test

import (
	"slices"
	"strconv"
	"testing"

	"lintel/internal/diagram"
	"lintel/schema"
)

// needs makes a design of modules, each of which needs others: as often as they are named.
func needs(groups map[string]string, lines map[string][]string) *schema.Design {
	d := &schema.Design{System: "s"}
	for name, to := range lines {
		m := &schema.Module{Name: name, Replicas: 1, Group: groups[name]}
		for i, t := range to {
			m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: strconv.Itoa(i), To: schema.Ref{Name: t}})
		}
		d.Modules = append(d.Modules, m)
	}
	d.Normalize()
	return d
}

func rowNames(d *diagram.Diagram) (names []string) {
	for _, r := range d.Matrix.Rows {
		names = append(names, r.Name)
	}
	return names
}

// Of a ring, the lightest line leads back, whatever the names are.
func TestMatrixCycleOrder(t *testing.T) {
	d := draw(t, needs(nil, map[string][]string{
		"a": {"c", "c"}, "c": {"b", "b", "b"}, "b": {"a", "z"}, "z": nil, "top": {"c"},
	}), diagram.Options{View: diagram.ViewMatrix})
	if got, want := rowNames(d), []string{"top", "a", "c", "b", "z"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := []diagram.MatrixBand{{Kind: "cycle", First: 1, End: 4}}; !slices.Equal(d.Matrix.Bands, want) {
		t.Errorf("got %v, want %v", d.Matrix.Bands, want)
	}
	back := 0
	for _, c := range d.Matrix.Cells {
		if c.Row > c.Column {
			back += c.Count
		}
	}
	if back != 1 {
		t.Errorf("lines that lead back stand for %d dependencies", back)
	}
}

// Groups stay together where the order of needs lets them.
func TestMatrixKeepsGroupsTogether(t *testing.T) {
	groups := map[string]string{"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "b3": "b"}
	d := draw(t, needs(groups, map[string][]string{
		"a1": {"a2", "b1"}, "a2": {"a3"}, "a3": nil, "b1": {"b2"}, "b2": {"b3"}, "b3": nil, "lone": {"a1"},
	}), diagram.Options{View: diagram.ViewMatrix})
	if got, want := rowNames(d), []string{"lone", "a1", "a2", "a3", "b1", "b2", "b3"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := []diagram.MatrixBand{{Kind: "group", Name: "a", First: 1, End: 4}, {Kind: "group", Name: "b", First: 4, End: 7}}; !slices.Equal(d.Matrix.Bands, want) {
		t.Errorf("got %v, want %v", d.Matrix.Bands, want)
	}
}

// What is needed only to deploy makes no cycle; the cell is there all the same.
func TestMatrixPhases(t *testing.T) {
	design := needs(nil, map[string][]string{"a": {"b"}, "b": {"a"}})
	design.Modules[1].DependsOn[0].When = schema.Deploys
	d := draw(t, design, diagram.Options{View: diagram.ViewMatrix})
	if len(d.Matrix.Cells) != 2 || len(d.Matrix.Bands) != 0 {
		t.Errorf("cells %v, bands %v", d.Matrix.Cells, d.Matrix.Bands)
	}
}
