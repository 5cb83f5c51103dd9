package scene

import (
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

// shape is the form of a module's kind: an outline, lines within it, and how far a rectangle within,
// where text has its place, stands off from the outline's bounding box.
type shape struct {
	left, top, right, bottom float64
	draw                     func(b layout.Box) (edge, inner outline)
	back                     func(b layout.Box) (edge, inner outline) // of replicas behind the front one; draw where nil
}

// shapeOf returns the shape of a kind; "" stands for a group.
func shapeOf(k schema.Kind) shape {
	switch k {
	case schema.Frontend:
		return shape{top: 11, draw: window}
	case schema.Gateway:
		return shape{left: 9, right: 10, draw: hexagon}
	case schema.LoadBalancer:
		return shape{left: 5, right: 9, draw: capsule}
	case schema.Worker:
		return shape{left: 6, draw: barred}
	case schema.Job:
		return shape{left: 6, right: 6, draw: doubleBarred}
	case schema.Function:
		return shape{left: 8, right: 9, draw: slanted}
	case schema.Database:
		return shape{top: 9, bottom: 4, draw: drum}
	case schema.Cache:
		return shape{top: 14, bottom: 4, draw: disks}
	case schema.Queue:
		return shape{left: 4, right: 14, draw: pipe}
	case schema.ObjectStore:
		return shape{left: 8, top: 9, right: 8, bottom: 2, draw: bucket}
	case schema.Search:
		return shape{bottom: 7, draw: wavy}
	case schema.Discovery:
		return shape{left: 3, right: 3, draw: octagon}
	case schema.Configuration:
		return shape{right: 6, draw: folded}
	case schema.DNS:
		return shape{right: 13, draw: signpost}
	case schema.Identity:
		return shape{bottom: 8, draw: shield}
	case schema.Monitoring:
		return shape{bottom: 7, draw: monitor, back: screen}
	case schema.Network:
		return shape{left: 4, top: 4, right: 4, bottom: 4, draw: doubled}
	case schema.External:
		return shape{left: 4, top: 8, right: 6, bottom: 1, draw: cloud}
	case "":
		return shape{top: 8, draw: tabbed}
	}
	return shape{draw: plain}
}

func corners(b layout.Box) (x0, y0, x1, y1 float64) { return b.Min.X, b.Min.Y, b.Max.X, b.Max.Y }

func plain(b layout.Box) (edge, inner outline) {
	edge.rounded(b, 8)
	return
}

// window is a browser's, with its bar and buttons.
func window(b layout.Box) (edge, inner outline) {
	x0, y0, x1, _ := corners(b)
	edge.rounded(b, 8)
	inner.move(x0, y0+11)
	inner.line(x1, y0+11)
	for i := range 3 {
		inner.ellipse(x0+9+5*float64(i), y0+5.5, 0.9, 0.9)
	}
	return
}

func hexagon(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	m := (y0 + y1) / 2
	edge.polygon(5, pt(x0+13, y0), pt(x1-13, y0), pt(x1, m), pt(x1-13, y1), pt(x0+13, y1), pt(x0, m))
	return
}

func capsule(b layout.Box) (edge, inner outline) {
	edge.rounded(b, 24)
	return
}

func barred(b layout.Box) (edge, inner outline) {
	edge.rounded(b, 8)
	inner.move(b.Min.X+7, b.Min.Y)
	inner.line(b.Min.X+7, b.Max.Y)
	return
}

func doubleBarred(b layout.Box) (edge, inner outline) {
	edge, inner = barred(b)
	inner.move(b.Max.X-7, b.Min.Y)
	inner.line(b.Max.X-7, b.Max.Y)
	return
}

func slanted(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	edge.polygon(6, pt(x0+13, y0), pt(x1, y0), pt(x1-13, y1), pt(x0, y1))
	return
}

// drum is a standing cylinder.
func drum(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	const r = 6.0
	m := (x0 + x1) / 2
	edge.move(x0, y0+r)
	edge.quarter(m, y0, false)
	edge.quarter(x1, y0+r, true)
	edge.line(x1, y1-r)
	edge.quarter(m, y1, false)
	edge.quarter(x0, y1-r, true)
	edge.close()
	inner.move(x0, y0+r)
	inner.quarter(m, y0+2*r, false)
	inner.quarter(x1, y0+r, true)
	return
}

// disks is a drum with another rim, as of something that turns fast.
func disks(b layout.Box) (edge, inner outline) {
	edge, inner = drum(b)
	x0, y0, x1, _ := corners(b)
	const r, step = 6.0, 5.0
	m := (x0 + x1) / 2
	inner.move(x0, y0+r+step)
	inner.quarter(m, y0+2*r+step, false)
	inner.quarter(x1, y0+r+step, true)
	return
}

// pipe is a lying cylinder.
func pipe(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	const r = 6.0
	m := (y0 + y1) / 2
	edge.move(x0+r, y0)
	edge.line(x1-r, y0)
	edge.quarter(x1, m, true)
	edge.quarter(x1-r, y1, false)
	edge.line(x0+r, y1)
	edge.quarter(x0, m, true)
	edge.quarter(x0+r, y0, false)
	edge.close()
	inner.move(x1-r, y0)
	inner.quarter(x1-2*r, m, true)
	inner.quarter(x1-r, y1, false)
	return
}

func bucket(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	const r, taper, foot = 5.0, 8.0, 4.0
	m := (x0 + x1) / 2
	edge.move(x0, y0+r)
	edge.quarter(m, y0, false)
	edge.quarter(x1, y0+r, true)
	edge.line(x1-taper, y1-foot)
	edge.quarter(m, y1, false)
	edge.quarter(x0+taper, y1-foot, true)
	edge.close()
	inner.move(x0, y0+r)
	inner.quarter(m, y0+2*r, false)
	inner.quarter(x1, y0+r, true)
	return
}

// wavy is a sheet of text.
func wavy(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	const r, depth = 6.0, 6.0
	w := x1 - x0
	edge.move(x0, y0+r)
	edge.quarter(x0+r, y0, false)
	edge.line(x1-r, y0)
	edge.quarter(x1, y0+r, true)
	edge.line(x1, y1-depth)
	edge.curve(x1-w*0.3, y1-2.6*depth, x0+w*0.3, y1+1.4*depth, x0, y1-depth/2)
	edge.close()
	return
}

func octagon(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	const c = 11.0
	edge.polygon(2.5, pt(x0+c, y0), pt(x1-c, y0), pt(x1, y0+c), pt(x1, y1-c), pt(x1-c, y1), pt(x0+c, y1), pt(x0, y1-c), pt(x0, y0+c))
	return
}

// folded is a page with a dog-ear.
func folded(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	const r, ear = 6.0, 11.0
	edge.move(x0+r, y0)
	edge.line(x1-ear, y0)
	edge.line(x1, y0+ear)
	edge.line(x1, y1-r)
	edge.quarter(x1-r, y1, false)
	edge.line(x0+r, y1)
	edge.quarter(x0, y1-r, true)
	edge.line(x0, y0+r)
	edge.quarter(x0+r, y0, false)
	edge.close()
	inner.move(x1-ear, y0)
	inner.line(x1-ear, y0+ear)
	inner.line(x1, y0+ear)
	return
}

func signpost(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	edge.polygon(5, pt(x0, y0), pt(x1-14, y0), pt(x1, (y0+y1)/2), pt(x1-14, y1), pt(x0, y1))
	return
}

func shield(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	m := (x0 + x1) / 2
	const r, point = 6.0, 13.0
	edge.move(x0+r, y0)
	edge.line(x1-r, y0)
	edge.quarter(x1, y0+r, true)
	edge.line(x1, y1-point)
	edge.curve(x1, y1-point/2, m+20, y1-3, m, y1)
	edge.curve(m-20, y1-3, x0, y1-point/2, x0, y1-point)
	edge.line(x0, y0+r)
	edge.quarter(x0+r, y0, false)
	edge.close()
	return
}

// monitor is a screen on its foot.
func monitor(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	m := (x0 + x1) / 2
	const r, foot = 7.0, 6.0
	y := y1 - foot
	edge.move(x0+r, y0)
	edge.line(x1-r, y0)
	edge.quarter(x1, y0+r, true)
	edge.line(x1, y-r)
	edge.quarter(x1-r, y, false)
	edge.line(m+12, y)
	edge.line(m+18, y1)
	edge.line(m-18, y1)
	edge.line(m-12, y)
	edge.line(x0+r, y)
	edge.quarter(x0, y-r, true)
	edge.line(x0, y0+r)
	edge.quarter(x0+r, y0, false)
	edge.close()
	inner.move(m-12, y)
	inner.line(m+12, y)
	return
}

// screen is a monitor without its foot.
func screen(b layout.Box) (edge, inner outline) {
	edge.rounded(shrink(b, 0, 0, 0, 6), 7)
	return
}

func doubled(b layout.Box) (edge, inner outline) {
	edge.rounded(b, 8)
	inner.rounded(shrink(b, 3.5, 3.5, 3.5, 3.5), 5)
	return
}

// cloud has a flat bottom and humps on top.
func cloud(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	const r, rise = 12.0, 9.0
	w := x1 - x0
	y := y0 + rise
	edge.move(x0+r, y1)
	edge.curve(x0-3, y1, x0-4, y+3, x0+w*0.10, y+1)
	edge.curve(x0+w*0.13, y0-1.5, x0+w*0.32, y0-1, x0+w*0.36, y-2.5)
	edge.curve(x0+w*0.42, y0-3, x0+w*0.68, y0-3, x0+w*0.72, y-1)
	edge.curve(x0+w*0.78, y0+0.5, x1-w*0.08, y0+1, x1-w*0.07, y+3)
	edge.curve(x1+4, y+5, x1+3, y1, x1-r, y1)
	edge.close()
	return
}

// tabbed is a folder, for a group.
func tabbed(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	const r, tab, rise = 7.0, 54.0, 7.0
	edge.move(x0, y0+4)
	edge.quarter(x0+4, y0, false)
	edge.line(x0+tab-rise, y0)
	edge.line(x0+tab, y0+rise)
	edge.line(x1-r, y0+rise)
	edge.quarter(x1, y0+rise+r, true)
	edge.line(x1, y1-r)
	edge.quarter(x1-r, y1, false)
	edge.line(x0+r, y1)
	edge.quarter(x0, y1-r, true)
	edge.close()
	return
}

func rhombus(b layout.Box) (edge, inner outline) {
	x0, y0, x1, y1 := corners(b)
	m := center(b)
	edge.polygon(5, pt(m.X, y0), pt(x1, m.Y), pt(m.X, y1), pt(x0, m.Y))
	return
}
