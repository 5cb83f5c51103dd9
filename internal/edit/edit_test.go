package edit_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"lintel/analyzer/change"
	"lintel/internal/edit"
	"lintel/schema"
)

// inMemory gives options that load from files alone.
func inMemory(files fs.FS) schema.LoadOptions {
	root, err := filepath.Abs("/designs")
	if err != nil {
		panic(err)
	}
	return schema.LoadOptions{Dir: root, Root: root, FS: files}
}

func load(t testing.TB, opts schema.LoadOptions, path string) *schema.Design {
	t.Helper()
	designs, err := schema.Load(opts, path)
	if err != nil {
		t.Fatal(err)
	}
	return designs[0]
}

func set(path string, value change.Value) change.Field {
	return change.Field{Path: strings.Split(path, "/"), Value: value}
}

func object(pairs ...any) []change.Field {
	var out []change.Field
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, change.Field{Path: []string{pairs[i].(string)}, Value: pairs[i+1]})
	}
	return out
}

// TestFields compares the edited files with those that a person would have written. Each file of testdata holds the files of
// a design, then the same under want/, and what is to be done by hand as elsewhere.
func TestFields(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := txtar.Parse([]byte(c.files))
			files, want := fstest.MapFS{}, map[string]string{}
			for _, f := range a.Files {
				if name, ok := strings.CutPrefix(f.Name, "want/"); ok {
					want[name] = string(f.Data)
					continue
				}
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			path := c.path
			if path == "" {
				path = "."
			}
			opts := inMemory(files)
			p, err := edit.FieldsAt(opts, load(t, opts, path), c.fields)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, f := range p.Files {
				got[f.Name] = string(f.New)
				if string(f.Old) != string(files[f.Name].Data) {
					t.Errorf("%s: the old text is another", f.Name)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			var elsewhere []string
			for _, e := range p.Elsewhere {
				elsewhere = append(elsewhere, fmt.Sprintf("%s: %s", e.Place, e.Why))
			}
			if diff := cmp.Diff(c.elsewhere, elsewhere); diff != "" {
				t.Errorf("elsewhere (-want +got):\n%s", diff)
			}
		})
	}
}
