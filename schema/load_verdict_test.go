package schema

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"golang.org/x/tools/txtar"
)

// TestVerdictOfCUE holds Load to the verdict that CUE itself gives of the same files unified with
// the schema: on designs with imports, templates, several files and parts of the schema.
func TestVerdictOfCUE(t *testing.T) {
	var names []string
	for _, pattern := range []string{"testdata/places/*.txtar", "../internal/cli/testdata/inputerrors/*.txtar"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	held := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		archive := txtar.Parse(text)
		if !strings.Contains(string(text), "-- shop.cue --") && !strings.Contains(string(text), "-- a.cue --") || strings.Contains(string(archive.Comment), "with:") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir := extract(t, string(text))
			path := "shop.cue"
			if _, err := os.Stat(filepath.Join(dir, path)); err != nil {
				path = "."
			}
			l, _ := newLoader(LoadOptions{Dir: dir})
			inputs, errs := l.resolve([]string{path})
			if len(inputs) != 1 || len(errs) > 0 {
				t.Skip(errs)
			}
			in := inputs[0]
			wrong := false
			doc := &document{sources: map[string][]byte{}}
			for _, f := range in.files {
				f.parse()
				wrong = wrong || len(f.faults) > 0
				doc.sources[f.name] = f.text
			}
			if !wrong {
				v, err := newEvaluation(l, in, doc).build(string(CUE()))
				if err == nil {
					system := cuecontext.New().CompileBytes(CUE(), cue.Filename("schema")).LookupPath(cue.ParsePath("#System"))
					err = v.Unify(system).Validate(cue.Concrete(true))
				}
				wrong = err != nil
				if wrong {
					t.Log(err)
				}
			}
			_, err := Load(LoadOptions{Dir: dir}, path)
			if wrong != (err != nil) {
				t.Errorf("CUE finds the design wrong: %v; Load says %v", wrong, err)
			}
			held++
		})
	}
	if held < 50 {
		t.Errorf("only %d designs were held", held)
	}
}
