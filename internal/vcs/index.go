package vcs

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Index gives the files that are about to be committed. A file in conflict is there but cannot be opened; one that is only
// announced (git add --intent-to-add) is not.
//
// It is the tree of HEAD with what git tells to be different in the index. In a large repository, that is far less
// than the whole list of the index.
func (r *Repository) Index() (*Tree, error) {
	if r.bare {
		return nil, &Error{Message: "a bare repository has no index", Hint: "name two revisions to compare"}
	}
	head, err := r.head()
	if err != nil {
		return nil, err
	}
	list, err := r.stagedSince(head.id)
	if err != nil {
		return nil, err
	}
	t := head
	t.kind, t.base, t.id = indexTree, head.id, ""
	if err := t.patch(list); err != nil {
		return nil, &Error{Message: "git cannot read the index: " + err.Error()}
	}
	t.Submodules = nil
	t.findSubmodules()
	return t, nil
}

// head gives the files of HEAD, none before the first commit.
func (r *Repository) head() (*Tree, error) {
	obj, err := r.object("HEAD^{commit}", maxCommit)
	if errors.Is(err, errMissing) {
		return r.Empty(), nil
	}
	if err != nil {
		return nil, err
	}
	return r.treeOf(obj)
}

// difference is a file that differs between a commit and the index.
type difference struct {
	path   string
	status byte      // of git: A, M, D, T, U
	mode   entryMode // in the index
	id     string
}

// differences is what came of asking for them.
type differences struct {
	list []difference
	err  error
}

// stagedSince lists what differs between HEAD, whose tree is given, and the index.
func (r *Repository) stagedSince(tree string) ([]difference, error) {
	r.mu.Lock()
	found := r.found
	r.found = nil
	r.mu.Unlock()
	if found != nil {
		if d := <-found; d.err == nil {
			return d.list, nil
		} // there may be no HEAD yet
	}
	list, err := r.git.staged(r.ctx, tree)
	if err != nil {
		return nil, r.failed("read the index", err)
	}
	return list, nil
}

// staged lists what differs between a tree and the index.
func (p program) staged(ctx context.Context, tree string) ([]difference, error) {
	out, err := p.run(ctx, "diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--ita-invisible-in-index", "--ignore-submodules=none", tree, "--")
	if err != nil {
		return nil, err
	}
	// :100644 100644 1c5ef86… 0f1a2b3… M, and the path as the next record
	var list []difference
	for rest := records(out); len(rest) >= 2; rest = rest[2:] {
		fields := strings.Fields(rest[0])
		if len(fields) != 5 || fields[4] == "" {
			return nil, &Error{Message: "git lists the index in a way that is not understood: " + rest[0]}
		}
		mode, err := strconv.ParseUint(fields[1], 8, 32)
		if err != nil {
			return nil, &Error{Message: "git lists the index in a way that is not understood: " + rest[0]}
		}
		list = append(list, difference{rest[1], fields[4][0], entryMode(mode), fields[3]})
	}
	return list, nil
}

// patch makes a tree of a commit that of the index.
func (t *Tree) patch(list []difference) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range list { // first make room: a folder may take the place of a file
		t.staged = append(t.staged, d.path)
		if d.status == 'D' {
			if err := t.remove(d.path); err != nil {
				return err
			}
		}
	}
	slices.Sort(t.staged)
	for _, d := range list {
		e := &entry{mode: d.mode, id: d.id}
		switch d.status {
		case 'D':
			continue
		case 'U':
			e.mode, e.id = conflictMode, ""
			t.conflicts = append(t.conflicts, d.path)
		}
		if err := t.put(d.path, e); err != nil {
			return err
		}
	}
	slices.Sort(t.conflicts)
	return nil
}

// remove takes a file out, and the folders that are then empty.
func (t *Tree) remove(path string) error {
	at := []*entry{t.top}
	names := strings.Split(path, "/")
	for _, name := range names[:len(names)-1] {
		here := at[len(at)-1]
		if _, err := t.list(here); err != nil {
			return err
		}
		next := here.child(name)
		if next == nil || next.kind() != folderMode {
			return nil
		}
		at = append(at, next)
	}
	for i := len(at) - 1; i >= 0; i-- {
		if _, err := t.list(at[i]); err != nil {
			return err
		}
		if j, ok := at[i].search(names[i]); ok {
			at[i].entries = slices.Delete(at[i].entries, j, j+1)
		}
		if len(at[i].entries) > 0 {
			break
		}
	}
	return nil
}

// put places a file, and makes the folders on its way.
func (t *Tree) put(path string, e *entry) error {
	here := t.top
	for {
		if _, err := t.list(here); err != nil {
			return err
		}
		name, rest, deeper := strings.Cut(path, "/")
		i, ok := here.search(name)
		if !deeper {
			e.name = name
			if ok {
				here.entries[i] = e
			} else {
				here.entries = slices.Insert(here.entries, i, e)
			}
			return nil
		}
		switch {
		case !ok:
			here.entries = slices.Insert(here.entries, i, &entry{name: name, mode: folderMode, read: true})
		case here.entries[i].kind() != folderMode:
			here.entries[i] = &entry{name: name, mode: folderMode, read: true}
		}
		here, path = here.entries[i], rest
	}
}

// Conflicts lists the files of the index that are in conflict, sorted.
func (t *Tree) Conflicts() []string { return t.conflicts }

// failed explains a git command that failed.
func (r *Repository) failed(doing string, err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	return &Error{Message: "git cannot " + doing + ": " + f.Error()}
}
