package raster

import (
	"bytes"
	"compress/flate"
)

// encoder turns bands into parts of a zlib stream.
type encoder struct {
	filtered []byte // rows as PNG wants them: the kind of filter, then red, green, blue of each pixel
	flate    *flate.Writer
}

func newEncoder(width int) *encoder {
	f, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is valid
	}
	return &encoder{filtered: make([]byte, (1+3*width)*bandHeight), flate: f}
}

// encode returns a band's part of the file, and the checksum of what it holds.
func (e *encoder) encode(c *canvas, rows int, first, last bool) band {
	data := e.filter(c, rows)
	var out bytes.Buffer
	if first {
		out.Write([]byte{0x78, 0x01})
	}
	e.flate.Reset(&out)
	_, _ = e.flate.Write(data) // to memory: never fails
	if last {
		_ = e.flate.Close()
	} else {
		_ = e.flate.Flush()
	}
	return band{out.Bytes(), checksum(data)}
}

// The filters of PNG that are used.
const (
	noFilter = 0
	upFilter = 2 // differences to the row above
)

// filter returns the rows of c with the filter that suits drawings: what is as in the row above becomes 0.
func (e *encoder) filter(c *canvas, rows int) []byte {
	stride := 1 + 3*c.width
	out := e.filtered[:stride*rows]
	clear(out)
	for y := range rows {
		row := c.pixels[y*c.width : (y+1)*c.width]
		to := out[y*stride : (y+1)*stride]
		if y == 0 {
			to[0] = noFilter
			to = to[1:]
			for x, p := range row {
				to[3*x], to[3*x+1], to[3*x+2] = byte(p), byte(p>>8), byte(p>>16)
			}
			continue
		}
		to[0] = upFilter
		to = to[1:]
		above := c.pixels[(y-1)*c.width : y*c.width]
		for x, p := range row {
			if q := above[x]; p != q {
				i := 3 * x
				to[i], to[i+1], to[i+2] = byte(p)-byte(q), byte(p>>8)-byte(q>>8), byte(p>>16)-byte(q>>16)
			}
		}
	}
	return out
}
