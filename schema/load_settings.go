package schema

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// settingsFile is the name of a file with project-wide settings.
const settingsFile = ".lintel.cue"

// FindSettings returns the path of the nearest .lintel.cue in dir or above, or "".
func FindSettings(dir string) (string, error) {
	return FindSettingsIn(LoadOptions{}, dir)
}

// FindSettingsIn returns the path of the nearest .lintel.cue in dir or above, or "", among the files that opts name.
func FindSettingsIn(opts LoadOptions, dir string) (string, error) {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(opts.Dir, dir)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	files := newFiles(opts)
	for {
		path := filepath.Join(dir, settingsFile)
		// What is there under the name counts, be it no file that can be read: LoadSettings tells.
		_, err := files.lstat(path)
		switch {
		case err == nil:
			return path, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist) && !os.IsPermission(err) && !isNotDir(err):
			return "", err
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil
		}
		dir = up
	}
}

// LoadSettings reads the "lint" field of a settings file; an empty file holds no settings. The error, if any, is of
// type Errors.
func LoadSettings(opts LoadOptions, path string) (*Lint, error) {
	l, err := newLoader(opts)
	if err != nil {
		return nil, err
	}
	lint, _, err := l.loadSettings(l.abs(path))
	return lint, err
}

// loadSettings also gives the document, nil for an empty file.
func (l *loader) loadSettings(abs string) (*Lint, *document, error) {
	if err := l.settingsAtFault(abs); err != nil {
		return nil, nil, err
	}
	l.takesPipes = true
	f := l.source(abs)
	if len(f.faults) == 0 && len(bytesTrimRight(f.text)) == 0 {
		return &Lint{}, nil, nil
	}
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
		return nil, nil, errs.sorted()
	}
	return lint, doc, nil
}

// settingsAtFault tells why a .lintel.cue is no file to read settings from. Other files are named by the user, and
// may be a pipe or a device.
func (l *loader) settingsAtFault(abs string) error {
	if filepath.Base(abs) != settingsFile {
		return nil
	}
	e := Error{Pos: Range{File: l.reported(abs)}, Hint: "the settings of lintel stand in a file of this name; rename what is there, or name the settings by --config"}
	info, err := l.stat(abs)
	link, linkErr := l.lstat(abs)
	switch {
	case err == nil && info.Mode().IsRegular():
		return nil
	case err == nil && info.IsDir():
		e.Message = "this is a folder, not a settings file"
	case err == nil:
		e.Message = "this is no regular file"
	case linkErr == nil && link.Mode()&os.ModeSymlink != 0 && os.IsNotExist(err):
		e.Message = "this symbolic link leads nowhere"
	case linkErr == nil && link.Mode()&os.ModeSymlink != 0:
		e.Message = "this symbolic link cannot be followed: " + reason(err)
	default:
		e = l.unreadable(abs, err)
	}
	return Errors{e}
}
