package typeset

import (
	"math"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// holdRuns holds what is true of every line.
func holdRuns(t interface {
	Helper()
	Fatalf(string, ...any)
}, s string, st Style) {
	t.Helper()
	runs := Shape(s, st)
	said := make(map[int]string)
	x := 0.0
	for _, run := range runs {
		if math.Abs(run.X-x) > 1e-6 || math.IsNaN(run.Width) || math.IsInf(run.Width, 0) {
			t.Fatalf("%+q: a run begins at %v, want %v; it is %v wide", s, run.X, x, run.Width)
		}
		x += run.Width
		var text strings.Builder
		advance := 0.0
		for i := range run.Glyphs {
			g := run.Glyphs[i]
			if int(g.ID) >= run.Face.Glyphs() || math.Abs(g.X) > 1e6 || math.Abs(g.Y) > 1e6 || g.Advance < -1e6 || math.IsNaN(g.X+g.Y+g.Advance) {
				t.Fatalf("%+q: %+v", s, g)
			}
			if g.ID == 0 && !run.missing {
				t.Fatalf("%+q: a box in %q", s, run.Text)
			}
			advance += g.Advance
			if run.RightToLeft {
				g = run.Glyphs[len(run.Glyphs)-1-i]
			}
			text.WriteString(g.Text)
		}
		if text.String() != run.Text || math.Abs(advance-run.Width) > 1e-6 {
			t.Fatalf("%+q: the glyphs say %+q, the run %+q; they are %v wide, it %v", s, text.String(), run.Text, advance, run.Width)
		}
		said[run.start] = run.Text
	}
	if w := Width(s, st); math.Abs(w-x) > 1e-6*(1+w) {
		t.Fatalf("%+q: Width is %v, the runs' %v", s, w, x)
	}
	clean := Clean(s)
	at := 0
	for rest := clean; rest != ""; {
		text := said[at]
		if text == "" || !strings.HasPrefix(rest, text) {
			t.Fatalf("%+q: the runs say %+v", clean, said)
		}
		rest = rest[len(text):]
		at += utf8.RuneCountInString(text)
	}
}

func TestShapeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { holdRuns(t, hostile.Draw(t, "s"), styles.Draw(t, "style")) })
}

func FuzzShape(f *testing.F) {
	for _, s := range texts {
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, isBold bool) {
		st := Style{Size: 14, Bold: isBold}
		holdRuns(t, s, st)
		WebFonts([]StyledText{{s, st}})
	})
}

func FuzzWrap(f *testing.F) {
	for i, s := range texts {
		f.Add(s, float64(20*i), i%4)
	}
	f.Fuzz(func(t *testing.T, s string, width float64, lines int) {
		st := Style{Size: 14}
		for _, line := range Wrap(s, st, width, lines) {
			if !utf8.ValidString(line) {
				t.Errorf("%+q", line)
			}
		}
		Cut(s, st, width)
	})
}

// TestEveryCharacter holds that nothing goes undrawn: each assigned character gets a glyph, if only a box.
func TestEveryCharacter(t *testing.T) {
	for r := rune(0x20); r < 0x20000; r++ {
		s := Clean(string(r))
		if s == "" || r >= 0xD800 && r < 0xE000 {
			continue
		}
		if runs := Shape(s, Style{Size: 10}); len(runs) == 0 || len(runs[0].Glyphs) == 0 {
			t.Errorf("%U has no glyph", r)
		}
	}
}

func TestFallback(t *testing.T) {
	for text, want := range map[string]string{
		"abc éß Ж Ω → € …": "lintel Inter",
		"q\u0303":          "lintel Inter",
		"שלום":             "lintel Hebrew",
		"خدمة":             "lintel Arabic",
		"ชื่อ":             "lintel Thai",
		"🚀":                "lintel Emoji",
		"👩\u200d💻":         "lintel Emoji",
		"1\ufe0f\u20e3":    "lintel Emoji",
		"한국어":              "lintel Korean",
		"\u1112\u1161":     "lintel Korean",
		"日本語カナ、。":          "lintel CJK",
	} {
		for _, run := range Shape(text, Style{Size: 10}) {
			if run.Face.Family() != want || run.missing {
				t.Errorf("%q: %q is set in %s (missing: %v)", text, run.Text, run.Face.Family(), run.missing)
			}
		}
	}
	if runs := Shape("कि", Style{Size: 10}); len(runs) != 1 || !runs[0].missing || runs[0].Width < 10 || runs[0].Glyphs[0].Text != "कि" {
		t.Errorf("an unknown script: %+v", runs)
	}
}

func TestEmojiSequences(t *testing.T) {
	one := Width("🚀", Style{Size: 20})
	for _, s := range []string{"👩\u200d💻", "👍🏽", "🇩🇪", "1\ufe0f\u20e3", "❤\ufe0f", "👨\u200d👩\u200d👧\u200d👦", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F"} {
		if w := Width(s, Style{Size: 20}); w < one/2 || w > 1.1*one {
			t.Errorf("%q is %.2f wide, an emoji %.2f", s, w, one)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	want := map[string]float64{}
	for _, s := range texts {
		want[s] = Width(s, Style{Size: 14})
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, s := range texts {
				if w := Width(s, Style{Size: 14}); w != want[s] {
					t.Errorf("%q: %v, want %v", s, w, want[s])
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkWidth(b *testing.B) {
	for b.Loop() {
		Width("recommendation-service", Style{Size: 14})
	}
}
