package raster_test

import (
	"image"
	"image/color"
)

// likeness tells how two pictures of one scene differ.
type likeness struct {
	strange int             // pixels that no shift and no anti-aliasing explains
	largest int             // of them, those of the largest spot
	spot    image.Rectangle // where that is
}

const (
	// tolerance is by how much, of 255, a colour may lie outside the range of those around the same place in the other
	// picture, and blur by how much more, as a share of the contrast around that place. Chromium tells only quarters of a
	// pixel apart in height. The palest line of the themes differs from what is behind it by more than both.
	tolerance = 12
	blur      = 0.3
	// largestSpot is how many neighbouring pixels may look strange: where strokes meet or curves are thin,
	// two good programs differ in a few.
	largestSpot = 12
	// mostStrange is the share of pixels that may look strange.
	mostStrange = 0.0001
)

// compare compares the part that both pictures have. A pixel is strange where its colour lies outside the range of the
// colours in the square of 3 by 3 pixels around its place in the other picture, and the means of these squares differ too.
// So an edge may be softened in another way or be off by less than a pixel, but nothing may be missing, thicker by
// more, or of another colour.
func compare(a, b *image.RGBA) likeness {
	r := a.Bounds().Intersect(b.Bounds())
	w, h := r.Dx(), r.Dy()
	strange := make([]bool, w*h)
	var l likeness
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			if (outside(a, b, x, y) || outside(b, a, x, y)) && apart(a, b, x, y) {
				strange[y*w+x] = true
				l.strange++
			}
		}
	}
	var stack []int
	for start, is := range strange {
		if !is {
			continue
		}
		strange[start] = false
		stack = append(stack[:0], start)
		size, spot := 0, image.Rectangle{}
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			size++
			x, y := at%w, at/w
			spot = spot.Union(image.Rect(x, y, x+1, y+1))
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if n := (y+dy)*w + x + dx; n >= 0 && n < len(strange) && strange[n] {
						strange[n] = false
						stack = append(stack, n)
					}
				}
			}
		}
		if size > l.largest {
			l.largest, l.spot = size, spot
		}
	}
	return l
}

func outside(a, b *image.RGBA, x, y int) bool {
	p := a.Pix[a.PixOffset(x, y):]
	if q := b.Pix[b.PixOffset(x, y):]; p[0] == q[0] && p[1] == q[1] && p[2] == q[2] {
		return false
	}
	for c := range 3 {
		low, high := around(b, x, y, c)
		lowest, highest := around(a, x, y, c)
		allowed := tolerance + int(blur*float64(max(high, highest)-min(low, lowest)))
		if v := int(p[c]); v < low-allowed || v > high+allowed {
			return true
		}
	}
	return false
}

// apart says whether the pictures differ around a place when seen from afar: by the mean of 3 by 3 pixels.
func apart(a, b *image.RGBA, x, y int) bool {
	for c := range 3 {
		sum := 0
		for dy := -1; dy <= 1; dy++ {
			at, bt := a.PixOffset(x-1, y+dy)+c, b.PixOffset(x-1, y+dy)+c
			for i := 0; i <= 8; i += 4 {
				sum += int(a.Pix[at+i]) - int(b.Pix[bt+i])
			}
		}
		low, high := around(b, x, y, c)
		lowest, highest := around(a, x, y, c)
		if max(sum, -sum)/9 > tolerance+(max(high, highest)-min(low, lowest))/10 {
			return true
		}
	}
	return false
}

// around returns the range of one of a colour's parts in the square of 3 by 3 pixels around a place.
func around(p *image.RGBA, x, y, part int) (low, high int) {
	low = 255
	for dy := -1; dy <= 1; dy++ {
		at := p.PixOffset(x-1, y+dy) + part
		for _, v := range [3]uint8{p.Pix[at], p.Pix[at+4], p.Pix[at+8]} {
			low, high = min(low, int(v)), max(high, int(v))
		}
	}
	return low, high
}

func (l likeness) alike(size image.Rectangle) bool {
	return l.largest <= largestSpot && float64(l.strange) <= mostStrange*float64(size.Dx()*size.Dy())
}

// sideBySide returns a and b around a spot, and what is strange in a third column, for the eye of a developer.
func sideBySide(a, b *image.RGBA) *image.RGBA {
	r := a.Bounds().Intersect(b.Bounds())
	out := image.NewRGBA(r)
	for y := 1; y < r.Dy()-1; y++ {
		for x := 1; x < r.Dx()-1; x++ {
			c := a.RGBAAt(x, y)
			c.R, c.G, c.B = 128+c.R/2, 128+c.G/2, 128+c.B/2
			if outside(a, b, x, y) {
				c = color.RGBA{R: 255, A: 255}
			}
			if outside(b, a, x, y) {
				c = color.RGBA{B: 255, A: 255}
			}
			out.SetRGBA(x, y, c)
		}
	}
	return out
}
