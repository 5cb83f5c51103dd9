package raster

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

// A turned line of text covers the turned rectangle.
func TestTurnedText(t *testing.T) {
	inked := func(angle float64, anchor scene.Anchor) image.Rectangle {
		s := &scene.Scene{Width: 200, Height: 200, Root: scene.Group{Items: []scene.Item{
			&scene.Text{At: layout.Point{X: 100, Y: 100}, Anchor: anchor, Ink: scene.Foreground, Style: typeset.Style{Size: 12}, String: "orders-db", Angle: angle}}}}
		m, err := png.Decode(bytes.NewReader(write(t, s, 1)))
		if err != nil {
			t.Fatal(err)
		}
		paper := m.At(0, 0)
		var found image.Rectangle
		for y := range 200 {
			for x := range 200 {
				if m.At(x, y) != paper {
					found = found.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
		return found
	}
	for _, anchor := range []scene.Anchor{scene.Start, scene.Middle, scene.End} {
		flat := inked(0, anchor).Sub(image.Pt(100, 100))
		// Clockwise, x becomes y, and y becomes -x.
		want := image.Rect(-flat.Max.Y, flat.Min.X, -flat.Min.Y, flat.Max.X)
		got := inked(90, anchor).Sub(image.Pt(100, 100))
		for _, d := range []int{got.Min.X - want.Min.X, got.Min.Y - want.Min.Y, got.Max.X - want.Max.X, got.Max.Y - want.Max.Y} {
			if d < -1 || d > 1 {
				t.Errorf("anchor %d: got %v, want %v", anchor, got, want)
				break
			}
		}
	}
}
