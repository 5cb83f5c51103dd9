package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lintel/schema"
)

// settingsFiles reads each settings file once.
type settingsFiles struct {
	load    schema.LoadOptions
	config  string            // of --config; it replaces every other
	nearby  map[string]string // by folder
	read    map[string]*settingsFile
	sources map[string][]byte // by the name under which faults are reported
}

type settingsFile struct {
	path string
	lint *schema.Lint
	err  error
	told bool
}

func newSettingsFiles(load schema.LoadOptions, config string) *settingsFiles {
	return &settingsFiles{load, config, map[string]string{}, map[string]*settingsFile{}, map[string][]byte{}}
}

// of returns the settings that hold for a design: those of --config, else of the nearest .lintel.cue in
// the design's folder or above, else nil. The faults of a settings file are returned in full for the
// first design that it holds for, and as an empty list for the others.
func (s *settingsFiles) of(d *schema.Design) (*schema.Lint, error) {
	name := s.config
	if name == "" {
		dir := s.folder(d)
		found, ok := s.nearby[dir]
		if !ok {
			var err error
			if found, err = schema.FindSettingsIn(s.load, dir); err != nil {
				return nil, err
			}
			s.nearby[dir] = found
		}
		name = found
	}
	if name == "" {
		return nil, nil
	}
	f, ok := s.read[name]
	if !ok {
		f = s.readFile(name, d)
		s.read[name] = f
	}
	if f.err != nil && f.told {
		return nil, schema.Errors{}
	}
	f.told = true
	return f.lint, f.err
}

// readFile reads a settings file and checks it. d is the first design that it holds for.
func (s *settingsFiles) readFile(name string, d *schema.Design) *settingsFile {
	load := s.load
	if s.config != "" {
		load.FS = nil // a file that the user names is one on the disk
	}
	lint, err := schema.LoadSettings(load, name)
	if err != nil {
		return &settingsFile{path: name, err: err}
	}
	for _, f := range filesOf(lint) { // its own, and those of packages from which its policies come
		if text, err := readIn(load, s.absolute(filepath.FromSlash(f))); err == nil {
			s.sources[f] = text
		}
	}
	if faults := s.check(load, name, lint, d); len(faults) > 0 {
		return &settingsFile{path: name, err: withSnippets(faults, s.sources)}
	}
	return &settingsFile{path: name, lint: lint}
}

// readIn reads a file as a load with these options would.
func readIn(load schema.LoadOptions, abs string) ([]byte, error) {
	if load.FS != nil {
		if name, err := filepath.Rel(load.Root, abs); err == nil && filepath.IsLocal(name) {
			return fs.ReadFile(load.FS, filepath.ToSlash(name))
		}
	}
	return os.ReadFile(abs)
}

// used returns the files that were read without fault, in order of name.
func (s *settingsFiles) used() []*settingsFile {
	var out []*settingsFile
	for _, f := range s.read {
		if f.err == nil {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *settingsFile) int { return strings.Compare(a.path, b.path) })
	return out
}

// filesOf lists the names under which the places of l's parts are reported.
func filesOf(l *schema.Lint) []string {
	var out []string
	for _, r := range l.Rules {
		out = append(out, r.Pos.File)
	}
	for _, w := range l.Waivers {
		out = append(out, w.Pos.File)
	}
	for _, p := range l.Policies {
		out = append(out, p.Pos.File)
		for _, at := range p.Places {
			out = append(out, at.Range.File)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// folder returns the folder of a design; one that came from stdin counts as lying in the working folder.
func (s *settingsFiles) folder(d *schema.Design) string {
	dir := "."
	if len(d.Files) > 0 {
		dir = filepath.Dir(filepath.FromSlash(d.Files[0]))
	} else if d.Path != "" && d.Path != "-" {
		dir = filepath.Dir(filepath.FromSlash(d.Path))
	}
	return s.absolute(dir)
}

func (s *settingsFiles) absolute(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.load.Dir, name)
}

// withSnippets fills in the source lines of faults.
func withSnippets(faults schema.Errors, sources map[string][]byte) schema.Errors {
	for i := range faults {
		if faults[i].Snippet == "" {
			faults[i].Snippet = sourceLine(sources[faults[i].Pos.File], faults[i].Pos.StartLine)
		}
	}
	return faults
}

// sourceLine returns line n (from 1) of a text, or "".
func sourceLine(text []byte, n int) string {
	for line := range bytes.Lines(text) {
		if n--; n == 0 {
			return strings.TrimRight(string(line), "\r\n")
		}
	}
	return ""
}
