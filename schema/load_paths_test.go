package schema

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const manyFiles = `
-- shop.cue --
system: "shop"
modules: web: {}
-- .hidden.cue --
system: "hidden"
modules: web: {}
-- _draft.cue --
system: "draft"
modules: web: {}
-- .lintel.cue --
lint: {}
-- config.cue --
port: 80
-- notes.txt --
hello
-- package.json --
{"name": "x"}
-- data/shop.json --
{"system": "data", "modules": {"web": {}}}
-- data/other.json --
{"system": "x", "modules_": 1, "x": "modules"}
-- data/shop.yaml --
system: data2
modules: {web: {}}
-- data/broken.yml --
system: x
modules: {web: [}
-- pkg/a.cue --
package one

system: "one"
-- pkg/b.cue --
package one

modules: web: {}
-- pkg/c.cue --
package config

port: 80
-- pkg/one_test.cue --
package one

system: "other"
-- pkg/one_tool.cue --
package one

system: "other"
-- pkg/dev.cue --
@if(dev)

package one

system: "other"
-- pkg/prod.cue --
@if(!dev)

package one

modules: db: {}
-- two/a.cue --
package a

system: "a"
modules: web: {}
-- two/b.cue --
package b

import "lintel.arch/schema"

schema.#System
system: "b"
modules: web: {}
-- deep/er/x.cue --
modules: web: {}
system: "deep"
-- cue.mod/module.cue --
module: "example.com/x"
language: version: "v0.17.0"
-- cue.mod/pkg/x/x.cue --
system: "no"
-- .git/x.cue --
system: "no"
-- _old/x.cue --
system: "no"
`

func TestPaths(t *testing.T) {
	dir := extract(t, manyFiles)
	if err := os.Symlink("..", filepath.Join(dir, "deep", "up")); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct {
		args string
		want string // "path" or "path:file,file", separated by blanks
		errs string // parts of the errors' text, separated by |
	}{
		{args: "shop.cue", want: "shop.cue"},
		{args: "", want: "shop.cue"},
		{args: ".", want: "shop.cue"},
		{args: "./shop.cue shop.cue . " + dir + "/shop.cue", want: "shop.cue"},
		{args: "config.cue", want: "config.cue"},
		{args: "package.json", want: "package.json"},
		{args: ".hidden.cue", want: ".hidden.cue"},
		{args: "_draft.cue", want: "_draft.cue"},
		{args: ".lintel.cue", errs: "settings file"},
		{args: "notes.txt", errs: "not a file that lintel reads"},
		{args: "nothing.cue", errs: "no such file"},
		{args: "shp.cue", errs: "no such file"},
		{args: "data", want: "data/broken.yml data/shop.json data/shop.yaml"},
		{args: "data/other.json", want: "data/other.json"},
		{args: "pkg", want: "pkg/a.cue:pkg/a.cue,pkg/b.cue,pkg/prod.cue"},
		{args: "pkg/a.cue pkg/b.cue", want: "pkg/a.cue:pkg/a.cue,pkg/b.cue,pkg/prod.cue"},
		{args: "pkg/c.cue", want: "pkg/c.cue"},
		{args: "two", want: "two/a.cue two/b.cue"},
		{args: "./...", want: "data/broken.yml data/shop.json data/shop.yaml deep/er/x.cue pkg/a.cue:pkg/a.cue,pkg/b.cue,pkg/prod.cue shop.cue two/a.cue two/b.cue"},
		{args: "deep/...", want: "deep/er/x.cue"},
		{args: "...", want: "data/broken.yml data/shop.json data/shop.yaml deep/er/x.cue pkg/a.cue:pkg/a.cue,pkg/b.cue,pkg/prod.cue shop.cue two/a.cue two/b.cue"},
		{args: "deep", errs: "no design in deep"},
		{args: "none/...", errs: "no such file"},
		{args: "**/*.cue", want: "deep/er/x.cue pkg/a.cue:pkg/a.cue,pkg/b.cue,pkg/prod.cue shop.cue two/a.cue two/b.cue"},
		{args: "t*/[ab].cue", want: "two/a.cue two/b.cue"},
		{args: "{data,two}", want: "data/broken.yml data/shop.json data/shop.yaml two/a.cue two/b.cue"},
		{args: "*.toml", errs: "no design matches"},
		{args: "*.toml shop.cue nothing.cue", want: "shop.cue", errs: "no design matches|no such file"},
	} {
		t.Run(c.args, func(t *testing.T) {
			l, err := newLoader(LoadOptions{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			inputs, errs := l.resolve(strings.Fields(c.args))
			var got []string
			for _, in := range inputs {
				s := in.path
				if len(in.files) > 1 {
					var files []string
					for _, f := range in.files {
						files = append(files, f.name)
					}
					s += ":" + strings.Join(files, ",")
				}
				got = append(got, s)
			}
			if !slices.Equal(got, strings.Fields(c.want)) {
				t.Errorf("got %v, want %s", got, c.want)
			}
			for _, part := range strings.Split(c.errs, "|") {
				if !strings.Contains(errs.Error(), part) || c.errs == "" && len(errs) > 0 {
					t.Errorf("errors: %v, want %q", errs, part)
				}
			}
		})
	}
}

// TestPathLoadsAgain holds that Design.Path names the design again.
func TestPathLoadsAgain(t *testing.T) {
	dir := extract(t, strings.ReplaceAll(manyFiles, "-- data/broken.yml --", "-- data/broken.txt --"))
	list, err := Load(LoadOptions{Dir: dir}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 7 {
		t.Fatalf("%d designs", len(list))
	}
	for _, d := range list {
		again, err := Load(LoadOptions{Dir: dir}, d.Path)
		if err != nil || len(again) != 1 || again[0].System != d.System || again[0].Path != d.Path {
			t.Errorf("%s: %v, %v", d.Path, again, err)
		}
		for _, f := range d.Files {
			if d.Sources[f] == nil {
				t.Errorf("%s: no source of %s", d.Path, f)
			}
		}
	}
}

func TestPathsOutsideTheWorkingFolder(t *testing.T) {
	dir := extract(t, manyFiles)
	list, err := Load(LoadOptions{Dir: filepath.Join(dir, "deep")}, "../shop.cue")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if want := filepath.ToSlash(filepath.Join(dir, "shop.cue")); list[0].Path != want || list[0].Pos.File != want {
		t.Errorf("path %s, place %v", list[0].Path, list[0].Pos)
	}
}

func TestPackageFolderIsItsPath(t *testing.T) {
	dir := extract(t, "-- a.cue --\npackage x\nsystem: \"x\"\n-- b.cue --\npackage x\nmodules: web: {}\n")
	for _, arg := range []string{".", "a.cue", "./b.cue"} {
		list, err := Load(LoadOptions{Dir: dir}, arg)
		if err != nil || len(list) != 1 || list[0].Path != "." || !slices.Equal(list[0].Files, []string{"a.cue", "b.cue"}) {
			t.Errorf("%s: %v %v", arg, list, err)
		}
	}
}

func TestStdin(t *testing.T) {
	dir := extract(t, "-- a.cue --\npackage x\nsystem: \"x\"\n-- b.cue --\npackage x\nmodules: web: replicas: \"no\"\n")
	for _, c := range []struct{ name, text, system, path string }{
		{"", "system: \"in\"\nmodules: web: {}", "in", "stdin.cue"},
		{"", "package x\nsystem: \"in\"\nmodules: web: {}", "in", "stdin.cue"},
		{"x.json", `{"system": "in", "modules": {"web": {}}}`, "in", "x.json"},
		{"x.yml", "system: in\nmodules: {web: {}}", "in", "x.yml"},
		{"design", "system: \"in\"\nmodules: web: {}", "in", "design"},
		{"b.cue", "package x\nmodules: web: {}", "x", "."},                        // takes the place of the file
		{"c/b.cue", "package x\nsystem: \"y\"\nmodules: web: {}", "y", "c/b.cue"}, // a folder that is not there
	} {
		list, err := Load(LoadOptions{Dir: dir, Stdin: strings.NewReader(c.text), StdinFilename: c.name}, "-")
		if err != nil || len(list) != 1 || list[0].System != c.system || list[0].Path != c.path {
			t.Errorf("%s: %v %v", c.name, list, err)
		}
	}
}

func TestFindSettings(t *testing.T) {
	dir := extract(t, "-- .lintel.cue --\nlint: {}\n-- a/b/shop.cue --\nsystem: \"x\"\n-- c/.lintel.cue --\nlint: {}\n-- d/.lintel.cue/x --\n\n")
	for from, want := range map[string]string{".": ".lintel.cue", "a/b": ".lintel.cue", "c": "c/.lintel.cue", "d": "d/.lintel.cue", "a/none/x": ".lintel.cue", "a/b/shop.cue/x": ".lintel.cue"} {
		got, err := FindSettings(filepath.Join(dir, from))
		if err != nil || got != filepath.Join(dir, want) {
			t.Errorf("from %s: %s, %v", from, got, err)
		}
	}
	if got, err := FindSettings("/"); err != nil || got != "" && got != "/.lintel.cue" {
		t.Errorf("from the root: %s, %v", got, err)
	}
}

func TestLoadSettings(t *testing.T) {
	dir := extract(t, `
-- .lintel.cue --
import "lintel.arch/schema"

schema.#Settings

_why: "old"
lint: {
	rules: RES001: "off"
	waivers: [{rule: "REP001", at: "web", reason: _why}]
}
-- bad.cue --
lint: rules: RES001: "of"
system: "x"
`)
	lint, err := LoadSettings(LoadOptions{Dir: dir}, ".lintel.cue")
	if err != nil {
		t.Fatal(err)
	}
	if len(lint.Rules) != 1 || lint.Rules[0].Severity != "off" || lint.Rules[0].Pos.File != ".lintel.cue" || len(lint.Waivers) != 1 || lint.Waivers[0].Reason != "old" {
		t.Errorf("%+v", lint)
	}
	for path, want := range map[string]int{"bad.cue": 2, "none.cue": 1, ".": 1} {
		_, err := LoadSettings(LoadOptions{Dir: dir}, path)
		errs, ok := err.(Errors)
		if !ok || len(errs) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestSettingsThatAreNoFile tells what stands where a settings file should, and waits for none.
func TestSettingsThatAreNoFile(t *testing.T) {
	dir := extract(t, "-- folder/.lintel.cue/x --\n\n-- empty/.lintel.cue --\n-- blank/.lintel.cue --\n \n\n")
	for _, link := range [][2]string{{"loop", ".lintel.cue"}, {"dangling", "gone"}} {
		if err := os.Mkdir(filepath.Join(dir, link[0]), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(link[1], filepath.Join(dir, link[0], settingsFile)); err != nil {
			t.Skip(err)
		}
	}
	for name, want := range map[string]string{
		"folder": "folder/.lintel.cue: this is a folder, not a settings file", "loop": "loop/.lintel.cue: this symbolic link cannot be followed",
		"dangling": "dangling/.lintel.cue: this symbolic link leads nowhere", "empty": "", "blank": "",
	} {
		found, err := FindSettings(filepath.Join(dir, name))
		if err != nil || found != filepath.Join(dir, name, settingsFile) {
			t.Errorf("%s: %q, %v", name, found, err)
			continue
		}
		lint, err := LoadSettings(LoadOptions{Dir: dir}, found)
		if want == "" {
			if err != nil || len(lint.Rules)+len(lint.Waivers) > 0 {
				t.Errorf("%s: %v, %v", name, lint, err)
			}
		} else if errs, ok := err.(Errors); !ok || len(errs) != 1 || !strings.HasPrefix(errs[0].Pos.File+": "+errs[0].Message, want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	if lint, err := LoadSettings(LoadOptions{Dir: dir}, os.DevNull); err != nil || len(lint.Rules) > 0 {
		t.Errorf("%s: %v, %v", os.DevNull, lint, err)
	}
}

// TestPanicOfWorker: a bug in one goroutine reaches the caller of Load, and none is left waiting.
func TestPanicOfWorker(t *testing.T) {
	for _, cores := range []int{1, 3} {
		before := runtime.GOMAXPROCS(cores)
		l, _ := newLoader(LoadOptions{})
		func() {
			defer runtime.GOMAXPROCS(before)
			defer func() {
				p := recover()
				if b, ok := p.(*Panic); ok {
					if !strings.Contains(string(b.Stack), "TestPanicOfWorker") {
						t.Errorf("not the stack of the panic:\n%s", b.Stack)
					}
					p = b.Value
				}
				if p != "stumbled" {
					t.Errorf("%d cores: panic %v", cores, p)
				}
			}()
			l.inParallel(50, func(i int) {
				if i == 7 {
					panic("stumbled")
				}
			})
		}()
	}
}

func TestVanishedFile(t *testing.T) {
	dir := extract(t, "-- a.cue --\npackage x\nsystem: \"x\"\nmodules: web: {replicas: _n}\n_n: 2\n-- b.cue --\npackage x\n")
	l, _ := newLoader(LoadOptions{Dir: dir})
	inputs, errs := l.resolve([]string{"."})
	if len(inputs) != 1 || len(errs) > 0 {
		t.Fatal(inputs, errs)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	doc, errs, _ := l.read(inputs[0]) // what was read once is not read again
	if doc.root == nil || len(errs) > 0 {
		t.Errorf("%v", errs)
	}
	_, err := Load(LoadOptions{Dir: dir}, "a.cue", ".", "./...")
	if errs, ok := err.(Errors); !ok || len(errs) != 2 {
		t.Errorf("%v", err)
	}
}
