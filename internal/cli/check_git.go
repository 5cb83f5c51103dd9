package cli

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"lintel/internal/vcs"
	"lintel/schema"
)

// scope limits a check to the designs that a change touches.
type scope struct {
	none    string   // what to say where it touches no design: "no design differs from HEAD"
	changed []string // files, absolute or from the root of the repository
	old     fs.FS    // what was there before the change, or nil where nobody can say
}

// load loads the designs of a check. A nil scope has no limit.
func (c *scope) load(o checkOptions) ([]*schema.Design, error) {
	if c == nil {
		return schema.Load(o.load, o.paths...)
	}
	for _, file := range []string{o.config, o.baseline} {
		// What is named for all designs changes the verdict of all.
		if file != "" && c.holds(o.load, file) {
			return schema.Load(o.load, o.paths...)
		}
	}
	designs, err := schema.LoadAffected(o.load, c.changed, o.paths...)
	if len(designs) == 0 && err == nil && c.old != nil && !c.anyDesign(o) {
		return schema.Load(o.load, o.paths...) // which says that there is none
	}
	return designs, err
}

// anyDesign reports whether the paths name a design before the change or after it.
func (c *scope) anyDesign(o checkOptions) bool {
	old := o.load
	old.FS = c.old
	for _, load := range []schema.LoadOptions{o.load, old} {
		found, err := schema.Affected(load, []string{o.load.Root}, o.paths...)
		var faults schema.Errors
		if len(found) > 0 || errors.As(err, &faults) && slices.ContainsFunc(faults, func(e schema.Error) bool { return e.Pos.IsKnown() }) {
			return true
		}
	}
	return false
}

// holds reports whether a file is among those that changed.
func (c *scope) holds(load schema.LoadOptions, file string) bool {
	at := func(name, from string) string {
		name = filepath.FromSlash(name)
		if !filepath.IsAbs(name) {
			name = filepath.Join(from, name)
		}
		return filepath.Join(resolved(filepath.Dir(name)), filepath.Base(name))
	}
	file = at(file, load.Dir)
	return slices.ContainsFunc(c.changed, func(name string) bool { return at(name, load.Root) == file })
}

// scopeOfFiles limits a check to the designs that take in one of the files.
func scopeOfFiles(files []string) (*scope, error) {
	c := &scope{none: "no design takes in one of these files"}
	for _, file := range files {
		abs, err := filepath.Abs(file)
		if err != nil {
			return nil, err
		}
		c.changed = append(c.changed, abs)
	}
	return c, nil
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
		o.load.NoneIsFine = true // a hook must not hold up who has no design yet
	}
	if o.since == "" {
		return nil
	}
	old, name, err := revisionOf(repo, o.since)
	if err != nil {
		return err
	}
	o.scope = &scope{none: "no design differs from " + name}
	if !repo.Unborn() { // the first commit need not hold a design
		o.scope.old = old
	}
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
