package cli

import (
	"os"
	"slices"

	"lintel/internal/vcs"
)

// fromGit makes the options read from git where --staged or --changed-since ask for it. The function that it returns
// ends the reading. Unchanged is true where no design is affected by what changed.
func (s *session) fromGit(o *checkOptions) (closing func(), err error) {
	if !o.staged && o.since == "" {
		return func() {}, nil
	}
	if o.staged && slices.Contains(o.paths, "-") {
		return nil, usagef("--staged reads from git, and - from stdin").hint("leave one of them out")
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	repo, err := vcs.Open(s.ctx, dir)
	if err != nil {
		return nil, revisionError(err)
	}
	closing = func() { repo.Close() }
	defer func() {
		if err != nil {
			closing()
		}
	}()
	if repo.Bare() {
		return nil, usagef("a bare repository has neither an index nor a working tree").hint("lintel review BASE HEAD compares two revisions of it")
	}
	var tree *vcs.Tree
	if o.staged {
		if tree, err = repo.Index(); err != nil {
			return nil, revisionError(err)
		}
		o.load.FS, o.load.Root = tree, repo.Root()
	}
	return closing, nil
}
