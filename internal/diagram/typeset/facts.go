package typeset

import "unicode/utf16"

// Family returns the name that a picture gives the face, such as "lintel Inter".
func (f *Face) Family() string { return f.family }

// Weight returns the CSS weights that the face stands for: "400", "600" or "100 900".
func (f *Face) Weight() string { return f.weight }

// Index numbers the faces, in the order in which they are tried, from 0. It is the same in every run.
func (f *Face) Index() int { return f.index }

// Glyphs returns how many glyphs the face has.
func (f *Face) Glyphs() int { return f.font.glyphs }

// UnitsPerEm returns how many font units an em has.
func (f *Face) UnitsPerEm() int { return f.font.unitsPerEm }

// Advance returns how far a glyph moves the pen, in em.
func (f *Face) Advance(glyph uint16) float64 {
	return float64(f.font.advance(glyph)) / float64(f.font.unitsPerEm)
}

// Name returns the face's PostScript name, such as "Inter-SemiBold".
func (f *Face) Name() string { return f.name(6) }

// name returns an entry of the font's table of names, "" for none.
func (f *Face) name(id int) string {
	name := f.font.table("name")
	store := u16(name, 4)
	for i := range u16(name, 2) {
		at := 6 + 12*i
		if u16(name, at) != 3 || u16(name, at+6) != id {
			continue
		}
		var text []uint16
		for k := 0; k < u16(name, at+8); k += 2 {
			text = append(text, uint16(u16(name, store+u16(name, at+10)+k)))
		}
		return string(utf16.Decode(text))
	}
	return ""
}

// Facts are what a PDF file states of a font, in em. Y grows upwards here.
type Facts struct {
	Ascent, Descent float64    // above and below the baseline, both positive
	CapHeight       float64    // of a capital letter
	Box             [4]float64 // holds every glyph: left, bottom, right, top
	ItalicAngle     float64    // in degrees, 0 for upright
	Weight          int        // 400, 600
}

// Facts returns what a PDF file states of the face.
func (f *Face) Facts() Facts {
	em := float64(f.font.unitsPerEm)
	head, hhea, os2, post := f.font.table("head"), f.font.table("hhea"), f.font.table("OS/2"), f.font.table("post")
	facts := Facts{
		Ascent: float64(i16(hhea, 4)) / em, Descent: -float64(i16(hhea, 6)) / em,
		ItalicAngle: float64(i16(post, 4)), Weight: u16(os2, 4),
	}
	for i := range facts.Box {
		facts.Box[i] = float64(i16(head, 36+2*i)) / em
	}
	if u16(os2, 0) >= 2 {
		facts.CapHeight = float64(i16(os2, 88)) / em
	}
	if facts.CapHeight == 0 {
		facts.CapHeight = 0.7
	}
	return facts
}
