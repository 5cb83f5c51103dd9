package schema

import (
	"os"
	"path/filepath"
)

// settingsFile is the name of a file with project-wide settings.
const settingsFile = ".lintel.cue"

// FindSettings returns the path of the nearest .lintel.cue in dir or above, or "".
func FindSettings(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, settingsFile)
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir():
			return path, nil
		case err != nil && !os.IsNotExist(err) && !os.IsPermission(err) && !isNotDir(err):
			return "", err
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil
		}
		dir = up
	}
}

// LoadSettings reads the "lint" field of a settings file. The error, if any, is of type Errors.
func LoadSettings(opts LoadOptions, path string) (*Lint, error) {
	l, err := newLoader(opts)
	if err != nil {
		return nil, err
	}
	f := l.source(l.abs(path))
	doc, errs, verify := l.read(&input{path: f.name, dir: filepath.Dir(f.abs), files: []*source{f}})
	var lint *Lint
	if doc.root != nil {
		var more Errors
		lint, more = decodeSettings(doc)
		errs = append(errs, more...)
		if len(errs) == 0 && verify != nil {
			errs = verify()
		}
	}
	if len(errs) > 0 {
		fillSnippets(errs, doc.sources)
		return nil, errs.sorted()
	}
	return lint, nil
}
