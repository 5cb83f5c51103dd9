package vcs

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// WorkingTree gives the files of the working tree where some of them are only in the index: those that a sparse checkout leaves out, or
// that git was told to skip (git update-index --skip-worktree). For git they are unchanged. It is nil where there are
// none: all is on the disk then.
func (r *Repository) WorkingTree() (fs.FS, error) {
	if r.bare {
		return nil, nil
	}
	out, err := r.git.run(r.ctx, "ls-files", "-t", "--stage", "--full-name", "-z")
	if err != nil {
		return nil, r.failed("list the index", err)
	}
	t := &Tree{repo: r, kind: emptyTree, top: &entry{mode: folderMode, read: true}}
	for _, record := range records(out) { // S 100644 1c5ef86… 0, a tab and the path
		what, ok := strings.CutPrefix(record, "S ")
		if !ok {
			continue
		}
		what, name, _ := strings.Cut(what, "\t")
		fields := strings.Fields(what)
		if len(fields) != 3 {
			return nil, &Error{Message: "git lists the index in a way that is not understood: " + record}
		}
		mode, err := strconv.ParseUint(fields[0], 8, 32)
		if err != nil {
			return nil, &Error{Message: "git lists the index in a way that is not understood: " + record}
		}
		if err := t.put(name, &entry{mode: entryMode(mode), id: fields[1]}); err != nil {
			return nil, &Error{Message: "git cannot read the index: " + err.Error()}
		}
	}
	if len(t.top.entries) == 0 {
		return nil, nil
	}
	return &workingTree{r.root, t}, nil
}

// workingTree is a folder of the disk together with files that it lacks.
type workingTree struct {
	root    string
	skipped *Tree // its files, and the folders on their way
}

var _ interface {
	fs.ReadDirFS
	fs.ReadFileFS
	fs.StatFS
	fs.ReadLinkFS
} = (*workingTree)(nil)

// place is where a file is: skipped, under a name, or on the disk.
type place struct {
	name string // "" where it lies outside of the root
	disk string
}

func (w *workingTree) at(name string) place {
	return place{name, filepath.Join(w.root, filepath.FromSlash(name))}
}

// isSkipped reports whether a file is only in the index. A folder never is: there may be one on the disk.
func (w *workingTree) isSkipped(p place) bool {
	if p.name == "" {
		return false
	}
	e, err := w.skipped.lookup("lstat", p.name, false)
	return err == nil && !e.isFolder()
}

// lstat tells what is at a place; a symbolic link is not followed.
func (w *workingTree) lstat(p place) (fs.FileInfo, error) {
	if w.isSkipped(p) {
		return w.skipped.Lstat(p.name)
	}
	info, err := os.Lstat(p.disk)
	if errors.Is(err, fs.ErrNotExist) && p.name != "" {
		if info, err := w.skipped.Lstat(p.name); err == nil {
			return info, nil
		}
	}
	return info, err
}

func (w *workingTree) readLink(p place) (string, error) {
	if w.isSkipped(p) {
		return w.skipped.ReadLink(p.name)
	}
	target, err := os.Readlink(p.disk)
	return filepath.ToSlash(target), err
}

// find follows the symbolic links of a name; follow says whether to follow the last one.
func (w *workingTree) find(op, name string, follow bool) (place, error) {
	if !isName(name) {
		return place{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	here, links := ".", 0
	for rest := name; rest != "" && rest != "."; {
		part, after, _ := strings.Cut(rest, "/")
		next := path.Join(here, part)
		if !filepath.IsLocal(filepath.FromSlash(next)) { // out of the root
			return place{disk: filepath.Join(w.root, filepath.FromSlash(here), filepath.FromSlash(rest))}, nil
		}
		if part == "" || part == "." || part == ".." {
			here, rest = next, after
			continue
		}
		info, err := w.lstat(w.at(next))
		if err != nil {
			return place{}, &fs.PathError{Op: op, Path: name, Err: cause(err)}
		}
		if info.Mode()&fs.ModeSymlink == 0 || after == "" && !follow {
			here, rest = next, after
			continue
		}
		if links++; links > maxLinks {
			return place{}, &fs.PathError{Op: op, Path: name, Err: errors.New("too many levels of symbolic links")}
		}
		target, err := w.readLink(w.at(next))
		if err != nil {
			return place{}, &fs.PathError{Op: op, Path: name, Err: cause(err)}
		}
		if path.IsAbs(target) || filepath.IsAbs(filepath.FromSlash(target)) {
			return place{disk: filepath.Join(filepath.FromSlash(target), filepath.FromSlash(after))}, nil
		}
		if rest = target; after != "" {
			rest += "/" + after
		}
	}
	return w.at(here), nil
}

// cause is an error without the path.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// Open opens a file or folder.
func (w *workingTree) Open(name string) (fs.File, error) {
	p, err := w.find("open", name, true)
	if err != nil {
		return nil, err
	}
	info, err := w.lstat(p)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir() && p.name != "":
		list, err := w.list(p)
		return &openFolder{info, list}, err
	case w.isSkipped(p):
		return w.skipped.Open(p.name)
	}
	return os.Open(p.disk)
}

// ReadFile reads a file.
func (w *workingTree) ReadFile(name string) ([]byte, error) {
	p, err := w.find("open", name, true)
	if err != nil {
		return nil, err
	}
	if w.isSkipped(p) {
		return w.skipped.ReadFile(p.name)
	}
	return os.ReadFile(p.disk)
}

// ReadDir lists a folder, sorted by name.
func (w *workingTree) ReadDir(name string) ([]fs.DirEntry, error) {
	p, err := w.find("open", name, true)
	if err != nil {
		return nil, err
	}
	return w.list(p)
}

func (w *workingTree) list(p place) ([]fs.DirEntry, error) {
	list, err := os.ReadDir(p.disk)
	if p.name == "" {
		return list, err
	}
	more, err2 := w.skipped.ReadDir(p.name)
	if err2 != nil {
		return list, err
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range more {
		i, there := slices.BinarySearchFunc(list, e.Name(), func(e fs.DirEntry, name string) int { return strings.Compare(e.Name(), name) })
		switch {
		case !there:
			list = slices.Insert(list, i, e)
		case !e.IsDir():
			list[i] = e
		}
	}
	return list, nil
}

// Stat tells what a name stands for, at the end of all symbolic links.
func (w *workingTree) Stat(name string) (fs.FileInfo, error) {
	p, err := w.find("stat", name, true)
	if err != nil {
		return nil, err
	}
	if p.name == "" {
		return os.Stat(p.disk)
	}
	return w.lstat(p)
}

// Lstat tells what a name stands for; a symbolic link is not followed.
func (w *workingTree) Lstat(name string) (fs.FileInfo, error) {
	p, err := w.find("lstat", name, false)
	if err != nil {
		return nil, err
	}
	return w.lstat(p)
}

// ReadLink reads a symbolic link.
func (w *workingTree) ReadLink(name string) (string, error) {
	p, err := w.find("readlink", name, false)
	if err != nil {
		return "", err
	}
	return w.readLink(p)
}
