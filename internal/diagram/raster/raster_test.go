package raster

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"runtime"
	"strings"
	"testing"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
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
		g.Items = append(g.Items, &scene.Text{At: layout.Point{X: x + 75, Y: y + 40}, Anchor: scene.Middle, Ink: scene.Foreground, Style: typeset.Style{Size: 13}, String: fmt.Sprint("module ", i)})
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

func write(t *testing.T, s *scene.Scene, scale float64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s, trialTheme(), scale); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWrite holds that the file is a PNG of the right size with its resolution and texts, the same on any number of processors.
func TestWrite(t *testing.T) {
	data := write(t, trial(12), 2)
	p, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Bounds().Size(); got != image.Pt(1640, 1240) {
		t.Errorf("the size is %v", got)
	}
	for _, want := range []string{
		"pHYs\x00\x00\x1d\x87\x00\x00\x1d\x87\x01", // 7559 pixels a metre: 192 an inch
		"iTXtTitle\x00\x00\x00\x00\x00Trial", "iTXtDescription\x00\x00\x00\x00\x00Boxes, 寿司",
	} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %q", want)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(n)
		if !bytes.Equal(write(t, trial(12), 2), data) {
			t.Errorf("another file on %d processors", n)
		}
	}
}

// TestColors holds that a picture with few colours keeps them to the bit, one with more nearly, and that one with
// very many is written in true colour.
func TestColors(t *testing.T) {
	for _, c := range []struct {
		name   string
		colors int
		steps  int // between neighbouring colours
		exact  bool
	}{{"few", 200, 9, true}, {"many", 3000, 1, false}, {"too many", mostColors + 1, 1, true}} {
		table := newColorTable()
		band := band{rows: 1, colors: table}
		for i := range c.colors {
			v := uint32(i * c.steps)
			n := table.number(0xff<<24 | v&0x3f | v>>6&0x3f<<8 | v>>12&0x3f<<16)
			table.counts[n]++
			band.runs = append(band.runs, run{n, 1})
		}
		p := choose([]*colorTable{table})
		e := newEncoder(c.colors, p)
		row := e.unroll(&band)[1:]
		for i, r := range band.runs {
			want, got := table.colors[r.color], uint32(0)
			if p != nil {
				got = p.colors[row[i]]
			} else {
				got = uint32(row[3*i]) | uint32(row[3*i+1])<<8 | uint32(row[3*i+2])<<16
			}
			if d := distance(want, got); d > closeEnough || c.exact && d > 0 {
				t.Fatalf("%s: %06x became %06x", c.name, want, got)
			}
		}
		if (p == nil) != (c.name == "too many") {
			t.Errorf("%s: a palette: %v", c.name, p != nil)
		}
	}
}

// TestRefusals holds that what can't be drawn is refused, with the remedy, before any memory is taken.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		width, height, scale float64
		want                 string
	}{
		{100, 100, 0, "--scale"}, {100, 100, 0.05, "--scale"}, {100, 100, 11, "--scale"}, {100, 100, math.NaN(), "--scale"},
		{40_000, 100, 2, "--view overview"}, {25_000, 25_000, 1, "--scale"}, {math.Inf(1), 100, 1, "--view overview"},
		{0, 100, 1, "no pixels"}, {math.NaN(), 100, 1, "no pixels"}, {100, -1, 1, "no pixels"},
	} {
		var b bytes.Buffer
		err := Write(&b, &scene.Scene{Width: c.width, Height: c.height}, trialTheme(), c.scale)
		if err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("%v by %v at %v: %v, %d bytes", c.width, c.height, c.scale, err, b.Len())
		}
	}
}

type broken struct{ left int }

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

func TestFullDisk(t *testing.T) {
	for _, room := range []int{0, 100, 20_000} {
		if err := Write(&broken{room}, trial(12), trialTheme(), 1); err == nil {
			t.Errorf("no error with room for %d bytes", room)
		}
	}
}

// FuzzWrite draws hostile texts and places.
func FuzzWrite(f *testing.F) {
	f.Add("orders\x00\xff</script>\u202e", math.NaN(), math.Inf(1), 1e300, -1e300, 1.0)
	f.Add("🚀 خدمة", 10.0, 20.0, 30.0, 40.0, 3.5)
	f.Add("", 1e6, -1e6, 1e9, 5e-324, 1e-9)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d, width float64) {
		s := &scene.Scene{Width: 120, Height: 90, Title: text, Description: text}
		path := &scene.Path{Fill: scene.Foreground, Stroke: scene.Ink(uint8(a)), Width: width, Dash: []float64{c, width, d}, Segments: []scene.Segment{
			{Op: scene.Line, P: layout.Point{X: a, Y: b}}, {Op: scene.Curve, C1: layout.Point{X: c, Y: d}, C2: layout.Point{X: b, Y: c}, P: layout.Point{X: d, Y: a}},
			{Op: scene.Close}, {Op: scene.Op(uint8(b)), P: layout.Point{X: 40, Y: 30}}}}
		words := &scene.Text{At: layout.Point{X: a, Y: c}, Anchor: scene.Anchor(uint8(d)), Style: typeset.Style{Size: width}, Ink: scene.Foreground, String: text}
		plain := &scene.Text{At: layout.Point{X: 10, Y: 30}, Style: typeset.Style{Size: 14}, Ink: scene.Foreground, String: text}
		s.Root.Items = []scene.Item{path, words, plain, (*scene.Path)(nil), nil, &scene.Group{Opacity: a, Items: []scene.Item{path, &scene.Group{Opacity: 0.5, Items: []scene.Item{words}}}}}
		if _, err := png.Decode(bytes.NewReader(write(t, s, 1))); err != nil {
			t.Fatal(err)
		}
	})
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
