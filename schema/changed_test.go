package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
)

// outcomes gives what a load says about each design, by its path: the design, or what is wrong with its files.
func outcomes(t *testing.T, dir string) map[string]any {
	t.Helper()
	l, err := newLoader(LoadOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	inputs, _ := l.resolve([]string{"./..."})
	out := map[string]any{}
	for _, in := range inputs {
		list, err := Load(LoadOptions{Dir: dir}, in.path)
		out[in.path] = []any{list, err}
	}
	return out
}

// TestAffectedIsSound changes each file of a repository, and compares the designs that come out differently with those
// that are told to be affected.
func TestAffectedIsSound(t *testing.T) {
	for _, f := range txtar.Parse([]byte(readModuleArchive(t))).Files {
		for _, how := range []string{"shift", "delete", "break"} {
			t.Run(how+" "+f.Name, func(t *testing.T) {
				dir := t.TempDir()
				writeArchive(t, dir, readModuleArchive(t))
				before := outcomes(t, dir)
				name := filepath.Join(dir, filepath.FromSlash(f.Name))
				text := string(f.Data)
				switch {
				case how == "delete":
					if err := os.Remove(name); err != nil {
						t.Fatal(err)
					}
				case how == "break":
					text += "\n}"
				default:
					text = "\n" + text
				}
				if how != "delete" {
					if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				var differ []string
				for path, now := range outcomes(t, dir) {
					if !cmp.Equal(before[path], now, cmpopts.EquateEmpty()) {
						differ = append(differ, path)
					}
				}
				slices.Sort(differ)
				got, _ := Affected(LoadOptions{Dir: dir}, []string{f.Name}, "./...")
				for _, path := range differ {
					if !slices.Contains(got, path) {
						t.Errorf("%s is different now, and is not told to be affected, only %q", path, got)
					}
				}
				if how == "shift" && !strings.HasSuffix(f.Name, "module.cue") && !strings.HasSuffix(f.Name, ".lintel.cue") && len(got) > len(differ) {
					t.Logf("%q are told to be affected, %q are", got, differ)
				}
			})
		}
	}
}

// TestAffected has changes whose reach is known.
func TestAffected(t *testing.T) {
	const all = "apps/broken/broken.cue apps/embedded/design.cue apps/shop plain/a.yaml plain/b.cue schema/s.cue shop.cue"
	for _, c := range []struct{ changed, want string }{
		{"apps/shop/more.cue", "apps/shop"},
		{"plain/a.yaml", "plain/a.yaml"},
		{"plain/b.cue", "plain/b.cue"},
		{"plain/gone.yaml", ""},
		{"plain/gone.cue", ""},              // b.cue is no package
		{"apps/shop/gone.cue", "apps/shop"}, // it may have been of the package
		{"apps/gone.cue", "apps/broken/broken.cue apps/embedded/design.cue apps/shop"}, // it may have been of a package in a folder below
		{"parts/parts.cue", "apps/shop"},
		{"parts/teams/teams.cue", "apps/shop"},
		{"parts/teams/gone.cue", "apps/shop"},
		{"parts/README.md", ""},
		{"nowhere/x.cue", "apps/broken/broken.cue"}, // which imports it
		{"cue.mod/pkg/vendored.example/limits/limits.cue", "apps/shop"},
		{"cue.mod/gen/vendored.example/limits/limits.cue", "apps/shop"},
		{"cue.mod/pkg/vendored.example/other/x.cue", ""},
		{"cue.mod/module.cue", "apps/broken/broken.cue apps/embedded/design.cue apps/shop plain/b.cue schema/s.cue shop.cue"},
		{"apps/cue.mod/module.cue", "apps/broken/broken.cue apps/embedded/design.cue apps/shop"},
		{"apps/embedded/data/modules.yaml", "apps/embedded/design.cue"},
		{"apps/embedded/parts/new.json", "apps/embedded/design.cue"},
		{"apps/embedded/parts/new.txt", ""},
		{"apps/.lintel.cue", "apps/broken/broken.cue apps/embedded/design.cue apps/shop"},
		{".lintel.cue", "plain/a.yaml plain/b.cue schema/s.cue shop.cue"}, // the apps have a nearer one
		{"apps/shop/.lintel.cue", "apps/shop"},
		{"apps", "apps/broken/broken.cue apps/embedded/design.cue apps/shop"},
		{"parts", "apps/shop"},
		{"", ""},
		{".", all},
	} {
		dir := t.TempDir()
		writeArchive(t, dir, readModuleArchive(t))
		var changed []string
		if c.changed != "" {
			changed = []string{c.changed}
		}
		got, err := Affected(LoadOptions{Dir: dir}, changed, "./...")
		if text := strings.Join(got, " "); text != c.want || err != nil {
			t.Errorf("%s: affected are %q, %v, not %q", c.changed, text, err, c.want)
		}
		// The same from a folder, with names from the root and with absolute ones.
		for _, name := range []string{c.changed, filepath.Join(dir, c.changed)} {
			if c.changed == "" {
				break
			}
			var want []string
			for _, path := range strings.Fields(c.want) {
				if rest, ok := strings.CutPrefix(path, "apps/"); ok {
					want = append(want, rest)
				}
			}
			got, err := Affected(LoadOptions{Dir: filepath.Join(dir, "apps"), Root: dir}, []string{name}, "./...")
			if !slices.Equal(got, want) || err != nil {
				t.Errorf("%s, from apps: affected are %q, %v, not %q", name, got, err, want)
			}
		}
	}
}

// TestAffectedThroughLinks has designs, packages and settings that are reached by symbolic links.
func TestAffectedThroughLinks(t *testing.T) {
	dir := t.TempDir()
	writeArchive(t, dir, `
-- cue.mod/module.cue --
module: "example.com/m"
language: version: "v0.17.0"
-- _store/design.cue --
system: "linked"
modules: a: {}
-- _store/pkg/pkg.cue --
package pkg

#A: {replicas: 2}
-- _store/settings.cue --
lint: {}
-- one/d.cue --
package one

import "example.com/m/pkg"

system: "one"
modules: a: pkg.#A
-- two/d.yaml --
system: two
modules: {a: {}}
`)
	for name, target := range map[string]string{"three.cue": "hop", "hop": "_store/design.cue", "pkg": "_store/pkg", "two/.lintel.cue": "../_store/settings.cue"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	// The folder of the module is also that of a package's parents, and so in doubt.
	for changed, want := range map[string]string{
		"_store/design.cue": "one/d.cue three.cue", "hop": "one/d.cue three.cue", "three.cue": "one/d.cue three.cue", "_store": "one/d.cue three.cue two/d.yaml",
		"_store/pkg/pkg.cue": "one/d.cue", "_store/pkg/new.cue": "one/d.cue", "pkg": "one/d.cue", "_store/settings.cue": "two/d.yaml", "two/.lintel.cue": "two/d.yaml",
		"_store/other.cue": "", "_store/pkg/README": "",
	} {
		got, err := Affected(LoadOptions{Dir: dir}, []string{changed}, "./...")
		if text := strings.Join(got, " "); err != nil || text != want {
			t.Errorf("%s: affected are %q, %v, not %q", changed, text, err, want)
		}
	}
}

// TestAffectedErrors tells of what is wrong only where it has changed.
func TestAffectedErrors(t *testing.T) {
	dir := t.TempDir()
	writeArchive(t, dir, "-- good.yaml --\nsystem: good\nmodules: {a: {}}\n-- broken.cue --\nsystem: \"x\"\nmodules: {\n-- bad/utf.cue --\n\xff\n-- bad/good.cue --\nsystem: \"y\"\nmodules: a: {}\n")
	for changed, want := range map[string]string{
		"good.yaml":   "1 designs, <nil>",
		"broken.cue":  "0 designs, broken.cue:2:10: this struct is not closed",
		"bad/utf.cue": "0 designs, bad/utf.cue:1:1: this is not text: the byte 0xFF is not UTF-8",
		"gone.cue":    "0 designs, <nil>",
	} {
		list, err := LoadAffected(LoadOptions{Dir: dir}, []string{changed}, "./...")
		if got := fmt.Sprintf("%d designs, %v", len(list), err); got != want {
			t.Errorf("%s: %s, not %s", changed, got, want)
		}
	}
	if _, err := LoadAffected(LoadOptions{Dir: dir}, []string{"good.yaml"}, "nowhere.cue"); err == nil {
		t.Error("a path that is not there is no error")
	}
	empty := t.TempDir()
	if list, err := LoadAffected(LoadOptions{Dir: empty}, []string{"x"}, "./..."); len(list) > 0 || err != nil {
		t.Errorf("where there is no design: %v, %v", list, err)
	}
}
