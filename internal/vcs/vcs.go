// Package vcs reads the files of a git repository as they are at a revision or in the index, from the object store,
// without a checkout. It asks the git program, which knows every form of repository.
package vcs

import (
	"context"
	"sync"
)

// Repository is a git repository. Its methods may be called from several goroutines.
type Repository struct {
	ctx     context.Context
	git     program
	root    string
	gitDir  string
	bare    bool
	shallow bool
	sha256  bool

	mu      sync.Mutex
	objects *objects
	found   chan differences // of the index, asked for early
}

// Error says why something cannot be had from a repository, and what to do.
type Error struct{ Message, Hint string }

func (e *Error) Error() string { return e.Message }

// Root is the absolute path of the top of the working tree, without symbolic links; of a bare repository, its folder.
func (r *Repository) Root() string { return r.root }

// Bare reports whether the repository has no working tree.
func (r *Repository) Bare() bool { return r.bare }

// Shallow reports whether the clone lacks a part of the history.
func (r *Repository) Shallow() bool { return r.shallow }

// Close ends the git processes.
func (r *Repository) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.objects != nil {
		r.objects.close()
		r.objects = nil
	}
	return nil
}
