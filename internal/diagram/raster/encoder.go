package raster

import (
	"encoding/binary"
	"slices"
)

// encoder turns bands into parts of a zlib stream.
//
// Rows go in as they are, without one of PNG's filters. Measured on drawings of 12 to 100 modules, that gave
// smaller files than the filter "up" and took less time, and a byte a pixel, where a palette does, took a fifth of
// three bytes.
type encoder struct {
	colors   *palette // nil for pixels of three bytes
	width    int
	rows     []byte // a byte for the filter, then the pixels
	meaning  []uint32
	of       *colorTable // whose numbers meaning is for
	deflater deflater
}

func newEncoder(width int, colors *palette) *encoder {
	e := &encoder{colors: colors, width: width}
	e.rows = make([]byte, (1+e.pixel()*width)*bandHeight)
	return e
}

// pixel returns how many bytes a pixel has.
func (e *encoder) pixel() int {
	if e.colors == nil {
		return 3
	}
	return 1
}

// encode makes a band's part of the file, and the checksum of what it holds.
func (e *encoder) encode(b *band, first, last bool) {
	data := e.unroll(b)
	if first {
		b.data = []byte{0x78, 0x01}
	}
	b.data = slices.Concat(b.data, e.deflater.block(data, e.pixel(), 1+e.pixel()*e.width, last))
	b.sum = e.checksum(b)
	b.runs = nil
}

// unroll returns the rows of a band.
func (e *encoder) unroll(b *band) []byte {
	e.translate(b.colors)
	pixel := e.pixel()
	stride := 1 + pixel*e.width
	out := e.rows[:stride*b.rows]
	at, end := 0, 0
	for _, r := range b.runs {
		if at == end {
			out[at] = 0 // no filter
			at++
			end = at + stride - 1
		}
		to := out[at : at+pixel*int(r.length)]
		at += len(to)
		color := uint64(e.meaning[r.color])
		if pixel == 1 {
			eight := color * 0x0101010101010101
			for len(to) >= 8 {
				binary.LittleEndian.PutUint64(to, eight)
				to = to[8:]
			}
			for i := range to {
				to[i] = byte(color)
			}
			continue
		}
		six := color&0xffffff | color<<24&0xffffff000000
		for ; len(to) >= 24; to = to[24:] { // eight pixels
			binary.LittleEndian.PutUint64(to, six|color<<48)
			binary.LittleEndian.PutUint64(to[8:], six>>16|six<<32)
			binary.LittleEndian.PutUint64(to[16:], six>>8|six<<40)
		}
		for i := 0; i < len(to); i += 3 {
			to[i], to[i+1], to[i+2] = byte(color), byte(color>>8), byte(color>>16)
		}
	}
	return out
}

// translate makes meaning what the numbers of a table mean in the file: places in the palette, or colours.
func (e *encoder) translate(t *colorTable) {
	if e.of == t {
		return
	}
	e.of = t
	e.meaning = t.colors
	if e.colors != nil {
		e.meaning = make([]uint32, len(t.colors))
		for i, c := range t.colors {
			e.meaning[i] = uint32(e.colors.places[c])
		}
	}
}

// checksum returns the checksum of what b holds, a run at a time.
func (e *encoder) checksum(b *band) adler {
	pixel := uint64(e.pixel())
	sum, sums := uint64(1), uint64(0)
	x := 0
	for _, r := range b.runs {
		if x == 0 {
			sums += sum // the byte for the filter
		}
		n, color := uint64(r.length), uint64(e.meaning[r.color])
		v := color // of a pixel: all its bytes, and how much they count for in sums, beyond that of the last byte
		more := uint64(0)
		if pixel == 3 {
			red, green, blue := color&255, color>>8&255, color>>16&255
			v, more = red+green+blue, 2*red+green
		}
		sums += pixel*n*sum + pixel*v*(n*(n-1)/2) + n*(v+more)
		sum += n * v
		if x += int(n); x == e.width {
			x = 0
			sum %= adlerBase
			sums %= adlerBase
		}
	}
	length := (1 + int(pixel)*e.width) * b.rows
	return adler{uint32(sum), uint32(sums), uint32(length % adlerBase)}
}
