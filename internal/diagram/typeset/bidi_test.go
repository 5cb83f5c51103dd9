package typeset

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/bidi"
	"pgregory.net/rapid"
)

func TestLevels(t *testing.T) {
	// Small letters stand for Latin ones, capital ones for Hebrew, * for Arabic, as in UAX #9.
	for _, c := range []struct{ text, levels string }{
		{"", ""},
		{"abc", "000"},
		{"ABC", "111"},
		{"abc ABC", "0000111"},
		{"abc ABC 123 def", "000011112220000"},
		{"ABC abc", "1111222"},
		{"ABC 12:30", "111122222"},
		{"**  123", "1111222"},
		{"a(B)c", "00100"},
		{"A(b)C", "11211"},
		{"abc (AB) def", "000001100000"},
		{"AB (cd) EF", "1111221111"},
		{"A 10%", "11222"},
		{"a -5 A", "000001"},
		{"12 A", "2211"},
		{"AB  ", "1111"},
	} {
		text := []rune(strings.Map(func(r rune) rune {
			switch {
			case r >= 'A' && r <= 'Z':
				return r - 'A' + 0x05D0
			case r == '*':
				return 0x0628
			}
			return r
		}, c.text))
		got, _ := levels(text)
		var b strings.Builder
		for _, l := range got {
			b.WriteByte('0' + l)
		}
		if b.String() != c.levels {
			t.Errorf("%q: levels %s, want %s", c.text, b.String(), c.levels)
		}
	}
}

// TestDirections holds the direction of every character against another implementation, which does not tell levels.
func TestDirections(t *testing.T) {
	alphabet := []rune("ab12 .,:%+-()[]<>\u05D0\u05D1\u0628\u0629\u0661\u0662\u0301\u064E\u00A0\u20AC/#\u3008\u232A")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 24).Draw(t, "text")
		level, paragraph := levels(text)
		var other bidi.Paragraph
		base := bidi.LeftToRight
		if paragraph == 1 {
			base = bidi.RightToLeft
		}
		runs := other.Segment(text, base)
		for i := range runs.NumRuns() {
			run := runs.Run(i)
			for k := run.Start; k < run.End; k++ {
				if (level[k]%2 == 0) != run.IsLeftToRight() {
					t.Fatalf("%q, paragraph %d: character %d has level %d", string(text), paragraph, k, level[k])
				}
			}
		}
	})
}

func TestOrder(t *testing.T) {
	items := []item{{level: 1, start: 0}, {level: 2, start: 1}, {level: 1, start: 2}, {level: 0, start: 3}, {level: 1, start: 4}}
	order(items)
	var got []int
	for _, it := range items {
		got = append(got, it.start)
	}
	if want := []int{2, 1, 0, 3, 4}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}
