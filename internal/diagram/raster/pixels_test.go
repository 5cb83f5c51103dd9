package raster

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"

	"lintel/internal/diagram/scene"
)

// TestPixels holds that a file says what the canvas does, pixel by pixel: exactly where all colours fit in a
// palette or none is written, and nearly in between.
func TestPixels(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	for i := range 12 {
		s, theme, scale := trial(1+random.IntN(9)), trialTheme(), []float64{0.3, 1, 1.7}[i%3]
		allowed := 0
		if i%2 == 1 { // more colours than a palette holds
			theme.Colors[scene.EdgeLine] = scene.Color{R: 240, G: 20, B: 160}
			for k, item := range s.Root.Items {
				if p, ok := item.(*scene.Path); ok && k%4 == 1 {
					p.Stroke, p.Width = scene.EdgeLine, 4
				}
			}
			allowed = closeEnough
		}
		if i%4 == 3 { // and more than any can stand for
			theme.Colors[scene.Paper] = scene.Color{R: 1, G: 2, B: 3}
			for n := range 8 {
				theme.Colors[n+1] = scene.Color{R: uint8(n * 37), G: uint8(n * 101), B: uint8(n * 59)}
			}
			for k := range 9000 {
				n := scene.Ink(k%8 + 1)
				p := &scene.Path{Segments: box(float64(random.IntN(200)), float64(random.IntN(150)), 9, 7, 2), Fill: n}
				s.Root.Items = append(s.Root.Items, &scene.Group{Opacity: 0.2 + 0.6*random.Float64(), Items: []scene.Item{p}})
			}
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			var file bytes.Buffer
			if err := Write(&file, s, theme, scale); err != nil {
				t.Fatal(err)
			}
			p, err := png.Decode(&file)
			if err != nil {
				t.Fatal(err)
			}
			if _, paletted := p.ColorModel().(color.Palette); paletted == (i%4 == 3) {
				t.Errorf("a palette: %v", paletted)
			}
			if i%4 == 3 {
				allowed = 0
			}
			width, height, err := size(s, scale)
			if err != nil || p.Bounds().Dx() != width || p.Bounds().Dy() != height {
				t.Fatalf("%v: the size is %v", err, p.Bounds())
			}
			d := &drawing{theme: theme, scale: scale, fonts: glyphs{}}
			d.prepare(&s.Root)
			for top := 0; top < height; top += bandHeight {
				c := newCanvas(width, min(bandHeight, height-top))
				c.top = top
				c.clear(c.height, d.color(scene.Paper))
				d.paint(c, 0, len(d.actions))
				for y := range c.height {
					for x := range width {
						r, g, b, _ := p.At(x, top+y).RGBA()
						got, want := opaque(scene.Color{R: uint8(r), G: uint8(g), B: uint8(b)}), c.row(y).at(x)
						if distance(got, want) > allowed {
							t.Fatalf("at %d,%d: %08x, not %08x", x, top+y, got, want)
						}
					}
				}
			}
		})
	}
}
