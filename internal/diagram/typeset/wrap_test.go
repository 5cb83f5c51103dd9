package typeset

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// hostile makes texts of what gives trouble: scripts side by side, marks, joiners, controls, invalid bytes.
var hostile = rapid.Custom(func(t *rapid.T) string {
	parts := rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom(texts),
		rapid.SampledFrom([]string{" ", "  ", "-", "_", ".", "/", ":", "aB", "HTTPServer", "\u0301", "\u200d", "\u200c", "\ufe0f", "\u20e3", "🇩", "🏽", "\u202e", "\u2069", "\x00", "\n", "\xff", "(", "]", "\u0651", "\u0e34", "ﷺ", "\u1100", "\u1161"}),
		rapid.String(),
	), 0, 8).Draw(t, "parts")
	s := strings.Join(parts, "")
	if len(s) > 400 {
		s = s[:400] // may end within a character
	}
	return s
})

var styles = rapid.Custom(func(t *rapid.T) Style {
	return Style{Size: rapid.SampledFrom([]float64{8, 11, 14, 22.5}).Draw(t, "size"), Bold: rapid.Bool().Draw(t, "bold")}
})

func holdLine(t *rapid.T, line string, st Style, width float64) {
	t.Helper()
	if !utf8.ValidString(line) || Clean(line) != line {
		t.Fatalf("line %+q is not clean", line)
	}
	if w := Width(line, st); w > width && several(line) {
		t.Fatalf("line %+q is %.2f wide, more than %.2f", line, w, width)
	}
}

func TestWrapProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, st := hostile.Draw(t, "s"), styles.Draw(t, "style")
		width, most := rapid.Float64Range(-1, 400).Draw(t, "width"), rapid.IntRange(-1, 9).Draw(t, "lines")
		lines := Wrap(s, st, width, most)
		if len(lines) == 0 || len(lines) > max(most, 1) {
			t.Fatalf("%d lines of at most %d", len(lines), most)
		}
		for _, line := range lines {
			holdLine(t, line, st, width)
			if all := slices.Collect(clusters(line)); line != "" && (all[0] == " " || all[len(all)-1] == " ") {
				t.Fatalf("line %q has spaces at its ends", line)
			}
		}
		said, want := withoutSpaces(strings.Join(lines, "")), withoutSpaces(Clean(s))
		if said == want {
			return
		}
		last := lines[len(lines)-1]
		if !strings.HasSuffix(last, ellipsis) || !strings.HasPrefix(want, strings.TrimSuffix(said, ellipsis)) {
			t.Fatalf("%+q became %+q", want, said)
		}
		// Something was lost, so the text must be longer than the lines.
		if len(lines) < most {
			t.Fatalf("cut after %d of %d lines: %+q", len(lines), most, lines)
		}
		for _, unbroken := range lines[:len(lines)-1] {
			if unbroken == "" {
				t.Fatalf("an empty line in %+q", lines)
			}
		}
	})
}

func withoutSpaces(s string) string { return strings.ReplaceAll(s, " ", "") }

// TestWrapLosesNothing gives text that is set character by character as many lines as it takes, filled to the brim.
func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		st := styles.Draw(t, "style")
		s := strings.Trim(rapid.StringOfN(rapid.RuneFrom([]rune("abcDEF12 -_./:éЖ")), 1, 120, -1).Draw(t, "s"), " ")
		width := rapid.Float64Range(3*st.Size, 20*st.Size).Draw(t, "width")
		lines, line := 1, ""
		for _, r := range s {
			if Width(line+string(r), st) > width {
				lines, line = lines+1, ""
			}
			line += string(r)
		}
		if got := Wrap(s, st, width, lines); withoutSpaces(strings.Join(got, "")) != withoutSpaces(s) {
			t.Fatalf("%q in %d lines of %.1f: %q", s, lines, width, got)
		}
	})
}

func TestCutProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, st := hostile.Draw(t, "s"), styles.Draw(t, "style")
		width := rapid.Float64Range(-1, 400).Draw(t, "width")
		cut := Cut(s, st, width)
		holdLine(t, cut, st, width)
		if again := Cut(cut, st, width); again != cut {
			t.Fatalf("%+q cut again is %+q", cut, again)
		}
		whole := Clean(s)
		if Width(whole, st) <= width {
			if cut != whole {
				t.Fatalf("%+q fits, but was cut to %+q", whole, cut)
			}
			return
		}
		if cut == strings.Trim(whole, " ") {
			return
		}
		kept, ok := strings.CutSuffix(cut, ellipsis)
		if !ok || !strings.HasPrefix(whole, kept) {
			t.Fatalf("%+q was cut to %+q", whole, cut)
		}
		at := 0
		for cluster := range clusters(whole) {
			if at >= len(kept) {
				break
			}
			at += len(cluster)
		}
		if strings.TrimRight(whole[:at], " ") != kept {
			t.Fatalf("%+q was cut within a cluster: %+q", whole, cut)
		}
	})
}

func TestWrap(t *testing.T) {
	st := Style{Size: 14}
	for _, c := range []struct {
		text  string
		lines int
		want  []string
	}{
		{"orders", 3, []string{"orders"}},
		{"notification dispatcher for customers", 3, []string{"notification", "dispatcher", "for customers"}},
		{"orders.europe-west1.svc.cluster.local", 3, []string{"orders.europe-", "west1.svc.", "cluster.local"}},
		{"PaymentGatewayHTTPServer", 3, []string{"Payment", "Gateway", "HTTPServer"}},
		{"customer-notifications", 2, []string{"customer-", "notifications"}},
		{"注文処理サービスとお客様管理システム", 3, []string{"注文処理サー", "ビスとお客様", "管理システム"}},
		{"supercalifragilisticexpialidocious", 1, []string{"supercalifragili…"}},
		{"", 2, []string{""}},
		{" \n ", 2, []string{""}},
	} {
		if got := Wrap(c.text, st, 110, c.lines); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// TestLongTexts holds that hostile texts take no long time; the go command stops what hangs.
func TestLongTexts(t *testing.T) {
	st := Style{Size: 12}
	for _, part := range []string{"a", "ab ", "\u0301", "خدمة ", "👩\u200d", "日", "\u200d", "🇩", "((("} {
		s := strings.Repeat(part, 4000)
		if lines := Wrap(s, st, 200, 3); len(lines) > 3 {
			t.Errorf("%d lines", len(lines))
		}
		Cut(s, st, 200)
	}
}
