package layout

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CacheError says that the engine's cache folder can't be trusted: it holds machine code that will run.
type CacheError struct{ Folder, Detail string }

func (e *CacheError) Error() string {
	return fmt.Sprintf("the cache folder %s %s; remove it, and lintel makes it anew", e.Folder, e.Detail)
}

// openCache returns a folder for the engine's compiled code that only this user can reach: lintel/graphviz
// in the user's cache folder or, where there is none that can be written to, a fresh temporary one,
// which release removes.
func openCache() (folder string, release func(), err error) {
	if base, err := os.UserCacheDir(); err == nil {
		folder := filepath.Join(base, "lintel", "graphviz")
		err := makePrivate(base, filepath.Dir(folder), folder)
		if refused := (*CacheError)(nil); errors.As(err, &refused) {
			return "", nil, err
		}
		if err == nil {
			return folder, func() {}, nil
		}
	}
	folder, err = os.MkdirTemp("", "lintel-graphviz-") // mode 0700
	if err != nil {
		return "", nil, fmt.Errorf("no folder for the layout engine's code: %w", err)
	}
	return folder, func() { os.RemoveAll(folder) }, nil
}

// makePrivate makes the folders where they are missing, and the last two private. An error other than a
// *CacheError says that they can't be used for a harmless reason.
func makePrivate(base, parent, folder string) error {
	if err := os.MkdirAll(base, 0o700); err != nil {
		return err
	}
	for _, f := range []string{parent, folder} {
		if err := os.Mkdir(f, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		info, err := os.Lstat(f)
		switch {
		case err != nil:
			return err
		case info.Mode()&fs.ModeSymlink != 0:
			return &CacheError{f, "is a symbolic link"}
		case !info.IsDir():
			return &CacheError{f, "is no folder"}
		case !ours(info):
			return &CacheError{f, "belongs to another user"}
		case exposed(info):
			if err := os.Chmod(f, 0o700); err != nil {
				return &CacheError{f, "is open to other users"}
			}
		}
	}
	// The engine dies when it can't keep its code.
	probe, err := os.CreateTemp(folder, "probe-")
	if err != nil {
		return err
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// emptyCache removes the code from the cache. The folders stay, and files that are being written, for
// another process may be at it.
func emptyCache(folder string) {
	filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) != ".tmp" {
			os.Remove(path)
		}
		return nil
	})
}
