package raster

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestStretches holds painting and reading by stretches against doing so by single pixels.
func TestStretches(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	for range 400 {
		width := 1 + random.IntN(400)
		c := newCanvas(width, 1)
		row, want := c.row(0), make([]uint32, width)
		layer := newStretches(width, 1)
		over, above := layer.row(0), make([]uint32, width)
		over.clear(0, 0, layer.blocks)
		c.clear(1, 0xffffffff)
		for i := range want {
			want[i] = 0xffffffff
		}
		for range 40 {
			x := random.IntN(width)
			end := min(width, x+1+random.IntN([]int{3, 70, 400}[random.IntN(3)]))
			ink, a := 0xff000000|random.Uint32N(4)*0x202020, []uint32{0, 100, 200, 255}[random.IntN(4)]
			on, plain := row, want
			if random.IntN(3) == 0 {
				on, plain = over, above
			}
			if random.IntN(2) == 0 {
				end = min(end, x&^(blockSize-1)+blockSize)
				alphas := make([]uint8, end-x)
				for i := range alphas {
					alphas[i] = uint8([]uint32{a, 0, 50, 255}[random.IntN(4)])
					plain[x+i] = blend(plain[x+i], ink, uint32(alphas[i]))
				}
				on.dots(x/blockSize, x%blockSize, ink, alphas)
			} else {
				on.fill(x, end, ink, a)
				for ; x < end; x++ {
					plain[x] = blend(plain[x], ink, a)
				}
			}
			if random.IntN(20) == 0 {
				for b := range layer.blocks {
					row.lay(over, b, 90)
				}
				for x, p := range above {
					p = times(p, 90)
					want[x] = p + times(want[x], 255-p>>24)
				}
				over.clear(0, 0, layer.blocks)
				clear(above)
			}
			for x := range width {
				if row.at(x) != want[x] || over.at(x) != above[x] {
					t.Fatalf("pixel %d of %d is %08x, not %08x; in the layer %08x, not %08x", x, width, row.at(x), want[x], over.at(x), above[x])
				}
			}
		}
		colors := newColorTable()
		var got []uint32
		last := uint32(0)
		for _, r := range c.runs(nil, colors) {
			color := colors.colors[r.color]
			if r.length == 0 || color == last {
				t.Fatalf("a run of %d pixels of %08x after %08x", r.length, color, last)
			}
			got, last = append(got, slices.Repeat([]uint32{color}, int(r.length))...), color
		}
		if !slices.Equal(got, want) {
			t.Fatalf("the runs of %d pixels are %08x, not %08x", width, got, want)
		}
	}
}
