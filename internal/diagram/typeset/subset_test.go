package typeset

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	reference "golang.org/x/image/font/sfnt"
)

const everyLatin = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,:;!?-_/\\()[]{}<>#@&*+='\"·×…"

func TestWebFonts(t *testing.T) {
	regular, bold := Style{Size: 14}, Style{Size: 11, Bold: true}
	input := []StyledText{{everyLatin, regular}, {everyLatin, bold}, {"日本", bold}, {"🚀", regular}, {"👩\u200d💻", bold}, {"שלום", regular}, {"कि", regular}, {"", regular}}
	fonts := WebFonts(input)
	want := []struct {
		family, weight string
		most           int // bytes
		runes          string
	}{
		{"lintel Inter", "400", 14_000, everyLatin + "कि"},
		{"lintel Inter", "600", 14_000, everyLatin},
		{"lintel Hebrew", "400", 18_000, "שלום"},
		{"lintel Emoji", "100 900", 65_000, "🚀👩💻\u200d"},
		{"lintel CJK", "100 900", 2_000, "日本"},
	}
	if len(fonts) != len(want) {
		t.Fatalf("%d fonts, want %d", len(fonts), len(want))
	}
	for i, f := range fonts {
		w := want[i]
		if f.Family != w.family || f.Weight != w.weight || len(f.Data) > w.most {
			t.Errorf("font %d is %s %s of %d bytes, want %s %s of at most %d", i, f.Family, f.Weight, len(f.Data), w.family, w.weight, w.most)
		}
		own, err := openSFNT(f.Data)
		if err != nil {
			t.Fatal(f.Family, err)
		}
		var got []rune
		own.eachRune(func(r rune, _ uint16) { got = append(got, r) })
		runes := []rune(w.runes)
		slices.Sort(runes)
		if got, runes = unique(got), slices.Compact(runes); !slices.Equal(got, runes) {
			t.Errorf("%s %s has the characters %q, want %q", f.Family, f.Weight, string(got), string(runes))
		}
		if _, err := reference.Parse(f.Data); err != nil {
			t.Errorf("%s: %v", f.Family, err)
		}
		if sum := checksum(f.Data); sum != 0xB1B0AFBA {
			t.Errorf("%s: checksum %x", f.Family, sum)
		}
	}
	slices.Reverse(input)
	if !reflect.DeepEqual(fonts, WebFonts(input)) {
		t.Error("the order of the texts changes the fonts")
	}
	if len(WebFonts(nil)) != 0 {
		t.Error("fonts for no text")
	}
}

// unique returns runes without repetitions: those below U+10000 stand in two tables.
func unique(runes []rune) []rune {
	slices.Sort(runes)
	return slices.Compact(runes)
}

// TestSubsetForPDF holds the glyphs of subsets against those of their faces.
func TestSubsetForPDF(t *testing.T) {
	all := faces()
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(all).Draw(t, "face")
		glyphs := rapid.SliceOfN(rapid.Uint16Range(0, uint16(f.Glyphs()-1)), 0, 40).Draw(t, "glyphs")
		data, ids := SubsetForPDF(f, glyphs)
		again, _ := SubsetForPDF(f, glyphs)
		if !bytes.Equal(data, again) {
			t.Fatal("not the same twice")
		}
		font, err := openSFNT(data)
		if err != nil {
			t.Fatal(err)
		}
		if ids[0] != 0 || len(ids) != font.glyphs {
			t.Fatalf(".notdef is %d; %d ids for %d glyphs", ids[0], len(ids), font.glyphs)
		}
		small := &Face{font: font}
		for _, g := range glyphs {
			id, ok := ids[g]
			if !ok {
				t.Fatalf("%s: no glyph %d", f.Name(), g)
			}
			if small.Advance(id) != f.Advance(g) || font.bearing(id) != f.font.bearing(g) || !reflect.DeepEqual(small.Outline(id), f.Outline(g)) {
				t.Fatalf("%s: glyph %d changed on its way to %d", f.Name(), g, id)
			}
		}
	})
	if data, ids := SubsetForPDF(all[0], []uint16{65535}); len(data) == 0 || len(ids) != 1 {
		t.Errorf("a glyph that is not there: %d bytes, %v", len(data), ids)
	}
}

func TestOutlineOfNothing(t *testing.T) {
	if s := face(latin, false).Outline(65535); s != nil {
		t.Errorf("%v", s)
	}
}

// TestDamagedFonts holds that reading a font that is cut off or changed neither panics nor hangs.
func TestDamagedFonts(t *testing.T) {
	whole, _ := SubsetForPDF(face(latin, false), face(latin, false).font.closure([]uint16{597, 618, 853}))
	web := WebFonts([]StyledText{{"áé🚀", Style{Size: 1}}})[0].Data
	rapid.Check(t, func(t *rapid.T) {
		data := slices.Clone(rapid.SampledFrom([][]byte{whole, web}).Draw(t, "font"))
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			data[rapid.IntRange(0, len(data)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		data = data[:rapid.IntRange(0, len(data)).Draw(t, "length")]
		font, err := openSFNT(data)
		if err != nil {
			return
		}
		f := &Face{font: font}
		for g := range uint16(min(font.glyphs, 20)) {
			f.Outline(g)
			f.Advance(g)
		}
		font.glyph('a')
		f.Name()
		f.Facts()
	})
}
