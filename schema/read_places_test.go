package schema

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var updatePlaces = flag.Bool("update-places", false, "write the expected places of testdata/places")

// TestPlaces holds the place of every value and label, through all that CUE, JSON and YAML offer.
// Each archive of testdata/places holds the files of one design and, under "want", its tree with
// the places; the first line of its comment names what is loaded.
func TestPlaces(t *testing.T) {
	archives, err := filepath.Glob("testdata/places/*.txtar")
	if err != nil || len(archives) < 10 {
		t.Fatal(len(archives), err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			path, _, _ := strings.Cut(string(archive.Comment), "\n")
			want := -1
			for i := range archive.Files {
				if archive.Files[i].Name == "want" {
					want = i
				}
			}
			dir := extract(t, string(txtar.Format(archive)))
			root, doc, errs := readTree(t, dir, path)
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			got := dump(root)
			checkPlaces(t, root, doc)
			if *updatePlaces {
				if want < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: "want"})
					want = len(archive.Files) - 1
				}
				archive.Files[want].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 || string(archive.Files[want].Data) != got {
				t.Errorf("got:\n%s", got)
			}
		})
	}
}

// checkPlaces checks that every value and label has a place in a file whose text is kept.
func checkPlaces(t *testing.T, n *node, doc *document) {
	t.Helper()
	check := func(what string, r Range) {
		text, ok := doc.sources[r.File]
		if !r.IsKnown() || !ok || r.StartLine > len(linesOf(text)) || r.EndLine < r.StartLine || r.EndLine == r.StartLine && r.EndColumn < r.StartColumn {
			t.Errorf("%s has the place %s", what, placeText(r))
		}
	}
	check(n.String(), n.pos)
	for _, f := range n.fields {
		check(f.name, f.pos)
		checkPlaces(t, f.value, doc)
	}
	for _, it := range n.items {
		checkPlaces(t, it, doc)
	}
}
