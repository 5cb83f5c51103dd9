package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/generate"
)

// Pages stay small enough to be sent about, and are soon written and opened.
func TestSizes(t *testing.T) {
	for _, c := range []struct {
		modules, dependencies int
		most                  int // bytes
	}{
		{12, 16, 400_000}, {100, 250, 2_500_000}, {150, 400, 3_500_000},
	} {
		spec := generate.Spec{Name: fmt.Sprint(c.modules), Modules: c.modules, Dependencies: c.dependencies, Journeys: 6, Regions: 1}
		if c.modules == 12 {
			spec = generate.T0
		}
		start := time.Now()
		_, page := written(t, generate.Design(spec, 1), Options{})
		t.Logf("%d modules: %d bytes in %v", c.modules, len(page), time.Since(start).Round(time.Millisecond))
		if len(page) > c.most {
			t.Errorf("%d modules: %d bytes, at most %d are wanted", c.modules, len(page), c.most)
		}
	}
}

// Of a design with 2,000 modules, the page has the overview, the matrix and the surroundings of every module; searching,
// failing and moving on stay quick.
func TestVeryLargeDesign(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	d := generate.Design(generate.T2, 1)
	start := time.Now()
	a, page := written(t, d, Options{})
	t.Logf("%d bytes in %v", len(page), time.Since(start).Round(time.Millisecond))
	b := newBrowser(t, 1400, 900)
	start = time.Now()
	b.open(saved(t, page), "")
	t.Logf("open in %v", time.Since(start).Round(time.Millisecond))
	b.picture("large")
	if got := b.text(`[...document.querySelectorAll('[data-view]')].map((e) => e.textContent).join()`); got != "Overview,Matrix" {
		t.Errorf("views %s", got)
	}
	b.key("2")
	b.picture("large-matrix")
	worst := 0
	for i, n := range a.ModuleFailures().Down {
		if n > a.ModuleFailures().Down[worst] {
			worst = i
		}
	}
	name := a.Module(int32(worst)).Name
	b.key("/")
	b.write(name)
	b.key("Enter")
	if got := b.text(`document.getElementById('subject').textContent`); got != name {
		t.Fatalf("found %s, want %s", got, name)
	}
	b.check("its surroundings are drawn", `!document.getElementById('view-around').hidden && document.querySelectorAll('#view-around .node').length > 1`)
	b.picture("large-around")
	took := b.number(`(() => { const start = performance.now(); document.getElementById('fail-module').click(); return performance.now() - start; })()`)
	t.Logf("a failure in %.0f ms", took)
	if took > 1500 {
		t.Errorf("a failure takes %.0f ms", took)
	}
	b.picture("large-failure")
	o := a.Simulate(analyzer.Scenario{Modules: []int32{int32(worst)}})
	want := fmt.Sprintf("%d of %d journeys lost", len(o.Lost), len(a.Journeys()))
	if got := b.text(`document.getElementById('result').textContent`); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, fmt.Sprintf("; %d modules down", o.Down)) {
		t.Errorf("the page says %q, want %s, %d modules down", got, want, o.Down)
	}
	b.click("#around-n1")
	b.key("1")
	b.picture("large-overview-failure")
	b.click("#tab-findings")
	b.check("findings come in portions", `document.querySelectorAll('#leaf .finding').length === 100`)
	for _, c := range b.complaints() {
		t.Error(c)
	}
}

// The drawing of all modules comes on request, and a journey of a large design has a view of its own.
func TestLargeDesignsOnRequest(t *testing.T) {
	spec := generate.Spec{Name: "200", Modules: 200, Dependencies: 400, Journeys: 4, Regions: 1}
	a := analyzer.New(generate.Design(spec, 3))
	labels := func(o diagram.Options) string {
		var out []string
		for _, w := range wantedViews(a, o) {
			out = append(out, w.label)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		options diagram.Options
		want    string
	}{
		{diagram.Options{}, "Overview Matrix"},
		{diagram.Options{View: diagram.ViewModules}, "Overview Modules Matrix"},
		{diagram.Options{View: diagram.ViewDeployment}, "Overview Deployment Matrix"},
		{diagram.Options{Journey: a.Journeys()[0].Name}, "Overview Journey Matrix"},
	} {
		if got := labels(c.options); got != c.want {
			t.Errorf("%+v: %s, want %s", c.options, got, c.want)
		}
	}
}
