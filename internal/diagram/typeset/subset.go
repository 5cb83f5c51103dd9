package typeset

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
)

// SubsetForPDF returns a TrueType file with the given glyphs of f, with .notdef and with what they are composed of, for
// FontFile2 of a CIDFontType2. ids gives each of those glyphs its number in the new file, which is what CIDs
// stand for with CIDToGIDMap Identity; they count from 0, .notdef, in the order of the old numbers.
func SubsetForPDF(f *Face, glyphs []uint16) (data []byte, ids map[uint16]uint16) {
	b := subset{face: f}
	b.compact(glyphs)
	return b.file(), b.ids
}

// subset builds a font file of some glyphs of a face.
type subset struct {
	face    *Face
	ids     map[uint16]uint16 // old numbers to new ones
	entries []glyphEntry      // by new number
	cmap    []mapping         // for SVG; ascending
	web     bool              // with the tables that browsers ask for
	layout  bool              // with the layout rules; numbers stay
}

type glyphEntry struct {
	description      []byte
	advance, bearing int
}

type mapping struct {
	r     rune
	glyph uint16 // new number
}

// compact takes glyphs and numbers them anew, without gaps.
func (b *subset) compact(glyphs []uint16) {
	font := b.face.font
	all := font.closure(glyphs)
	b.ids = make(map[uint16]uint16, len(all))
	for i, g := range all {
		b.ids[g] = uint16(i)
	}
	for _, g := range all {
		b.entries = append(b.entries, glyphEntry{
			description: unhinted(font.description(g), b.ids), advance: font.advance(g), bearing: font.bearing(g),
		})
	}
}

// retain takes glyphs under their old numbers, all others being blank, so that the layout rules keep their meaning.
func (b *subset) retain(glyphs []uint16) {
	font := b.face.font
	b.layout = true
	b.entries = make([]glyphEntry, font.glyphs)
	for _, g := range font.closure(glyphs) {
		b.entries[g] = glyphEntry{description: unhinted(font.description(g), nil), advance: font.advance(g), bearing: font.bearing(g)}
	}
}

// unhinted returns a glyph's description without its instructions and with its components numbered by ids; nil keeps them.
func unhinted(d []byte, ids map[uint16]uint16) []byte {
	if len(d) < 10 {
		return nil
	}
	if n := i16(d, 0); n >= 0 {
		at := 10 + 2*n
		end := at + 2 + u16(d, at)
		if end > len(d) {
			return nil
		}
		return slices.Concat(d[:at], []byte{0, 0}, d[end:])
	}
	parts, end := components(d)
	out := slices.Clone(d[:end])
	for _, c := range parts {
		binary.BigEndian.PutUint16(out[c.at:], uint16(c.flags&^haveHints))
		if ids != nil {
			binary.BigEndian.PutUint16(out[c.at+2:], ids[c.glyph])
		}
	}
	return out
}

// file writes the font. Nothing but the face and the chosen glyphs decides on its bytes.
func (b *subset) file() []byte {
	glyf, loca, long := b.outlines()
	hmtx, metrics := b.metrics()
	font := b.face.font
	put := func(table []byte, at, v int) {
		if at+2 <= len(table) {
			binary.BigEndian.PutUint16(table[at:], uint16(v))
		}
	}
	head, hhea, maxp := slices.Clone(font.table("head")), slices.Clone(font.table("hhea")), slices.Clone(font.table("maxp"))
	put(head, 8, 0) // the checksum of the file, made below
	put(head, 10, 0)
	put(head, 50, 0)
	if long {
		put(head, 50, 1)
	}
	put(hhea, 34, metrics)
	put(maxp, 4, len(b.entries))
	for at := 14; at <= 26; at += 2 { // zones 1 and, of the instructions, none
		put(maxp, at, 0)
	}
	put(maxp, 14, 1)

	tables := []table{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}}
	if b.web {
		post := slices.Clone(font.table("post"))
		post = post[:min(32, len(post))]
		put(post, 0, 3) // no glyph names
		put(post, 2, 0)
		tables = append(tables, table{"OS/2", font.table("OS/2")}, table{"cmap", b.characterMap()},
			table{"name", b.names()}, table{"post", post})
	}
	if b.layout {
		for _, tag := range []string{"GDEF", "GPOS", "GSUB"} {
			if t := font.table(tag); t != nil {
				tables = append(tables, table{tag, t})
			}
		}
	}
	return sfntFile(tables)
}

// outlines returns the tables glyf and loca, and whether loca is of the long form.
func (b *subset) outlines() (glyf, loca []byte, long bool) {
	size := 0
	for _, e := range b.entries {
		size += (len(e.description) + 3) &^ 3
	}
	long = size > 2*0xFFFF
	add := func() {
		if long {
			loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		} else {
			loca = binary.BigEndian.AppendUint16(loca, uint16(len(glyf)/2))
		}
	}
	for _, e := range b.entries {
		add()
		glyf = append(glyf, e.description...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	add()
	if glyf == nil {
		glyf = make([]byte, 4) // browsers refuse an empty table
	}
	return glyf, loca, long
}

// metrics returns the table hmtx and how many of its entries are full: glyphs at the end of like advance share one.
func (b *subset) metrics() (hmtx []byte, full int) {
	full = len(b.entries)
	for full > 1 && b.entries[full-1].advance == b.entries[full-2].advance {
		full--
	}
	for i, e := range b.entries {
		if i < full {
			hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(e.advance))
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(int16(e.bearing)))
	}
	return hmtx, full
}

// characterMap returns the table cmap: a subtable of format 4 and, for characters above U+FFFF, one of format 12.
func (b *subset) characterMap() []byte {
	type segment struct {
		start, end rune
		glyph      uint16
	}
	var all []segment
	for _, m := range b.cmap {
		if n := len(all) - 1; n >= 0 && m.r == all[n].end+1 && m.r != 0x10000 && int(m.glyph) == int(all[n].glyph)+int(m.r-all[n].start) {
			all[n].end = m.r
			continue
		}
		all = append(all, segment{m.r, m.r, m.glyph})
	}
	low := slices.IndexFunc(all, func(s segment) bool { return s.start > 0xFFFF })
	high := low >= 0
	if !high {
		low = len(all)
	}
	basic := append(slices.Clone(all[:low]), segment{0xFFFF, 0xFFFF, 0})

	n := len(basic)
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	be := binary.BigEndian
	four := []byte{0, 4}
	for _, v := range []int{16 + 8*n, 0, 2 * n, 2 * power, log, 2 * (n - power)} {
		four = be.AppendUint16(four, uint16(v))
	}
	for _, s := range basic {
		four = be.AppendUint16(four, uint16(s.end))
	}
	four = append(four, 0, 0)
	for _, s := range basic {
		four = be.AppendUint16(four, uint16(s.start))
	}
	for _, s := range basic {
		four = be.AppendUint16(four, s.glyph-uint16(s.start)) // the last one's 1 leads to glyph 0
	}
	four = append(four, make([]byte, 2*n)...)

	if !high {
		head := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12}
		return append(head, four...)
	}
	head := []byte{0, 0, 0, 2, 0, 3, 0, 1, 0, 0, 0, 20, 0, 3, 0, 10}
	head = be.AppendUint32(head, uint32(20+len(four)))
	twelve := []byte{0, 12, 0, 0}
	for _, v := range []int{16 + 12*len(all), 0, len(all)} {
		twelve = be.AppendUint32(twelve, uint32(v))
	}
	for _, s := range all {
		twelve = be.AppendUint32(twelve, uint32(s.start))
		twelve = be.AppendUint32(twelve, uint32(s.end))
		twelve = be.AppendUint32(twelve, uint32(s.glyph))
	}
	return slices.Concat(head, four, twelve)
}

// names returns a short table name, with the font's copyright and licence.
func (b *subset) names() []byte {
	f := b.face
	entries := []struct {
		id   uint16
		text string
	}{
		{0, f.name(0)},
		{1, f.family},
		{2, "Regular"},
		{4, f.family},
		{6, strings.ReplaceAll(f.family, " ", "") + "-" + strings.ReplaceAll(f.weight, " ", "-")},
		{14, f.name(14)},
	}
	var records, store []byte
	be := binary.BigEndian
	for _, e := range entries {
		var text []byte
		for _, u := range utf16.Encode([]rune(e.text)) {
			text = be.AppendUint16(text, u)
		}
		for _, v := range []int{3, 1, 0x409, int(e.id), len(text), len(store)} { // Windows, Unicode, English
			records = be.AppendUint16(records, uint16(v))
		}
		store = append(store, text...)
	}
	head := []byte{0, 0}
	head = be.AppendUint16(head, uint16(len(entries)))
	head = be.AppendUint16(head, uint16(6+len(records)))
	return slices.Concat(head, records, store)
}

type table struct {
	tag  string
	data []byte
}

// sfntFile writes tables, with their directory and checksums.
func sfntFile(tables []table) []byte {
	slices.SortFunc(tables, func(a, b table) int { return strings.Compare(a.tag, b.tag) })
	n := len(tables)
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	be := binary.BigEndian
	out := []byte{0, 1, 0, 0}
	for _, v := range []int{n, 16 * power, log, 16 * (n - power)} {
		out = be.AppendUint16(out, uint16(v))
	}
	at, head := 12+16*n, 0
	for _, t := range tables {
		out = append(out, t.tag...)
		out = be.AppendUint32(out, checksum(t.data))
		out = be.AppendUint32(out, uint32(at))
		out = be.AppendUint32(out, uint32(len(t.data)))
		if t.tag == "head" {
			head = at
		}
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	if head+12 <= len(out) {
		be.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	}
	return out
}

func checksum(b []byte) uint32 {
	sum := uint32(0)
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + binary.BigEndian.Uint32(rest[:])
}
