package edit

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// overlay is a file system with the texts of some files in the place of what it holds, also where it holds nothing.
type overlay struct {
	FS    fs.FS             // nil: there is nothing but the texts
	texts map[string][]byte // by slash-separated name
}

// under gives the file system below the texts.
func (o *overlay) under() fs.FS {
	if o.FS == nil {
		return nothing{}
	}
	return o.FS
}

type nothing struct{}

func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// isFolder reports whether some text lies below name.
func (o *overlay) isFolder(name string) bool {
	for n := range o.texts {
		if name == "." || strings.HasPrefix(n, name+"/") {
			return true
		}
	}
	return false
}

func (o *overlay) Open(name string) (fs.File, error) {
	if text, ok := o.texts[name]; ok {
		return &openText{Reader: bytes.NewReader(text), textInfo: textInfo{path.Base(name), int64(len(text))}}, nil
	}
	return o.under().Open(name)
}

func (o *overlay) ReadFile(name string) ([]byte, error) {
	if text, ok := o.texts[name]; ok {
		return bytes.Clone(text), nil
	}
	return fs.ReadFile(o.under(), name)
}

func (o *overlay) Stat(name string) (fs.FileInfo, error) { return o.info(name, fs.Stat) }

func (o *overlay) Lstat(name string) (fs.FileInfo, error) { return o.info(name, fs.Lstat) }

func (o *overlay) info(name string, below func(fs.FS, string) (fs.FileInfo, error)) (fs.FileInfo, error) {
	if text, ok := o.texts[name]; ok {
		return textInfo{path.Base(name), int64(len(text))}, nil
	}
	info, err := below(o.under(), name)
	if err != nil && o.isFolder(name) {
		return textInfo{path.Base(name), folderSize}, nil
	}
	return info, err
}

func (o *overlay) ReadLink(name string) (string, error) { return fs.ReadLink(o.under(), name) }

func (o *overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(o.under(), name)
	if err != nil && !o.isFolder(name) {
		return nil, err
	}
	for n, text := range o.texts {
		rest, ok := n, true
		if name != "." {
			rest, ok = strings.CutPrefix(n, name+"/")
		}
		if !ok {
			continue
		}
		info := textInfo{rest, int64(len(text))}
		if first, _, deeper := strings.Cut(rest, "/"); deeper {
			info = textInfo{first, folderSize}
		}
		if !slices.ContainsFunc(list, func(e fs.DirEntry) bool { return e.Name() == info.name }) {
			list = append(list, fs.FileInfoToDirEntry(info))
		}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// openText is an open file of an overlay.
type openText struct {
	*bytes.Reader
	textInfo
}

var _ io.Reader = (*openText)(nil)

func (f *openText) Stat() (fs.FileInfo, error) { return f.textInfo, nil }
func (f *openText) Close() error               { return nil }
func (f *openText) Size() int64                { return f.textInfo.size }

// folderSize stands for the size of what is a folder.
const folderSize = -1

// textInfo describes a text, or a folder that only texts make.
type textInfo struct {
	name string
	size int64
}

func (i textInfo) Name() string { return i.name }
func (i textInfo) Size() int64  { return max(i.size, 0) }
func (i textInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
func (i textInfo) ModTime() time.Time { return time.Time{} }
func (i textInfo) IsDir() bool        { return i.size == folderSize }
func (i textInfo) Sys() any           { return nil }
