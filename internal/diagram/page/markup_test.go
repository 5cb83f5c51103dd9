package page

import (
	"math"
	"strings"
	"testing"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
)

func TestPathsAreWrittenInRelativeCoordinates(t *testing.T) {
	at := func(x, y float64) layout.Point { return layout.Point{X: x, Y: y} }
	for _, c := range []struct {
		want string
		path []scene.Segment
	}{
		{"m10 20l5-5h-15v10z", []scene.Segment{{Op: scene.Move, P: at(10, 20)}, {Op: scene.Line, P: at(15, 15)}, {Op: scene.Line, P: at(0, 15)}, {Op: scene.Line, P: at(0, 25)}, {Op: scene.Close}}},
		// After a closed part, the next one starts from where that one started.
		{"m1 1h1zm1 1h1z", []scene.Segment{{Op: scene.Move, P: at(1, 1)}, {Op: scene.Line, P: at(2, 1)}, {Op: scene.Close}, {Op: scene.Move, P: at(2, 2)}, {Op: scene.Line, P: at(3, 2)}, {Op: scene.Close}}},
	} {
		var m markup
		m.segments(c.path)
		if got := m.String(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	var m markup
	m.segments([]scene.Segment{{Op: scene.Move, P: at(1.5, -0.25)}, {Op: scene.Curve, C1: at(1.75, 0), C2: at(1.55, 0.75), P: at(0, 1.754)}})
	if got, want := m.String(), "m1.5-.25c.25 .25 .05 1-1.5 2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// Rounding errors do not add up: a thousand steps of a third end where they should.
	m.Reset()
	list := []scene.Segment{{Op: scene.Move}}
	for i := 1; i <= 1000; i++ {
		list = append(list, scene.Segment{Op: scene.Line, P: at(float64(i)/3, 0)})
	}
	m.segments(list)
	sum := 0.0
	for _, step := range strings.Split(strings.TrimPrefix(m.String(), "m0 0h"), "h") {
		if step == ".33" {
			sum += 0.33
		} else {
			sum += 0.34
		}
	}
	if math.Abs(sum-333.33) > 0.001 {
		t.Errorf("the path ends at %g", sum)
	}
	m.Reset()
	m.segments([]scene.Segment{{Op: scene.Move, P: at(math.NaN(), math.Inf(1))}, {Op: scene.Line, P: at(1e300, 1)}})
	if got := m.String(); got != "m0 0v1" {
		t.Errorf("odd numbers give %s", got)
	}
}

func TestTextIsEscaped(t *testing.T) {
	for in, want := range map[string]string{
		`<a href="x">&'`: "&lt;a href=&#34;x&#34;&gt;&amp;&#39;", "a\x00b\x1bc\u0085d\ufffe": "a\ufffdb\ufffdc\ufffdd\ufffd", "\xff": "\ufffd", "tab\tline\n": "tab\tline\n",
	} {
		if got := escape(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
