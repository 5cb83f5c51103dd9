package cli

import (
	"path/filepath"
	"slices"

	"lintel/internal/vcs"
	"lintel/schema"
)

// scope limits a check to the designs that a change touches.
type scope struct {
	name    string   // what the change is told from: "HEAD", "main (3f2c1a9)"
	changed []string // files from the root of the repository
}

// load loads the designs of a check. A nil scope has no limit.
func (c *scope) load(o checkOptions) ([]*schema.Design, error) {
	if c == nil {
		return schema.Load(o.load, o.paths...)
	}
	for _, file := range []string{o.config, o.baseline} {
		// What is named for all designs changes the verdict of all.
		if file != "" && slices.Contains(c.changed, c.fromRoot(o.load, file)) {
			return schema.Load(o.load, o.paths...)
		}
	}
	return schema.LoadAffected(o.load, c.changed, o.paths...)
}

// fromRoot gives the slash-separated path of a file from the root of the repository.
func (c *scope) fromRoot(load schema.LoadOptions, file string) string {
	abs := filepath.FromSlash(file)
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(load.Dir, abs)
	}
	abs = filepath.Join(resolved(filepath.Dir(abs)), filepath.Base(abs))
	rel, err := filepath.Rel(load.Root, abs)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(rel)
}

// fromGit makes the options read from git where --staged or --changed-since ask for it. The function that it returns
// ends the reading.
func (s *session) fromGit(o *checkOptions) (closing func(), err error) {
	if !o.staged && o.since == "" {
		return func() {}, nil
	}
	if slices.Contains(o.paths, "-") {
		flag := "--staged"
		if !o.staged {
			flag = "--changed-since"
		}
		return nil, usagef("%s reads from git, and - from stdin", flag).hint("leave one of them out")
	}
	var wants []vcs.Want
	if o.staged {
		wants = append(wants, vcs.WantIndex)
	}
	repo, err := vcs.Open(s.ctx, ".", wants...)
	if err != nil {
		return nil, revisionError(err)
	}
	if err := o.readFrom(repo); err != nil {
		repo.Close()
		return nil, revisionError(err)
	}
	return func() { repo.Close() }, nil
}

func (o *checkOptions) readFrom(repo *vcs.Repository) error {
	if repo.Bare() {
		return usagef("a bare repository has neither an index nor a working tree").hint("lintel review BASE HEAD compares two revisions of it")
	}
	o.load.Root = repo.Root()
	var now *vcs.Tree // nil: the working tree
	if o.staged {
		var err error
		if now, err = repo.Index(); err != nil {
			return err
		}
		o.load.FS = now
	}
	if o.since == "" {
		return nil
	}
	old, name, err := revisionOf(repo, o.since)
	if err != nil {
		return err
	}
	o.scope = &scope{name: name}
	o.scope.changed, err = repo.Changed(old, now)
	return err
}

// revisionOf gives the files of a revision and its name for people. Before the first commit, HEAD is there without files,
// so that a hook works for that commit, too.
func revisionOf(repo *vcs.Repository, revision string) (*vcs.Tree, string, error) {
	commit, err := repo.Commit(revision)
	if err != nil {
		if revision == "HEAD" && repo.Unborn() {
			return repo.Empty(), "an empty repository", nil
		}
		return nil, "", err
	}
	tree, err := repo.At(commit)
	return tree, commitName(commit), err
}
