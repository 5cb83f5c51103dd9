package typeset

import (
	"slices"
	"unicode"
)

// Run is a piece of a line in one face.
type Run struct {
	Face   *Face
	Size   float64
	X      float64 // where it begins, from the start (the left end) of the line
	Width  float64
	Glyphs []Glyph // from left to right
	// Text is what the run says, in the order in which it is read.
	Text        string
	RightToLeft bool

	start   int  // of Text in the line, in characters
	missing bool // no face has all of its characters
	shaped  bool // laid out, not set character by character
}

// Glyph is one glyph in its place.
type Glyph struct {
	ID uint16 // in the run's face; 0 is a box that stands for a character that no face has
	// X and Y are the place of its origin from the start of the line and the baseline; y grows downwards.
	X, Y    float64
	Advance float64 // to the next glyph's place, before that is moved
	// Text is what the glyph and those that follow it without a text stand for.
	Text string
}

// Shape sets s on one line: it returns runs from left to right, by the Unicode bidirectional algorithm, the
// first letter of s deciding on the direction of the whole. Each character is set in the first face that has all
// of its cluster. It sets Clean(s); "" has no runs.
func Shape(s string, st Style) []Run {
	if run, ok := shapePlain(s, st); ok {
		if len(run.Glyphs) == 0 {
			return nil
		}
		return []Run{run}
	}
	return shapeLine(Clean(s), st) // plain text is clean
}

// shapePlain sets text that needs no more than one glyph for each character, side by side, in the main face.
func shapePlain(s string, st Style) (Run, bool) {
	f := face(latin, st.Bold)
	run := Run{Face: f, Size: st.Size, Text: s, Glyphs: make([]Glyph, 0, len(s))}
	for i, r := range s {
		g := f.plain(r)
		if g == 0 {
			return run, false
		}
		w := f.Advance(g) * st.Size
		run.Glyphs = append(run.Glyphs, Glyph{ID: g, X: run.Width, Advance: w, Text: s[i : i+runeLength(r)]})
		run.Width += w
	}
	return run, true
}

// item is a part of the text that is set at once: in one face, in one direction.
type item struct {
	start, end int // in runes
	level      uint8
	face       *Face
	fitness    fitness
	single     bool // each of its clusters is one character
}

func shapeLine(s string, st Style) []Run {
	text := []rune(s)
	if len(text) == 0 {
		return nil
	}
	level, _ := levels(text)
	var items []item
	at := 0
	for cluster := range clusters(s) {
		runes := []rune(cluster)
		f, fit := choose(runes, st.Bold)
		it := item{start: at, end: at + len(runes), level: level[at], face: f, fitness: fit, single: len(runes) == 1 && !invisible(runes[0])}
		at = it.end
		if n := len(items) - 1; n >= 0 && items[n].face == it.face && items[n].level == it.level && items[n].fitness == it.fitness {
			items[n].end = it.end
			items[n].single = items[n].single && it.single
			continue
		}
		items = append(items, it)
	}
	order(items)

	runs := make([]Run, 0, len(items))
	x := 0.0
	for _, it := range items {
		run := Run{Face: it.face, Size: st.Size, X: x, Text: string(text[it.start:it.end]), RightToLeft: it.level%2 == 1, start: it.start, missing: it.fitness != whole}
		switch {
		case it.fitness != whole:
			run.Glyphs = boxes(text, it)
		case it.single && !run.RightToLeft && (!it.face.layout || it.face.script == emoji):
			run.Glyphs = sideBySide(text, it)
		default:
			run.Glyphs, run.shaped = it.face.layOut(text, it), true
		}
		for i := range run.Glyphs {
			g := &run.Glyphs[i]
			g.X, g.Y, g.Advance = x+g.X*st.Size, g.Y*st.Size, g.Advance*st.Size
			x += g.Advance
		}
		run.Width = x - run.X
		runs = append(runs, run)
	}
	return runs
}

// order sorts items from left to right (UAX #9, rule L2).
func order(items []item) {
	highest := uint8(0)
	for _, it := range items {
		highest = max(highest, it.level)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(items); {
			end := i
			for end < len(items) && items[end].level >= level {
				end++
			}
			slices.Reverse(items[i:end])
			i = max(end, i+1)
		}
	}
}

// boxes sets clusters whose first character no face has: a visible box for each character that is missing.
// Lengths are in em.
func boxes(text []rune, it item) []Glyph {
	var glyphs []Glyph
	base := 0 // of the cluster
	for i := it.start; i < it.end; i++ {
		r, n := text[i], len(glyphs)
		if n > 0 && invisible(r) {
			glyphs[base].Text += string(r)
			continue
		}
		id := it.face.font.glyph(r)
		glyphs = append(glyphs, Glyph{ID: id, Advance: it.face.Advance(id)})
		if n > 0 && unicode.Is(unicode.Mc, r) {
			glyphs[base].Text += string(r)
			continue
		}
		base = n
		glyphs[n].Text = string(r)
	}
	if it.level%2 == 1 {
		slices.Reverse(glyphs)
	}
	return glyphs
}

// sideBySide sets one glyph for each character. Lengths are in em.
func sideBySide(text []rune, it item) []Glyph {
	glyphs := make([]Glyph, 0, it.end-it.start)
	for _, r := range text[it.start:it.end] {
		g := it.face.font.glyph(r)
		glyphs = append(glyphs, Glyph{ID: g, Advance: it.face.Advance(g), Text: string(r)})
	}
	return glyphs
}
