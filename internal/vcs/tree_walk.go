package vcs

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

// maxLinks is the number of symbolic links that are followed for one name.
const maxLinks = 40

// maxLink bounds the text of a symbolic link, in bytes.
const maxLink = 64 << 10

var (
	errOutside  = errors.New("this symbolic link leads out of the repository")
	errConflict = errors.New("it is in conflict; resolve the merge, then git add it")
)

// inSubmodule tells that a path lies in a submodule, whose files are not there.
type inSubmodule string

func (s inSubmodule) Error() string {
	return "it lies in the submodule " + string(s) + ", which is a repository of its own"
}

func (inSubmodule) Is(target error) bool { return target == fs.ErrNotExist }

// isName reports whether a name is one for fs.FS, as fs.ValidPath does, but for UTF-8: in a repository, names are bytes.
func isName(name string) bool {
	if name == "." {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

// find gives the entry of a name; follow says whether it is to be followed where it is itself a symbolic link.
// t.mu is held.
func (t *Tree) find(name string, follow bool) (*entry, error) {
	if !isName(name) {
		return nil, fs.ErrInvalid
	}
	at := []*entry{t.top} // from the top to where we are
	names := []string{}
	links := 0
	for rest := name; rest != ""; {
		part, after, _ := strings.Cut(rest, "/")
		here := at[len(at)-1]
		switch {
		case part == "" || part == ".":
			rest = after
			continue
		case !here.isFolder():
			return nil, syscall.ENOTDIR
		case part == "..":
			if len(at) == 1 {
				return nil, errOutside
			}
			at, names, rest = at[:len(at)-1], names[:len(names)-1], after
			continue
		case here.kind() == submoduleMode:
			return nil, inSubmodule(strings.Join(names, "/"))
		}
		if _, err := t.list(here); err != nil {
			return nil, err
		}
		e := here.child(part)
		if e == nil {
			return nil, fs.ErrNotExist
		}
		if e.kind() != linkMode || after == "" && !follow {
			at, names, rest = append(at, e), append(names, part), after
			continue
		}
		if links++; links > maxLinks {
			return nil, syscall.ELOOP
		}
		target, err := t.target(e)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(target, "/") {
			return nil, errOutside
		}
		if rest = target; after != "" {
			rest += "/" + after
		}
	}
	return at[len(at)-1], nil
}

// target reads a symbolic link.
func (t *Tree) target(e *entry) (string, error) {
	obj, err := t.repo.object(e.id, maxLink)
	if err != nil {
		return "", objectError(err)
	}
	return string(obj.data), nil
}
