package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// check tells what is wrong with a settings file that holds for a design. The file may set policies that only some of
// its designs state: a name that it does not know itself is right where the design has it, or another one that the file
// governs, be it checked now or not.
func (s *settingsFiles) check(load schema.LoadOptions, file string, l *schema.Lint, d *schema.Design) schema.Errors {
	faults := rules.CheckSettings(l)
	if len(faults) == 0 {
		return nil
	}
	root := filepath.Dir(s.absolute(file))
	if s.config != "" {
		root, load = s.absolute("."), s.load // such a file may lie anywhere
	}
	others := &schema.Lint{Policies: slices.Clone(d.Lint.Policies)}
	for _, r := range l.Rules {
		name := strings.TrimPrefix(r.Rule, "POL/")
		if _, ok := rules.Find(r.Rule); ok || rules.CheckNames(rules.Settings{Only: []string{"POL/" + name}}, l, others) == nil {
			continue
		}
		if p := policyBelow(load, root, name); p != nil {
			others.Policies = append(others.Policies, p)
		}
	}
	return rules.CheckSettings(l, others)
}

// policyBelow finds a policy of a name in the files of a folder and below it, or nil. Only files in which the name stands
// as a label are loaded for it.
func policyBelow(load schema.LoadOptions, root, name string) (found *schema.Policy) {
	files := os.DirFS(root)
	if load.FS != nil {
		rel, err := filepath.Rel(load.Root, root)
		if err != nil || !filepath.IsLocal(rel) {
			return nil
		}
		if files, err = fs.Sub(load.FS, filepath.ToSlash(rel)); err != nil {
			return nil
		}
	}
	label, err := regexp.Compile(`(^|[^\pL\pN_-])` + regexp.QuoteMeta(name) + `["']?\s*:`)
	if err != nil {
		return nil
	}
	seen := 0
	_ = fs.WalkDir(files, ".", func(path string, e fs.DirEntry, err error) error {
		if seen++; seen > maxGoverned {
			return fs.SkipAll
		}
		if err != nil {
			return nil // what can't be read states nothing
		}
		if e.IsDir() {
			if path != "." && (e.Name()[0] == '.' || e.Name() == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".cue", ".json", ".yaml", ".yml":
		default:
			return nil
		}
		text, err := fs.ReadFile(files, path)
		if err != nil || e.Name()[0] == '.' || !label.Match(text) {
			return nil
		}
		sets, _ := schema.LoadPolicies(load, filepath.Join(root, filepath.FromSlash(path)))
		for _, set := range sets {
			if i := slices.IndexFunc(set.Policies, func(p *schema.Policy) bool { return p.Name == name }); i >= 0 {
				found = set.Policies[i]
				return fs.SkipAll
			}
		}
		return nil
	})
	return found
}
