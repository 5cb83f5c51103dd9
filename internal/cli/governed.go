package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lintel/schema"
)

// maxGoverned bounds the files and folders that checkedAll looks at.
const maxGoverned = 20_000

// checkedAll reports whether designs are all that the settings file governs: those in its folder and
// below, down to the next settings file. Only then can a waiver that matches nothing be told from one for a
// design that was not checked. When in doubt, the answer is no.
func checkedAll(settings string, designs []*schema.Design, dir string) bool {
	checked := map[string]bool{}
	for _, d := range designs {
		for _, f := range d.Files {
			f = filepath.FromSlash(f)
			if !filepath.IsAbs(f) {
				f = filepath.Join(dir, f)
			}
			checked[resolved(f)] = true
		}
	}
	root, seen, all := filepath.Dir(resolved(settings)), 0, true
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if seen++; err != nil || seen > maxGoverned {
			all = false
			return fs.SkipAll
		}
		name := e.Name()
		if e.IsDir() {
			if path == root {
				return nil
			}
			if _, err := os.Stat(filepath.Join(path, filepath.Base(settings))); err == nil || name[0] == '.' || name == "cue.mod" || name == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		if name[0] != '.' && !checked[path] && e.Type().IsRegular() && mayBeDesign(path) {
			all = false
			return fs.SkipAll
		}
		return nil
	})
	return err == nil && all
}

// mayBeDesign reports whether a file could be a design, by its name and the words that it holds.
func mayBeDesign(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".cue":
		text, err := os.ReadFile(path)
		return err != nil || bytes.Contains(text, []byte("modules")) || bytes.Contains(text, []byte("system")) || bytes.Contains(text, []byte(schema.ImportPath))
	case ".json", ".yaml", ".yml":
		text, err := os.ReadFile(path)
		return err != nil || bytes.Contains(text, []byte("modules")) && bytes.Contains(text, []byte("system"))
	}
	return false
}

// resolved gives a path without symbolic links, absolute, or as it is where that fails.
func resolved(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}
