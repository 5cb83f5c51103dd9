package scene

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lintel/internal/diagram"
	"lintel/internal/diagram/typeset"
)

// wide is a diagram of so many modules side by side, in a frame each.
func wide(modules int) *diagram.Diagram {
	d := &diagram.Diagram{Title: "The shop", Subtitle: "all", Flow: diagram.FlowDown, Notes: []string{"A note.", "Ten lines are left out."}, LeftOut: []string{"Ten lines are left out."},
		Findings: []*diagram.Finding{{Number: 1, Rule: "RES001", Severity: "error", Message: "A message."}}}
	for i := range modules {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: fmt.Sprint("module-", i), Kind: kinds[i%len(kinds)], Group: -1, Replicas: 1, Of: 1})
		d.Groups = append(d.Groups, &diagram.Group{Name: "a frame of a name that makes it as wide as many modules", Parent: -1})
	}
	return d
}

// What stands around a picture grows with it, as a whole.
func TestTextsAroundWidePicturesAreLarger(t *testing.T) {
	for _, width := range []float64{500, 1400, 2100, 3500, 9000} {
		d := wide(30)
		d.Groups = nil
		d.Matrix = &diagram.Matrix{}
		s := &sheet{width: width - 2*margin, y: margin}
		k := math.Round(4*max(1, min(width/1400, 2.5))) / 4
		s.scaled(func(in *sheet) {
			in.header(d)
			in.legend(d)
			in.findings(d)
			in.notes(d, nil)
		})
		sizes := map[string]float64{}
		for _, text := range texts(&s.root) {
			sizes[text.String] = text.Style.Size
			if b := extent(text); b.Min.X < margin-0.01 || b.Max.X > width-margin+0.01 || b.Max.Y > s.y+margin {
				t.Errorf("%v wide: %q leaves the sheet at %v", width, text.String, b)
			}
		}
		for what, style := range map[string]typeset.Style{"The shop": titleStyle, "all": subtitleStyle, "Ten lines are left out.": bodyStyle,
			"Legend": headStyle, "database": captionStyle, "RES001": strongStyle, "A message.": bodyStyle, "A note.": captionStyle} {
			if got := sizes[what]; math.Abs(got-style.Size*k) > 0.001 {
				t.Errorf("%v wide: %q is of size %v, want %v", width, what, got, style.Size*k)
			}
		}
	}
}

func TestResizeChangesAllLengths(t *testing.T) {
	dash := []float64{2, 3}
	g := &Group{Items: []Item{&Group{Items: []Item{&Path{Segments: []Segment{{Op: Move, P: pt(1, 2)}}, Width: 3, Dash: dash}}}, &Text{At: pt(4, 5), Style: captionStyle}}}
	resize(g, 2)
	path, text := g.Items[0].(*Group).Items[0].(*Path), g.Items[1].(*Text)
	if path.Segments[0].P != pt(2, 4) || path.Width != 6 || !slices.Equal(path.Dash, []float64{4, 6}) || text.At != pt(8, 10) || text.Style.Size != 2*captionStyle.Size {
		t.Errorf("got %+v and %+v", path, text)
	}
	if !slices.Equal(dash, []float64{2, 3}) {
		t.Error("a dash that others share is changed")
	}
}

// What is left out is said above the picture, and there only.
func TestLeftOutIsSaidAbove(t *testing.T) {
	s, lay := drawn(t, wide(3))
	where := map[string][]float64{}
	for _, text := range texts(&s.Root) {
		where[text.String] = append(where[text.String], text.At.Y)
	}
	if above := where["Ten lines are left out."]; len(above) != 1 || above[0] > lay.Nodes[0].Min.Y {
		t.Errorf("what is left out is said at %v", above)
	}
	if below := where["A note."]; len(below) != 1 || below[0] < lay.Nodes[0].Max.Y {
		t.Errorf("the note stands at %v", below)
	}
}

func TestBalance(t *testing.T) {
	for _, c := range []struct {
		heights []float64
		columns int
		want    []int
	}{
		{slices.Repeat([]float64{10}, 13), 3, []int{0, 5, 10}},
		{slices.Repeat([]float64{10}, 4), 2, []int{0, 2}},
		{[]float64{30, 10, 10, 10}, 2, []int{0, 1}},
		{[]float64{10, 10, 10, 30}, 2, []int{0, 3}},
		{[]float64{10}, 1, []int{0}},
		{nil, 2, nil},
	} {
		if got := balance(c.heights, c.columns); !slices.Equal(got, c.want) {
			t.Errorf("%v in %d columns begin at %v, want %v", c.heights, c.columns, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		heights := rapid.SliceOfN(rapid.Float64Range(1, 100), 1, 9).Draw(t, "heights")
		columns := rapid.IntRange(1, 4).Draw(t, "columns")
		longest := func(begins []int) float64 {
			most := 0.0
			for i, b := range begins {
				end := len(heights)
				if i+1 < len(begins) {
					end = begins[i+1]
				}
				h := 0.0
				for _, v := range heights[b:end] {
					h += v
				}
				most = max(most, h)
			}
			return most
		}
		best := math.Inf(1)
		var try func(begins []int)
		try = func(begins []int) {
			best = min(best, longest(begins))
			if len(begins) < columns {
				for i := begins[len(begins)-1] + 1; i < len(heights); i++ {
					try(append(slices.Clone(begins), i))
				}
			}
		}
		try([]int{0})
		got := balance(heights, columns)
		if len(got) > columns || longest(got) > best+0.02 {
			t.Errorf("%v in %d columns begin at %v: %v long, and %v is possible", heights, columns, got, longest(got), best)
		}
	})
}

func TestOutcomes(t *testing.T) {
	forms := map[string]Ink{}
	for _, c := range []struct {
		f    diagram.Failure
		want Ink
	}{
		{diagram.Failure{Down: 5, Journeys: 3}, DataLine},
		{diagram.Failure{Journeys: 3}, DataLine},
		{diagram.Failure{Down: 5, Degraded: 2, Journeys: 3, Limping: []string{"browse"}}, DegradedLine},
		{diagram.Failure{Down: 1, Journeys: 3, Limping: []string{"browse"}, Lost: []string{"buy"}}, DownLine},
		{diagram.Failure{Down: 1}, DownLine},
		{diagram.Failure{Degraded: 1}, DegradedLine},
		{diagram.Failure{}, DataLine},
		{diagram.Failure{Journeys: 3, LostBefore: []string{"buy"}}, PlatformLine},
	} {
		o := outcomeOf(&c.f)
		if o.line != c.want {
			t.Errorf("%+v looks %v, want %v", c.f, o.line, c.want)
		}
		form := fmt.Sprint(o.mark)
		if other, ok := forms[form]; ok && other != o.line {
			t.Errorf("%v and %v have one sign", other, o.line)
		}
		forms[form] = o.line
		s, _ := drawn(t, &diagram.Diagram{Title: "x", Failure: &c.f})
		found := false
		for _, it := range s.Root.Items {
			if g, ok := it.(*Group); ok && g.Class == "failure" {
				for _, it := range g.Items {
					if p, ok := it.(*Path); ok && p.Stroke == o.on && len(p.Segments) == len(o.mark) {
						found = true
					}
				}
			}
		}
		if !found {
			t.Errorf("%+v bears no sign", c.f)
		}
	}
	if len(forms) != 4 {
		t.Errorf("there are %d signs", len(forms))
	}
}
