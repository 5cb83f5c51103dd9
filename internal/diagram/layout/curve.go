package layout

import "math"

func dist(a, b Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

func cubic(a, b, c, d Point, t float64) Point {
	u := 1 - t
	return Point{
		u*u*u*a.X + 3*u*u*t*b.X + 3*u*t*t*c.X + t*t*t*d.X,
		u*u*u*a.Y + 3*u*u*t*b.Y + 3*u*t*t*c.Y + t*t*t*d.Y,
	}
}
