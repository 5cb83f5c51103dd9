package raster

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
)

// pngWriter writes the chunks of a PNG file. It keeps the first error.
type pngWriter struct {
	w   io.Writer
	err error
}

func (p *pngWriter) write(b []byte) {
	if p.err == nil {
		_, p.err = p.w.Write(b)
	}
}

func (p *pngWriter) chunk(name string, parts ...[]byte) {
	length := 0
	sum := crc32.NewIEEE()
	sum.Write([]byte(name))
	for _, b := range parts {
		length += len(b)
		sum.Write(b)
	}
	p.write(append(binary.BigEndian.AppendUint32(nil, uint32(length)), name...))
	for _, b := range parts {
		p.write(b)
	}
	p.write(binary.BigEndian.AppendUint32(nil, sum.Sum32()))
}

// size writes what comes before the pixels of a picture without transparency, in true colour where colors is nil.
func (p *pngWriter) size(width, height int, scale float64, colors *palette) {
	p.write([]byte("\x89PNG\r\n\x1a\n"))
	kind := byte(2)
	if colors != nil {
		kind = 3
	}
	size := binary.BigEndian.AppendUint32(nil, uint32(width))
	size = binary.BigEndian.AppendUint32(size, uint32(height))
	p.chunk("IHDR", size, []byte{8, kind, 0, 0, 0})
	p.chunk("sRGB", []byte{0})
	meter := uint32(math.Round(scale * 96 / 0.0254))
	resolution := binary.BigEndian.AppendUint32(nil, meter)
	p.chunk("pHYs", binary.BigEndian.AppendUint32(resolution, meter), []byte{1})
	if colors != nil {
		var list []byte
		for _, c := range colors.colors {
			list = append(list, byte(c), byte(c>>8), byte(c>>16))
		}
		p.chunk("PLTE", list)
	}
}

func (p *pngWriter) text(keyword, text string) {
	if text == "" {
		return
	}
	clean := bytes.ReplaceAll(bytes.ToValidUTF8([]byte(text), []byte("\uFFFD")), []byte{0}, nil)
	p.chunk("iTXt", []byte(keyword), []byte{0, 0, 0, 0, 0}, clean)
}

// adler is a checksum of zlib, which can be put together from those of parts.
type adler struct{ a, b, length uint32 }

const adlerBase = 65521

// then returns the checksum of what x and then y stand for.
func (x adler) then(y adler) adler {
	n := y.length % adlerBase
	a := (x.a + y.a + adlerBase - 1) % adlerBase
	b := (uint64(x.b) + uint64(y.b) + uint64(n)*uint64(x.a) + adlerBase - uint64(n)) % adlerBase
	return adler{a, uint32(b), (x.length%adlerBase + n) % adlerBase}
}
