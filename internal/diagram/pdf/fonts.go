package pdf

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"lintel/internal/diagram/typeset"
)

// fonts are the faces that a page uses, in the order of first use.
type fonts struct {
	list    []*font
	byIndex map[int]*font
}

func newFonts() *fonts { return &fonts{byIndex: map[int]*font{}} }

// font is a face as the file embeds it. A text states its characters by numbers (CIDs) of the font's own. A glyph
// has a number for each text that it stands for, so that what is copied from the page is always what is meant.
type font struct {
	name       string // in the page's resources
	face       *typeset.Face
	characters []character
	numbers    map[character]int // place in characters plus one: the CID 0 is .notdef
}

type character struct {
	glyph uint16
	text  string
}

func (f *fonts) of(face *typeset.Face) *font {
	if p, ok := f.byIndex[face.Index()]; ok {
		return p
	}
	p := &font{name: fmt.Sprintf("F%d", len(f.list)), face: face, numbers: map[character]int{}}
	f.list = append(f.list, p)
	f.byIndex[face.Index()] = p
	return p
}

// mostCharacters is how many numbers a font has, without 0.
const mostCharacters = 0xFFFF

// number returns the CID of a glyph that stands for a text.
func (f *font) number(glyph uint16, text string) int {
	c := character{glyph, text}
	if n, ok := f.numbers[c]; ok {
		return n
	}
	if len(f.characters) == mostCharacters {
		return 0
	}
	f.characters = append(f.characters, c)
	f.numbers[c] = len(f.characters)
	return len(f.characters)
}

// width returns a glyph's advance as the file states it, in thousandths of an em.
func (f *font) width(glyph uint16) float64 {
	return float64(int(f.face.Advance(glyph)*1000 + 0.5))
}

// write writes the objects of a font and returns the one to refer to.
func (f *font) write(to *file) object {
	glyphs := make([]uint16, len(f.characters))
	for i, c := range f.characters {
		glyphs[i] = c.glyph
	}
	data, ids := typeset.SubsetForPDF(f.face, glyphs)
	name := tag(data) + "+" + f.face.Name()

	fontFile := to.reserve()
	to.stream(fontFile, fmt.Sprintf("/Length1 %d", len(data)), data)
	facts := f.face.Facts()
	descriptor := to.add(fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%s]/ItalicAngle %s/Ascent %s/Descent %s/CapHeight %s/StemV %d/FontFile2 %v>>",
		name, numbers(facts.Box[0]*1000, facts.Box[1]*1000, facts.Box[2]*1000, facts.Box[3]*1000), number(facts.ItalicAngle),
		number(facts.Ascent*1000), number(-facts.Descent*1000), number(facts.CapHeight*1000), facts.Weight/5, fontFile))

	outlines := to.reserve()
	var toOutline []byte
	toOutline = append(toOutline, 0, 0)
	var widths strings.Builder
	for _, g := range glyphs {
		toOutline = append(toOutline, byte(ids[g]>>8), byte(ids[g]))
		widths.WriteString(number(f.width(g)) + " ")
	}
	to.stream(outlines, "", toOutline)
	descendant := to.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %v/DW %s/W[1[%s]]/CIDToGIDMap %v>>", name, descriptor, number(f.width(0)), widths.String(), outlines))
	unicode := to.reserve()
	to.stream(unicode, "", f.toUnicode())
	return to.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%v]/ToUnicode %v>>",
		name, descendant, unicode))
}

// tag returns the six letters that mark the name of a subset.
func tag(data []byte) string {
	sum := sha256.Sum256(data)
	b := make([]byte, 6)
	for i := range b {
		b[i] = 'A' + sum[i]%26
	}
	return string(b)
}

// toUnicode returns the map from characters to what they stand for.
func (f *font) toUnicode() []byte {
	var b strings.Builder
	b.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	var lines []string
	for i, c := range f.characters {
		if c.text != "" {
			lines = append(lines, fmt.Sprintf("<%04X><%s>\n", i+1, utf16Hex(c.text)))
		}
	}
	for len(lines) > 0 {
		n := min(100, len(lines)) // as many as a block may have
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", n, strings.Join(lines[:n], ""))
		lines = lines[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}
