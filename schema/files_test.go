package schema

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
)

// moduleArchive is a repository with a CUE module: imports, templates, embedded files, vendored packages, settings.
const moduleArchive = `
-- cue.mod/module.cue --
module: "example.com/shop@v0"
language: version: "v0.17.0"
-- cue.mod/pkg/vendored.example/limits/limits.cue --
package limits

#Default: {replicas: 2, tier: int, ...}
-- parts/parts.cue --
package parts

import "example.com/shop/parts/teams"

#Store: {kind: "database", replicas: 3, team: teams.data, ...}
-- parts/teams/teams.cue --
package teams

data: "data"
-- shop.cue --
package shop

system: string
modules: [string]: team: string | *"nobody"
-- apps/shop/shop.cue --
package shop

import "example.com/shop/parts"

system: "shop"
modules: db: parts.#Store
modules: web: {entry: true, dependsOn: ["db", "sql"]}
-- apps/shop/more.cue --
package shop

import "vendored.example/limits"

modules: sql: {limits.#Default, kind: "database", tier: 1}
-- apps/embedded/design.cue --
@extern(embed)

package embedded

system: "embedded"
modules: _ @embed(file="data/modules.yaml")
journeys: _parts["parts/a.json"]
_parts: _ @embed(glob="parts/*.json")
-- apps/embedded/data/modules.yaml --
web: {entry: true, dependsOn: [db]}
db: {kind: database}
-- apps/embedded/parts/a.json --
{"buy": {"entry": "web"}}
-- apps/.lintel.cue --
lint: rules: "RES001": "off"
-- apps/broken/broken.cue --
package broken

import "example.com/shop/nowhere"

system: "broken"
modules: a: {replicas: "many"} & nowhere.#X
-- plain/a.yaml --
system: plain
modules: {a: {}}
-- plain/b.cue --
system: "b"
modules: a: dependsOn: ["missing"]
-- schema/s.cue --
package s

import "lintel.arch/schema"

schema.#System
system: "s"
modules: [string]: schema.#Module
modules: a: {replicas: 4 - 1}
`

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
	writeArchive(t, dir, moduleArchive)
	for _, paths := range [][]string{{"./..."}, {"apps/shop"}, {"apps/shop/more.cue"}, {"apps/*"}, {"**/*.cue"}, {"apps/embedded"}, {"apps/broken"},
		{"plain/a.yaml", "plain"}, {"plain/c.cue"}, {"schema/..."}, {dir}, {filepath.Join(dir, "apps", "shop")}} {
		sameLoad(t, dir, LoadOptions{Dir: dir}, paths...)
	}
	sameLoad(t, dir, LoadOptions{Dir: filepath.Join(dir, "apps")}, "./...", "../plain")
	sameLoad(t, dir, LoadOptions{Dir: top}, "./repo/...")
}
