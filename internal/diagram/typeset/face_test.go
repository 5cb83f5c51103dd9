package typeset

import (
	"bytes"
	"io/fs"
	"math"
	"os"
	"strings"
	"testing"

	"golang.org/x/image/font"
	reference "golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// faces returns all of them.
func faces() []*Face {
	var all []*Face
	for s := latin; s < scripts; s++ {
		all = append(all, face(s, false))
		if b := face(s, true); b != all[len(all)-1] {
			all = append(all, b)
		}
	}
	return all
}

// TestFaces holds every glyph of every face against another reader of fonts.
func TestFaces(t *testing.T) {
	index := -1
	for _, f := range faces() {
		if f.Index() <= index {
			t.Errorf("%s: index %d after %d", f.Name(), f.Index(), index)
		}
		index = f.Index()
		other, err := reference.Parse(f.font.data)
		if err != nil {
			t.Fatal(f.family, err)
		}
		if got := other.NumGlyphs(); got != f.Glyphs() {
			t.Fatalf("%s: %d glyphs, want %d", f.Name(), f.Glyphs(), got)
		}
		var buf reference.Buffer
		if name, err := other.Name(&buf, reference.NameIDPostScript); err != nil || name != f.Name() {
			t.Errorf("name %q, want %q (%v)", f.Name(), name, err)
		}
		for r := rune(0); r < 0x30000; r++ {
			want, err := other.GlyphIndex(&buf, r)
			if got := f.font.glyph(r); err != nil || got != uint16(want) {
				t.Fatalf("%s: glyph of %U is %d, want %d (%v)", f.Name(), r, got, want, err)
			}
		}
		em := f.UnitsPerEm()
		step := 1 + f.Glyphs()/3000
		for g := 0; g < f.Glyphs(); g += step {
			compareGlyph(t, f, other, &buf, uint16(g), fixed.I(em))
		}
	}
}

func compareGlyph(t *testing.T, f *Face, other *reference.Font, buf *reference.Buffer, g uint16, ppem fixed.Int26_6) {
	t.Helper()
	em := float64(f.UnitsPerEm())
	advance, err := other.GlyphAdvance(buf, reference.GlyphIndex(g), ppem, font.HintingNone)
	if err != nil || math.Abs(float64(advance)/64/em-f.Advance(g)) > 1e-9 {
		t.Fatalf("%s: glyph %d advances %v, want %v (%v)", f.Name(), g, f.Advance(g), float64(advance)/64/em, err)
	}
	segments, err := other.LoadGlyph(buf, reference.GlyphIndex(g), ppem, nil)
	if err != nil {
		t.Fatalf("%s: glyph %d: %v", f.Name(), g, err)
	}
	// The other reader may begin a contour at another point, so areas and boxes are compared.
	area, box := 0.0, [4]float64{1e9, 1e9, -1e9, -1e9}
	var pen fixed.Point26_6
	point := func(p fixed.Point26_6) (float64, float64) { return float64(p.X) / 64 / em, float64(p.Y) / 64 / em }
	grow := func(box *[4]float64, x, y float64) {
		box[0], box[1], box[2], box[3] = min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)
	}
	for _, s := range segments {
		ax, ay := point(pen)
		bx, by := point(s.Args[0])
		switch s.Op {
		case reference.SegmentOpLineTo:
			area += ax*by - bx*ay
		case reference.SegmentOpQuadTo:
			cx, cy := point(s.Args[1])
			area += quadArea(ax, ay, bx, by, cx, cy)
			bx, by = cx, cy
			pen = s.Args[1]
		}
		if s.Op != reference.SegmentOpQuadTo {
			pen = s.Args[0]
		}
		grow(&box, bx, by)
	}
	own, ownBox := 0.0, [4]float64{1e9, 1e9, -1e9, -1e9}
	var at, start Point
	for i, s := range f.Outline(g) {
		switch s.Op {
		case Move:
			if i > 0 && at != start {
				t.Errorf("%s: glyph %d: open contour", f.Name(), g)
			}
			start = s.P
		case Line:
			own += at.X*s.P.Y - s.P.X*at.Y
		case Quad:
			own += quadArea(at.X, at.Y, s.C.X, s.C.Y, s.P.X, s.P.Y)
		}
		at = s.P
		grow(&ownBox, at.X, at.Y)
	}
	if math.Abs(area-own) > 2e-3 {
		t.Errorf("%s: glyph %d has the area %.4f, want %.4f", f.Name(), g, own, area)
	}
	for i := range box {
		if math.Abs(box[i]-ownBox[i]) > 5e-3 {
			t.Errorf("%s: glyph %d lies in %.3f, want %.3f", f.Name(), g, ownBox, box)
			break
		}
	}
}

// quadArea returns twice the area between the origin and a quadratic Bézier curve.
func quadArea(ax, ay, bx, by, cx, cy float64) float64 {
	return (2*(ax*by-bx*ay) + 2*(bx*cy-cx*by) + (ax*cy - cx*ay)) / 3
}

func TestFacts(t *testing.T) {
	for _, f := range faces() {
		facts := f.Facts()
		if facts.Ascent < 0.5 || facts.Ascent > 2 || facts.Descent < 0.1 || facts.Descent > 1 || facts.CapHeight < 0.5 || facts.CapHeight > 1 ||
			facts.Box[0] >= facts.Box[2] || facts.Box[1] >= facts.Box[3] || facts.ItalicAngle != 0 || facts.Weight < 400 || facts.Weight > 600 {
			t.Errorf("%s: %+v", f.Name(), facts)
		}
	}
}

// TestLicences holds that every font has its licence beside it and is named in the README.
func TestLicences(t *testing.T) {
	readme, err := os.ReadFile("fonts/README.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = fs.WalkDir(fontFiles, "fonts", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		name, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(path, "fonts/"), ".gz"), ".")
		name, _, _ = strings.Cut(name, "-")
		licence, err := os.ReadFile("fonts/licenses/" + name + ".txt")
		if err != nil || !bytes.Contains(licence, []byte("SIL Open Font License, Version 1.1")) && !bytes.Contains(licence, []byte("Apache License")) && !bytes.Contains(licence, []byte("Bitstream Vera Fonts Copyright")) {
			t.Errorf("%s: no licence (%v)", path, err)
		}
		if !bytes.Contains(readme, []byte("licenses/"+name+".txt")) {
			t.Errorf("%s is not in the README", path)
		}
		return nil
	})
	if err != nil || n != 12 {
		t.Errorf("%d fonts, %v", n, err)
	}
}

// TestWeights holds that a text is set in faces of the same families whether it is bold or not.
func TestWeights(t *testing.T) {
	for s := latin; s < scripts; s++ {
		regular, bold := face(s, false), face(s, true)
		for r := rune(0); r < 0x30000; r++ {
			if (regular.font.glyph(r) == 0) != (bold.font.glyph(r) == 0) {
				t.Errorf("%s and %s differ in %U", regular.Name(), bold.Name(), r)
				break
			}
		}
	}
}
