package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// temporary holds the names of the files that are being written, for the signal handler.
var temporary struct {
	sync.Mutex
	names map[string]bool
}

func remember(name string, on bool) {
	temporary.Lock()
	defer temporary.Unlock()
	if temporary.names == nil {
		temporary.names = map[string]bool{}
	}
	if on {
		temporary.names[name] = true
	} else {
		delete(temporary.names, name)
	}
}

// written is a text and the file that it goes to.
type written struct {
	file string
	text []byte
}

// writeAll writes files and, to stdout, texts: all or nothing, as far as a file system lets it. First the new text of
// each file is made beside it, then goes out what cannot be taken back, and last the new files take the places of the
// old ones. So an error before that leaves every file as it was.
func (s *session) writeAll(files []written, out [][]byte) error {
	var failed error
	var list []*replacement
	for _, f := range files {
		r, err := prepare(f.file, f.text)
		if err == nil {
			list = append(list, r)
		}
		failed = errors.Join(failed, err)
	}
	if failed == nil {
		for _, r := range list {
			failed = errors.Join(failed, r.writeThrough())
		}
		for _, text := range out {
			_, err := s.stdout.Write(text)
			failed = errors.Join(failed, err)
		}
	}
	if failed != nil {
		for _, r := range list {
			r.end()
		}
		return failed
	}
	return commitAll(list)
}

// commitAll puts all new files in their places or, where one can't be, none.
func commitAll(list []*replacement) error {
	defer func() {
		for _, r := range list {
			r.end()
		}
	}()
	for i, r := range list {
		if err := r.commit(len(list) > 1); err != nil {
			for _, done := range list[:i] {
				done.takeBack()
			}
			return err
		}
	}
	return nil
}

// replacement is a file about to get a new text.
type replacement struct {
	name      string // what to write, links followed
	fresh     string // the file with the new text; "" once it has taken its place
	old       string // another name of the old file, as long as it may have to come back
	isNew     bool
	committed bool
	through   []byte // the new text of what is no regular file, such as a pipe or a terminal
}

// prepare writes text to a new file beside the one called name.
func prepare(name string, text []byte) (r *replacement, err error) {
	target, err := followed(name)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	mode, isNew := fs.FileMode(0o644), true
	switch info, err := os.Stat(target); {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("write %s: is a folder", name)
	case err == nil && !info.Mode().IsRegular():
		return &replacement{name: target, through: text}, nil
	case err == nil:
		mode, isNew = info.Mode().Perm(), false
		if err := writable(target, mode); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	folder := filepath.Dir(target)
	f, err := os.CreateTemp(folder, "."+filepath.Base(target)+".*")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, whyNoFile(folder, err))
	}
	remember(f.Name(), true)
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode&^umask()), f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		remember(f.Name(), false)
		return nil, fmt.Errorf("write %s: %w", name, reason(err))
	}
	return &replacement{name: target, fresh: f.Name(), isNew: isNew}, nil
}

// writable fails where an old file may not be written, though another file could take its place: who marks a file as read-only
// wants it kept.
func writable(name string, mode fs.FileMode) error {
	if mode&0o222 == 0 {
		return errors.New("it is read-only: chmod +w it first")
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return reason(err)
	}
	return f.Close()
}

// followed gives the file that a name stands for, which need not be there yet, at the end of its symbolic links.
func followed(name string) (string, error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		return real, nil
	}
	const most = 40 // links, as Linux has it
	for range most {
		info, err := os.Lstat(name)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return name, nil // what is wrong with it shows when it is made
		}
		to, err := os.Readlink(name)
		if err != nil {
			return "", reason(err)
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
	return "", errors.New("its symbolic links lead in a circle")
}

// whyNoFile says why no file could be made in folder.
func whyNoFile(folder string, err error) error {
	info, statErr := os.Stat(folder)
	switch {
	case errors.Is(statErr, fs.ErrNotExist):
		return fmt.Errorf("the folder %s does not exist", folder)
	case statErr == nil && !info.IsDir():
		return fmt.Errorf("%s is no folder", folder)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("a new file is made beside it first, and the folder %s cannot be written to: %w", folder, reason(err))
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("no file can be made in the folder %s", folder)
	}
	return reason(err)
}

// writeThrough writes what is no regular file as it is.
func (r *replacement) writeThrough() error {
	if r.fresh != "" {
		return nil
	}
	f, err := os.OpenFile(r.name, os.O_WRONLY, 0)
	if err != nil {
		return explained("write", err)
	}
	_, err = f.Write(r.through)
	return explained("write", errors.Join(err, f.Close()))
}

// commit puts the new file in the place of the old one. A reader sees the old text or the new one, never a part.
func (r *replacement) commit(mayComeBack bool) error {
	if r.fresh == "" {
		return nil
	}
	if mayComeBack {
		// Not every file system can give a file a second name; then it can't come back.
		if old := r.fresh + ".old"; os.Link(r.name, old) == nil {
			r.old = old
			remember(old, true)
		}
	}
	if err := os.Rename(r.fresh, r.name); err != nil {
		return fmt.Errorf("write %s: %w", r.name, reason(err))
	}
	remember(r.fresh, false)
	r.fresh, r.committed = "", true
	return nil
}

// takeBack undoes commit.
func (r *replacement) takeBack() {
	switch {
	case !r.committed:
	case r.isNew:
		os.Remove(r.name)
	case r.old != "" && os.Rename(r.old, r.name) == nil:
		remember(r.old, false)
		r.old = ""
	}
}

// end removes what is left over.
func (r *replacement) end() {
	for _, name := range []string{r.fresh, r.old} {
		if name != "" {
			os.Remove(name)
			remember(name, false)
		}
	}
}
