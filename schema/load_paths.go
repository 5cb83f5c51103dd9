package schema

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/bmatcuk/doublestar/v4"
)

// resolve turns paths into designs to read, each once, in order of path.
func (l *loader) resolve(paths []string) ([]*input, Errors) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var files []string
	for _, p := range paths {
		if formatOf(p) != unknownFormat && !strings.ContainsAny(p, "*?[{") {
			files = append(files, l.abs(p))
		}
	}
	l.prefetch(files)
	var all []*input
	var errs Errors
	seen := map[string]int{} // the place in all, by the real path
	for _, p := range paths {
		inputs, more := l.resolveOne(p)
		errs = append(errs, more...)
		for _, in := range inputs {
			named := in.files[0].abs
			if in.pkg != "" {
				named = in.dir
			}
			real, err := l.evalSymlinks(named)
			if err != nil {
				real = named
			}
			key := real + "\x00" + in.pkg
			switch i, ok := seen[key]; {
			case !ok:
				seen[key] = len(all)
				all = append(all, in)
			case real == named: // a link to it was named before
				all[i] = in
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *input) int { return strings.Compare(a.path, b.path) })
	if l.changes != nil {
		all, errs = l.keepAffected(all, errs)
	}
	return all, errs
}

func (l *loader) resolveOne(path string) ([]*input, Errors) {
	if path == "-" {
		return l.stdin()
	}
	slashed := filepath.ToSlash(path)
	if base, ok := strings.CutSuffix(slashed, "..."); ok && (base == "" || strings.HasSuffix(base, "/")) {
		return l.tree(path, filepath.FromSlash(strings.TrimSuffix(base, "/")))
	}
	abs := l.abs(path)
	info, err := l.stat(abs)
	if err == nil && info.IsDir() {
		return l.folderDesigns(path, abs)
	}
	if err == nil {
		return l.file(path, abs)
	}
	if os.IsNotExist(err) && strings.ContainsAny(path, "*?[{") {
		return l.glob(path)
	}
	return nil, Errors{l.unreadable(abs, err)}
}

const (
	unknownEnding   = "this is not a file that lintel reads"
	readableEndings = "a design is a .cue, .json, .yaml or .yml file, or a folder with a CUE package"
)

// file is a file that the user names.
func (l *loader) file(path, abs string) ([]*input, Errors) {
	name := l.reported(abs)
	switch {
	case filepath.Base(abs) == settingsFile:
		return nil, Errors{{Pos: Range{File: name}, Message: "this is a settings file, not a design",
			Hint: "lintel finds it by itself; name the design"}}
	case formatOf(abs) == unknownFormat:
		return nil, Errors{{Pos: Range{File: name}, Message: unknownEnding, Hint: readableEndings}}
	}
	f := l.source(abs)
	if excluded(f) {
		return nil, Errors{leftOut(f)}
	}
	pkg := packageOf(f)
	if pkg == "" {
		return []*input{{path: name, dir: filepath.Dir(abs), files: []*source{f}}}, nil
	}
	return []*input{l.pkg(filepath.Dir(abs), pkg, f)}, nil
}

// pkg is the CUE package that the file named belongs to.
func (l *loader) pkg(dir, name string, named *source) *input {
	in := &input{dir: dir, pkg: name}
	own := l.folder(dir)
	in.files = slices.Clone(own.packages[name])
	if named != nil && !slices.Contains(in.files, named) {
		in.files = append(in.files, named)
		slices.SortFunc(in.files, func(a, b *source) int { return strings.Compare(a.abs, b.abs) })
	}
	in.path = in.files[0].name
	if len(in.files) > 1 && len(own.packages) == 1 && len(own.loose) == 0 {
		in.path = l.reported(dir)
	}
	// Inside a CUE module, a package takes in the files of the same package in the folders above.
	if root := l.moduleRoot(dir); root != "" {
		for up := dir; up != root; {
			up = filepath.Dir(up)
			in.files = append(in.files, l.folder(up).packages[name]...)
			in.files = append(in.files, l.folder(up).faulty...)
		}
	}
	// What cannot be read may belong to the package, and then its verdict would be about another design.
	in.files = append(in.files, own.faulty...)
	return in
}

// folder is what one folder holds.
type folder struct {
	packages map[string][]*source // the files of each CUE package
	loose    []*source            // the CUE files without a package
	data     []*source            // the JSON and YAML files
	faulty   []*source            // the CUE files of which nobody can say what they are
	subs     []string             // absolute paths of the folders below that patterns enter
	err      error
}

func (l *loader) folder(dir string) *folder {
	if f, ok := l.folders[dir]; ok {
		return f
	}
	fo := &folder{packages: map[string][]*source{}}
	l.folders[dir] = fo
	entries, err := l.readDir(dir)
	fo.err = err
	var files []string
	for _, e := range entries {
		name := e.Name()
		if isHidden(name) {
			continue
		}
		abs := filepath.Join(dir, name)
		if e.IsDir() {
			if name != "cue.mod" {
				fo.subs = append(fo.subs, abs)
			}
			continue
		}
		format := formatOf(name)
		if format == unknownFormat || outsidePackages(name) || l.isDir(abs) {
			continue
		}
		if format != cueFormat && l.changes != nil && !l.touchedSettings(dir) && !l.changes.touchedFile(abs) {
			continue // it need not be read
		}
		files = append(files, abs)
	}
	l.prefetch(files)
	for _, abs := range files {
		f := l.source(abs)
		switch pkg := packageOf(f); {
		case f.format == cueFormat && mustTell(f):
			fo.faulty = append(fo.faulty, f)
		case f.format != cueFormat:
			fo.data = append(fo.data, f)
		case excluded(f):
		case pkg != "":
			fo.packages[pkg] = append(fo.packages[pkg], f)
		default:
			fo.loose = append(fo.loose, f)
		}
	}
	return fo
}

// isHidden reports whether CUE passes over a file or folder of that name.
func isHidden(name string) bool { return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") }

// outsidePackages reports whether a CUE file of that name belongs to no package.
func outsidePackages(name string) bool {
	return isHidden(name) || strings.HasSuffix(name, "_tool.cue") || strings.HasSuffix(name, "_test.cue")
}

// designs lists the designs of a folder, and tells of the files that may be designs and can't be read.
func (l *loader) designs(dir string) ([]*input, Errors) {
	fo := l.folder(dir)
	packages, loose := fo.packages, fo.loose
	if l.changes != nil {
		packages, loose = l.withoutUntouched(dir, fo)
	}
	for _, files := range packages {
		l.parseAll(files)
	}
	l.parseAll(loose)
	var list []*input
	for name, files := range packages {
		if slices.ContainsFunc(files, looksLikeDesign) {
			list = append(list, l.pkg(dir, name, nil))
		}
	}
	for _, f := range slices.Concat(loose, fo.data) {
		if looksLikeDesign(f) {
			list = append(list, &input{path: f.name, dir: dir, files: []*source{f}})
		}
	}
	var errs Errors
	if fo.err != nil {
		errs = append(errs, l.unreadable(dir, fo.err))
	}
	errs = append(errs, strayLint(fo)...)
	for _, f := range slices.Concat(fo.faulty, fo.data) {
		if mustTell(f) {
			errs = append(errs, f.faults...)
		}
	}
	return list, errs
}

func (l *loader) folderDesigns(path, abs string) ([]*input, Errors) {
	list, errs := l.designs(abs)
	if len(list) == 0 && len(errs) == 0 && l.changes == nil {
		below := strings.TrimSuffix(filepath.ToSlash(path), "/") + "/..."
		return nil, Errors{{Pos: Range{File: l.reported(abs)}, Message: "no design in " + filepath.ToSlash(path),
			Hint: "a design is a .cue, .json or .yaml file that states \"system\" and \"modules\"; to look in the folders below: lintel check " + below}}
	}
	return list, errs
}

// tree is a pattern such as ./... .
func (l *loader) tree(path, base string) ([]*input, Errors) {
	abs := l.abs(base)
	if _, err := l.stat(abs); err != nil {
		return nil, Errors{l.unreadable(abs, err)}
	}
	var list []*input
	var errs Errors
	var walk func(dir string)
	walk = func(dir string) {
		found, more := l.designs(dir)
		list, errs = append(list, found...), append(errs, more...)
		for _, sub := range l.folder(dir).subs {
			walk(sub)
		}
	}
	walk(abs)
	if len(list) == 0 && len(errs) == 0 && l.changes == nil && !l.opts.NoneIsFine {
		errs = append(errs, Error{Pos: Range{File: l.reported(abs)}, Message: "no design in " + filepath.ToSlash(path) + " or in any folder below",
			Hint: "a design is a .cue, .json or .yaml file that states \"system\" and \"modules\"; lintel init writes one to start from"})
	}
	return list, errs
}

func (l *loader) glob(path string) ([]*input, Errors) {
	matches, err := l.matches(l.abs(path))
	if err != nil {
		return nil, Errors{{Pos: Range{File: filepath.ToSlash(path)}, Message: "this pattern cannot be read", Hint: "check its brackets; * stands for any name, ** for any folders"}}
	}
	var list []*input
	var errs Errors
	for _, abs := range matches {
		if hiddenBelow(l.dir, abs) {
			continue
		}
		if l.isDir(abs) {
			found, more := l.designs(abs)
			list, errs = append(list, found...), append(errs, more...)
			continue
		}
		if formatOf(abs) == unknownFormat {
			continue
		}
		f := l.source(abs)
		switch {
		case mustTell(f):
			errs = append(errs, f.faults...)
		case looksLikeDesign(f) && !excluded(f):
			found, more := l.file(abs, abs)
			list, errs = append(list, found...), append(errs, more...)
		}
	}
	if len(list) == 0 && len(errs) == 0 && l.changes == nil {
		errs = append(errs, Error{Pos: Range{File: filepath.ToSlash(path)}, Message: "no design matches this pattern"})
	}
	return list, errs
}

// matches lists the files and folders that a pattern matches, sorted by folder.
func (l *loader) matches(pattern string) ([]string, error) {
	if l.fsys == nil {
		return doublestar.FilepathGlob(pattern, doublestar.WithNoFollow())
	}
	base, rest := doublestar.SplitPattern(filepath.ToSlash(pattern))
	dir := under{l.files, filepath.FromSlash(base)}
	list, err := doublestar.Glob(dir, rest, doublestar.WithNoFollow())
	for i, name := range list {
		list[i] = dir.path(name)
	}
	return list, err
}

func (l *loader) stdin() ([]*input, Errors) {
	name := l.opts.StdinFilename
	if name == "" {
		name = "stdin.cue"
	} else if formatOf(name) == unknownFormat && filepath.Ext(name) != "" {
		return nil, Errors{{Pos: Range{File: filepath.ToSlash(name)}, Message: unknownEnding, Hint: readableEndings}}
	}
	abs := l.abs(name)
	f := &source{abs: abs, name: l.reported(abs), format: formatOf(name), given: true}
	if f.format == unknownFormat { // a name without an ending
		f.format = cueFormat
	}
	f.once.Do(func() { l.readFrom(f, l.opts.Stdin, -1) })
	l.sources[abs] = f
	pkg := packageOf(f)
	if pkg == "" || l.opts.StdinFilename == "" {
		return []*input{{path: f.name, dir: filepath.Dir(abs), files: []*source{f}}}, nil
	}
	return []*input{l.pkg(filepath.Dir(abs), pkg, f)}, nil
}

// abs makes path absolute, from the working folder.
func (l *loader) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(l.dir, path)
}

// reported is the name of a file in messages: relative to the working folder where it lies below
// it, slash-separated.
func (l *loader) reported(abs string) string {
	rel, err := filepath.Rel(l.dir, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(abs)
	}
	return filepath.ToSlash(rel)
}

// unreadable tells why a path cannot be read.
func (l *loader) unreadable(abs string, err error) Error {
	e := Error{Pos: Range{File: l.reported(abs)}, Message: "cannot be read: " + reason(err)}
	link, linkErr := l.lstat(abs)
	switch {
	case os.IsNotExist(err) && linkErr == nil && link.Mode()&os.ModeSymlink != 0:
		e.Message = "cannot be read: this symbolic link leads nowhere"
	case os.IsNotExist(err):
		e.Message = "no such file or folder"
		if name := l.nearestName(abs); name != "" {
			e.Hint = "did you mean " + l.reported(filepath.Join(filepath.Dir(abs), name)) + "?"
		}
	case os.IsPermission(err):
		e.Message = "cannot be read: permission denied"
	}
	return e
}

// reason is an error without the path and the system call.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func isNotDir(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

// hiddenBelow reports whether a part of path below dir is hidden, or belongs to CUE's own files.
func hiddenBelow(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		rel = filepath.Base(path)
	}
	for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
		if part != "." && part != ".." && (strings.HasPrefix(part, ".") || strings.HasPrefix(part, "_") || part == "cue.mod") {
			return true
		}
	}
	return false
}
