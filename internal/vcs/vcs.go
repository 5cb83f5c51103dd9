// Package vcs reads the files of a git repository as they are at a revision or in the index, from the object store,
// without a checkout. It asks the git program, which knows every form of repository.
package vcs

import (
	"context"
	"io/fs"
)

// Repository is a git repository. Its methods may be called from several goroutines.
type Repository struct {
	ctx  context.Context
	root string
	bare bool
}

// Error says why something cannot be had from a repository, and what to do.
type Error struct{ Message, Hint string }

func (e *Error) Error() string { return e.Message }

// Open finds the repository that dir lies in. Canceling the context ends what git is doing for it.
func Open(ctx context.Context, dir string) (*Repository, error) {
	return nil, &Error{Message: "not built yet"}
}

// Root is the absolute path of the top of the working tree, without symbolic links; of a bare repository, its folder.
func (r *Repository) Root() string { return r.root }

// Bare reports whether the repository has no working tree.
func (r *Repository) Bare() bool { return r.bare }

// Commit is a commit as people name it.
type Commit struct {
	ID    string // in full
	Short string
	Name  string // as it was asked for: "main", "HEAD~2"
}

// Commit resolves what a user calls a revision. An unknown one is an *Error with the nearest branch or tag.
func (r *Repository) Commit(revision string) (Commit, error) { return Commit{}, &Error{} }

// DefaultBranch gives the branch that work is merged into: that of a pull request's target in CI, origin/HEAD,
// init.defaultBranch, main or master, the first that exists.
func (r *Repository) DefaultBranch() (string, error) { return "", &Error{} }

// MergeBase gives the best common ancestor. In a shallow clone that may be missing, which the *Error tells.
func (r *Repository) MergeBase(a, b Commit) (Commit, error) { return Commit{}, &Error{} }

// At gives the files of a commit.
func (r *Repository) At(c Commit) (*Tree, error) { return nil, &Error{} }

// Index gives the files that are about to be committed.
func (r *Repository) Index() (*Tree, error) { return nil, &Error{} }

// Renames gives the files that were renamed between two trees, old path to new path, slash-separated from the root.
// A nil tree is the working tree.
func (r *Repository) Renames(old, new *Tree) (map[string]string, error) { return nil, &Error{} }

// Changed gives the paths of the files that differ between two trees, sorted, of renamed ones both. A nil tree is the working tree, with the files
// that git does not track and does not ignore.
func (r *Repository) Changed(old, new *Tree) ([]string, error) { return nil, &Error{} }

// Close ends the git processes.
func (r *Repository) Close() error { return nil }

// Tree is a tree of files from the root of the repository. It is an fs.FS with ReadDir, ReadFile and Stat; symbolic
// links are followed within the tree, submodules are empty folders.
type Tree struct {
	// Submodules are the paths of the submodules, sorted.
	Submodules []string
}

// Open opens a file or folder.
func (t *Tree) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
