package layout

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/internal/diagram"
)

// randomDiagram draws nested groups, nodes and forks in any of them, and lines between any two nodes.
func randomDiagram(t *rapid.T) (*diagram.Diagram, Sizes) {
	d := &diagram.Diagram{Flow: rapid.SampledFrom([]diagram.Flow{diagram.FlowDown, diagram.FlowRight}).Draw(t, "flow")}
	var s Sizes
	for i := range rapid.IntRange(0, 6).Draw(t, "groups") {
		d.Groups = append(d.Groups, &diagram.Group{Name: fmt.Sprint(i), Parent: rapid.IntRange(-1, i-1).Draw(t, "parent")})
		s.Groups = append(s.Groups, Point{rapid.Float64Range(10, 200).Draw(t, "label"), 16})
	}
	for i := range rapid.IntRange(1, 24).Draw(t, "nodes") {
		n := &diagram.Node{Name: fmt.Sprint(i), Group: rapid.IntRange(-1, len(d.Groups)-1).Draw(t, "group")}
		size := Point{rapid.Float64Range(60, 260).Draw(t, "width"), rapid.Float64Range(30, 110).Draw(t, "height")}
		if rapid.IntRange(0, 9).Draw(t, "fork") == 0 {
			n.Role, size = diagram.ChoiceNode, Point{26, 26}
		}
		d.Nodes, s.Nodes = append(d.Nodes, n), append(s.Nodes, size)
	}
	for range rapid.IntRange(0, 40).Draw(t, "edges") {
		d.Edges = append(d.Edges, &diagram.Edge{
			From: rapid.IntRange(0, len(d.Nodes)-1).Draw(t, "from"), To: rapid.IntRange(0, len(d.Nodes)-1).Draw(t, "to"), Count: 1,
		})
		size := Point{}
		if rapid.Bool().Draw(t, "labelled") {
			size = Point{rapid.Float64Range(10, 90).Draw(t, "label"), 14}
		}
		s.Edges = append(s.Edges, size)
	}
	return d, s
}

func TestPlacesFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, s := randomDiagram(t)
		l, err := Compute(t.Context(), d, s, Engine{Program: engine})
		if err != nil {
			t.Fatal(err)
		}
		holds(t, d, s, l)
	})
}

// Frames can be put into bands whatever leads where.
func TestBandsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, s := randomDiagram(t)
		for _, g := range d.Groups {
			g.Parent = -1
		}
		p := newPlan(d, s.sane(), Engine{})
		p.bands = rapid.IntRange(2, 4).Draw(t, "bands")
		p.squeeze = rapid.SampledFrom([]float64{1, 2, 5}).Draw(t, "squeeze")
		p.shape = p.foldWide()
		l, err := p.compute(t.Context(), Engine{Program: engine, Timeout: 10 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		l.settle(p.labelRoom(l))
		holds(t, d, s, l)
	})
}

// fataler is a *testing.T or a *rapid.T.
type fataler interface{ Fatalf(string, ...any) }

// holds checks what is true of every layout.
func holds(t fataler, d *diagram.Diagram, s Sizes, l *Layout) {
	if len(l.Nodes) != len(d.Nodes) || len(l.Groups) != len(d.Groups) || len(l.Edges) != len(d.Edges) {
		t.Fatalf("%d, %d, %d places", len(l.Nodes), len(l.Groups), len(l.Edges))
	}
	var finite func(v reflect.Value)
	finite = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Float64:
			if math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) {
				t.Fatalf("not finite: %+v", l)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				finite(v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				finite(v.Index(i))
			}
		}
	}
	finite(reflect.ValueOf(*l))
	f := inspect(d, s, l)
	if len(f.overlaps) > 0 {
		t.Fatalf("%q", f.overlaps)
	}
	for i, r := range l.Edges {
		e := d.Edges[i]
		if len(r.Curve) < 4 || len(r.Curve)%3 != 1 {
			t.Fatalf("edge %d has %d points", i, len(r.Curve))
		}
		for end, node := range map[Point]int{r.Curve[0]: e.From, r.Curve[len(r.Curve)-1]: e.To} {
			b := l.Nodes[node]
			if !inside(Box{end, end}, b, 3) || inside(Box{end, end}, b.grown(-16), 0) && b.width() > 40 && b.height() > 40 {
				t.Fatalf("edge %d ends at %v, its node lies at %v", i, end, b)
			}
		}
	}
}

func TestEveryEngineLayout(t *testing.T) {
	for _, layout := range []string{"dot", "neato", "fdp", "sfdp", "circo", "twopi", "osage"} {
		t.Run(layout, func(t *testing.T) {
			for i, d := range designs(t)[:6] {
				p := picture(d, true)
				s := measure(p)
				l, err := Compute(t.Context(), p, s, Engine{Program: engine, Layout: layout})
				if err != nil {
					t.Fatal(err)
				}
				if f := inspect(p, s, l); len(f.overlaps) > 0 {
					t.Errorf("design %d: %v", i, f.overlaps)
				}
			}
		})
	}
}

func TestSameBytesAgain(t *testing.T) {
	for _, d := range designs(t)[:4] {
		p := picture(d, true)
		s := measure(p)
		first, err := Compute(t.Context(), p, s, Engine{Program: engine})
		if err != nil {
			t.Fatal(err)
		}
		second, err := Compute(t.Context(), p, s, Engine{Program: engine})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(first, second) {
			t.Errorf("%s: laid out twice, it differs", d.System)
		}
	}
}

func TestManyUnconnected(t *testing.T) {
	for _, grouped := range []int{-1, 0} {
		d, s := &diagram.Diagram{}, Sizes{}
		if grouped == 0 {
			d.Groups, s.Groups = []*diagram.Group{{Name: "g", Parent: -1}}, []Point{{40, 16}}
		}
		for i := range 40 {
			d.Nodes = append(d.Nodes, &diagram.Node{Name: fmt.Sprint(i), Group: grouped})
			s.Nodes = append(s.Nodes, Point{150, 60})
		}
		l, err := Compute(t.Context(), d, s, Engine{Program: engine})
		if err != nil {
			t.Fatal(err)
		}
		if f := inspect(d, s, l); f.aspect < 0.9 || f.aspect > 2.6 || f.whitespace > 3 || len(f.overlaps) > 0 {
			t.Errorf("group %d: %v", grouped, f)
		}
	}
}

func TestFanOutIsFolded(t *testing.T) {
	d, s := &diagram.Diagram{Nodes: []*diagram.Node{{Group: -1}}}, Sizes{Nodes: []Point{{150, 60}}}
	for i := range 40 {
		d.Nodes, s.Nodes = append(d.Nodes, &diagram.Node{Group: -1}), append(s.Nodes, Point{150, 60})
		d.Edges, s.Edges = append(d.Edges, &diagram.Edge{From: 0, To: i + 1, Count: 1}), append(s.Edges, Point{})
	}
	l, err := Compute(t.Context(), d, s, Engine{Program: engine})
	if err != nil {
		t.Fatal(err)
	}
	if f := inspect(d, s, l); f.aspect > 3.2 || len(f.overlaps)+len(f.through) > 0 {
		t.Errorf("%v, %v", f, f.through)
	}
}

func TestHostileSizes(t *testing.T) {
	for _, size := range []Point{{0, 0}, {-5, 10}, {1e9, 1e9}, {math.NaN(), math.Inf(1)}, {0.001, 30000}} {
		d, s := pair()
		d.Groups, s.Groups = []*diagram.Group{{Parent: -1}}, []Point{size}
		d.Nodes[0].Group = 0
		s.Nodes[0], s.Edges[0] = size, size
		l, err := Compute(t.Context(), d, s, Engine{Program: engine})
		if err != nil {
			t.Errorf("%v: %v", size, err)
			continue
		}
		if !(l.Size.X > 0) || math.IsInf(l.Size.X, 0) || !(l.Size.Y > 0) || math.IsInf(l.Size.Y, 0) {
			t.Errorf("%v: the whole is %v large", size, l.Size)
		}
	}
}
