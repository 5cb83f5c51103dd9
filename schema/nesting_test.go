package schema

import (
	"strings"
	"testing"
)

// TestTooNested gives the loader texts on which CUE's own parser overflows the stack, which would
// end the process.
func TestTooNested(t *testing.T) {
	const n = 1 << 20
	for name, text := range map[string]string{
		"colons":         "system: \"a\"\nmodules: " + strings.Repeat("a:", n) + "1",
		"sum":            "modules: " + strings.Repeat("1+", n) + "1",
		"sum over lines": "modules: " + strings.Repeat("1+\n", n) + "1",
		"selectors":      "modules: b" + strings.Repeat(".b", n),
		"alternatives":   "modules: " + strings.Repeat("1|", n) + "1",
		"calls":          "modules: f" + strings.Repeat("()", n),
		"indices":        "modules: b" + strings.Repeat("[0]", n),
		"parentheses":    "modules: " + strings.Repeat("(", n),
		"braces":         "modules: " + strings.Repeat("{", n),
		"interpolations": "modules: " + strings.Repeat("\"\\(", n),
		"nots":           "modules: " + strings.Repeat("!", n) + "true",
		"hidden by text": "modules: " + strings.Repeat(`{a: "}", b: `, n),
		"sum in string":  "modules: \"\\(" + strings.Repeat("1+", n) + "1)\"",
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := newLoader(LoadOptions{Dir: t.TempDir(), Stdin: strings.NewReader(text)})
			inputs, errs := l.resolve([]string{"-"})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			_, errs, _ = l.read(inputs[0])
			if len(errs) != 1 || !strings.Contains(errs[0].Message, "more than") {
				t.Errorf("%.300v", errs)
			}
		})
	}
}

func TestNotTooNested(t *testing.T) {
	for name, text := range map[string]string{
		"many fields":        strings.Repeat("a: {b: [1, 2], c: \"x\"}\n", 2000),
		"many operators":     "a: " + strings.Repeat("\"x\" | ", 2000) + "\"x\"",
		"brackets in text":   "a: \"" + strings.Repeat("[", 2000) + "\"",
		"interpolation":      "a: \"\\(1 + 2) and \\(\"\\(3)\")\"\nb: {" + strings.Repeat("c: 1 + 1\n", 2000) + "}",
		"text over lines":    "a: \"\"\"\n\t" + strings.Repeat("[", 2000) + "\n\t\"\"\"",
		"comments":           strings.Repeat("// {{{ :::: \n", 2000),
		"deep, not too deep": "a: " + strings.Repeat("[", 400) + strings.Repeat("]", 400),
	} {
		if at, message := tooNested([]byte(text)); at >= 0 {
			t.Errorf("%s: %s, at byte %d", name, message, at)
		}
	}
}
