package vcs

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// diffArgs compare without running anything of the repository's choice, and without looking into submodules.
var diffArgs = []string{"-z", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--ignore-submodules=dirty"}

// compare gives the arguments by which git compares two trees. A nil tree is the working tree.
func (r *Repository) compare(old, new *Tree) ([]string, error) {
	kind := func(t *Tree) treeKind {
		if t != nil && t.kind == indexTree {
			return indexTree
		}
		return commitTree
	}
	switch {
	case (old == nil || new == nil) && r.bare:
		return nil, &Error{Message: "a bare repository has no working tree", Hint: "name two revisions to compare"}
	case old == nil && new == nil, old != nil && new != nil && kind(old) == indexTree && kind(new) == indexTree:
		return nil, nil
	case old == nil && kind(new) == indexTree:
		return []string{"diff", "-R"}, nil
	case old == nil:
		return []string{"diff", "-R", new.id}, nil
	case new == nil && kind(old) == indexTree:
		return []string{"diff"}, nil
	case new == nil:
		return []string{"diff", old.id}, nil
	case kind(old) == indexTree:
		return []string{"diff", "-R", "--cached", new.id}, nil
	case kind(new) == indexTree:
		return []string{"diff", "--cached", old.id}, nil
	case old.id == new.id:
		return nil, nil
	}
	return []string{"diff", old.id, new.id}, nil
}

// diff gives what "git diff -z" prints. Patterns limit it to some files.
func (r *Repository) diff(old, new *Tree, options, patterns []string) ([]string, error) {
	command, err := r.compare(old, new)
	if command == nil || err != nil {
		return nil, err
	}
	args := slices.Concat([]string{"-c", "diff.autoRefreshIndex=true", command[0]}, diffArgs, options, command[1:], []string{"--"}, patterns)
	git := r.git
	if old == nil || new == nil {
		copied, remove, err := r.copyOfIndex()
		if err != nil {
			return nil, err
		}
		defer remove()
		git = copied
	} else if index := cmp.Or(ofIndex(old), ofIndex(new)); index != nil && len(index.conflicts) > 0 {
		merged, remove, err := r.copyOfMergedIndex()
		if err != nil {
			return nil, err
		}
		defer remove()
		git = merged
	}
	out, err := git.run(r.ctx, args...)
	if err != nil {
		return nil, r.failed("compare the files", err)
	}
	return records(out), nil
}

// copyOfIndex gives a git with an index of its own. When git compares the working tree, it writes to the index what it finds
// about times, under a lock that another git may run into.
func (r *Repository) copyOfIndex() (git program, remove func(), err error) {
	name := variable(r.git.env, "GIT_INDEX_FILE")
	if name == "" {
		name = filepath.Join(r.gitDir, "index")
	}
	fail := func(err error) (program, func(), error) {
		return program{}, nil, &Error{Message: "the index cannot be copied: " + err.Error(), Hint: "is there a temporary folder, with room?"}
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) { // nothing was ever added
		return r.git, func() {}, nil
	} else if err != nil {
		return fail(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return fail(err)
	}
	dir, err := os.MkdirTemp("", "lintel-index-")
	if err != nil {
		return fail(err)
	}
	remove = func() { os.RemoveAll(dir) }
	path := filepath.Join(dir, "index")
	err = os.WriteFile(path, text, 0o600)
	if err == nil { // git tells by it which files may have changed unseen
		err = os.Chtimes(path, info.ModTime(), info.ModTime())
	}
	if err != nil {
		remove()
		return fail(err)
	}
	git = r.git
	git.env = append(without(git.env, "GIT_INDEX_FILE"), "GIT_INDEX_FILE="+path)
	return git, remove, nil
}

// records splits what git prints with -z.
func records(out []byte) []string {
	if len(out) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// Renames gives the files that were renamed between two trees, old path to new path, slash-separated from the root.
// A nil tree is the working tree. Patterns, such as "*.cue", limit the files that are looked at; a large change with
// many files is then compared faster.
func (r *Repository) Renames(old, new *Tree, patterns ...string) (map[string]string, error) {
	options := []string{"--name-status", "--find-renames", "--diff-filter=R"}
	list, err := r.diff(old, new, options, patterns)
	if err != nil {
		return nil, err
	}
	renames := map[string]string{}
	for ; len(list) >= 3; list = list[3:] {
		renames[list[1]] = list[2]
	}
	return renames, nil
}

// Changed gives the paths of the files that differ between two trees, sorted, of renamed ones both. A nil tree is the working tree, with the files
// that git does not track and does not ignore. Of a submodule it is the path of the submodule.
func (r *Repository) Changed(old, new *Tree) ([]string, error) {
	for _, pair := range [][2]*Tree{{old, new}, {new, old}} { // known already
		if index, commit := pair[0], pair[1]; index != nil && commit != nil && index.kind == indexTree && commit.id == index.base {
			return slices.Clone(index.staged), nil
		}
	}
	untracked := func() ([]string, error) { return nil, nil }
	if (old == nil) != (new == nil) && !r.bare {
		untracked = r.untracked() // beside the comparison
	}
	list, err := r.diff(old, new, []string{"--name-only", "--no-renames"}, nil)
	more, err2 := untracked()
	if err = cmp.Or(err, err2); err != nil {
		return nil, err
	}
	list = append(list, more...)
	slices.Sort(list)
	return slices.Compact(list), nil
}

// untracked starts to list the files that git neither tracks nor ignores; what it returns waits for them.
func (r *Repository) untracked() func() ([]string, error) {
	var list []string
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		var out []byte
		if out, err = r.git.run(r.ctx, "ls-files", "--others", "--exclude-standard", "--full-name", "-z"); err != nil {
			err = r.failed("list the files that it does not track", err)
			return
		}
		for _, name := range records(out) {
			list = append(list, strings.TrimSuffix(name, "/")) // a repository in a folder
		}
	}()
	return func() ([]string, error) {
		<-done
		return list, err
	}
}
