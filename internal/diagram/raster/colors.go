package raster

import (
	"cmp"
	"slices"
)

// colorTable numbers the colours that occur, and counts their pixels.
type colorTable struct {
	colors []uint32
	counts []int
	slots  []uint32 // a hash table with open addresses: numbers plus one
}

func newColorTable() *colorTable { return &colorTable{slots: make([]uint32, 1024)} }

// number returns the number of a colour.
func (t *colorTable) number(color uint32) uint32 {
	mask := uint32(len(t.slots) - 1)
	for i := color * 0x9e3779b1 >> 7 & mask; ; i = (i + 1) & mask {
		n := t.slots[i]
		if n == 0 {
			t.colors = append(t.colors, color)
			t.counts = append(t.counts, 0)
			t.slots[i] = uint32(len(t.colors))
			if 2*len(t.colors) > len(t.slots) {
				t.grow()
			}
			return uint32(len(t.colors) - 1)
		}
		if t.colors[n-1] == color {
			return n - 1
		}
	}
}

// count counts the pixels of a run.
func (t *colorTable) count(color uint32, length int) run {
	n := t.number(color)
	t.counts[n] += length
	return run{n, uint32(length)}
}

func (t *colorTable) grow() {
	t.slots = make([]uint32, 2*len(t.slots))
	mask := uint32(len(t.slots) - 1)
	for n, color := range t.colors {
		i := color * 0x9e3779b1 >> 7 & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = uint32(n + 1)
	}
}

// palette is a choice of at most paletteSize colours.
type palette struct {
	colors []uint32
	places map[uint32]uint8 // of all colours of the picture, also those that a close one stands for
}

const (
	paletteSize = 256
	// exactColors is how many of the most frequent colours are surely in a palette.
	exactColors = 64
	// closeEnough is the distance that a colour may be off where a palette has no room for it: red, green and blue by
	// this much at most, of 255. On the edge of a shape no eye sees that.
	closeEnough = 16
	// mostColors is from how many colours on a picture has none of them often enough for a palette.
	mostColors = 16384
)

// choose returns a palette that stands for all colours in the tables, or nil where none is good enough. It holds
// the most frequent colours and then always the one that the others stand for worst.
func choose(tables []*colorTable) *palette {
	counts := map[uint32]int{}
	for _, t := range tables {
		for i, c := range t.colors {
			counts[c] += t.counts[i]
		}
	}
	if len(counts) > mostColors {
		return nil
	}
	all := make([]uint32, 0, len(counts))
	for c := range counts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b uint32) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	p := &palette{places: make(map[uint32]uint8, len(all))}
	nearest := make([]uint8, len(all))
	far := make([]int, len(all))
	for i := range far {
		far[i] = 1 << 10
	}
	take := func(c uint32) {
		place := uint8(len(p.colors))
		// What is less than half as far from its place as that is from c can't be closer to c.
		var apart [paletteSize]int
		for i, taken := range p.colors {
			apart[i] = distance(c, taken)
		}
		p.colors = append(p.colors, c)
		for i, d := range all {
			if 2*far[i] < apart[nearest[i]] {
				continue
			}
			if n := distance(c, d); n < far[i] {
				far[i], nearest[i] = n, place
			}
		}
	}
	for i := 0; i < len(all) && i < exactColors; i++ {
		take(all[i])
	}
	for len(p.colors) < paletteSize {
		worst := 0
		for i, n := range far {
			if n > far[worst] {
				worst = i
			}
		}
		if far[worst] == 0 {
			break
		}
		take(all[worst])
	}
	if len(far) > 0 && slices.Max(far) > closeEnough {
		return nil
	}
	for i, c := range all {
		p.places[c] = nearest[i]
	}
	return p
}

// distance returns how unlike two colours are: the greatest difference of red, green and blue, and half of how much these
// differences differ, since the eye sees another hue before another lightness.
func distance(a, b uint32) int {
	var d [3]int
	for i := range d {
		d[i] = int(a>>(8*i)&255) - int(b>>(8*i)&255)
	}
	lowest, highest := min(d[0], d[1], d[2]), max(d[0], d[1], d[2])
	return max(highest, -lowest) + (highest-lowest)/2
}
