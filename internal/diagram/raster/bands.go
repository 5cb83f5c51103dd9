package raster

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"lintel/internal/diagram/scene"
)

// bandHeight is the number of rows that are drawn and compressed at a time. Each band is
// compressed by itself, so the file is the same however many bands are worked on at once.
const bandHeight = 64

// stripeHeight is the number of rows of a band that are drawn at a time: few, so that what is known of them stays in the
// processor's cache.
const stripeHeight = 16

// band is a finished part of the picture, then of the file.
type band struct {
	rows   int
	runs   []run
	colors *colorTable // what the numbers of the runs mean
	data   []byte      // its part of the compressed stream
	sum    adler
}

// run is a number of neighbouring pixels of one colour. It ends with its row.
type run struct{ color, length uint32 }

// encode draws the picture and writes it.
func (d *drawing) encode(p *pngWriter, width, height int) {
	bands := make([]band, (height+bandHeight-1)/bandHeight)
	tables := d.drawBands(bands, width, height)
	colors := choose(tables)
	p.size(width, height, d.scale, colors)

	ready := make([]chan struct{}, len(bands))
	for i := range ready {
		ready[i] = make(chan struct{})
	}
	var workers sync.WaitGroup
	workers.Go(func() {
		share(len(bands), func() func(int) {
			e := newEncoder(width, colors)
			return func(i int) {
				e.encode(&bands[i], i == 0, i == len(bands)-1)
				close(ready[i])
			}
		})
	})
	sum := adler{a: 1}
	for i := range bands {
		<-ready[i]
		sum = sum.then(bands[i].sum)
		data := bands[i].data
		if i == len(bands)-1 {
			v := sum.b<<16 | sum.a
			data = append(data, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
		}
		p.chunk("IDAT", data)
		bands[i] = band{}
	}
	workers.Wait()
}

// share does n things on all processors. Each worker makes itself a function to do one of them.
func share(n int, worker func() func(int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			do := worker()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
}

// drawBands draws all bands, and returns the tables of their colours.
func (d *drawing) drawBands(bands []band, width, height int) []*colorTable {
	var mu sync.Mutex
	var tables []*colorTable
	share(len(bands), func() func(int) {
		c := newCanvas(width, stripeHeight)
		colors := newColorTable()
		mu.Lock()
		tables = append(tables, colors)
		mu.Unlock()
		var runs []run
		return func(i int) {
			top, bottom := i*bandHeight, min((i+1)*bandHeight, height)
			runs = runs[:0]
			for c.top = top; c.top < bottom; c.top += stripeHeight {
				c.height = min(stripeHeight, bottom-c.top)
				c.clear(c.height, d.color(scene.Paper))
				d.paint(c, 0, len(d.actions))
				runs = c.runs(runs, colors)
			}
			bands[i] = band{rows: bottom - top, colors: colors, runs: append([]run(nil), runs...)}
		}
	})
	return tables
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
		case outside, len(a.shapes) == 0:
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
