package raster

import "math/bits"

// stretches is rows of pixels, kept as stretches of one colour. Most of a picture is flat, so painting, comparing and
// counting a stretch at a time takes a small part of the time that single pixels would.
//
// Every row is cut into blocks of blockSize pixels. A bit for each pixel says whether a stretch starts there; the
// first pixel of a block always starts one, so the colour at any place is found within its block. Only where a
// stretch starts does pixels hold a colour; neighbouring stretches may have the same.
type stretches struct {
	blocks int // in a row
	starts []uint64
	pixels []uint32 // premultiplied: red, green, blue, alpha from the lowest byte on
}

const blockSize = 64

func newStretches(width, height int) stretches {
	n := (width + blockSize - 1) / blockSize
	s := stretches{n, make([]uint64, n*height), make([]uint32, n*blockSize*height)}
	s.clear(height, 0)
	return s
}

// stretchRow is a row, or some of its blocks.
type stretchRow struct {
	starts []uint64
	pixels []uint32
}

func (s *stretches) row(y int) stretchRow {
	return stretchRow{s.starts[y*s.blocks : (y+1)*s.blocks], s.pixels[y*s.blocks*blockSize : (y+1)*s.blocks*blockSize]}
}

// clear paints all pixels of the first rows.
func (s *stretches) clear(rows int, p uint32) {
	for y := range rows {
		r := s.row(y)
		r.clear(p, 0, len(r.starts))
	}
}

// clear paints whole blocks.
func (r stretchRow) clear(p uint32, from, to int) {
	for b := from; b < to; b++ {
		r.starts[b] = 1
		r.pixels[b*blockSize] = p
	}
}

// at returns the colour of a pixel.
func (r stretchRow) at(x int) uint32 {
	started := r.starts[x/blockSize] & (^uint64(0) >> (blockSize - 1 - x%blockSize))
	return r.pixels[x&^(blockSize-1)+last(started)]
}

// last returns the index of the highest bit of w, which is not 0.
func last(w uint64) int { return blockSize - 1 - bits.LeadingZeros64(w) }

// dots blends neighbouring pixels of block b from the given one on, each with an alpha of its own.
func (r stretchRow) dots(b, first int, ink uint32, alphas []uint8) {
	block := r.pixels[b*blockSize : (b+1)*blockSize : (b+1)*blockSize]
	w := r.starts[b]
	end := first + len(alphas)
	w = split(block, w, end)
	p := block[last(w&(^uint64(0)>>(blockSize-1-first)))]
	under := w >> first
	for k, a := range alphas {
		i := (first + k) % blockSize
		if under&1 != 0 {
			p = block[i]
		}
		under >>= 1
		switch a {
		case 0:
			block[i] = p
		case 255:
			block[i] = ink
		default:
			block[i] = blend(p, ink, uint32(a))
		}
	}
	r.starts[b] = w | ^uint64(0)<<first&(^uint64(0)>>(blockSize-end))
}

// fill blends the pixels from one up to another.
func (r stretchRow) fill(from, to int, ink, a uint32) {
	if a == 0 {
		return
	}
	for b := from / blockSize; b*blockSize < to; b++ {
		block := r.pixels[b*blockSize : (b+1)*blockSize]
		first, end := max(0, from-b*blockSize), min(blockSize, to-b*blockSize)
		w := r.starts[b]
		w = split(block, w, end)
		within := ^uint64(0) << first & (^uint64(0) >> (blockSize - end))
		if a == 255 {
			r.starts[b] = w&^within | 1<<first
			block[first] = ink
			continue
		}
		w = split(block, w, first)
		r.starts[b] = w
		for w &= within; w != 0; w &= w - 1 {
			i := bits.TrailingZeros64(w)
			block[i] = blend(block[i], ink, a)
		}
	}
}

// split returns the starts of a block with one more, at i, and gives it its colour.
func split(block []uint32, w uint64, i int) uint64 {
	if i == blockSize || w>>i&1 != 0 {
		return w
	}
	block[i] = block[last(w&(1<<i-1))]
	return w | 1<<i
}

// lay lays block b of l over that of r, with an opacity of 0 to 255.
func (r stretchRow) lay(l stretchRow, b int, opacity uint32) {
	over, under := l.pixels[b*blockSize:(b+1)*blockSize], r.pixels[b*blockSize:(b+1)*blockSize]
	if l.starts[b] == 1 && over[0] == 0 {
		return
	}
	all := l.starts[b] | r.starts[b]
	var p, q uint32
	for w := all; w != 0; w &= w - 1 {
		i := bits.TrailingZeros64(w)
		if l.starts[b]>>i&1 != 0 {
			p = times(over[i], opacity)
		}
		if r.starts[b]>>i&1 != 0 {
			q = under[i]
		}
		under[i] = p + times(q, 255-p>>24)
	}
	r.starts[b] = all
}

// runs appends the pixels of c.
func (c *canvas) runs(runs []run, colors *colorTable) []run {
	for y := range c.height {
		row := c.row(y)
		color, from := row.pixels[0], 0
		for b, w := range row.starts {
			for ; w != 0; w &= w - 1 {
				x := b*blockSize + bits.TrailingZeros64(w)
				if p := row.pixels[x]; p != color && x < c.width {
					runs = append(runs, colors.count(color, x-from))
					color, from = p, x
				}
			}
		}
		runs = append(runs, colors.count(color, c.width-from))
	}
	return runs
}
