package typeset

import (
	"encoding/binary"
	"slices"
)

// forShaper returns the font as the shaper is to see it. Fonts whose rules Shape does not use go without
// them, as their subsets for SVG do, so that a browser composes and places marks just as the shaper.
func (f *Face) forShaper() []byte {
	var tables []table
	for i := range u16(f.font.data, 4) {
		tag := string(f.font.data[12+16*i : 16+16*i])
		data := f.font.table(tag)
		switch tag {
		case "GSUB", "GPOS":
			if f.layout {
				tables = append(tables, table{tag, listCoverage(data, tag == "GPOS")})
			}
		case "GDEF":
			if f.layout {
				tables = append(tables, table{tag, data})
			}
		case "kern":
		default:
			tables = append(tables, table{tag, data})
		}
	}
	return sfntFile(tables)
}

// listCoverage returns GSUB or GPOS with the glyphs that each rule is for listed one by one instead of as ranges.
// The shaper of go-text v0.3.5 forgets the ranges that follow one of 63 glyphs or more (its issue 278), and so
// leaves dots off many Arabic letters and sets them in the wrong form.
func listCoverage(layout []byte, positions bool) []byte {
	extension, context, chained := 7, 5, 6
	if positions {
		extension, context, chained = 9, 7, 8
	}
	out := slices.Clone(layout)
	list := u16(layout, 8)
	for i := range u16(layout, list) {
		lookup := list + u16(layout, list+2+2*i)
		for k := range u16(layout, lookup+4) {
			kind, at := u16(layout, lookup), lookup+u16(layout, lookup+6+2*k)
			if kind == extension {
				kind, at = u16(layout, at+2), at+u32(layout, at+4)
			}
			if (kind == context || kind == chained) && u16(layout, at) == 3 {
				continue // has several coverages, in other places
			}
			ranges := at + u16(layout, at+2)
			if offset := len(out) - at; u16(layout, ranges) == 2 && offset <= 0xFFFF {
				binary.BigEndian.PutUint16(out[at+2:], uint16(offset))
				out = append(out, listed(layout, ranges)...)
			}
		}
	}
	return out
}

// listed returns the coverage table of format 2 that stands at a place, in format 1.
func listed(layout []byte, at int) []byte {
	be := binary.BigEndian
	var glyphs []byte
	for i := range u16(layout, at+2) {
		for g := u16(layout, at+4+6*i); g <= u16(layout, at+6+6*i); g++ {
			glyphs = be.AppendUint16(glyphs, uint16(g))
		}
	}
	return append(be.AppendUint16([]byte{0, 1}, uint16(len(glyphs)/2)), glyphs...)
}
