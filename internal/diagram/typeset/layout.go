package typeset

import (
	"bytes"
	"slices"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
)

// shaper lays text out by the rules of a font: letters that join, marks that are set on others, emoji made of several.
type shaper struct {
	mu     sync.Mutex
	font   *harfbuzz.Font
	buffer *harfbuzz.Buffer // keeps the plans it made; nil after a failure
}

// layOut sets an item. Lengths are in em. Where the library fails, which no font of ours should make it do,
// the glyphs are set side by side.
func (f *Face) layOut(text []rune, it item) (glyphs []Glyph) {
	f.shaperOnce.Do(func() { f.shaper = newShaper(f) })
	defer func() {
		if recover() != nil {
			glyphs = sideBySide(text, it)
			if it.level%2 == 1 {
				slices.Reverse(glyphs)
			}
		}
	}()
	if f.shaper == nil {
		panic("no shaper")
	}
	return f.shaper.layOut(f, text, it)
}

func newShaper(f *Face) (s *shaper) {
	defer func() {
		if recover() != nil {
			s = nil
		}
	}()
	opened, err := font.ParseTTF(bytes.NewReader(f.forShaper()))
	if err != nil {
		return nil
	}
	return &shaper{font: harfbuzz.NewFont(opened)}
}

func (s *shaper) layOut(f *Face, text []rune, it item) []Glyph {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buffer
	if s.buffer = nil; b == nil {
		b = harfbuzz.NewBuffer()
	}
	b.Clear()
	b.AddRunes(text, it.start, it.end-it.start)
	b.Props = harfbuzz.SegmentProperties{Script: f.scriptOf(text[it.start:it.end]), Direction: harfbuzz.LeftToRight, Language: "en"}
	if it.level%2 == 1 {
		b.Props.Direction = harfbuzz.RightToLeft
	}
	b.Flags = harfbuzz.DoNotinsertDottedCircle
	b.Shape(s.font, nil)

	em := float64(f.font.unitsPerEm)
	glyphs := make([]Glyph, 0, len(b.Info))
	// Clusters ascend from left to right, or descend in text from right to left.
	for i := 0; i < len(b.Info); {
		first := b.Info[i].Cluster
		end := i
		for end < len(b.Info) && b.Info[end].Cluster == first {
			end++
		}
		next := it.end
		switch {
		case it.level%2 == 1 && i > 0:
			next = b.Info[i-1].Cluster
		case it.level%2 == 0 && end < len(b.Info):
			next = b.Info[end].Cluster
		}
		said := ""
		if first >= it.start && first <= next && next <= it.end {
			said = string(text[first:next])
		}
		for ; i < end; i++ {
			p := b.Pos[i]
			glyphs = append(glyphs, Glyph{
				ID: uint16(b.Info[i].Glyph),
				X:  float64(p.XOffset) / em, Y: float64(0-p.YOffset) / em, Advance: float64(p.XAdvance) / em,
				Text: said,
			})
			said = ""
		}
	}
	s.buffer = b
	return glyphs
}

// scriptOf tells the library which of its shapers to use.
func (f *Face) scriptOf(text []rune) language.Script {
	switch f.script {
	case hebrew:
		return language.Hebrew
	case arabic:
		return language.Arabic
	case thai:
		return language.Thai
	case emoji:
		return language.Common
	}
	for _, r := range text {
		if s := language.LookupScript(r); s.Strong() && s != language.Unknown {
			return s
		}
	}
	return language.Latin
}
