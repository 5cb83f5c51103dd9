package baseline

import (
	"os"
	"path/filepath"
	"testing"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

// runIn is a run over the designs that paths name in a folder; whole says that these are all.
func runIn(t *testing.T, dir string, whole bool, paths ...string) Run {
	t.Helper()
	designs, err := schema.Load(schema.LoadOptions{Dir: dir}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	var results []*rules.Result
	for _, d := range designs {
		results = append(results, rules.Run(analyzer.New(d), rules.Settings{}, today))
	}
	run := runOf(results...)
	run.Exists = func(path string) (file, folder bool) {
		info, err := os.Stat(filepath.Join(dir, path))
		return err == nil && !info.IsDir(), err == nil && info.IsDir()
	}
	run.Whole = func() bool { return whole }
	return run
}

// TestPackagesInOtherFiles has packages split, joined, and moved to other files of a folder, so that the path of the design is another one.
func TestPackagesInOtherFiles(t *testing.T) {
	const (
		system = "package shop\nsystem: \"shop\"\n"
		entry  = "modules: web: {entry: true, replicas: 2, dependsOn: [\"orders\", \"db\"]}\n"
		orders = "modules: orders: {}\n"
		db     = "modules: db: {}\n"
		other  = "package other\nsystem: \"other\"\nmodules: x: {entry: true}\n"
	)
	one := map[string]string{"shop/d.cue": system + entry + orders + db}
	two := map[string]string{"shop/d.cue": system + entry, "shop/e.cue": "package shop\n" + orders + db}
	with := func(files map[string]string, name, text string) map[string]string {
		out := map[string]string{name: text}
		for n, text := range files {
			if out[n] == "" {
				out[n] = text
			}
		}
		return out
	}
	before := map[string]string{"shop/a.cue": "package shop\n" + orders + db, "shop/d.cue": system + entry}
	cases := []struct {
		name     string
		old, new map[string]string
		path     string
		whole    bool
		known    int
		stale    int
	}{
		{"split", one, two, "./...", true, 2, 0},
		{"split, of which a part is checked", one, two, "shop", false, 2, 0},
		{"joined", two, one, "./...", true, 2, 0},
		{"split before another package", with(one, "shop/z.cue", other), with(before, "shop/z.cue", other), "./...", true, 3, 0},
		{"split and mended", one, with(two, "shop/e.cue", "package shop\nmodules: orders: {}\nmodules: db: replicas: 2\n"), "shop", false, 1, 1},
		{"taken in by a design of another folder", with(one, "cue.mod/module.cue", "module: \"example.com/x\"\nlanguage: version: \"v0.17.0\"\n"), map[string]string{
			"cue.mod/module.cue": "module: \"example.com/x\"\nlanguage: version: \"v0.17.0\"\n",
			"shop/d.cue":         "package shop\n#Modules: {orders: {}, db: {}, ...}\n",
			"all/all.cue":        "package all\nimport \"example.com/x/shop\"\nsystem: \"shop\"\n" + entry + "modules: shop.#Modules\n",
		}, "./...", true, 2, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put := func(files map[string]string) {
				for name, text := range files {
					path := filepath.Join(dir, filepath.FromSlash(name))
					if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
			put(c.old)
			b := Of(runIn(t, dir, true, "./..."))
			for name := range c.old {
				if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
					t.Fatal(err)
				}
			}
			put(c.new)
			run := runIn(t, dir, c.whole, c.path)
			m := reread(t, b).Match(run)
			if len(m.Known) != c.known || len(m.Stale) != c.stale {
				t.Errorf("%d known and %d stale, not %d and %d, of\n%s", len(m.Known), len(m.Stale), c.known, c.stale, b.Format())
			}
			if pruned, want := m.Pruned().Findings(), b.Findings()-c.stale; pruned != want {
				t.Errorf("%d are left, not %d", pruned, want)
			}
		})
	}
}
