package vcs

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"syscall"
	"time"
)

var _ interface {
	fs.ReadDirFS
	fs.ReadFileFS
	fs.StatFS
	fs.ReadLinkFS
} = (*Tree)(nil)

// maxContents bounds the contents of a file that is opened, in bytes. Of a larger one only the size is known.
const maxContents = 64 << 20

// Open opens a file or folder.
func (t *Tree) Open(name string) (fs.File, error) {
	e, err := t.lookup("open", name, true)
	if err != nil {
		return nil, err
	}
	if e.isFolder() {
		list, err := t.entries(name, e)
		return &openFolder{info: t.info(name, e), list: list}, err
	}
	info := t.info(name, e)
	text, err := t.contents(name, e, &info)
	if err != nil {
		return nil, err
	}
	return &openFile{bytes.NewReader(text), info}, nil
}

// ReadFile reads a file.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	e, err := t.lookup("open", name, true)
	if err != nil {
		return nil, err
	}
	if e.isFolder() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: syscall.EISDIR}
	}
	info := t.info(name, e)
	text, err := t.contents(name, e, &info)
	if err == nil && info.size > maxContents {
		err = &fs.PathError{Op: "read", Path: name, Err: errTooLarge}
	}
	return text, err
}

var errTooLarge = errors.New("the file is too large")

// ReadDir lists a folder, sorted by name.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := t.lookup("open", name, true)
	if err != nil {
		return nil, err
	}
	if !e.isFolder() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: syscall.ENOTDIR}
	}
	return t.entries(name, e)
}

// Stat tells what a name stands for, at the end of all symbolic links.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	e, err := t.lookup("stat", name, true)
	if err != nil {
		return nil, err
	}
	return t.info(name, e), nil
}

// Lstat tells what a name stands for; a symbolic link is not followed.
func (t *Tree) Lstat(name string) (fs.FileInfo, error) {
	e, err := t.lookup("lstat", name, false)
	if err != nil {
		return nil, err
	}
	return t.info(name, e), nil
}

// ReadLink reads a symbolic link.
func (t *Tree) ReadLink(name string) (string, error) {
	e, err := t.lookup("readlink", name, false)
	if err != nil {
		return "", err
	}
	if e.kind() != linkMode {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	target, err := t.target(e)
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	return target, nil
}

func (t *Tree) lookup(op, name string, follow bool) (*entry, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, err := t.find(name, follow)
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return e, nil
}

func (t *Tree) entries(name string, e *entry) ([]fs.DirEntry, error) {
	t.mu.Lock()
	list, err := t.list(e)
	t.mu.Unlock()
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	out := make([]fs.DirEntry, len(list))
	for i, e := range list {
		out[i] = dirEntry{t.info(e.name, e)}
	}
	return out, nil
}

// contents reads a file, or only its size where it is too large.
func (t *Tree) contents(name string, e *entry, info *fileInfo) ([]byte, error) {
	if e.mode == conflictMode {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errConflict}
	}
	obj, err := t.repo.object(e.id, maxContents)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: objectError(err)}
	}
	info.size, info.known = obj.size, true
	return obj.data, nil
}

func (t *Tree) info(name string, e *entry) fileInfo {
	return fileInfo{tree: t, entry: e, name: path.Base(name)}
}

// fileInfo describes an entry. The size of a file that was not opened is asked for when somebody wants it.
type fileInfo struct {
	tree  *Tree
	entry *entry
	name  string
	size  int64
	known bool
}

func (i fileInfo) Name() string { return i.name }

func (i fileInfo) Size() int64 {
	if !i.known && !i.IsDir() && i.entry.mode != conflictMode {
		if obj, err := i.tree.repo.object(i.entry.id, -1); err == nil {
			return obj.size
		}
	}
	return i.size
}

func (i fileInfo) Mode() fs.FileMode {
	switch i.entry.kind() {
	case folderMode, submoduleMode:
		return fs.ModeDir | 0o755
	case linkMode:
		return fs.ModeSymlink | 0o777
	}
	if i.entry.mode&0o111 != 0 {
		return 0o755
	}
	return 0o644
}

func (i fileInfo) ModTime() time.Time { return time.Time{} }
func (i fileInfo) IsDir() bool        { return i.entry.isFolder() }
func (i fileInfo) Sys() any           { return nil }

type dirEntry struct{ info fileInfo }

func (d dirEntry) Name() string               { return d.info.name }
func (d dirEntry) IsDir() bool                { return d.info.IsDir() }
func (d dirEntry) Type() fs.FileMode          { return d.info.Mode().Type() }
func (d dirEntry) Info() (fs.FileInfo, error) { return d.info, nil }
func (d dirEntry) String() string             { return fs.FormatDirEntry(d) }

// openFile is an open file.
type openFile struct {
	*bytes.Reader
	info fileInfo
}

func (f *openFile) Read(p []byte) (int, error) {
	if f.info.size > maxContents {
		return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: errTooLarge}
	}
	return f.Reader.Read(p)
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Close() error               { return nil }

// openFolder is an open folder.
type openFolder struct {
	info fs.FileInfo
	list []fs.DirEntry
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.info.Name(), Err: syscall.EISDIR}
}

func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		list := f.list
		f.list = nil
		return list, nil
	}
	if len(f.list) == 0 {
		return nil, io.EOF
	}
	list := f.list[:min(n, len(f.list))]
	f.list = f.list[len(list):]
	return list, nil
}
