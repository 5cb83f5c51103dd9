package raster_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/pdf"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/svg"
)

// TestLikeChromium holds our PNG against what Chromium makes of the SVG of the same scene.
func TestLikeChromium(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	browser := needs(t, "chromium", "chromium-browser", "google-chrome")
	for i, p := range allPictures(t) {
		for k, theme := range scene.Themes() {
			if k != i%3 && p.name != "everything" && p.name != "everything-failed" {
				continue
			}
			t.Run(p.name+"-"+theme.Name, func(t *testing.T) {
				check(t, p.name+"-"+theme.Name, ours(t, p.scene, theme, 2), inBrowser(t, browser, p.scene, theme))
			})
		}
	}
}

// TestTellsApart holds that the comparison sees what a careless writer leaves out or gets wrong: each item of a picture
// in turn is left out, and a line is made solid, a text bold.
func TestTellsApart(t *testing.T) {
	theme := scene.Themes()[0]
	at := func(x, y float64) layout.Point { return layout.Point{X: x, Y: y} }
	line := func(ink scene.Ink, width float64, dash []float64, from, to layout.Point) *scene.Path {
		return &scene.Path{Stroke: ink, Width: width, Dash: dash, Segments: []scene.Segment{{Op: scene.Move, P: from}, {Op: scene.Line, P: to}}}
	}
	rule := line(scene.Rule, 1, nil, at(10, 20), at(190, 20))
	dashed := line(scene.EdgeLine, 1.2, []float64{6, 4}, at(10, 40), at(190, 55))
	tile := line(scene.DataLine, 1.5, nil, at(20, 70), at(100, 70))
	tile.Fill, tile.Segments = scene.FrameFill, append(tile.Segments, scene.Segment{Op: scene.Line, P: at(100, 110)}, scene.Segment{Op: scene.Close})
	name := &scene.Text{At: at(110, 100), Ink: scene.Foreground, String: "orders", Style: textStyle(13)}
	arrow := &scene.Path{Fill: scene.EdgeLine, Segments: []scene.Segment{{Op: scene.Move, P: at(150, 60)}, {Op: scene.Line, P: at(156, 60)}, {Op: scene.Line, P: at(153, 68)}, {Op: scene.Close}}}
	items := []scene.Item{rule, dashed, tile, name, arrow}
	picture := func(items ...scene.Item) *image.RGBA {
		return ours(t, &scene.Scene{Width: 200, Height: 120, Root: scene.Group{Items: items}}, theme, 2)
	}
	whole := picture(items...)
	if l := compare(whole, whole); l.strange != 0 {
		t.Errorf("a picture differs from itself: %+v", l)
	}
	differs := func(what string, p *image.RGBA) {
		t.Helper()
		if l := compare(whole, p); l.alike(whole.Bounds()) {
			t.Errorf("%s is not seen: %+v", what, l)
		}
	}
	for i := range items {
		differs(fmt.Sprintf("that item %d is missing", i), picture(slices.Concat(items[:i], items[i+1:])...))
	}
	solid, bold, borderless, other := *dashed, *name, *tile, *arrow
	solid.Dash = nil
	differs("a solid line", picture(rule, &solid, tile, name, arrow))
	bold.Style.Bold = true
	differs("bold text", picture(rule, dashed, tile, &bold, arrow))
	borderless.Stroke = scene.None
	differs("a missing border", picture(rule, dashed, &borderless, name, arrow))
	other.Fill = scene.ErrorFill
	differs("another colour", picture(rule, dashed, tile, name, &other))
}

// TestPDFLikePNG holds the PDF, as poppler shows it, against our PNG.
func TestPDFLikePNG(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	program := needs(t, "pdftoppm")
	for i, p := range allPictures(t) {
		theme := scene.Themes()[i%3]
		t.Run(p.name+"-"+theme.Name, func(t *testing.T) {
			check(t, p.name+"-"+theme.Name+"-pdf", ours(t, p.scene, theme, 2), inPoppler(t, program, p.scene, theme))
		})
	}
}

func check(t *testing.T, name string, a, b *image.RGBA) {
	t.Helper()
	l := compare(a, b)
	t.Logf("%d strange pixels of %d, at most %d together, at %v", l.strange, a.Bounds().Dx()*a.Bounds().Dy(), l.largest, l.spot)
	if !l.alike(a.Bounds()) {
		t.Error("the pictures differ by more than anti-aliasing")
	}
	if folder := os.Getenv("LINTEL_PICTURES"); folder != "" {
		for suffix, p := range map[string]*image.RGBA{"ours": a, "theirs": b, "strange": sideBySide(a, b)} {
			var out bytes.Buffer
			if err := png.Encode(&out, p); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, name+"-"+suffix+".png"), out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// inBrowser returns a scene's SVG as a browser shows it, two pixels for a unit.
func inBrowser(t *testing.T, browser string, s *scene.Scene, theme scene.Theme) *image.RGBA {
	t.Helper()
	folder := t.TempDir()
	var b bytes.Buffer
	if err := svg.Write(&b, s, theme); err != nil {
		t.Fatal(err)
	}
	source, shot := filepath.Join(folder, "in.svg"), filepath.Join(folder, "out.png")
	if err := os.WriteFile(source, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	// The window is larger than the picture, for what a browser needs of it for itself.
	size := fmt.Sprintf("--window-size=%.0f,%.0f", math.Ceil(max(s.Width, 500))+20, math.Ceil(s.Height)+200)
	run := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=2",
		"--disable-background-networking", "--no-first-run", "--user-data-dir="+filepath.Join(folder, "user"), "--screenshot="+shot, size, "file://"+source)
	out, err := run.CombinedOutput()
	data, readErr := os.ReadFile(shot)
	if readErr != nil {
		t.Fatalf("no picture (%v): %s", err, out)
	}
	return pixels(t, data)
}

// inPoppler returns a scene's PDF as poppler shows it, two pixels for a unit.
func inPoppler(t *testing.T, program string, s *scene.Scene, theme scene.Theme) *image.RGBA {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, s, theme); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, program, "-r", "192", "-png", "-")
	run.Stdin = &b
	var complaints bytes.Buffer
	run.Stderr = &complaints
	data, err := run.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("%v: %s", err, complaints.String())
	}
	return pixels(t, data)
}

// layers is a scene with what no diagram shows today: groups that are transparent as a whole, in each other.
func layers() *scene.Scene {
	at := func(x, y float64) layout.Point { return layout.Point{X: x, Y: y} }
	square := func(x, y, side float64, fill, stroke scene.Ink) *scene.Path {
		return &scene.Path{Fill: fill, Stroke: stroke, Width: 5, Segments: []scene.Segment{
			{Op: scene.Move, P: at(x, y)}, {Op: scene.Line, P: at(x+side, y)}, {Op: scene.Line, P: at(x+side, y+side)},
			{Op: scene.Line, P: at(x, y+side)}, {Op: scene.Close}}}
	}
	dashed := &scene.Path{Stroke: scene.EdgeLine, Width: 3, Dash: []float64{9, 6, 0.01}, Segments: []scene.Segment{
		{Op: scene.Move, P: at(20, 200)}, {Op: scene.Line, P: at(120, 220)}, {Op: scene.Line, P: at(60, 230)},
		{Op: scene.Curve, C1: at(100, 300), C2: at(200, 100), P: at(380, 220)}}}
	ring := &scene.Path{Fill: scene.DataTile, Segments: append(square(300, 20, 80, 0, 0).Segments,
		scene.Segment{Op: scene.Move, P: at(320, 40)}, scene.Segment{Op: scene.Line, P: at(320, 80)},
		scene.Segment{Op: scene.Line, P: at(360, 80)}, scene.Segment{Op: scene.Line, P: at(360, 40)}, scene.Segment{Op: scene.Close})}
	sharp := &scene.Path{Stroke: scene.MessageLine, Width: 9, Segments: []scene.Segment{
		{Op: scene.Move, P: at(300, 120)}, {Op: scene.Line, P: at(380, 130)}, {Op: scene.Line, P: at(300, 140)}, {Op: scene.Line, P: at(300, 140)},
		{Op: scene.Move, P: at(330, 160)}, {Op: scene.Line, P: at(330, 160)}}}
	inner := &scene.Group{Opacity: 0.5, Items: []scene.Item{square(60, 60, 80, scene.DataTile, scene.None), square(100, 100, 60, scene.TrafficTile, scene.DataLine)}}
	return &scene.Scene{Width: 400, Height: 260, Title: "Layers", Description: "", Root: scene.Group{Items: []scene.Item{
		&scene.Path{Fill: scene.Paper, Segments: square(0, 0, 400, 0, 0).Segments},
		square(20, 20, 120, scene.ErrorFill, scene.None),
		&scene.Group{Opacity: 0.4, Title: "half", Items: []scene.Item{square(50, 50, 120, scene.Foreground, scene.CycleLine), inner,
			&scene.Text{At: at(110, 110), Anchor: scene.Middle, Ink: scene.Paper, String: "faint", Style: textStyle(20)}}},
		dashed, ring, sharp,
	}}}
}
