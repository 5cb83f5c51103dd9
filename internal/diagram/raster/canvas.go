package raster

import (
	"math/bits"

	"lintel/internal/diagram/scene"
)

// canvas is a band of the picture: some of its rows.
//
// An area is filled in two steps. First its outline adds to every pixel that it crosses by how much the
// coverage changes there, as seen from the left neighbour. Then a sweep along each row sums these
// changes and blends. Only the pixels that the outline crosses are ever looked at one by one; what lies
// between them has one coverage and is filled as a run. So a long thin line costs its own length, not its
// bounding box, and a large area costs its outline.
//
// The pixels too are kept as stretches of one colour: see stretch.go.
type canvas struct {
	width, height int
	top           int // the first row's y in the picture
	stretches
	change   []float32
	crossed  []uint64 // a bit for each pixel that has a change
	words    int      // of crossed, in a row
	stride   int      // of change: two more than width, for what lies at the right edge
	from, to []int    // words of crossed in use, for each row
	spare    *canvas  // for layers, made when one is needed
}

func newCanvas(width, height int) *canvas {
	c := &canvas{width: width, height: height, stretches: newStretches(width, height)}
	c.stride = width + 2
	c.words = (c.stride + 63) / 64
	c.change = make([]float32, c.stride*height)
	c.crossed = make([]uint64, c.words*height)
	c.from, c.to = make([]int, height), make([]int, height)
	for y := range c.from {
		c.from[y] = c.words
	}
	return c
}

func opaque(c scene.Color) uint32 {
	return uint32(c.R) | uint32(c.G)<<8 | uint32(c.B)<<16 | 0xff<<24
}

// outline adds the outline of an area, moved by d.
func (c *canvas) outline(p *polygon, d point) {
	d.y -= float64(c.top)
	bottom := float64(c.height)
	for i := range p.pieces {
		piece := &p.pieces[i]
		if piece.max+d.y <= 0 || piece.min+d.y >= bottom {
			continue
		}
		a := piece.points[0]
		x0, y0 := float32(a.x+d.x), float32(a.y+d.y)
		within := piece.min+d.y >= 0 && piece.max+d.y < bottom && p.min.x+d.x >= 0 && p.max.x+d.x < float64(c.width)
		for _, b := range piece.points[1:] {
			x1, y1 := float32(b.x+d.x), float32(b.y+d.y)
			if y := int(y0); within && y == int(y1) { // as most sides of round corners and letters
				if y0 != y1 {
					c.cell(y, x0, x1, y1-y0)
				}
			} else {
				c.edge(x0, y0, x1, y1)
			}
			x0, y0 = x1, y1
		}
	}
}

// edge adds one side of an area.
func (c *canvas) edge(x0, y0, x1, y1 float32) {
	if y0 == y1 {
		return
	}
	sign := float32(1)
	if y0 > y1 {
		x0, y0, x1, y1 = x1, y1, x0, y0
		sign = -1
	}
	bottom := float32(c.height)
	if y1 <= 0 || y0 >= bottom {
		return
	}
	slope := (x1 - x0) / (y1 - y0)
	x := x0
	if y0 < 0 {
		x -= y0 * slope
		y0 = 0
	}
	if y1 > bottom {
		y1 = bottom
	}
	right := float32(c.width)
	for y := int(y0); y0 < y1; y++ {
		end := float32(y + 1)
		if end > y1 {
			end = y1
		}
		high := end - y0
		next := x + slope*high
		if x < 0 || next < 0 || x > right || next > right {
			c.clip(y, x, next, sign*high)
		} else {
			c.cell(y, x, next, sign*high)
		}
		x, y0 = next, end
	}
}

// clip is cell for an edge that is not all within the width: what lies left of the picture counts at its
// left border, and what lies right of it at its right.
func (c *canvas) clip(y int, from, to, d float32) {
	right := float32(c.width)
	for _, border := range [2]float32{0, right} {
		if min(from, to) < border && border < max(from, to) {
			t := (border - from) / (to - from)
			c.clip(y, from, border, d*t)
			c.clip(y, border, to, d*(1-t))
			return
		}
	}
	c.cell(y, max(0, min(from, right)), max(0, min(to, right)), d)
}

// cell adds what an edge that goes from one x to another within row y changes there; d is its height, with a sign.
func (c *canvas) cell(y int, from, to, d float32) {
	if from > to {
		from, to = to, from
	}
	first, last := int(from), int(to)
	if float32(last) < to || last == first {
		last++
	} // now [first, last) are the pixels crossed, and last is the one after them
	row := c.change[y*c.stride : (y+1)*c.stride]
	c.mark(y, first, last)
	if last == first+1 {
		mid := 0.5*(from+to) - float32(first)
		row[first] += d - d*mid
		row[last] += d * mid
		return
	}
	s := 1 / (to - from)
	in := 1 - (from - float32(first))
	out := to - float32(last-1)
	a, z := 0.5*s*in*in, 0.5*s*out*out
	row[first] += d * a
	if last == first+2 {
		row[first+1] += d * (1 - a - z)
	} else {
		b := s * (in + 0.5)
		row[first+1] += d * (b - a)
		for x := first + 2; x < last-1; x++ {
			row[x] += d * s
		}
		b += float32(last-first-3) * s
		row[last-1] += d * (1 - b - z)
	}
	row[last] += d * z
}

// mark notes that pixels first to last of row y have a change.
func (c *canvas) mark(y, first, last int) {
	f, l := first/64, last/64
	row := c.crossed[y*c.words : (y+1)*c.words]
	lo, hi := ^uint64(0)<<(first%64), ^uint64(0)>>(63-last%64)
	if f == l {
		row[f] |= lo & hi
	} else {
		row[f] |= lo
		for i := f + 1; i < l; i++ {
			row[i] = ^uint64(0)
		}
		row[l] |= hi
	}
	c.from[y] = min(c.from[y], f)
	c.to[y] = max(c.to[y], l+1)
}

// paint fills the areas whose outlines were added, between rows top and bottom of the picture.
func (c *canvas) paint(ink uint32, top, bottom int) {
	top, bottom = max(0, top-c.top), min(c.height, bottom-c.top)
	var degrees [64]uint8
	for y := top; y < bottom; y++ {
		if c.to[y] == 0 {
			continue
		}
		row := c.row(y)
		change := c.change[y*c.stride : (y+1)*c.stride]
		crossed := c.crossed[y*c.words : (y+1)*c.words]
		sum, done := float32(0), 0
		a := uint32(0) // what sum means for pixels
		for i := c.from[y]; i < c.to[y]; i++ {
			word := crossed[i]
			crossed[i] = 0
			for word != 0 {
				first := bits.TrailingZeros64(word)
				x := i*64 + first
				if x > done && a != 0 {
					row.fill(done, min(x, c.width), ink, a)
				}
				// What follows without a gap is done at once.
				n := bits.TrailingZeros64(^(word >> first))
				word &^= (1<<n - 1) << first
				changes := change[x : x+n]
				alphas := degrees[:n]
				for k, by := range changes {
					sum += by
					a = alpha(sum)
					alphas[k] = uint8(a)
				}
				clear(changes)
				if x < c.width {
					row.dots(i, first, ink, alphas[:min(n, c.width-x)])
				}
				done = x + n
			}
		}
		if done < c.width && a != 0 {
			row.fill(done, c.width, ink, a)
		}
		c.from[y], c.to[y] = c.words, 0
	}
}

// steps is the number of degrees of coverage. No eye tells more, and the fewer colours make files smaller.
const steps = 32

// alpha turns a coverage, which is negative where an outline winds the other way, into 0 to 255.
func alpha(coverage float32) uint32 {
	if coverage < 0 {
		coverage = -coverage
	}
	if coverage >= 1 {
		return 255
	}
	return uint32(int32(coverage*steps+0.5)) * 255 / steps
}

// blend lays ink, opaque, over p with an alpha of 0 to 255.
func blend(p, ink, a uint32) uint32 {
	return times(ink, a) + times(p, 255-a)
}

// times multiplies the four parts of a pixel by a/255, rounded; 0 ≤ a ≤ 255. The sum of times(p, a) and
// times(q, 255-a) never overflows a part, for p and q of any value.
func times(p, a uint32) uint32 {
	even := (p&0x00ff00ff)*a + 0x00800080
	even = (even + even>>8&0x00ff00ff) >> 8 & 0x00ff00ff
	odd := (p>>8&0x00ff00ff)*a + 0x00800080
	odd = (odd + odd>>8&0x00ff00ff) & 0xff00ff00
	return even | odd
}
