package schema

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// seeds gives f the files with an ending in the archives of input errors and of places.
func seeds(f *testing.F, ending string) {
	for _, pattern := range []string{"testdata/places/*.txtar", "../internal/cli/testdata/inputerrors/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				f.Fatal(err)
			}
			for _, file := range archive.Files {
				if strings.HasSuffix(file.Name, ending) {
					f.Add(string(file.Data))
				}
			}
		}
	}
}

// internalNotions are words that only the library uses.
var internalNotions = regexp.MustCompile(`_\|_|disjunct|incomplete value|mismatched types|goroutine|runtime error|cue\.mod/pkg|design\.invalid`)

// loadText loads a text as a file with an ending: it must end in good time, with a design or with errors
// that a user can read, in places that are there.
func loadText(t *testing.T, ending, text string) {
	name := "design" + ending
	l, err := newLoader(LoadOptions{Dir: os.TempDir(), Stdin: strings.NewReader(text), StdinFilename: name})
	if err != nil {
		t.Fatal(err)
	}
	l.bounds = evalBounds{time: 5 * time.Second, memory: 2 << 30}
	list, err := l.load([]string{"-"})
	if err == nil {
		if len(list) != 1 || list[0].Path != name {
			t.Fatalf("%d designs without an error", len(list))
		}
		return
	}
	errs, ok := err.(Errors)
	if !ok || len(errs) == 0 || len(list) != 0 {
		t.Fatalf("%d designs with the error %v", len(list), err)
	}
	lines := linesOf([]byte(strings.TrimPrefix(text, "\ufeff")))
	for _, e := range errs {
		if e.Pos.File != name || e.Message == "" {
			t.Errorf("%+v", e)
		}
		if strings.Contains(e.Message, "report this as a bug") || strings.Contains(e.Hint, "report this as a bug") || strings.Contains(e.Message, "takes longer") {
			t.Errorf("%s", e)
		}
		if e.Pos.StartLine > len(lines) || e.Pos.EndLine < e.Pos.StartLine || e.Pos.EndLine == e.Pos.StartLine && e.Pos.EndColumn < e.Pos.StartColumn {
			t.Errorf("%s has the place %s in a text of %d lines", e, placeText(e.Pos), len(lines))
		}
		if m := internalNotions.FindString(e.Message + e.Hint); m != "" && !strings.Contains(text, m) {
			t.Errorf("%s has the internal word %q", e, m)
		}
	}
}

func FuzzLoadCUE(f *testing.F) {
	seeds(f, ".cue")
	f.Add("_prod:{if _prod{A:0}}") // the library cannot print this value
	f.Add("\"#0\": 1\n\"#0\": 2\n\"_\": x: \"\" + 1\n_#A: 1 & 2")
	f.Add("A&\"\",_a:#A:_a*0")
	f.Fuzz(func(t *testing.T, text string) { loadText(t, ".cue", text) })
}

func FuzzLoadJSON(f *testing.F) {
	seeds(f, ".json")
	f.Add(`{"a": [1e400, -0, 0.5E-3, "\ud800\udc00\uZZZZ", 1e99999999999]}`)
	f.Fuzz(func(t *testing.T, text string) { loadText(t, ".json", text) })
}

func FuzzLoadYAML(f *testing.F) {
	seeds(f, ".yaml")
	f.Add("? [a, b]\n: !!binary aGk=\n<<: [*a, *b]\n!!set {a, b}: 0o7\nx: !foo 1_0\n")
	f.Fuzz(func(t *testing.T, text string) { loadText(t, ".yaml", text) })
}
