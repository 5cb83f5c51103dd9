package typeset

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"orders-db":                "orders-db",
		"a\tb\nc\r\nd\x00e\x7ff":   "a b c  d e f",
		"a\u0085b\u2028c\u2029d":   "a b c d",
		"a\u2003b\u3000c\u00a0d":   "a b c\u00a0d",
		"a\xffb\xc3":               "a\ufffdb\ufffd",
		"\u202eabc\u202c":          "abc",
		"\u2066abc\u2069\u200e":    "abc",
		"co\u00adop\u200b\ufeff":   "coop",
		"a\ufffeb\uffff\ufdd0":     "a\ufffdb\ufffd\ufffd",
		"❤\ufe0f 1\ufe0f\u20e3":    "❤ 1\u20e3",
		"👩\u200d💻":                 "👩\u200d💻",
		"a\u200db\u200cc":          "abc",
		"می\u200cخواهم":            "می\u200cخواهم",
		"\u200d\u200d":             "",
		"🏴\U000E0067\U000E007Fx":   "🏴\U000E0067\U000E007Fx",
		"a\U000E0067":              "a",
		"a\u1abe":                  "a",       // no font has this mark with an a
		"x\U0001F3FD":              "x\ufffd", // nor this colour of skin with an x
		"\u0301":                   "\u0301",
		"\u1abe":                   "\ufffd",
		"\u0600\u200d12":           "\u060012",
		"कि":                       "कि",
		"e\u0301":                  "é",
		"\u1112\u1161\u11ab":       "한",
		"</script><![CDATA[&#x0;]": "</script><![CDATA[&#x0;]",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func TestCleanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := hostile.Draw(t, "s")
		c := Clean(s)
		if !utf8.ValidString(c) || Clean(c) != c {
			t.Fatalf("Clean(%+q) = %+q, then %+q", s, c, Clean(c))
		}
		for _, r := range c {
			if unicode.IsControl(r) || r&0xFFFE == 0xFFFE || r >= 0x2028 && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
				t.Fatalf("Clean(%+q) = %+q", s, c)
			}
		}
	})
}

// TestPlainIsClean holds that text which Shape takes as it stands is as Clean would have it.
func TestPlainIsClean(t *testing.T) {
	f := face(latin, false)
	for r := rune(0); r < 0x30000; r++ {
		if s := string(r); f.plain(r) != 0 && Clean(s) != s {
			t.Errorf("%U becomes %+q", r, Clean(s))
		}
	}
}
