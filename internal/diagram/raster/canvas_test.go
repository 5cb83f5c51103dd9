package raster

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/vector"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
)

// TestCoverage holds the filling of areas, also those that leave the picture, against another rasteriser.
func TestCoverage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const width, height = 90, 70
	for range 300 {
		area := &polygon{}
		z := vector.NewRasterizer(600, 600) // at which size it counts in floating point
		for range 1 + random.IntN(3) {
			var ring []point
			for range 3 + random.IntN(6) {
				p := point{random.Float64()*140 - 25, random.Float64()*120 - 25}
				if random.IntN(4) == 0 {
					p = point{math.Round(p.x), math.Round(p.y)}
				}
				ring = append(ring, p)
			}
			area.add(ring)
			z.MoveTo(float32(ring[0].x), float32(ring[0].y))
			for _, p := range ring[1:] {
				z.LineTo(float32(p.x), float32(p.y))
			}
			z.ClosePath()
		}
		want := image.NewAlpha(image.Rect(0, 0, 600, 600))
		z.Draw(want, want.Bounds(), image.Opaque, image.Point{})
		for _, top := range []int{0, 23} {
			c := newCanvas(width, height-top)
			c.top = top
			c.outline(area, point{})
			c.paint(0xffffffff, int(math.Floor(area.min.y)), int(math.Ceil(area.max.y))+1)
			for y := top; y < height; y++ {
				for x := range width {
					a, b := int(c.row(y-top).at(x)>>24), int(want.AlphaAt(x, y).A)
					if d := a - b; max(d, -d) > 255/steps+2 {
						t.Fatalf("at %d,%d: %d, the other says %d; %v", x, y, a, b, area.rings)
					}
				}
			}
			// What one area leaves behind would stain the next.
			for i, v := range c.change {
				if v != 0 {
					t.Fatalf("a change of %v is left at %d", v, i)
				}
			}
			for i, v := range c.crossed {
				if v != 0 {
					t.Fatalf("a mark is left in word %d", i)
				}
			}
		}
	}
}

// TestStroke holds strokes against the distance to the line: inside of half the width everything is painted, outside nothing.
func TestStroke(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 150 {
		var l line
		for range 2 + random.IntN(5) {
			l.points = append(l.points, point{10 + random.Float64()*80, 10 + random.Float64()*80})
		}
		l.closed = random.IntN(2) == 0
		half := 0.7 + 5*random.Float64()
		area := &polygon{}
		pen{half: half}.stroke(area, []line{l})
		c := newCanvas(100, 100)
		c.outline(area, point{})
		c.paint(0xffffffff, 0, 100)
		for y := range 100 {
			for x := range 100 {
				d := l.distance(point{float64(x) + 0.5, float64(y) + 0.5})
				a := c.row(y).at(x) >> 24
				if d < half-0.85 && a < 255-255/steps || d > half+0.85 && a > 255/steps {
					t.Fatalf("at %d,%d, %.2f from a line of half width %.2f: %d; %v", x, y, d, half, a, l)
				}
			}
		}
	}
}

func (l line) distance(q point) float64 {
	best := math.Inf(1)
	for i := range l.points {
		a, b := l.points[(i+len(l.points)-1)%len(l.points)], l.points[i]
		if i == 0 && !l.closed {
			a = b
		}
		dx, dy := b.x-a.x, b.y-a.y
		t := 0.0
		if n := dx*dx + dy*dy; n > 0 {
			t = max(0, min(((q.x-a.x)*dx+(q.y-a.y)*dy)/n, 1))
		}
		best = min(best, math.Hypot(q.x-a.x-t*dx, q.y-a.y-t*dy))
	}
	return best
}

// TestDash holds that dashes and gaps have the lengths of the pattern, around corners too.
func TestDash(t *testing.T) {
	l := line{points: []point{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, closed: true}
	dashes := dash([]line{l}, []float64{6, 3})
	if len(dashes) != 5 {
		t.Fatalf("%d dashes, not 5: %v", len(dashes), dashes)
	}
	for i, d := range dashes {
		want := 6.0
		if i == 4 {
			want = 4 // the rest of 40
		}
		if got := d.length(); math.Abs(got-want) > 1e-9 {
			t.Errorf("dash %d has length %v, not %v", i, got, want)
		}
	}
	for _, odd := range [][]float64{{0, 0}, {-1, 2}, {math.NaN()}, {math.Inf(1), 1}, {1e-12, 1e-12}} {
		if got := dash([]line{l}, odd); len(got) != 1 || !got[0].closed {
			t.Errorf("%v: not a solid line: %v", odd, got)
		}
	}
	if got := dash([]line{{points: []point{{0, 0}, {30, 0}}}}, []float64{5}); len(got) != 3 {
		t.Errorf("an odd pattern: %v", got)
	}
}

// TestBlend holds the fast arithmetic against the plain.
func TestBlend(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 100_000 {
		p, q, a := random.Uint32(), random.Uint32(), random.Uint32N(256)
		got := blend(p, q, a)
		for shift := 0; shift < 32; shift += 8 {
			x, y := float64(p>>shift&255), float64(q>>shift&255)
			want := math.Floor(x*float64(255-a)/255+0.5) + math.Floor(y*float64(a)/255+0.5)
			if float64(got>>shift&255) != want {
				t.Fatalf("%08x over %08x by %d: %08x", q, p, a, got)
			}
		}
	}
}

func TestFlatten(t *testing.T) {
	at := func(x, y float64) layout.Point { return layout.Point{X: x, Y: y} }
	for _, c := range []struct {
		name     string
		segments []scene.Segment
		want     int // lines
	}{
		{"nothing", nil, 0},
		{"a place", []scene.Segment{{P: at(1, 1)}}, 0},
		{"a line from nowhere", []scene.Segment{{Op: scene.Line, P: at(1, 1)}}, 1},
		{"two squares", []scene.Segment{{P: at(0, 0)}, {Op: scene.Line, P: at(1, 0)}, {Op: scene.Line, P: at(1, 1)}, {Op: scene.Close},
			{Op: scene.Line, P: at(5, 5)}, {Op: scene.Close}, {Op: scene.Close}}, 2},
		{"no numbers", []scene.Segment{{P: at(math.NaN(), 0)}, {Op: scene.Line, P: at(math.Inf(1), 0)}, {Op: scene.Curve, C1: at(math.NaN(), 0), P: at(4, 4)}}, 1},
	} {
		if got := flatten(c.segments, 2); len(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	// The chords of a circle's quarter lie on it.
	const k = 0.5522847498
	quarter := flatten([]scene.Segment{{P: at(100, 0)}, {Op: scene.Curve, C1: at(100, 100*k), C2: at(100*k, 100), P: at(0, 100)}}, 2)
	for i, p := range quarter[0].points {
		if i > 0 {
			q := quarter[0].points[i-1]
			p = point{(p.x + q.x) / 2, (p.y + q.y) / 2}
		}
		if d := math.Abs(math.Hypot(p.x, p.y) - 200); d > flatness+0.06 {
			t.Errorf("%v is %.3f off the circle", p, d)
		}
	}
}
