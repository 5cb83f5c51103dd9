package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFileName(t *testing.T) {
	for system, want := range map[string]string{
		"shop":          "shop",
		"My Shop 2.0":   "My Shop 2.0",
		"a/b\\c":        "a-b-c",
		"../../etc":     "etc",
		"..":            "design",
		"":              "design",
		"-rf":           "rf",
		".hidden":       "hidden",
		"trailing. ":    "trailing",
		"tab\tand\nend": "tab-and-end",
		"a:b*c?\"<>|":   "a-b-c-----",
		"店":             "店",
		"\u202egnp":     "gnp",
		"half\xff":      "half-",
	} {
		if got := fileName(system); got != want {
			t.Errorf("fileName(%q) = %q, want %q", system, got, want)
		}
	}
	long := fileName(strings.Repeat("店", 500))
	if len(long) > maxFileName || !utf8.ValidString(long) {
		t.Errorf("%d bytes: %q", len(long), long)
	}
}

// FuzzFileName: whatever a system is called, its file lies in the folder that was asked for and can be made.
func FuzzFileName(f *testing.F) {
	f.Add("shop")
	f.Add("../\x00/..\\ .")
	f.Add("\u202e/\u200f.")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, system string) {
		name := fileName(system)
		if name == "" || name != filepath.Base(name) || name[0] == '-' || name[0] == '.' || !utf8.ValidString(name) {
			t.Fatalf("fileName(%q) = %q", system, name)
		}
		path := filepath.Join(dir, name+".svg")
		if err := (&session{}).writeAll([]written{{path, nil}}, nil); err != nil {
			t.Fatalf("%q: %v", system, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	})
}

// TestEveryFormatHasAnEnding holds the table of endings to the formats of the flag.
func TestEveryFormatHasAnEnding(t *testing.T) {
	for _, format := range drawingFormats {
		found := false
		for _, e := range drawingEndings {
			found = found || e.format == format
			if got, ok := formatOfEnding(strings.ToUpper(e.ending)); !ok || got != e.format {
				t.Errorf("%s in capitals means %q", e.ending, got)
			}
		}
		if !found {
			t.Errorf("no ending means %s", format)
		}
	}
}
