package schema

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// files is where a loader finds files: on the disk, with an fs.FS in the place of one of its folders perhaps. All
// paths are absolute, in the notation of the system.
type files struct {
	fsys fs.FS  // nil: all is on the disk
	root string // the folder in whose place fsys stands

	mu   sync.Mutex
	real map[string]string // of paths that lie outside of root by name: what they are without symbolic links
}

// newFiles gives the files that opts name.
func newFiles(opts LoadOptions) *files {
	if opts.FS == nil {
		return &files{}
	}
	return &files{fsys: opts.FS, root: filepath.Clean(opts.Root), real: map[string]string{}}
}

// locate gives the name of a path in f.fsys; ok is false where the path is on the disk. A path may lead into root by
// way of a symbolic link: people stand in folders that they reached by one.
func (f *files) locate(path string) (name string, ok bool) {
	if f.fsys == nil {
		return "", false
	}
	if name, ok := below(f.root, path); ok {
		return name, true
	}
	return below(f.root, f.realOutside(path))
}

// below gives the slash-separated path of a file from a folder that it lies in.
func below(dir, path string) (string, bool) {
	if path == dir {
		return ".", true
	}
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	rest, ok := strings.CutPrefix(path, dir)
	return filepath.ToSlash(rest), ok
}

// realOutside gives a path without symbolic links, as far as there is something on the disk.
func (f *files) realOutside(path string) string {
	f.mu.Lock()
	real, ok := f.real[path]
	f.mu.Unlock()
	if ok {
		return real
	}
	real, err := filepath.EvalSymlinks(path)
	if up := filepath.Dir(path); err != nil && up != path {
		real = filepath.Join(f.realOutside(up), filepath.Base(path))
	} else if err != nil {
		real = path
	}
	f.mu.Lock()
	f.real[path] = real
	f.mu.Unlock()
	return real
}

func (f *files) stat(path string) (fs.FileInfo, error) {
	if name, ok := f.locate(path); ok {
		return fs.Stat(f.fsys, name)
	}
	return os.Stat(path)
}

// lstat does not follow path where it is a symbolic link.
func (f *files) lstat(path string) (fs.FileInfo, error) {
	if name, ok := f.locate(path); ok {
		return fs.Lstat(f.fsys, name)
	}
	return os.Lstat(path)
}

func (f *files) readDir(path string) ([]fs.DirEntry, error) {
	if name, ok := f.locate(path); ok {
		return fs.ReadDir(f.fsys, name)
	}
	return os.ReadDir(path)
}

func (f *files) open(path string) (fs.File, error) {
	if name, ok := f.locate(path); ok {
		return f.fsys.Open(name)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err // not a nil *os.File in an interface
	}
	return file, nil
}

func (f *files) readFile(path string) ([]byte, error) {
	if name, ok := f.locate(path); ok {
		return fs.ReadFile(f.fsys, name)
	}
	return os.ReadFile(path)
}

func (f *files) isDir(path string) bool {
	info, err := f.stat(path)
	return err == nil && info.IsDir()
}

// maxLinks is the number of symbolic links that are followed for one path.
const maxLinks = 40

// evalSymlinks gives the path without symbolic links, as filepath.EvalSymlinks does.
func (f *files) evalSymlinks(path string) (string, error) {
	name, ok := f.locate(path)
	if !ok {
		return filepath.EvalSymlinks(path)
	}
	done, links := ".", 0
	for rest := name; rest != "" && rest != "."; {
		part, after, _ := strings.Cut(rest, "/")
		switch part {
		case "", ".":
			rest = after
			continue
		case "..":
			if done == "." {
				return "", &fs.PathError{Op: "readlink", Path: path, Err: errors.New("leads out of the folder")}
			}
			done, rest = slashDir(done), after
			continue
		}
		next := slashJoin(done, part)
		info, err := fs.Lstat(f.fsys, next)
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done, rest = next, after
			continue
		}
		if links++; links > maxLinks {
			return "", &fs.PathError{Op: "readlink", Path: path, Err: errors.New("too many levels of symbolic links")}
		}
		target, err := fs.ReadLink(f.fsys, next)
		if err != nil {
			return "", err
		}
		if strings.HasPrefix(target, "/") {
			return "", &fs.PathError{Op: "readlink", Path: path, Err: errors.New("leads out of the folder")}
		}
		rest = slashJoin(target, after)
	}
	return filepath.Join(f.root, filepath.FromSlash(done)), nil
}

// slashJoin joins two parts of a name without making it shorter: what ".." means depends on links before it.
func slashJoin(a, b string) string {
	switch {
	case a == "" || a == ".":
		return b
	case b == "":
		return a
	}
	return a + "/" + b
}

func slashDir(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i]
	}
	return "."
}

// moduleRoot is the nearest folder at or above dir that holds cue.mod, or "".
func (f *files) moduleRoot(dir string) string {
	for {
		if f.isDir(filepath.Join(dir, "cue.mod")) {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// under is a folder of f as an fs.FS.
type under struct {
	*files
	dir string
}

func (u under) path(name string) string { return filepath.Join(u.dir, filepath.FromSlash(name)) }

func (u under) Open(name string) (fs.File, error)          { return u.open(u.path(name)) }
func (u under) Stat(name string) (fs.FileInfo, error)      { return u.stat(u.path(name)) }
func (u under) ReadDir(name string) ([]fs.DirEntry, error) { return u.readDir(u.path(name)) }
func (u under) ReadFile(name string) ([]byte, error)       { return u.readFile(u.path(name)) }
