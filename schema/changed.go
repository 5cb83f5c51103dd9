package schema

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Affected tells which of the designs that paths name take in one of the changed files: files of their package (in the
// folders above too, inside a CUE module), of the packages that they import, directly and by way of others, embedded files, the settings file
// that governs them, the file of the CUE module. Nothing is evaluated. When in doubt, a design is affected.
//
// Changed files are absolute, or relative to opts.Root, and where that is empty to opts.Dir; they need not exist. A folder
// stands for all that lies in it. The designs are given by their Path, sorted; the error is as that of Load, but a file at fault is
// passed over where it has not changed, and so is a folder or pattern without a design.
func Affected(opts LoadOptions, changed []string, paths ...string) ([]string, error) {
	l, err := newLoader(opts)
	if err != nil {
		return nil, err
	}
	if err := l.limitTo(changed); err != nil {
		return nil, err
	}
	inputs, errs := l.resolve(paths)
	var out []string
	for _, in := range inputs {
		out = append(out, in.path)
	}
	if len(errs) > 0 {
		fillSnippets(errs, nil)
		return out, errs.sorted()
	}
	return out, nil
}

// LoadAffected loads the designs that Affected tells of, as Load does.
func LoadAffected(opts LoadOptions, changed []string, paths ...string) ([]*Design, error) {
	l, err := newLoader(opts)
	if err != nil {
		return nil, err
	}
	if err := l.limitTo(changed); err != nil {
		return nil, err
	}
	return l.load(paths)
}

// changes are the files that have changed. Paths of it are absolute and lead through no symbolic link.
type changes struct {
	files   *files
	paths   map[string]bool
	folders map[string]bool // those in which a CUE file of a package has changed
	modules []string        // the folders above changed parts of a cue.mod other than packages

	trails   map[string]trail // of folders
	settings map[string]bool  // folders: whether the settings there have changed
}

// limitTo has the loader pass over the designs that none of the changed files belongs to.
func (l *loader) limitTo(changed []string) error {
	base := l.opts.Root
	if base == "" {
		base = l.dir
	}
	base, err := filepath.Abs(base)
	if err != nil {
		return Errors{{Message: "the working folder cannot be found: " + reason(err)}}
	}
	c := &changes{files: l.files, paths: map[string]bool{}, folders: map[string]bool{}, trails: map[string]trail{}, settings: map[string]bool{}}
	base = c.folderTrail(base).real
	for _, name := range changed {
		name = filepath.FromSlash(name)
		if filepath.IsAbs(name) {
			name = filepath.Join(c.folderTrail(filepath.Dir(name)).real, filepath.Base(name))
		} else {
			name = filepath.Join(base, name)
		}
		c.add(name)
	}
	l.changes = c
	return nil
}

func (c *changes) add(path string) {
	c.paths[path] = true
	dir, name := filepath.Split(path)
	dir = filepath.Clean(dir)
	if strings.HasSuffix(name, ".cue") && !outsidePackages(name) {
		c.folders[dir] = true
	}
	separator := string(filepath.Separator)
	for at := path; ; {
		i := strings.LastIndex(at, separator+"cue.mod")
		if i < 0 {
			return
		}
		if rest := at[i+len(separator+"cue.mod"):]; rest == "" || rest[:1] == separator {
			first, _, _ := strings.Cut(strings.TrimPrefix(rest, separator), separator)
			if below := strings.TrimPrefix(rest, separator+first); below == "" || first != "gen" && first != "usr" && first != "pkg" {
				c.modules = append(c.modules, path[:i])
			}
		}
		at = at[:i]
	}
}

// trail is what lies on the way to a file: where it is in the end, and the symbolic links that lead there.
type trail struct {
	real  string
	links []string
}

// trailOf follows a path to its end.
func (c *changes) trailOf(path string) trail { return c.follow(path, maxLinks) }

func (c *changes) folderTrail(dir string) trail {
	if t, ok := c.trails[dir]; ok {
		return t
	}
	t := c.follow(dir, maxLinks)
	c.trails[dir] = t
	return t
}

func (c *changes) follow(path string, links int) trail {
	up := filepath.Dir(path)
	if up == path || links == 0 {
		return trail{real: path}
	}
	var t trail
	if links == maxLinks {
		t = c.folderTrail(up)
	} else {
		t = c.follow(up, links)
	}
	at := filepath.Join(t.real, filepath.Base(path))
	info, err := c.files.lstat(at)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return trail{at, t.links}
	}
	target, err := c.files.readLink(at)
	if err != nil {
		return trail{at, t.links}
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(t.real, filepath.FromSlash(target))
	}
	end := c.follow(target, links-1)
	all := append(append([]string{at}, t.links...), end.links...)
	return trail{end.real, all}
}

// readLink reads a symbolic link.
func (f *files) readLink(path string) (string, error) {
	if name, ok := f.locate(path); ok {
		return fs.ReadLink(f.fsys, name)
	}
	return os.Readlink(path)
}

// touched reports whether a file or folder has changed, or something that leads there.
func (c *changes) touched(t trail) bool {
	for _, path := range append([]string{t.real}, t.links...) {
		for at := path; ; at = filepath.Dir(at) {
			if c.paths[at] {
				return true
			}
			if up := filepath.Dir(at); up == at {
				break
			}
		}
	}
	return false
}

func (c *changes) touchedFile(path string) bool { return c.touched(c.trailOf(path)) }

// touchedPackage reports whether a folder may hold other CUE packages than before, or belong to another CUE module.
func (c *changes) touchedPackage(dir string) bool {
	t := c.folderTrail(dir)
	if c.folders[t.real] || c.touched(t) {
		return true
	}
	for _, module := range c.modules {
		if _, ok := below(module, t.real); ok {
			return true
		}
	}
	return false
}

// touchedSettings reports whether the settings that govern the designs of a folder have changed.
func (l *loader) touchedSettings(dir string) bool {
	c := l.changes
	if done, ok := c.settings[dir]; ok {
		return done
	}
	at := filepath.Join(dir, settingsFile)
	touched := c.touchedFile(at)
	if _, err := l.lstat(at); !touched && err == nil {
		f := l.source(at)
		touched = l.touchedNeeds(&input{dir: dir, files: []*source{f}})
	} else if up := filepath.Dir(dir); !touched && up != dir {
		touched = l.touchedSettings(up)
	}
	c.settings[dir] = touched
	return touched
}

// affected reports whether one of the changed files belongs to a design.
func (l *loader) affected(in *input) bool {
	c := l.changes
	for _, f := range in.files {
		if f.given || c.touchedFile(f.abs) {
			return true
		}
	}
	if l.touchedSettings(in.dir) {
		return true
	}
	return in.files[0].format == cueFormat && l.touchedNeeds(in)
}

// withoutUntouched leaves out the packages and files of a folder that no changed file can belong to, as far as that can
// be told without parsing them: what neither imports nor embeds is made of its own files alone.
func (l *loader) withoutUntouched(dir string, fo *folder) (packages map[string][]*source, loose []*source) {
	c := l.changes
	if l.touchedSettings(dir) || c.touchedModule(dir) {
		return fo.packages, fo.loose
	}
	matters := func(f *source) bool {
		return f.given || c.touchedFile(f.abs) || bytes.Contains(f.text, []byte("import")) || bytes.Contains(f.text, []byte("@"))
	}
	for _, f := range fo.loose {
		if matters(f) {
			loose = append(loose, f)
		}
	}
	// A package may go on in the folders above, up to the top of its module.
	alone := !c.touchedPackage(dir)
	if root := l.moduleRoot(dir); root != "" && root != dir {
		alone = false
	}
	packages = map[string][]*source{}
	for name, files := range fo.packages {
		if !alone || slices.ContainsFunc(files, matters) {
			packages[name] = files
		}
	}
	return packages, loose
}

// touchedNeeds reports whether something has changed that a design of CUE takes in beside its files.
func (l *loader) touchedNeeds(in *input) bool {
	c, n := l.changes, l.needsOf(in)
	if n.replaced && n.others {
		return true
	}
	if in.pkg != "" {
		for dir := in.dir; ; dir = filepath.Dir(dir) {
			if c.touchedPackage(dir) {
				return true
			}
			if n.root == "" || dir == n.root || dir == filepath.Dir(dir) {
				break
			}
		}
	} else if c.touchedModule(in.dir) {
		return true
	}
	for _, dir := range n.folders {
		if c.touchedPackage(dir) {
			return true
		}
	}
	for _, f := range n.files {
		if c.touchedFile(f.abs) {
			return true
		}
	}
	for _, e := range n.embeddings {
		if l.touchedEmbedding(e) {
			return true
		}
	}
	return false
}

// touchedModule reports whether a folder may belong to another CUE module than before.
func (c *changes) touchedModule(dir string) bool {
	real := c.folderTrail(dir).real
	for _, module := range c.modules {
		if _, ok := below(module, real); ok {
			return true
		}
	}
	return false
}

// touchedEmbedding reports whether other files are embedded than before.
func (l *loader) touchedEmbedding(e embedding) bool {
	c := l.changes
	t := c.folderTrail(e.dir)
	if c.touched(t) {
		return true
	}
	for path := range c.paths {
		if rel, ok := below(t.real, path); ok && e.what.Matches(rel) {
			return true
		}
	}
	found, _ := e.what.FindAll(under{l.files, e.dir})
	for _, name := range found {
		if path := filepath.Join(e.dir, filepath.FromSlash(name)); c.touchedFile(path) || c.touchedModule(filepath.Dir(path)) {
			return true
		}
	}
	return false
}

// keepAffected leaves the designs that are affected, and the errors about what has changed.
func (l *loader) keepAffected(inputs []*input, errs Errors) ([]*input, Errors) {
	var kept []*input
	for _, in := range inputs {
		if l.affected(in) {
			kept = append(kept, in)
		}
	}
	var told Errors
	for _, e := range errs {
		f := l.sources[l.abs(filepath.FromSlash(e.Pos.File))]
		if f == nil || f.unread || f.given || l.changes.touchedFile(f.abs) {
			told = append(told, e)
		}
	}
	return kept, told
}
