package vcs_test

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"lintel/internal/vcs"
	"lintel/schema"
)

// samples are files for random repositories: contents by name.
func samples(t *testing.T) (files map[string]string, names []string) {
	t.Helper()
	files = map[string]string{
		"plain.yaml":   "system: plain\nmodules: {a: {dependsOn: [b]}, b: {kind: database}}\n",
		"plain.json":   `{"system": "plain", "modules": {"a": {"replicas": 2}}}`,
		"other.json":   `{"name": "no design"}`,
		"wrong.yaml":   "system: wrong\nmodules: {a: {replicas: many}}\n",
		"broken.cue":   "system: \"broken\"\nmodules: {a: {\n",
		"part.cue":     "package parts\n\nsystem: \"parts\"\nmodules: {a: {}}\n",
		"part2.cue":    "package parts\n\nmodules: b: {dependsOn: [\"a\"], replicas: 1 + 1}\n",
		"binary.cue":   "\x00\xff",
		"crlf.cue":     "system: \"crlf\"\r\nmodules: a: {\r\n\treplicas: 2\r\n}\r\n",
		"README.md":    "# text\n",
		"template.cue": "import \"strings\"\n\nsystem: strings.ToLower(\"T\")\nmodules: [string]: team: \"x\"\nmodules: {a: {}, b: {}}\n",
		"schema.cue":   "package s\n\nimport \"lintel.arch/schema\"\n\nschema.#System\nsystem: \"s\"\nmodules: a: {replicas: 2}\n",
		"import.cue":   "package i\n\nimport \"example.com/shop/parts\"\n\nsystem: \"i\"\nmodules: db: parts.#Store\n",
	}
	for _, pattern := range []string{"../../schema/testdata/good/*.cue", "../../schema/testdata/bad/a*.cue", "../../testdata/designs/*/design.cue", "../../testdata/wellbuilt/*.cue"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range found {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[strings.ReplaceAll(strings.TrimLeft(filepath.ToSlash(name), "./"), "/", "-")] = string(text)
		}
	}
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return files, names
}

// TestTreeLoadsAsCheckout compares the designs of a commit's tree with those of a checkout of it, with places and
// errors, in random repositories.
func TestTreeLoadsAsCheckout(t *testing.T) {
	needGit(t)
	files, names := samples(t)
	module, err := txtar.ParseFile("../../schema/testdata/module.txtar")
	if err != nil {
		t.Fatal(err)
	}
	folders := []string{".", "a", "a/b", "b", "b/c d", "apps", "apps/shop", "_hidden", "parts"}
	designs := 0
	rapid.Check(t, func(rt *rapid.T) {
		top, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s := sandbox{t, filepath.Join(top, "repo")}
		if err := os.Mkdir(s.dir, 0o777); err != nil {
			t.Fatal(err)
		}
		s.git("init", "-q", "-b", "main")
		if rapid.Bool().Draw(rt, "module") {
			at := rapid.SampledFrom([]string{".", "a"}).Draw(rt, "module's folder")
			for _, f := range module.Files {
				s.write(path.Join(at, f.Name), string(f.Data))
			}
		}
		var written []string
		put := func() {
			name := rapid.SampledFrom(names).Draw(rt, "file")
			to := path.Join(rapid.SampledFrom(folders).Draw(rt, "folder"), name)
			s.write(to, files[name])
			written = append(written, to)
		}
		for range rapid.IntRange(1, 6).Draw(rt, "files") {
			put()
		}
		for range rapid.IntRange(0, 2).Draw(rt, "links") {
			to := path.Join(rapid.SampledFrom([]string{".", "links"}).Draw(rt, "folder"), rapid.SampledFrom([]string{"link.cue", "link.yaml", "link"}).Draw(rt, "link"))
			target := rapid.SampledFrom(append([]string{"a", "nowhere", "apps/shop"}, written...)).Draw(rt, "target")
			target, _ = filepath.Rel(path.Dir(to), target)
			if err := os.MkdirAll(filepath.Join(s.dir, path.Dir(to)), 0o777); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Lstat(filepath.Join(s.dir, to)); err == nil {
				continue
			}
			s.link(to, target)
			written = append(written, to)
		}
		s.commit("one")
		one := s.git("rev-parse", "HEAD")

		paths := rapid.SliceOfN(rapid.SampledFrom(append([]string{"./...", "./...", ".", "a", "apps/...", "**/*.cue", "*.yaml", "link", "links/..."}, written...)), 1, 3).Draw(rt, "paths")
		dir := s.dir
		if rapid.IntRange(0, 4).Draw(rt, "from a folder") == 0 {
			dir = filepath.Join(s.dir, "apps")
		}
		want, wantErr := schema.Load(schema.LoadOptions{Dir: dir}, paths...)

		// At the next commit, everything is different on the disk.
		for _, f := range strings.Split(s.git("ls-files", "-z"), "\x00") {
			if f == "" {
				continue
			}
			name := filepath.Join(s.dir, f)
			switch rapid.IntRange(0, 2).Draw(rt, "what becomes of it") {
			case 0:
				err = os.Remove(name)
			case 1:
				err = os.Remove(name)
				s.write(f, "system: \"another\"\nmodules: z: {}\n")
			default:
				err = os.Remove(name)
				s.write(f, "// nothing\n")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		put()
		s.commit("two")

		r, err := vcs.Open(context.Background(), s.dir)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		c, err := r.Commit(one)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := r.At(c)
		if err != nil {
			t.Fatal(err)
		}
		got, gotErr := schema.Load(schema.LoadOptions{Dir: dir, FS: tree, Root: r.Root()}, paths...)
		designs += len(got)
		diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(schema.Policy{}, "Lock"),
			cmp.Transformer("text", func(v cue.Value) string { return fmt.Sprint(v) }))
		if diff += cmp.Diff(wantErr, gotErr); diff != "" {
			rt.Fatalf("%v from %s: designs or errors differ (-checkout +tree):\n%s", paths, dir, diff)
		}
	})
	if designs == 0 {
		t.Error("no repository had a design")
	}
}
