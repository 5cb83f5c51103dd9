package vcs

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Tree is a tree of files from the root of the repository. It is an fs.FS with ReadDir, ReadFile, Stat, Lstat and
// ReadLink; symbolic links are followed within the tree, submodules are empty folders. Names need not be UTF-8. A
// commit's folders are read from the repository when they are first asked for.
type Tree struct {
	// Submodules are the paths of the submodules, sorted: those that .gitmodules names.
	Submodules []string

	repo *Repository
	kind treeKind
	id   string // of the tree of a commit

	mu  sync.Mutex
	top *entry

	// Of the index: the id of HEAD's tree, the paths that differ from it, and those in conflict, sorted.
	base      string
	staged    []string
	conflicts []string
}

type treeKind uint8

const (
	emptyTree treeKind = iota
	commitTree
	indexTree
)

// entry is a file or folder of a tree.
type entry struct {
	name    string
	mode    entryMode
	id      string   // of its object
	entries []*entry // of a folder, sorted by name
	read    bool     // entries is filled
}

// entryMode is what git calls the mode of an entry, in octal.
type entryMode uint32

const (
	folderMode    entryMode = 0o040000
	linkMode      entryMode = 0o120000
	submoduleMode entryMode = 0o160000
	conflictMode  entryMode = 0 // in the index, a file with several stages
	typeMask      entryMode = 0o170000
)

func (e *entry) kind() entryMode { return e.mode & typeMask }

func (e *entry) isFolder() bool { return e.kind() == folderMode || e.kind() == submoduleMode }

// search gives the place of an entry of a folder whose entries were read, and whether it is there.
func (e *entry) search(name string) (int, bool) {
	return slices.BinarySearchFunc(e.entries, name, func(e *entry, name string) int { return strings.Compare(e.name, name) })
}

// child finds an entry of a folder whose entries were read, or nil.
func (e *entry) child(name string) *entry {
	if i, ok := e.search(name); ok {
		return e.entries[i]
	}
	return nil
}

// maxTree bounds the list of one folder, in bytes.
const maxTree = 1 << 30

// At gives the files of a commit.
func (r *Repository) At(c Commit) (*Tree, error) {
	obj, err := r.object(c.ID, maxCommit)
	if errors.Is(err, errMissing) {
		return nil, r.unknown(c.Name)
	}
	if err != nil {
		return nil, err
	}
	t, err := r.treeOf(obj)
	if err != nil {
		return nil, err
	}
	t.findSubmodules()
	return t, nil
}

// treeOf gives the files of a commit's object.
func (r *Repository) treeOf(obj object) (*Tree, error) {
	first, _, _ := strings.Cut(string(obj.data), "\n")
	id, ok := strings.CutPrefix(first, "tree ")
	if obj.kind != "commit" || !ok {
		return nil, &Error{Message: obj.id + " is no commit"}
	}
	return &Tree{repo: r, kind: commitTree, id: id, top: &entry{mode: folderMode, id: id}}, nil
}

// Empty gives a tree without files: what was there before the first commit.
func (r *Repository) Empty() *Tree {
	id := "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
	if r.sha256 {
		id = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
	}
	return &Tree{repo: r, kind: emptyTree, id: id, top: &entry{mode: folderMode, read: true}}
}

// list gives the entries of a folder. t.mu is held.
func (t *Tree) list(e *entry) ([]*entry, error) {
	if e.read || e.kind() == submoduleMode {
		return e.entries, nil
	}
	obj, err := t.repo.object(e.id, maxTree)
	if err != nil {
		return nil, objectError(err)
	}
	if obj.kind != "tree" {
		return nil, fmt.Errorf("git has a %s in the place of a folder", obj.kind)
	}
	if e.entries, err = parseTree(obj.data, len(obj.id)/2); err != nil {
		return nil, err
	}
	e.read = true
	return e.entries, nil
}

// parseTree takes a tree object apart, whose ids have n bytes.
func parseTree(data []byte, n int) ([]*entry, error) {
	var list []*entry
	for len(data) > 0 {
		space, end := bytes.IndexByte(data, ' '), bytes.IndexByte(data, 0)
		if space < 0 || end < space || len(data) < end+1+n {
			return nil, errors.New("git has a folder that cannot be read")
		}
		e := &entry{name: string(data[space+1 : end]), id: hex.EncodeToString(data[end+1 : end+1+n])}
		for _, c := range data[:space] {
			e.mode = e.mode<<3 | entryMode(c-'0')
		}
		list = append(list, e)
		data = data[end+1+n:]
	}
	slices.SortFunc(list, func(a, b *entry) int { return strings.Compare(a.name, b.name) })
	return list, nil
}

func objectError(err error) error {
	if errors.Is(err, errMissing) {
		return errors.New("git does not have the contents of this file; a partial clone fetches them when it can")
	}
	return err
}
