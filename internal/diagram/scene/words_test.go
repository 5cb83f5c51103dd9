package scene

import (
	"slices"
	"testing"

	"lintel/internal/diagram/typeset"
)

func TestSplitDirections(t *testing.T) {
	for _, c := range []struct{ line, first, rest string }{
		{"orders needs מסד", "orders needs מסד", ""},
		{"שירות הזמנות has no team", "שירות הזמנות", "has no team"},
		{"שירות הזמנות", "שירות הזמנות", ""},
		{"שירות 12 is late", "שירות", "12 is late"},
		{"שירות (12)", "שירות (12)", ""},
		{"", "", ""},
	} {
		if first, rest := splitDirections(c.line); first != c.first || rest != c.rest {
			t.Errorf("%q is split into %q and %q, want %q and %q", c.line, first, rest, c.first, c.rest)
		}
	}
}

func TestFill(t *testing.T) {
	st := typeset.Style{Size: 10}
	for _, c := range []struct {
		text  string
		width float64
		most  int
		want  []string
	}{
		{"", 100, 3, nil},
		{"  one\n two ", 100, 3, []string{"one two"}},
		{"one two three four", typeset.Width("one two three", st) + 0.1, 3, []string{"one two three", "four"}},
		// "x" alone would look lost.
		{"aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii x", typeset.Width("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", st) + 0.1, 3,
			[]string{"aaaa bbbb cccc dddd eeee ffff gggg", "hhhh iiii x"}},
	} {
		if got := fill(c.text, st, c.width, c.most); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
	for _, l := range fill("a word and anExtremelyLongWordThatFitsNowhere and more", st, 80, 2) {
		if typeset.Width(l, st) > 80 {
			t.Errorf("%q is too long", l)
		}
	}
}
