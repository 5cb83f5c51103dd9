package raster

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"testing"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
)

func box(x, y, w, h, r float64) []scene.Segment {
	k := r * 0.5523
	return []scene.Segment{
		{Op: scene.Move, P: layout.Point{X: x + r, Y: y}},
		{Op: scene.Line, P: layout.Point{X: x + w - r, Y: y}},
		{Op: scene.Curve, C1: layout.Point{X: x + w - r + k, Y: y}, C2: layout.Point{X: x + w, Y: y + r - k}, P: layout.Point{X: x + w, Y: y + r}},
		{Op: scene.Line, P: layout.Point{X: x + w, Y: y + h - r}},
		{Op: scene.Curve, C1: layout.Point{X: x + w, Y: y + h - r + k}, C2: layout.Point{X: x + w - r + k, Y: y + h}, P: layout.Point{X: x + w - r, Y: y + h}},
		{Op: scene.Line, P: layout.Point{X: x + r, Y: y + h}},
		{Op: scene.Curve, C1: layout.Point{X: x + r - k, Y: y + h}, C2: layout.Point{X: x, Y: y + h - r + k}, P: layout.Point{X: x, Y: y + h - r}},
		{Op: scene.Line, P: layout.Point{X: x, Y: y + r}},
		{Op: scene.Curve, C1: layout.Point{X: x, Y: y + r - k}, C2: layout.Point{X: x + r - k, Y: y}, P: layout.Point{X: x + r, Y: y}},
		{Op: scene.Close},
	}
}

func trialTheme() scene.Theme {
	t := scene.Theme{}
	t.Colors[scene.Paper] = scene.Color{R: 255, G: 255, B: 255}
	t.Colors[scene.Foreground] = scene.Color{R: 30, G: 60, B: 120}
	return t
}

// trial is a scene of n boxes with lines between them.
func trial(n int) *scene.Scene {
	cols := int(math.Ceil(math.Sqrt(float64(n))))
	s := &scene.Scene{Width: float64(cols)*200 + 20, Height: float64(cols)*150 + 20, Title: "Trial", Description: "Boxes, 寿司"}
	for i := range n {
		x, y := 20+float64(i%cols)*200, 20+float64(i/cols)*150
		g := &scene.Group{Opacity: []float64{0, 0.4}[i%2]}
		g.Items = append(g.Items, &scene.Path{Segments: box(x, y, 150, 70, 8), Fill: scene.Paper, Stroke: scene.Foreground, Width: 1.5})
		g.Items = append(g.Items, &scene.Text{At: layout.Point{X: x + 75, Y: y + 40}, Anchor: scene.Middle, Ink: scene.Foreground, String: fmt.Sprint("module ", i)})
		s.Root.Items = append(s.Root.Items, g)
		j := (i*7 + 3) % n
		x2, y2 := 20+float64(j%cols)*200, 20+float64(j/cols)*150
		p := &scene.Path{Segments: []scene.Segment{{P: layout.Point{X: x + 75, Y: y + 70}},
			{Op: scene.Curve, C1: layout.Point{X: x + 75, Y: y + 120}, C2: layout.Point{X: x2 + 75, Y: y2 - 50}, P: layout.Point{X: x2 + 75, Y: y2}}},
			Stroke: scene.Foreground, Width: 1.5}
		if i%3 == 1 {
			p.Dash = []float64{6, 4}
		}
		s.Root.Items = append(s.Root.Items, p)
	}
	return s
}

func TestTrial(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, trial(12), trialTheme(), 2); err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(b.Bytes())); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{12, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := trial(n)
			for b.Loop() {
				var out bytes.Buffer
				if err := Write(&out, s, trialTheme(), 2); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(s.Width * s.Height * 4))
				b.ReportMetric(float64(out.Len()), "bytes")
			}
		})
	}
}
