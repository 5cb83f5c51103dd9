package schema

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
)

// readModuleArchive gives a repository with a CUE module.
func readModuleArchive(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/module.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeArchive(t *testing.T, dir, text string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(text)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// sameLoad compares what a load from the disk gives with one from an fs.FS in the place of a folder that is gone.
func sameLoad(t *testing.T, dir string, opts LoadOptions, paths ...string) {
	t.Helper()
	want, wantErr := Load(opts, paths...)
	moved := dir + "-moved"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.Rename(moved, dir); err != nil {
			t.Fatal(err)
		}
	}()
	opts.FS, opts.Root = os.DirFS(moved), dir
	got, gotErr := Load(opts, paths...)
	if len(want) == 0 && wantErr == nil {
		t.Fatal("nothing is loaded from the disk")
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%v: designs differ (-disk +FS):\n%s", paths, diff)
	}
	if diff := cmp.Diff(wantErr, gotErr); diff != "" {
		t.Errorf("%v: errors differ (-disk +FS):\n%s", paths, diff)
	}
}

func TestLoadFromFS(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "repo")
	writeArchive(t, dir, readModuleArchive(t))
	for _, paths := range [][]string{{"./..."}, {"apps/shop"}, {"apps/shop/more.cue"}, {"apps/*"}, {"**/*.cue"}, {"apps/embedded"}, {"apps/broken"},
		{"plain/a.yaml", "plain"}, {"plain/c.cue"}, {"schema/..."}, {dir}, {filepath.Join(dir, "apps", "shop")}} {
		sameLoad(t, dir, LoadOptions{Dir: dir}, paths...)
	}
	sameLoad(t, dir, LoadOptions{Dir: filepath.Join(dir, "apps")}, "./...", "../plain")
	sameLoad(t, dir, LoadOptions{Dir: top}, "./repo/...")
}
