package language

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// TestPortable tries every character of Unicode, alone, at the ends and within, on the patterns of the definition
// and on what is published of them.
func TestPortable(t *testing.T) {
	l, err := Read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, d := range l.Defs {
		if d.Text == nil {
			continue
		}
		for _, p := range d.Text.Patterns {
			if !strings.Contains(p, `\p{`) {
				continue
			}
			tried++
			if strings.Contains(portable(p), `\p`) {
				t.Errorf("%s: %s is published as %s, which only some validators read", d.Name, p, portable(p))
			}
			own, published := regexp.MustCompile(p), regexp.MustCompile(portable(p))
			for c := rune(0); c <= unicode.MaxRune; c++ {
				for _, s := range []string{string(c), "a" + string(c) + "b"} {
					if own.MatchString(s) != published.MatchString(s) {
						t.Fatalf("%s: %q: %s and %s differ", d.Name, s, p, portable(p))
					}
				}
			}
		}
	}
	if tried == 0 {
		t.Error("no pattern names a property of Unicode")
	}
}
