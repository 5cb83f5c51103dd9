package diagram_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/schema"
)

func TestDownBeforeIsNotTheFailures(t *testing.T) {
	d := &schema.Design{
		System: "s",
		Modules: []*schema.Module{
			{Name: "a", Replicas: 3},
			{Name: "c", Replicas: 1, DependsOn: []*schema.Dependency{{Key: "gone", To: schema.Ref{Name: "gone"}}}},
			{Name: "gone", Replicas: 0},
		},
		Journeys: []*schema.Journey{{Name: "use a", Entry: schema.Ref{Name: "a"}}, {Name: "use c", Entry: schema.Ref{Name: "c"}}},
	}
	d.Normalize()
	legend := func(out *diagram.Diagram, sign diagram.Sign) string {
		for _, e := range out.Legend() {
			if e.Sign == sign {
				return e.Text
			}
		}
		return ""
	}
	out := draw(t, d, diagram.Options{Fail: failing(t, d, "a/2")})
	f := out.Failure
	if f.Down != 0 || f.DownBefore != 2 || len(f.Lost) != 0 || !slices.Equal(f.LostBefore, []string{"use c"}) {
		t.Errorf("told are %+v", f)
	}
	if got := legend(out, diagram.SignDown); got != "down before it already" {
		t.Errorf("the legend has %q", got)
	}
	for _, want := range []string{"Nothing more stops working when a/2 is lost.", "Down before anything fails: c and gone."} {
		if !slices.Contains(out.Notes, want) {
			t.Errorf("no note %q in %q", want, out.Notes)
		}
	}
	if want := "Journeys already lost before: use c."; !strings.Contains(out.Description, want) {
		t.Errorf("no %q in %q", want, out.Description)
	}
	out = draw(t, d, diagram.Options{Fail: failing(t, d, "a")})
	if f := out.Failure; f.Down != 1 || f.DownBefore != 2 || !slices.Equal(f.Lost, []string{"use a"}) {
		t.Errorf("told are %+v", f)
	}
}

func TestNotesOnAnyReplicas(t *testing.T) {
	d := shop()
	for _, c := range []struct {
		events []string
		want   string
	}{
		{[]string{"orders:2"}, "orders:2 stands for its replicas 1 and 2."},
		{[]string{"orders/1", "orders:1"}, "orders:1 stands for its replica 2."},
		{[]string{"orders/1", "orders/2", "orders:2"}, "orders:2 stands for its replica 3, all that are left."},
		{[]string{"orders", "orders:2"}, "orders:2 adds nothing: no replica is left."},
	} {
		out := draw(t, d, diagram.Options{Fail: failing(t, d, c.events...)})
		if !slices.Contains(out.Notes, c.want) {
			t.Errorf("%v: no note %q in %q", c.events, c.want, out.Notes)
		}
	}
	if out := draw(t, d, diagram.Options{Fail: failing(t, d, "orders:3")}); slices.ContainsFunc(out.Notes, func(n string) bool { return strings.Contains(n, "stands for") }) {
		t.Errorf("all of them need no choice: %q", out.Notes)
	}
}

func TestForksOfUnknownAlternatives(t *testing.T) {
	ref := func(names ...string) (out []schema.Ref) {
		for _, n := range names {
			out = append(out, schema.Ref{Name: n})
		}
		return out
	}
	for _, c := range []struct {
		anyOf []schema.Ref
		need  int
		want  string // caption of the fork; "" where a plain line is drawn, or nothing
	}{
		{ref("x", "ghost"), 2, "2 of 2, 1 unknown"},
		{ref("x", "ghost"), 1, "1 of 2, 1 unknown"},
		{ref("x", "y", "ghost", "spook"), 2, "2 of 4, 2 unknown"},
		{ref("x", "y"), 1, "1 of 2"},
		{ref("x", "x"), 1, ""},
		{ref("x"), 1, ""},
		{ref("ghost", "spook"), 1, ""},
	} {
		d := &schema.Design{System: "s", Modules: []*schema.Module{
			{Name: "a", Replicas: 1, DependsOn: []*schema.Dependency{{Key: "k", AnyOf: c.anyOf, Need: c.need}}},
			{Name: "x", Replicas: 1}, {Name: "y", Replicas: 1},
		}}
		d.Normalize()
		got := ""
		for _, n := range draw(t, d, diagram.Options{}).Nodes {
			if n.Role == diagram.ChoiceNode {
				got = n.Caption()[0]
			}
		}
		if got != c.want {
			t.Errorf("%v: the fork says %q, want %q", c.anyOf, got, c.want)
		}
	}
}

// What a legend explains is drawn, and what is drawn it explains.
func TestLegendOfFailures(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		a := analyzer.New(someDesign(c))
		o := someOptions(t, c, a)
		o.Fail = someEvents(t, c, a)
		d := build(t, a, nil, o)
		want := map[diagram.Sign]bool{}
		for _, n := range d.Nodes {
			want[diagram.SignDegraded] = want[diagram.SignDegraded] || n.State == diagram.Degraded
			want[diagram.SignDown] = want[diagram.SignDown] || n.State == diagram.Down
			want[diagram.SignLost] = want[diagram.SignLost] || n.Lost > 0 && n.Lost < n.Replicas
		}
		for _, e := range d.Edges {
			want[diagram.SignBroken] = want[diagram.SignBroken] || e.State == diagram.Down
			want[diagram.SignWeakened] = want[diagram.SignWeakened] || e.State == diagram.Degraded
			want[diagram.SignCount] = want[diagram.SignCount] || strings.Contains(e.Label(), "×")
		}
		if d.Matrix != nil {
			for _, r := range d.Matrix.Rows {
				want[diagram.SignDegraded] = want[diagram.SignDegraded] || r.State == diagram.Degraded
				want[diagram.SignDown] = want[diagram.SignDown] || r.State == diagram.Down
			}
		}
		legend := d.Legend()
		for sign, drawn := range want {
			if explained := slices.ContainsFunc(legend, func(e diagram.LegendEntry) bool { return e.Sign == sign }); explained != drawn {
				t.Errorf("%s: drawn is %v, explained is %v", sign, drawn, explained)
			}
		}
	})
}
