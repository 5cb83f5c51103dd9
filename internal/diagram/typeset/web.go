package typeset

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// StyledText is a text and how it is set.
type StyledText struct {
	Text  string
	Style Style
}

// WebFont is a font file to embed in a picture, for @font-face.
type WebFont struct {
	Family string // "lintel Inter", without quotes
	Weight string // for font-weight: "400", "600" or "100 900"
	Data   []byte // TrueType
}

// Families returns the value of CSS's font-family for pictures with fonts of WebFonts: the families in
// the order in which Shape tries them, and what to take where embedded fonts are ignored.
func Families() string {
	var b strings.Builder
	for s := latin; s < scripts; s++ {
		b.WriteString("'" + regular(s).family + "', ")
	}
	return b.String() + "Inter, Helvetica, Arial, sans-serif"
}

// WebFonts returns the fonts that a picture with these texts needs, in a fixed order. Each holds the characters
// that Shape sets in it and no others, so that a browser that is given Families finds each character in the same face
// as Shape. The picture must state the texts as Clean returns them, keep their spaces (white-space: pre), give
// those that are RightToLeft the attributes direction="rtl" unicode-bidi="isolate", and set text-rendering to
// geometricPrecision, or a browser may round advances. It must not switch kerning or ligatures: fonts without rules
// have none, and others need theirs.
//
// Fonts for text that is set character by character come without layout rules, as Shape uses none. Those for
// text that needs shaping keep the numbers of their glyphs and their rules.
func WebFonts(texts []StyledText) []WebFont {
	var needs [2 * scripts]*need
	seen := make(map[StyledText]bool, len(texts))
	for _, t := range texts {
		t.Style.Size = 1
		if seen[t] {
			continue
		}
		seen[t] = true
		for _, run := range Shape(t.Text, t.Style) {
			n := needs[run.Face.index]
			if n == nil {
				n = &need{face: run.Face, runes: map[rune]bool{}, missing: map[rune]bool{}, glyphs: map[uint16]bool{}}
				needs[run.Face.index] = n
			}
			n.add(run)
		}
	}
	var fonts []WebFont
	for _, n := range needs {
		if n != nil {
			fonts = append(fonts, WebFont{Family: n.face.family, Weight: n.face.weight, Data: n.subset()})
		}
	}
	return fonts
}

// need is what a picture needs of a face.
type need struct {
	face    *Face
	runes   map[rune]bool
	missing map[rune]bool // what the face sets as a box
	glyphs  map[uint16]bool
	shaped  bool // some text was laid out, not set character by character
	layout  bool // by rules of the font
}

func (n *need) add(run Run) {
	for _, r := range run.Text {
		if run.missing && n.face.font.glyph(r) == 0 {
			n.missing[r] = true
		} else {
			n.runes[r] = true
		}
	}
	for _, g := range run.Glyphs {
		n.glyphs[g.ID] = true
	}
	if !run.shaped {
		return
	}
	n.shaped = true
	n.layout = n.layout || n.face.layout
	// A browser composes and decomposes characters on its way to the same glyphs, if it finds the steps.
	for _, form := range []norm.Form{norm.NFC, norm.NFD} {
		for _, r := range form.String(run.Text) {
			n.runes[r] = true
		}
	}
}

func (n *need) subset() []byte {
	font := n.face.font
	if n.shaped { // characters that a glyph stands for although another stands in the text, such as mirrored brackets
		font.eachRune(func(r rune, g uint16) {
			if n.glyphs[g] {
				n.runes[r] = true
			}
		})
	}
	for r := range n.runes {
		if g := font.glyph(r); g != 0 {
			n.glyphs[g] = true
		}
	}
	glyphs := slices.Sorted(maps.Keys(n.glyphs))
	b := subset{face: n.face, web: true}
	id := func(old uint16) uint16 { return old }
	if n.layout {
		b.retain(glyphs)
	} else {
		b.compact(glyphs)
		id = func(old uint16) uint16 { return b.ids[old] }
	}
	characters := map[rune]uint16{}
	for r := range n.runes {
		if g := font.glyph(r); g != 0 {
			characters[r] = id(g)
		}
	}
	if len(n.missing) > 0 { // as if the face had a box for them: a browser does not look further then
		box := uint16(len(b.entries))
		b.entries = append(b.entries, b.entries[0], glyphEntry{})
		for r := range n.missing {
			if invisible(r) {
				characters[r] = box + 1
			} else {
				characters[r] = box
			}
		}
	}
	for _, r := range slices.Sorted(maps.Keys(characters)) {
		b.cmap = append(b.cmap, mapping{r, characters[r]})
	}
	return b.file()
}
