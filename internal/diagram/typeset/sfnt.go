package typeset

import (
	"encoding/binary"
	"errors"
	"slices"
	"sort"
)

// sfnt reads what we need of a TrueType font: character map, advances and outlines. It reads in
// place, so that opening a font costs next to nothing. See the OpenType specification, ISO/IEC 14496-22.
type sfnt struct {
	data       []byte
	unitsPerEm int
	glyphs     int

	metrics    int // number of full entries of hmtx
	hmtx       []byte
	loca       []byte
	longLoca   bool
	glyf       []byte
	cmap       []byte // the best subtable, of format 4 or 12; nil for none
	cmapFormat uint16
}

var errFont = errors.New("typeset: damaged font")

func u16(b []byte, at int) int {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return int(binary.BigEndian.Uint16(b[at:]))
}

func i16(b []byte, at int) int { return int(int16(u16(b, at))) }

func u32(b []byte, at int) int {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return int(binary.BigEndian.Uint32(b[at:]))
}

// openSFNT reads the table directory of data and the tables that it needs at once.
func openSFNT(data []byte) (*sfnt, error) {
	s := &sfnt{data: data}
	head, hhea, maxp, cmap := s.table("head"), s.table("hhea"), s.table("maxp"), s.table("cmap")
	s.hmtx, s.loca, s.glyf = s.table("hmtx"), s.table("loca"), s.table("glyf")
	s.unitsPerEm, s.glyphs, s.metrics = u16(head, 18), u16(maxp, 4), u16(hhea, 34)
	s.longLoca = u16(head, 50) == 1
	size := 2
	if s.longLoca {
		size = 4
	}
	if s.unitsPerEm == 0 || s.metrics == 0 || len(s.hmtx) < 4*s.metrics || len(s.loca) < size*(s.glyphs+1) {
		return nil, errFont
	}
	for i := range u16(cmap, 2) {
		platform, encoding, at := u16(cmap, 4+8*i), u16(cmap, 6+8*i), u32(cmap, 8+8*i)
		if at >= len(cmap) {
			return nil, errFont
		}
		switch format := uint16(u16(cmap, at)); {
		case platform == 3 && encoding == 10 && format == 12,
			platform == 3 && encoding == 1 && format == 4 && s.cmap == nil:
			s.cmap, s.cmapFormat = cmap[at:], format
		}
	}
	return s, nil
}

// table returns the contents of a table, nil where there is none.
func (s *sfnt) table(tag string) []byte {
	for i := range u16(s.data, 4) {
		entry := 12 + 16*i
		if entry+16 > len(s.data) {
			return nil
		}
		if string(s.data[entry:entry+4]) == tag {
			at, n := u32(s.data, entry+8), u32(s.data, entry+12)
			if at+n > len(s.data) {
				return nil
			}
			return s.data[at : at+n]
		}
	}
	return nil
}

// glyph returns the glyph of a character; 0 where the font has none.
func (s *sfnt) glyph(r rune) uint16 {
	if r < 0 {
		return 0
	}
	c := int(r)
	var g int
	switch s.cmapFormat {
	case 4:
		if c > 0xFFFF {
			return 0
		}
		n := u16(s.cmap, 6) / 2
		ends, starts, deltas, offsets := 14, 16+2*n, 16+4*n, 16+6*n
		i := sort.Search(n, func(i int) bool { return u16(s.cmap, ends+2*i) >= c })
		if i == n || u16(s.cmap, starts+2*i) > c {
			return 0
		}
		g = c
		if o := u16(s.cmap, offsets+2*i); o != 0 {
			if g = u16(s.cmap, offsets+2*i+o+2*(c-u16(s.cmap, starts+2*i))); g == 0 {
				return 0
			}
		}
		g = (g + u16(s.cmap, deltas+2*i)) & 0xFFFF
	case 12:
		n := u32(s.cmap, 12)
		i := sort.Search(n, func(i int) bool { return u32(s.cmap, 20+12*i) >= c })
		if i == n || u32(s.cmap, 16+12*i) > c {
			return 0
		}
		g = u32(s.cmap, 24+12*i) + c - u32(s.cmap, 16+12*i)
	}
	if g >= s.glyphs {
		return 0
	}
	return uint16(g)
}

// eachRune calls f for every character of the font, ascending.
func (s *sfnt) eachRune(f func(r rune, g uint16)) {
	var starts, ends int
	var n, step int
	switch s.cmapFormat {
	case 4:
		n, step = u16(s.cmap, 6)/2, 2
		ends, starts = 14, 16+2*n
	case 12:
		n, step = u32(s.cmap, 12), 12
		starts, ends = 16, 20
	}
	read := u32
	if s.cmapFormat == 4 {
		read = u16
	}
	for i := range n {
		for c := read(s.cmap, starts+step*i); c <= read(s.cmap, ends+step*i); c++ {
			if g := s.glyph(rune(c)); g != 0 {
				f(rune(c), g)
			}
		}
	}
}

// advance returns how far a glyph moves the pen, in font units.
func (s *sfnt) advance(g uint16) int {
	return u16(s.hmtx, 4*min(int(g), s.metrics-1))
}

// bearing returns the left side bearing of a glyph, in font units.
func (s *sfnt) bearing(g uint16) int {
	if int(g) < s.metrics {
		return i16(s.hmtx, 4*int(g)+2)
	}
	return i16(s.hmtx, 4*s.metrics+2*(int(g)-s.metrics))
}

// description returns the glyph's entry in the glyf table; nil for a blank glyph, or one that the font has not.
func (s *sfnt) description(g uint16) []byte {
	if int(g) >= s.glyphs {
		return nil
	}
	var from, to int
	if s.longLoca {
		from, to = u32(s.loca, 4*int(g)), u32(s.loca, 4*int(g)+4)
	} else {
		from, to = 2*u16(s.loca, 2*int(g)), 2*u16(s.loca, 2*int(g)+2)
	}
	if from+10 > to || to > len(s.glyf) {
		return nil
	}
	return s.glyf[from:to]
}

// Flags of the components of a composite glyph.
const (
	argsAreWords   = 1 << 0
	argsAreXY      = 1 << 1
	haveScale      = 1 << 3
	moreComponents = 1 << 5
	haveXYScale    = 1 << 6
	haveTwoByTwo   = 1 << 7
	haveHints      = 1 << 8
)

// component is one part of a composite glyph.
type component struct {
	at             int // of its entry in the description
	flags          int
	glyph          uint16
	dx, dy         int
	xx, xy, yx, yy float64 // x' = xx·x + yx·y + dx, y' = xy·x + yy·y + dy
}

// components returns the parts of a composite glyph and where their list ends; none for a simple one.
func components(d []byte) (parts []component, end int) {
	if len(d) < 10 || i16(d, 0) >= 0 {
		return nil, 0
	}
	at := 10
	for at+4 <= len(d) {
		c := component{at: at, flags: u16(d, at), glyph: uint16(u16(d, at+2)), xx: 1, yy: 1}
		at += 4
		if c.flags&argsAreWords != 0 {
			c.dx, c.dy = i16(d, at), i16(d, at+2)
			at += 4
		} else if at+2 <= len(d) {
			c.dx, c.dy = int(int8(d[at])), int(int8(d[at+1]))
			at += 2
		}
		f2dot14 := func(i int) float64 { return float64(i16(d, at+2*i)) / (1 << 14) }
		switch {
		case c.flags&haveScale != 0:
			c.xx = f2dot14(0)
			c.yy = c.xx
			at += 2
		case c.flags&haveXYScale != 0:
			c.xx, c.yy = f2dot14(0), f2dot14(1)
			at += 4
		case c.flags&haveTwoByTwo != 0:
			c.xx, c.xy, c.yx, c.yy = f2dot14(0), f2dot14(1), f2dot14(2), f2dot14(3)
			at += 8
		}
		parts = append(parts, c)
		if c.flags&moreComponents == 0 {
			break
		}
	}
	return parts, min(at, len(d))
}

// closure returns glyphs, sorted, with .notdef and all that they are composed of.
func (s *sfnt) closure(glyphs []uint16) []uint16 {
	seen := map[uint16]bool{0: true}
	queue := []uint16{0}
	for _, g := range glyphs {
		if int(g) < s.glyphs && !seen[g] {
			seen[g] = true
			queue = append(queue, g)
		}
	}
	for i := 0; i < len(queue); i++ {
		parts, _ := components(s.description(queue[i]))
		for _, c := range parts {
			if !seen[c.glyph] {
				seen[c.glyph] = true
				queue = append(queue, c.glyph)
			}
		}
	}
	slices.Sort(queue)
	return queue
}
