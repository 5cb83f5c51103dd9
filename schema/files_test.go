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

// TestSettingsFromFS finds and reads the settings where the files are.
func TestSettingsFromFS(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "repo")
	writeArchive(t, dir, readModuleArchive(t))
	moved := dir + "-moved"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	opts := LoadOptions{Dir: dir, FS: os.DirFS(moved), Root: dir}
	for _, from := range []string{"apps/shop", filepath.Join(dir, "apps", "shop"), "apps/nowhere/at/all", "apps/.lintel.cue"} {
		found, err := FindSettingsIn(opts, from)
		if want := filepath.Join(dir, "apps", ".lintel.cue"); found != want || err != nil {
			t.Errorf("from %s: %q, %v, not %q", from, found, err, want)
		}
	}
	if found, err := FindSettingsIn(opts, "plain"); found != "" || err != nil {
		t.Errorf("from plain: %q, %v", found, err)
	}
	lint, err := LoadSettings(opts, filepath.Join(dir, "apps", ".lintel.cue"))
	if err != nil || len(lint.Rules) != 1 || lint.Rules[0].Pos.String() != "apps/.lintel.cue:1:14" {
		t.Errorf("the settings are %+v, %v", lint, err)
	}
}

// TestLoadFromFSThroughLink has the user stand in a folder that leads into the repository by a symbolic link.
func TestLoadFromFSThroughLink(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(top, "repo")
	writeArchive(t, dir, readModuleArchive(t))
	links := filepath.Join(top, "links")
	if err := os.Mkdir(links, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"whole": dir, "apps": filepath.Join(dir, "apps"), "a.yaml": filepath.Join(dir, "plain", "a.yaml")} {
		if err := os.Symlink(target, filepath.Join(links, name)); err != nil {
			t.Fatal(err)
		}
	}
	// In the place of the repository, the FS holds something else, so that one sees which of them is read.
	other := filepath.Join(top, "other")
	writeArchive(t, other, "-- plain/a.yaml --\nsystem: other\nmodules: {a: {}}\n-- apps/b.yaml --\nsystem: other\nmodules: {a: {}}\n")
	opts := LoadOptions{FS: os.DirFS(other), Root: dir}
	for _, c := range []struct{ dir, path, want string }{
		{filepath.Join(links, "whole"), "plain", "plain/a.yaml"},
		{filepath.Join(links, "whole", "plain"), "./...", "a.yaml"},
		{filepath.Join(links, "apps"), "./...", "b.yaml"},
		{links, "whole/plain/a.yaml", "whole/plain/a.yaml"},
		{links, "a.yaml", "a.yaml"},
		{filepath.Join(links, "whole"), "*/*.yaml", "apps/b.yaml"},
	} {
		opts.Dir = c.dir
		list, err := Load(opts, c.path)
		if err != nil || len(list) == 0 || list[0].System != "other" || list[0].Path != c.want {
			t.Errorf("%s from %s: %+v, %v, not %s", c.path, c.dir, list, err, c.want)
		}
	}
}

func TestLFSPointer(t *testing.T) {
	dir := t.TempDir()
	writeArchive(t, dir, "-- a.cue --\nversion https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")
	_, err := Load(LoadOptions{Dir: dir}, "a.cue")
	if want := "a.cue: this is a pointer of Git LFS, not the file itself"; err == nil || err.Error() != want {
		t.Errorf("it says %v, not %s", err, want)
	}
}

// TestPlacesInEmbeddedFiles has a design whose values stand in files that it embeds, seen from several folders.
func TestPlacesInEmbeddedFiles(t *testing.T) {
	dir := t.TempDir()
	writeArchive(t, dir, readModuleArchive(t))
	for from, want := range map[string]string{".": "apps/embedded/data/modules.yaml:2:1", "apps": "embedded/data/modules.yaml:2:1", "apps/embedded/data": "modules.yaml:2:1"} {
		list, err := Load(LoadOptions{Dir: filepath.Join(dir, from)}, filepath.Join(dir, "apps", "embedded"))
		if err != nil || len(list) != 1 {
			t.Fatal(err)
		}
		d := list[0]
		if got := d.Modules[0].Pos.String(); got != want {
			t.Errorf("from %s: module %s stands at %s, not %s", from, d.Modules[0].Name, got, want)
		}
		if text := d.Sources[d.Modules[0].Pos.File]; len(text) == 0 {
			t.Errorf("from %s: the text of %s is missing", from, d.Modules[0].Pos.File)
		}
	}
}

// TestModuleWithLinks has links in a CUE module over which CUE's loader stumbles, though it has no use for them.
func TestModuleWithLinks(t *testing.T) {
	dir := t.TempDir()
	writeArchive(t, dir, readModuleArchive(t))
	for name, target := range map[string]string{"link": "apps", "link.yaml": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := Load(LoadOptions{Dir: dir}, "apps/shop", "apps/embedded")
	if err != nil || len(list) != 2 {
		t.Errorf("%d designs, %v", len(list), err)
	}
}
