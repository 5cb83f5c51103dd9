package typeset

import (
	"testing"

	"github.com/go-text/typesetting/font/opentype/tables"
)

// TestCoverage holds that the shaper sees every glyph that a rule of our fonts is for. It does as go-text's setDigest does.
func TestCoverage(t *testing.T) {
	for s := latin; s < scripts; s++ {
		for _, isBold := range []bool{false, true} {
			f := face(s, isBold)
			shaper := newShaper(f)
			if shaper == nil {
				t.Fatalf("%s can't be shaped", f.Name())
			}
			opened := shaper.font.Face()
			for i, lookup := range opened.GSUB.Lookups {
				var covers []tables.Coverage
				for _, sub := range lookup.Subtables {
					covers = append(covers, sub.Cov())
				}
				holdCoverage(t, f, "GSUB", i, covers)
			}
			for i, lookup := range opened.GPOS.Lookups {
				var covers []tables.Coverage
				for _, sub := range lookup.Subtables {
					covers = append(covers, sub.Cov())
				}
				holdCoverage(t, f, "GPOS", i, covers)
			}
		}
	}
}

func holdCoverage(t *testing.T, f *Face, table string, lookup int, covers []tables.Coverage) {
	t.Helper()
	var whole digest
	for _, c := range covers {
		whole.add(c)
	}
	for i, c := range covers {
		var own digest
		own.add(c)
		for g := range f.Glyphs() {
			if c == nil {
				continue
			}
			if _, ok := c.Index(tables.GlyphID(g)); ok && (!whole.has(g) || !own.has(g)) {
				t.Errorf("%s: %s lookup %d, subtable %d: glyph %d is overlooked", f.Name(), table, lookup, i, g)
				return
			}
		}
	}
}

type digest [3]uint64

var digestShifts = [3]int{4, 0, 6}

func (d *digest) add(c tables.Coverage) {
	switch c := c.(type) {
	case tables.Coverage1:
		for _, g := range c.Glyphs {
			for k, shift := range digestShifts {
				d[k] |= 1 << (int(g) >> shift & 63)
			}
		}
	case tables.Coverage2:
		for _, r := range c.Ranges {
			if d[0] == ^uint64(0) || d[1] == ^uint64(0) || d[2] == ^uint64(0) {
				return // the fault
			}
			for k, shift := range digestShifts {
				from, to := int(r.StartGlyphID)>>shift, int(r.EndGlyphID)>>shift
				for v := from; v <= to; v++ {
					d[k] |= 1 << (v & 63)
				}
			}
		}
	}
}

func (d *digest) has(g int) bool {
	for k, shift := range digestShifts {
		if d[k]&(1<<(g>>shift&63)) == 0 {
			return false
		}
	}
	return true
}
