package raster

import (
	"hash/adler32"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"lintel/internal/diagram/scene"
)

// bandHeight is the number of rows that are drawn and compressed at a time. Each band is
// compressed by itself, so the file is the same however many bands are worked on at once.
const bandHeight = 64

// band is a finished part of the file.
type band struct {
	data []byte
	sum  adler
}

// encode draws the picture band by band, on all processors, and writes it.
func (d *drawing) encode(p *pngWriter, width, height int) {
	n := (height + bandHeight - 1) / bandHeight
	bands := make([]band, n)
	ready := make([]chan struct{}, n)
	for i := range ready {
		ready[i] = make(chan struct{})
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			c := newCanvas(width, bandHeight)
			e := newEncoder(width)
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				rows := min(bandHeight, height-i*bandHeight)
				c.begin(i*bandHeight, rows)
				d.draw(c)
				bands[i] = e.encode(c, rows, i == 0, i == n-1)
				close(ready[i])
			}
		})
	}
	sum := adler{a: 1}
	for i := range bands {
		<-ready[i]
		sum = sum.then(bands[i].sum)
		data := bands[i].data
		if i == n-1 {
			v := sum.b<<16 | sum.a
			data = append(data, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
		}
		p.chunk("IDAT", data)
		bands[i].data = nil
	}
	workers.Wait()
}

// begin makes c the band of rows that starts at top.
func (c *canvas) begin(top, rows int) {
	c.top, c.height = top, rows
}

// draw paints what of the drawing lies in c.
func (d *drawing) draw(c *canvas) {
	c.clear(d.color(scene.Paper))
	d.paint(c, 0, len(d.actions))
}

// paint does the actions from one index up to another.
func (d *drawing) paint(c *canvas, from, to int) {
	top, bottom := float64(c.top), float64(c.top+c.height)
	for i := from; i < to; i++ {
		a := &d.actions[i]
		outside := a.max.y <= top || a.min.y >= bottom || a.max.x <= 0 || a.min.x >= float64(c.width)
		switch {
		case a.kind == beginLayer:
			if !outside {
				l := c.layer(a)
				d.paint(l, i+1, a.end)
				c.merge(l, a)
			}
			i = a.end
		case outside:
		default:
			for _, s := range a.shapes {
				if s.polygon.max.y+s.by.y > top && s.polygon.min.y+s.by.y < bottom {
					c.outline(s.polygon, s.by)
				}
			}
			c.paint(a.ink, int(math.Floor(a.min.y)), int(math.Ceil(a.max.y))+1)
		}
	}
}

func checksum(b []byte) adler {
	v := adler32.Checksum(b)
	return adler{v & 0xffff, v >> 16, uint32(len(b) % adlerBase)}
}
